// SPDX-License-Identifier: MIT
/// \file
/// The n-th value of a comma-separated list, counted from the right.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The values of a list on one line, from the right to the left.
///
/// - Every comma separates. A quote is an ordinary character: honouring it would let a client
///   open one and swallow what the proxy appended.
/// - Empty values count: to drop them would shift trust to the left. An empty list is one empty
///   value.
/// - A value wider than `bound` bytes, blanks included, is `malformed`, and so is all that is left
///   of it; of these no more than `bound + 1` bytes are read.
class ValuesFromRight {
  public:
    constexpr ValuesFromRight(std::string_view list, std::size_t bound) noexcept
        : rest_(list), bound_(bound) {}

    /// The next value to the left, without the blanks around it. `too_few_values`: there is none.
    constexpr Result<std::string_view> next() noexcept {
        if (at_end_) return Reason::too_few_values;
        const std::size_t end = rest_.size();
        const std::size_t leftmost = end > bound_ ? end - bound_ : 0;
        std::size_t begin = end;
        while (begin > leftmost && rest_[begin - 1] != ',') --begin;
        at_end_ = begin == 0;
        if (!at_end_ && rest_[begin - 1] != ',') return Reason::malformed;
        const std::string_view value = trim(rest_.substr(begin));
        if (!at_end_) rest_ = rest_.substr(0, begin - 1);
        return value;
    }

    /// Was the leftmost value returned?
    [[nodiscard]] constexpr bool at_end() const noexcept { return at_end_; }

  private:
    std::string_view rest_;
    std::size_t bound_;
    bool at_end_ = false;
};

/// The `n`-th of the values that `next()` gives. `not_configured` if `n` is 0.
template <class Values>
constexpr auto nth_of(Values values, unsigned n) noexcept -> decltype(values.next()) {
    decltype(values.next()) value = Reason::not_configured;
    for (unsigned i = 0; i < n; ++i) {
        value = values.next();
        if (!value) break;
    }
    return value;
}

/// The `n`-th value from the right of a list on one line: `nth_from_right("a, b, c", 1)` is "c".
/// Fails with `not_configured` if `n` is 0, `too_few_values` if there are fewer than `n` values,
/// `malformed` if a value up to the n-th is wider than `bound`.
constexpr Result<std::string_view> nth_from_right(
    std::string_view list, unsigned n, std::size_t bound = std::string_view::npos) noexcept {
    return nth_of(ValuesFromRight(list, bound), n);
}

}  // namespace proxyfix
