// SPDX-License-Identifier: MIT
/// \file
/// The text of IP addresses, read to numbers and written from them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// IPv4address of RFC 3986, 3.2.2: four decimal octets without leading zeros, as 32 bits in the
/// machine's byte order. Else `malformed`.
constexpr Result<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
    const char *at = text.data(), *const end = at + text.size();
    std::uint32_t bits = 0, octet = 0;
    const auto take_digit = [&] {
        if (at == end) return false;
        const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
        if (digit > 9) return false;
        octet = octet * 10 + digit;
        ++at;
        return true;
    };
    for (int dots = 0;; ++dots) {
        if (!take_digit()) return Reason::malformed;
        if (octet != 0 && take_digit()) take_digit();  // none behind a leading zero, three at most
        if (octet > 255) return Reason::malformed;
        bits = bits << 8 | std::exchange(octet, 0);
        if (dots == 3) break;
        if (at == end || *at++ != '.') return Reason::malformed;
    }
    if (at != end) return Reason::malformed;
    return bits;
}

/// The upper and the lower 64 bits of an IPv6 address, each in the machine's byte order.
struct Ipv6Bits {
    std::uint64_t high,  ///< The first four groups.
        low;             ///< The last four groups.
};

/// IPv6 text of RFC 4291, 2.2, in all three forms but without a zone: "::" stands for at least one
/// group. Else `malformed`.
constexpr Result<Ipv6Bits> parse_ipv6(std::string_view text) noexcept {
    std::array<std::uint64_t, 8> g{};  // the groups
    std::size_t count = 0, at = 0;
    std::optional<std::size_t> gap;  // how many groups stand before "::"
    if (text.starts_with("::")) gap = 0, at = 2;
    while (at < text.size()) {
        const std::size_t begin = at;
        std::uint64_t value = 0;
        for (; at < text.size() && digit_value(text[at]) < 16; ++at) {
            value = value << 4 | digit_value(text[at]);
        }
        if (at < text.size() && text[at] == '.') {
            const auto quad = parse_ipv4(text.substr(begin));
            if (!quad || count > 6) return Reason::malformed;
            g[count++] = *quad >> 16;
            g[count++] = *quad & 0xffff;
            break;
        }
        if (at == begin || at - begin > 4 || count > 7) return Reason::malformed;
        g[count++] = value;
        if (at == text.size()) break;
        if (text[at++] != ':' || at == text.size()) return Reason::malformed;
        if (text[at] != ':') continue;
        if (gap) return Reason::malformed;
        gap = count;
        ++at;
    }
    if (gap ? count > 7 : count != 8) return Reason::malformed;
    for (std::size_t to = 8; gap && count > *gap;) g[--to] = std::exchange(g[--count], 0);
    return Ipv6Bits{g[0] << 48 | g[1] << 32 | g[2] << 16 | g[3],
                    g[4] << 48 | g[5] << 32 | g[6] << 16 | g[7]};
}

/// Writes a dotted quad of at most 15 characters, for which there must be room. Returns the end of
/// what it wrote.
constexpr char* write_ipv4(char* to, std::uint32_t bits) noexcept {
    const auto write_digit = [&to](std::uint32_t digit) {
        *to++ = static_cast<char>('0' + static_cast<int>(digit));
    };
    for (int shift = 24;; shift -= 8) {
        const std::uint32_t octet = bits >> shift & 0xff;
        if (octet > 99) write_digit(octet / 100);
        if (octet > 9) write_digit(octet / 10 % 10);
        write_digit(octet % 10);
        if (shift == 0) return to;
        *to++ = '.';
    }
}

/// Writes hexadecimal groups of at most 39 characters (RFC 5952, 4), for which there must be room.
/// Returns the end of what it wrote.
constexpr char* write_ipv6(char* to, const Ipv6Bits& bits) noexcept {
    const auto group = [&bits](int i) {
        return (i < 4 ? bits.high : bits.low) >> (48 - i % 4 * 16) & 0xffff;
    };
    // RFC 5952, 4.2: "::" replaces the longest run of two or more zero groups, the first if equal.
    int gap = 8, gap_end = 9;
    for (int i = 0, run = 0; i < 8; ++i) {
        run = group(i) == 0 ? run + 1 : 0;
        if (run > gap_end - gap) gap = i + 1 - run, gap_end = i + 1;
    }
    // Each group is led by ':', but the first one and those in the gap, which is "::".
    for (int i = 0; i < 8; ++i) {
        if (i == gap || (i > 0 && i < gap) || i > gap_end) *to++ = ':';
        if (i + 1 == gap_end) *to++ = ':';
        if (i >= gap && i < gap_end) continue;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const std::uint64_t rest = group(i) >> shift;
            if (shift == 0 || rest != 0) *to++ = "0123456789abcdef"[rest & 15];
        }
    }
    return to;
}

}  // namespace proxyfix
