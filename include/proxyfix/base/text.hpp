// SPDX-License-Identifier: MIT
/// \file
/// Characters of header fields: ASCII only, whatever the locale.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/byte_set.hpp"

namespace proxyfix::inline v0::detail {

/// Text of at most `capacity` bytes, in place: made without allocation, at compile time too.
template <std::size_t capacity> struct FixedText {
    std::array<char, capacity> data{};  ///< The first `size` of these are the text.
    std::size_t size = 0;               ///< The length in bytes.

    /// The characters. They live as long as this object.
    [[nodiscard]] constexpr std::string_view view() const& noexcept { return {data.data(), size}; }
    std::string_view view() const&& = delete;  ///< Of a temporary, the view would dangle.

    /// Adds a character at the end. Precondition: `size < capacity`.
    constexpr void push_back(char c) noexcept { data[size++] = c; }
    /// Adds a text at the end. Precondition: it fits.
    constexpr void append(std::string_view text) noexcept {
        for (const char c : text) push_back(c);
    }
};

/// Is it one of A to Z and a to z?
[[nodiscard]] constexpr bool is_letter(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// `c` in lower case if it is one of A to Z, else `c` itself.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Makes the table of `digit_value`.
[[nodiscard]] consteval std::array<std::uint8_t, 256> values_of_digits() noexcept {
    std::array<std::uint8_t, 256> values{};
    values.fill(255);
    for (std::uint8_t i = 0; i < 10; ++i) values[std::size_t{'0'} + i] = i;
    for (std::uint8_t i = 10; i < 16; ++i) {
        values[std::size_t{'a'} + i - 10] = values[std::size_t{'A'} + i - 10] = i;
    }
    return values;
}
/// What `digit_value` gives, for each byte.
inline constexpr std::array<std::uint8_t, 256> digit_values = values_of_digits();

/// The value of a hexadecimal digit in either case, 0 to 15; else 255.
[[nodiscard]] constexpr unsigned digit_value(char c) noexcept {
    return digit_values[static_cast<unsigned char>(c)];
}

/// Is it a token of RFC 9110, 5.6.2: one or more of `token_bytes`?
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    for (const char c : text) {
        if (!token_bytes.contains(c)) return false;
    }
    return !text.empty();
}

/// `text` without the SP and HTAB at its ends (OWS of RFC 9110, 5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    const char *begin = text.data(), *end = begin + text.size();
    // Most bytes are above ' ', so one comparison does.
    while (begin != end && *begin <= ' ' && (*begin == ' ' || *begin == '\t')) ++begin;
    while (begin != end && end[-1] <= ' ' && (end[-1] == ' ' || end[-1] == '\t')) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

/// A number of one to `max_digits` (at most 8) digits of `base` 10 or 16. Empty if it is not one.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_digits(std::string_view text,
                                                                  unsigned base,
                                                                  std::size_t max_digits) noexcept {
    if (text.empty() || text.size() > max_digits) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (digit_value(c) >= base) return std::nullopt;
        value = value * base + digit_value(c);
    }
    return value;
}

/// A decimal number up to `max` (at most 99,999,999), without a leading zero. Empty if it is not
/// one.
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_decimal(std::string_view text,
                                                                   std::uint32_t max) noexcept {
    const auto value = parse_digits(text, 10, 8);
    const bool leading_zero = text.size() > 1 && text.front() == '0';
    if (!value || *value > max || leading_zero) return std::nullopt;
    return value;
}

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// Equality that disregards the case of ASCII letters, as for field names (RFC 9110, 5.1).
[[nodiscard]] PROXYFIX_OUTLINE constexpr bool equals_ignore_case(std::string_view a,
                                                                 std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && detail::to_lower(a[i]) != detail::to_lower(b[i])) return false;
    }
    return true;
}

}  // namespace proxyfix::inline v0
