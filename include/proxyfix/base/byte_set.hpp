// SPDX-License-Identifier: MIT
/// \file
/// `ByteSet`: the sets of bytes that grammars are made of.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace proxyfix::inline v0::detail {

/// A set of bytes: ALPHA and DIGIT of RFC 5234, B.1, and some more. All sets share one table, each
/// has a bit of it, and to look a byte up is a single load.
class ByteSet {
  public:
    /// Is this byte one of the set?
    [[nodiscard]] constexpr bool contains(char c) const noexcept;

    std::uint8_t bit;  ///< Its own one.
};

/// No more than ALPHA and DIGIT.
inline constexpr ByteSet alphanumeric{1};
/// A label of a host: RFC 1123, 2.1, and the underscore that real names have.
inline constexpr ByteSet label_bytes{2};
/// ZoneID (RFC 4007, 11.2; RFC 6874, 2) as systems name their interfaces.
inline constexpr ByteSet zone_bytes{4};
/// What obfnode and obfport have behind their '_' (RFC 7239, 6).
inline constexpr ByteSet obfuscated_bytes{8};
/// A scheme, behind its first letter (RFC 3986, 3.1).
inline constexpr ByteSet scheme_bytes{16};
/// A prefix, but for '/': unreserved and some more of RFC 3986, 2.2 and 2.3: none that ends a path,
/// a quoted string or an HTML tag, or starts a percent-encoding.
inline constexpr ByteSet prefix_bytes{32};
/// tchar of RFC 9110, 5.6.2: what a field name or a parameter name is made of.
inline constexpr ByteSet token_bytes{64};
/// An unquoted value of Forwarded: visible ASCII without '"', ',' and ';'.
inline constexpr ByteSet unquoted_bytes{128};

/// A set, and the bytes that it has besides ALPHA and DIGIT.
struct ByteSetRow {
    ByteSet set;             ///< The set.
    std::string_view bytes;  ///< The bytes.
};

/// Makes the table.
[[nodiscard]] consteval std::array<std::uint8_t, 256> table_of(
    std::initializer_list<ByteSetRow> rows) {
    std::array<std::uint8_t, 256> table{};
    for (const char c : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
        if (c != '\0') table[static_cast<unsigned char>(c)] = 255;
    }
    for (const auto& [set, bytes] : rows) {
        for (const char c : bytes) table[static_cast<unsigned char>(c)] |= set.bit;
    }
    return table;
}

/// For each byte, the bits of the sets that it is in.
inline constexpr std::array<std::uint8_t, 256> sets_of_bytes =
    table_of({{label_bytes, "-_"},
              {zone_bytes, "-_.~"},
              {obfuscated_bytes, "-_."},
              {scheme_bytes, "+-."},
              {prefix_bytes, "-._~!$&*+=:@"},
              {token_bytes, "!#$%&'*+-.^_`|~"},
              // The last four are round and curly brackets.
              {unquoted_bytes, "!#$%&'*+-.^_`|~/:<=>?@[\\]\x28\x29\x7b\x7d"}});

constexpr bool ByteSet::contains(char c) const noexcept {
    return (sets_of_bytes[static_cast<unsigned char>(c)] & bit) != 0;
}

}  // namespace proxyfix::inline v0::detail
