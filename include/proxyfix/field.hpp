// SPDX-License-Identifier: MIT
/// \file
/// The values on all field lines of a name.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include "proxyfix/field_lines.hpp"
#include "proxyfix/list.hpp"
#include "proxyfix/result.hpp"

namespace proxyfix {

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
    /// Of these lines, which `find_lines` found in the headers. Both must live as long.
    constexpr FieldValues(Headers& headers, const FieldLines& lines, std::size_t bound) noexcept
        : headers_(headers), lines_(lines), values_(lines.last, bound) {}

    /// The next value to the left; `malformed` and `too_few_values` as in `ValuesFromRight`.
    constexpr Result<std::string_view> next() noexcept {
        if (values_.at_end() && lines_read_ < lines_.count) {
            values_ = ValuesFromRight(next_line(), values_.bound());
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
                if (!lines_.name->matches(std::string_view(name))) continue;
                if (--to_pass == 0) return std::string_view(text);
            }
        } else {
            std::size_t to_pass = lines_.count - lines_read_ + 1;
            for (auto&& [name, text] : headers_) {
                if (!lines_.name->matches(std::string_view(name))) continue;
                if (--to_pass == 0) return std::string_view(text);
            }
            return {};
        }
    }

    Headers& headers_;
    const FieldLines& lines_;
    ValuesFromRight values_;
    std::size_t lines_read_ = 1;
    decltype(std::end(std::declval<Headers&>())) line_ = std::end(headers_);
};

/// As a position up to which values are believed: no value is too far left.
inline constexpr unsigned unlimited = ~0u;

/// Reads the fields of a request. A view of its headers, and made for one decision.
template <class Headers, bool lines_in_order> struct FieldReader {
    Headers& headers;                 ///< Of the request.
    bool peer_is_trusted;             ///< If not, nothing is believed.
    bool lines_are_doubtful = false;  ///< See `has_doubtful_lines`.
    bool lines_may_lack = false;      ///< See `may_lack_lines`.

    /// Is it not known which line of the field is the last that the peer sent?
    constexpr bool is_unordered(const FieldLines& field) const noexcept {
        return lines_are_doubtful || lines_may_lack || (field.count > 1 && !lines_in_order);
    }

    /// Applied if the `n`-th value from the right may be read, when values are believed up to the
    /// position `believed`; else the reason why not.
    constexpr Outcome may_read(const FieldLines& field, unsigned n,
                               unsigned believed = unlimited) const noexcept {
        const Outcome asked = is_asked_for(field, n);
        return asked ? is_believed(field, n, believed) : asked;
    }

    /// All values, from the right. Precondition: there is a line, or none of them is asked for.
    constexpr FieldValues<Headers> values(const FieldLines& field) const noexcept {
        return {headers, field, field.bound};
    }

    /// What `parse`, which returns a `Result`, makes of the `n`-th value from the right; the reason
    /// why not if it may not be read (`may_read`), or is not there (`use_nth_from_right`).
    template <class Parse>
    constexpr auto read(const FieldLines& field, unsigned n, unsigned believed,
                        const Parse& parse) const noexcept -> decltype(parse(std::string_view())) {
        // Many fields end here. To leave the rest to another function spares a typical request 46
        // instructions.
        if (const Outcome asked = is_asked_for(field, n); !asked) return asked.error();
        return read_believed(field, n, believed, parse);
    }

  private:
    /// The same of a value that is asked for and there.
    template <class Parse>
    constexpr auto read_believed(const FieldLines& field, unsigned n, unsigned believed,
                                 const Parse& parse) const noexcept
        -> decltype(parse(std::string_view())) {
        if (const Outcome known = is_believed(field, n, believed); !known) return known.error();
        if (field.count > 1) return proxyfix::nth_of(values(field), n).and_then(parse);
        return proxyfix::use_nth_from_right(field.last, n, field.bound, parse);
    }

    constexpr Outcome is_asked_for(const FieldLines& field, unsigned n) const noexcept {
        if (n == 0) return Reason::not_configured;
        if (field.count == 0 && !lines_may_lack) return Reason::absent;
        return Applied{};
    }
    constexpr Outcome is_believed(const FieldLines& field, unsigned n,
                                  unsigned believed) const noexcept {
        if (!peer_is_trusted) return Reason::peer_not_trusted;
        if (n > believed) return Reason::hop_not_trusted;
        if (is_unordered(field)) return Reason::unordered_lines;
        return Applied{};
    }
};

}  // namespace proxyfix
