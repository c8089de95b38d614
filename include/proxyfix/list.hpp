// SPDX-License-Identifier: MIT
/// \file
/// The n-th value of a comma-separated list, counted from the right.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/word.hpp"

namespace proxyfix {

/// The index where the last value of a list begins, behind a comma or at 0. Of a value that is
/// wider than `bound` bytes no more than `bound + 1` are read, and it seems to be as wide.
constexpr std::size_t begin_of_last(std::string_view list, std::size_t bound) noexcept {
    const std::size_t window = list.size() > bound ? bound + 1 : list.size();
    const char* at = list.data() + list.size();
    std::size_t left = window;
    for (; left >= 8; left -= 8) {
        at -= 8;
        const Word commas = bytes_equal(load_word(at), ',');
        if (commas != 0)
            return static_cast<std::size_t>(at - list.data()) + index_behind_last(commas);
    }
    at -= left;
    const auto begin = static_cast<std::size_t>(at - list.data());
    if (window < 8) {
        while (left > 0 && at[left - 1] != ',') --left;
        return begin + left;
    }
    // The first eight bytes. There is no comma in those of them that were looked at before.
    return begin + index_behind_last(bytes_equal(load_word(at), ','));
}

/// What `use` makes of the `n`-th value from the right of a list on one line; or the reason why
/// there is none: `too_few_values` if there are fewer than `n` values, `malformed` if a value up to
/// the n-th is wider than `bound`. Precondition: `n` is not 0. Handing the text on spares a
/// `Result` in memory: three values take 42 instructions less.
template <class Use>
constexpr auto use_nth_from_right(std::string_view list, unsigned n, std::size_t bound,
                                  const Use& use) noexcept -> decltype(use(list)) {
    for (;;) {
        const std::size_t begin = begin_of_last(list, bound), width = list.size() - begin;
        if (width > bound) return Reason::malformed;
        if (--n == 0) return use(trim({list.data() + begin, width}));
        if (begin == 0) return Reason::too_few_values;
        list = {list.data(), begin - 1};
    }
}

/// The values of a list on one line, from the right to the left.
///
/// - Every comma separates. A quote is an ordinary character: honouring it would let a client
///   open one and swallow what the proxy appended.
/// - Empty values count: to drop them would shift trust to the left. An empty list is one empty
///   value.
/// - A value wider than `bound` bytes, blanks included, is `malformed`, and so is all that is left
///   of it.
class ValuesFromRight {
  public:
    /// Of a list, of which the values are views, with at most `bound` bytes for each value.
    constexpr ValuesFromRight(std::string_view list, std::size_t bound) noexcept
        : rest_(list), bound_(bound) {}

    /// The next value to the left, without the blanks around it. `too_few_values`: there is none;
    /// `malformed`: it is too wide.
    constexpr Result<std::string_view> next() noexcept {
        if (at_end_) return Reason::too_few_values;
        const std::size_t begin = begin_of_last(rest_, bound_), width = rest_.size() - begin;
        if (width > bound_) return Reason::malformed;
        const std::string_view value(rest_.data() + begin, width);
        at_end_ = begin == 0;
        if (!at_end_) rest_.remove_suffix(width + 1);
        return trim(value);
    }

    /// How many bytes wide a value may be.
    [[nodiscard]] constexpr std::size_t bound() const noexcept { return bound_; }
    /// Was the leftmost value returned?
    [[nodiscard]] constexpr bool at_end() const noexcept { return at_end_; }

  private:
    std::string_view rest_;
    std::size_t bound_;
    bool at_end_ = false;
};

/// The `n`-th of the values that `next()` gives, or the first reason that it gives instead of one.
/// `not_configured` if `n` is 0.
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
/// Lists are split as in `ValuesFromRight`; the value is a view of `list`. Fails with
/// `not_configured` if `n` is 0, `too_few_values` if there are fewer than `n` values, `malformed`
/// if a value up to the n-th is wider than `bound`.
constexpr Result<std::string_view> nth_from_right(
    std::string_view list, unsigned n, std::size_t bound = std::string_view::npos) noexcept {
    if (n == 0) return Reason::not_configured;
    return use_nth_from_right(
        list, n, bound, [](std::string_view value) -> Result<std::string_view> { return value; });
}

}  // namespace proxyfix
