// SPDX-License-Identifier: MIT
/// \file
/// The field lines of one name, and the values on all of them.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include "proxyfix/list.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The field lines of one name: how many there are, and the last of them, which is nearly always
/// the only one.
struct FieldLines {
    std::string_view name;
    std::size_t count = 0;
    std::string_view last{};
    std::size_t bound = std::string_view::npos;  ///< How many bytes wide a value may be.
};

/// Finds the lines of several fields in one pass over the headers.
template <class Headers, class Fields>
constexpr void find_lines(Headers& headers, Fields& fields) noexcept {
    for (auto&& [name, value] : headers) {
        for (FieldLines& field : fields) {
            if (!equals_ignore_case(std::string_view(name), field.name)) continue;
            ++field.count;
            field.last = std::string_view(value);
            break;
        }
    }
}

/// Can a range be gone over from its end to its begin?
template <class Headers>
concept Bidirectional = requires(Headers& headers, decltype(std::end(headers)) at) {
    --at;
    *at;
    at = std::end(headers);
};

/// The values on all lines of a field from the right to the left: its lines are one list, in order
/// of arrival (RFC 9110, 5.3). The lines left of the value last returned are not read. Where there
/// are several, they are found by one pass from the end, or, if the headers are not
/// `Bidirectional`, by one pass for each line that is read. Precondition: there is a line.
template <class Headers> class FieldValues {
  public:
    constexpr FieldValues(Headers& headers, const FieldLines& lines, std::size_t bound) noexcept
        : headers_(headers), lines_(lines), bound_(bound), values_(lines.last, bound) {}

    /// The next value to the left; `malformed` and `too_few_values` as in `ValuesFromRight`.
    constexpr Result<std::string_view> next() noexcept {
        if (values_.at_end() && lines_read_ < lines_.count) {
            values_ = ValuesFromRight(next_line(), bound_);
        }
        return values_.next();
    }

    /// How many lines hold the values returned so far?
    [[nodiscard]] constexpr std::size_t lines_read() const noexcept { return lines_read_; }
    /// Is the value last returned the first one on its line?
    [[nodiscard]] constexpr bool at_line_start() const noexcept { return values_.at_end(); }

  private:
    constexpr std::string_view next_line() noexcept {
        ++lines_read_;
        if constexpr (Bidirectional<Headers>) {
            std::size_t to_pass =
                lines_read_ == 2 ? 2 : 1;  // the first time, the last line as well
            for (;;) {
                --line_;
                auto&& [name, text] = *line_;
                if (!equals_ignore_case(std::string_view(name), lines_.name)) continue;
                if (--to_pass == 0) return std::string_view(text);
            }
        } else {
            std::size_t to_pass = lines_.count - lines_read_ + 1;
            for (auto&& [name, text] : headers_) {
                if (!equals_ignore_case(std::string_view(name), lines_.name)) continue;
                if (--to_pass == 0) return std::string_view(text);
            }
            return {};
        }
    }

    Headers& headers_;
    const FieldLines& lines_;
    std::size_t bound_;
    ValuesFromRight values_;
    std::size_t lines_read_ = 1;
    decltype(std::end(std::declval<Headers&>())) line_ = std::end(headers_);
};

/// As a position: no value is too far left.
inline constexpr unsigned unlimited = ~0u;

/// Reads the fields of a request.
template <class Headers, bool lines_in_order> struct FieldReader {
    Headers& headers;
    bool peer_is_trusted;
    bool lines_are_doubtful = false;

    /// Is it not known which line of the field is the last that the peer sent?
    constexpr bool is_unordered(const FieldLines& field) const noexcept {
        return lines_are_doubtful || (field.count > 1 && !lines_in_order);
    }

    /// Applied if the `n`-th value from the right may be read, when values are believed up to the
    /// position `believed`; else the reason why not.
    constexpr Outcome may_read(const FieldLines& field, unsigned n,
                               unsigned believed = unlimited) const noexcept {
        if (n == 0) return Reason::not_configured;
        if (field.count == 0) return Reason::absent;
        if (!peer_is_trusted) return Reason::peer_not_trusted;
        if (n > believed) return Reason::hop_not_trusted;
        if (is_unordered(field)) return Reason::unordered_lines;
        return Applied{};
    }

    /// All values.
    constexpr FieldValues<Headers> values(const FieldLines& field) const noexcept {
        return {headers, field, field.bound};
    }
};

}  // namespace proxyfix
