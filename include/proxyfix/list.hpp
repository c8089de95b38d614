// SPDX-License-Identifier: MIT
/// \file
/// The n-th value of a comma-separated list, counted from the right.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// Takes values off the right end of `line` until `n` of them are taken, and returns the last one
/// taken, without the blanks around it. `n` is counted down, so that the next line to the left can
/// go on: the lines of a field are one list (RFC 9110, 5.3). Precondition: `n > 0`.
///
/// - Every comma separates. A quote is an ordinary character: honouring it would let a client
///   open one and swallow what the proxy appended.
/// - Empty values count: to drop them would shift trust to the left.
/// - A value wider than `bound` bytes, blanks included, is `malformed`; of it and of what is left
///   of it, no more than `bound + 1` bytes are read.
/// - `too_few_values`: the line ended first.
constexpr Result<std::string_view> take_from_right(std::string_view line, unsigned& n,
                                                   std::size_t bound) noexcept {
    for (;;) {
        const std::size_t end = line.size();
        const std::size_t leftmost = end > bound ? end - bound : 0;
        std::size_t begin = end;
        while (begin > leftmost && line[begin - 1] != ',') --begin;
        const bool line_ended = begin == 0;
        if (!line_ended && line[begin - 1] != ',') return Reason::malformed;
        if (--n == 0) return trim(line.substr(begin));
        if (line_ended) return Reason::too_few_values;
        line = line.substr(0, begin - 1);
    }
}

/// The `n`-th value from the right of a list on one line: `nth_from_right("a, b, c", 1)` is "c".
/// Fails with `not_configured` if `n` is 0, `too_few_values` if there are fewer than `n` values
/// (an empty list is one empty value), `malformed` if a value up to the n-th is wider than `bound`.
constexpr Result<std::string_view> nth_from_right(
    std::string_view list, unsigned n, std::size_t bound = std::string_view::npos) noexcept {
    if (n == 0) return Reason::not_configured;
    return take_from_right(list, n, bound);
}

}  // namespace proxyfix
