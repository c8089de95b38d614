// SPDX-License-Identifier: MIT
/// \file
/// `FieldName`: the name of a header, checked and held in place.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/config.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/word.hpp"

namespace proxyfix {

/// The name of a header field (RFC 9110, 5.1): a token of at most 63 bytes; or none.
class FieldName {
  public:
    /// No name.
    constexpr FieldName() noexcept = default;
    /// A literal, checked by the compiler: `FieldName name = "CF-Connecting-IP"`. "" is no name.
    template <std::size_t size> consteval FieldName(const char (&literal)[size]) {
        const std::string_view text(literal, size - 1);
        if (!text.empty() && !is_name(text)) refuse("not the name of a header field");
        assign(text);
    }
    /// From a configuration file. An empty text is no name. The error names the text.
    static Parsed<FieldName> parse(std::string_view text) {
        FieldName name;
        if (text.empty()) return name;
        if (!is_name(text)) return Fault{std::string(text) + ": not the name of a header field"};
        name.assign(text);
        return name;
    }

    /// Is it no name?
    [[nodiscard]] constexpr bool empty() const noexcept { return text_.size == 0; }
    /// The length in bytes, 0 to 63.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size; }
    /// The name as it was given. Lives as long as this.
    [[nodiscard]] constexpr std::string_view view() const& noexcept { return text_.view(); }
    std::string_view view() const&& = delete;  ///< Of a temporary, the view would dangle.

    /// Is it the name of a line, whatever the letter case of either? Compares eight bytes at a
    /// time, the last ones first: there the names of forwarding headers differ. Byte by byte, a
    /// typical request takes 390 instructions more.
    [[nodiscard]] constexpr bool matches(std::string_view name) const noexcept {
        const std::size_t size = text_.size;
        if (name.size() != size) return false;
        // A name shorter than a word or longer than three: no header that has a count.
        if (size < 8 || size > lower_.size()) return equals_ignore_case(name, view());
        const std::size_t last = size - 8, middle = last < 8 ? last : 8;
        return matches_at(last, name) && matches_at(middle, name) && matches_at(0, name);
    }

    /// Equal but for the letter case.
    friend constexpr bool operator==(const FieldName& a, const FieldName& b) noexcept {
        return a.matches(b.view());
    }

  private:
    static constexpr std::size_t capacity = 63;
    static constexpr bool is_name(std::string_view text) noexcept {
        return text.size() <= capacity && is_token(text);
    }

    constexpr void assign(std::string_view text) noexcept {
        text_.append(text);
        for (std::size_t i = 0; i < text.size() && i < lower_.size(); ++i) {
            lower_[i] = to_lower(text[i]);
            const bool is_letter = lower_[i] >= 'a' && lower_[i] <= 'z';
            case_bits_[i] = is_letter ? 0x20 : 0;
        }
    }

    /// Do the eight bytes from index `at` on match?
    [[nodiscard]] constexpr bool matches_at(std::size_t at, std::string_view name) const noexcept {
        return (load_word(name.data() + at) | load_word(case_bits_.data() + at)) ==
               load_word(lower_.data() + at);
    }

    FixedText<capacity> text_;
    std::array<char, 24> lower_{}, case_bits_{};  // of the first bytes; 0x20 for each letter
};

}  // namespace proxyfix
