// SPDX-License-Identifier: MIT
/// \file
/// The n-th value of a comma-separated list, counted from the right.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/base/word.hpp"

namespace proxyfix::inline v0::detail {

/// The field lines of one header, which are one list in order of arrival (RFC 9110, 5.3): how many
/// there are, and the last `most` of them. Each holds at least one value, so the n-th value from
/// the right is on one of the last n lines.
struct Lines {
    /// How many lines are kept, and the highest count of a `Trust`.
    static constexpr std::size_t most = 16;

    /// A line, like a `std::string_view`, which cannot be left uninitialized.
    struct Text {
        const char* data;  ///< The first byte.
        std::size_t size;  ///< How many there are.
    };

    std::size_t count;             ///< How many lines were added.
    std::array<Text, most> texts;  ///< The i-th line, from 0, is at `i % most`; no other is set.

    /// Adds a line behind the others. Its text must live as long.
    constexpr void add(std::string_view line) noexcept {
        texts[count++ % most] = {line.data(), line.size()};
    }
    /// The `n`-th line from the last, which is 1. Precondition: `n` is 1 to `count`, and at most
    /// `most`.
    [[nodiscard]] constexpr std::string_view from_last(std::size_t n) const noexcept {
        const Text& line = texts[(count - n) % most];
        return {line.data, line.size};
    }
};

/// Where reading the values of a header stopped.
struct Stop {
    unsigned position = 0;       ///< At which value; 1 is the rightmost, 0: none was read.
    unsigned line{};             ///< On which line it is; 1 is the last one.
    bool at_line_start = false;  ///< Is it the first value on this line?

    /// Are all members equal?
    friend constexpr bool operator==(const Stop&, const Stop&) noexcept = default;
};

/// The index where the last value of a list begins, behind a comma or at 0. Of a value that is
/// wider than `bound` bytes no more than `bound + 1` are read, and it seems to be as wide.
constexpr std::size_t begin_of_last(std::string_view list, std::size_t bound) noexcept {
    constexpr Word commas = repeated(',');
    const std::size_t window = list.size() > bound ? bound + 1 : list.size();
    const char* at = list.data() + list.size();
    std::size_t left = window;
    for (; left >= 8; left -= 8) {
        at -= 8;
        const std::size_t behind_comma = index_behind_last_equal(load_word(at), commas);
        if (behind_comma != 0) return static_cast<std::size_t>(at - list.data()) + behind_comma;
    }
    at -= left;
    const auto begin = static_cast<std::size_t>(at - list.data());
    if (window < 8) {
        while (left > 0 && at[left - 1] != ',') --left;
        return begin + left;
    }
    // The first eight bytes. There is no comma in those of them that were looked at before.
    return begin + index_behind_last_equal(load_word(at), commas);
}

/// The values of a header from the right to the left. The lines left of the value last returned are
/// not read.
///
/// - Every comma separates. A quote is an ordinary character: honouring it would let a client
///   open one and swallow what the proxy appended.
/// - Empty values count: to drop them would shift trust to the left. An empty line is one empty
///   value.
/// - A value wider than `bound` bytes, blanks included, is `malformed`, and so is all that is left
///   of it.
class ValuesFromRight {
  public:
    /// Of these lines, with at most `bound` bytes for each value. Precondition: there is a line,
    /// and it lives as long.
    constexpr ValuesFromRight(const Lines& lines, std::size_t bound) noexcept
        : lines_(&lines), rest_(lines.from_last(1)), bound_(bound) {}

    /// Goes to the `n`-th of the next values to the left, with which `rest()` then ends.
    /// `too_few_values`: there are not as many; `chain_too_long`: it is left of the lines that are
    /// kept; `malformed`: one of those before it is too wide. Preconditions: `n` is not 0, and the
    /// value reached before was taken.
    PROXYFIX_HOT constexpr Outcome reach(unsigned n) noexcept {
        if (stop.position > 0 || n > 1) return reach_far(n);
        stop.position = 1;
        return Applied{};
    }

    /// What was not taken yet of the line of the value that was reached.
    [[nodiscard]] constexpr std::string_view rest() const noexcept { return rest_; }

    /// Takes the value that was reached, without the blanks around it. `malformed`: it is too wide.
    constexpr Result<std::string_view> take() noexcept {
        const std::string_view value = rest_;
        if (!skip()) return Reason::malformed;
        return trim(value.substr(stop.at_line_start ? 0 : rest_.size() + 1));
    }
    /// Goes over the value that was reached, if it is known to begin at this index of `rest()`.
    PROXYFIX_HOT constexpr void take_from(std::size_t begin) noexcept {
        stop.at_line_start = begin == 0;
        if (begin > 0) rest_ = {rest_.data(), begin - 1};
    }

    /// Reaches the `n`-th of the next values to the left, and takes it.
    constexpr Result<std::string_view> nth(unsigned n) noexcept {
        const Outcome reached = reach(n);
        if (!reached) return reached.error();
        return take();
    }

    Stop stop{.line = 1};  ///< Where the value is that was reached last, or should have been.

  private:
    /// Goes over the value that was reached. False: it is too wide.
    constexpr bool skip() noexcept {
        const std::size_t begin = begin_of_last(rest_, bound_);
        if (rest_.size() - begin > bound_) {
            stop.at_line_start = false;
            return false;
        }
        take_from(begin);
        return true;
    }

    constexpr Outcome reach_far(unsigned n) noexcept {
        for (;;) {
            ++stop.position;
            if (stop.at_line_start) {
                if (stop.line == lines_->count) return Reason::too_few_values;
                if (stop.line == Lines::most) return Reason::chain_too_long;
                rest_ = lines_->from_last(++stop.line);
            }
            if (--n == 0) return Applied{};
            if (!skip()) return Reason::malformed;
        }
    }

    const Lines* lines_;
    std::string_view rest_;
    std::size_t bound_;
};

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// The `n`-th value from the right of a list on one line: `nth_from_right("a, b, c", 1)` is "c".
/// Every comma separates, in quotes too, and empty values count. The value is a view of `list`,
/// without the blanks around it. Fails with `not_configured` if `n` is 0, `too_few_values` if there
/// are fewer than `n` values, `malformed` if a value up to the n-th is wider than `bound` bytes.
constexpr Result<std::string_view> nth_from_right(
    std::string_view list, unsigned n, std::size_t bound = std::string_view::npos) noexcept {
    if (n == 0) return Reason::not_configured;
    detail::Lines lines;
    lines.count = 0;
    lines.add(list);
    return detail::ValuesFromRight(lines, bound).nth(n);
}

}  // namespace proxyfix::inline v0
