// SPDX-License-Identifier: MIT
/// \file
/// `Address`: an IPv4 or IPv6 address as a small value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"

namespace proxyfix::inline v0::detail {

/// Takes an IPv4 address off the end of a text: the last four decimal octets without leading zeros
/// (IPv4address of RFC 3986, 3.2.2), as 32 bits in the machine's byte order. What is left of them
/// is not checked: of "1234.5.6.7" it takes "234.5.6.7". Empty if the text does not end in one,
/// which is then unchanged.
PROXYFIX_HOT constexpr std::optional<std::uint32_t> take_ipv4(std::string_view& text) noexcept {
    const char* const begin = text.data();
    const char* at = begin + text.size();
    const auto digit = [begin, &at] {
        return at == begin ? 10u : static_cast<unsigned char>(at[-1]) - unsigned{'0'};
    };
    std::uint32_t bits = 0;
    for (unsigned shift = 0;; shift += 8) {
        std::uint32_t octet = digit();
        if (octet > 9) return std::nullopt;
        --at;
        if (const unsigned tens = digit(); tens <= 9) {
            octet += 10 * tens;
            --at;
            if (const unsigned hundreds = digit(); hundreds <= 9) {
                octet += 100 * hundreds;
                --at;
                if (octet < 100 || octet > 255) return std::nullopt;
            } else if (tens == 0) {
                return std::nullopt;
            }
        }
        bits |= octet << shift;
        if (shift == 24) break;
        if (at == begin || *--at != '.') return std::nullopt;
    }
    text = {begin, static_cast<std::size_t>(at - begin)};
    return bits;
}

/// A text that is an IPv4 address: see `take_ipv4`. Empty if it is not one.
PROXYFIX_OUTLINE constexpr std::optional<std::uint32_t> parse_ipv4(std::string_view text) noexcept {
    const auto bits = take_ipv4(text);
    return text.empty() ? bits : std::nullopt;
}

/// The upper and the lower 64 bits of an IPv6 address, each in the machine's byte order.
struct Ipv6Bits {
    std::uint64_t high,  ///< The first four groups.
        low;             ///< The last four groups.
};

/// IPv6 text of RFC 4291, 2.2, in all three forms but without a zone: "::" stands for at least one
/// group. Else `malformed`.
PROXYFIX_OUTLINE constexpr Result<Ipv6Bits> parse_ipv6(std::string_view text) noexcept {
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
    for (int shift = 24;; shift -= 8) {
        const std::uint32_t octet = bits >> shift & 0xff;
        if (octet > 99) *to++ = static_cast<char>('0' + octet / 100);
        if (octet > 9) *to++ = static_cast<char>('0' + octet / 10 % 10);
        *to++ = static_cast<char>('0' + octet % 10);
        if (shift == 0) return to;
        *to++ = '.';
    }
}

/// Writes hexadecimal groups of at most 39 characters (RFC 5952, 4), for which there must be room.
/// Returns the end of what it wrote.
PROXYFIX_OUTLINE constexpr char* write_ipv6(char* to, const Ipv6Bits& bits) noexcept {
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

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// The text of an address: at most eight groups of four digits and seven colons.
using AddressText = detail::FixedText<39>;

/// An IP address. There is no invalid one. IPv4 is held as "::ffff:a.b.c.d" (RFC 4291, 2.5.5.2), so
/// two spellings of an address are equal, and hash and sort alike.
class Address {
  public:
    /// From the upper and the lower 64 bits, each in the machine's byte order.
    constexpr Address(std::uint64_t high, std::uint64_t low) noexcept : high_(high), low_(low) {}
    /// From an IPv4 address in the machine's byte order: 0x7f000001 is 127.0.0.1.
    [[nodiscard]] static constexpr Address v4(std::uint32_t bits) noexcept {
        return {0, v4_mapped | bits};
    }

    /// IPv4 or IPv6 text, bare: no brackets, port or zone (`parse_ipv4`, `parse_ipv6`). Else
    /// `malformed`.
    static constexpr Result<Address> parse(std::string_view text) noexcept {
        if (const auto bits = detail::parse_ipv4(text)) return v4(*bits);
        return parse_v6(text);
    }
    /// The text of an IPv4 address: see `parse_ipv4`. Else `malformed`.
    static constexpr Result<Address> parse_v4(std::string_view text) noexcept {
        const auto bits = detail::parse_ipv4(text);
        if (!bits) return Reason::malformed;
        return v4(*bits);
    }
    /// The text of an IPv6 address: see `parse_ipv6`. Else `malformed`.
    static constexpr Result<Address> parse_v6(std::string_view text) noexcept {
        return detail::parse_ipv6(text).and_then(
            [](const detail::Ipv6Bits& bits) -> Result<Address> {
                return Address(bits.high, bits.low);
            });
    }

    /// The upper 64 bits, in the machine's byte order.
    [[nodiscard]] constexpr std::uint64_t high() const noexcept { return high_; }
    /// The lower 64 bits, in the machine's byte order.
    [[nodiscard]] constexpr std::uint64_t low() const noexcept { return low_; }
    /// Is it IPv4, or IPv4 mapped into IPv6?
    [[nodiscard]] constexpr bool is_v4() const noexcept {
        return high_ == 0 && low_ >> 32 == v4_mapped >> 32;
    }
    /// Is it 0.0.0.0 or ::, the address of no host (RFC 4291, 2.5.2)?
    [[nodiscard]] constexpr bool is_unspecified() const noexcept {
        return high_ == 0 && (low_ == 0 || low_ == v4_mapped);
    }

    /// Is it in fe80::/10, so that it may have a zone (RFC 4291, 2.5.6; RFC 4007, 11)?
    [[nodiscard]] constexpr bool is_link_local_v6() const noexcept { return high_ >> 54 == 0x3fa; }

    /// The address with all but its first `bits` bits cleared; an IPv4 address has 32, so
    /// `network(64)` is a key for rate limits: one IPv4 host, or one IPv6 subnet.
    [[nodiscard]] constexpr Address network(unsigned bits) const noexcept {
        const unsigned kept = is_v4() ? 96 + (bits < 32 ? bits : 32) : bits < 128 ? bits : 128;
        const std::uint64_t all = ~std::uint64_t{0};
        if (kept == 0) return {0, 0};
        if (kept <= 64) return {high_ & all << (64 - kept), 0};
        return {high_, low_ & all << (128 - kept)};
    }

    /// Canonical text, without allocation: a dotted quad, or hexadecimal groups of RFC 5952.
    [[nodiscard]] constexpr AddressText text() const noexcept {
        AddressText text;
        char* const begin = text.data.data();
        const char* const end = is_v4()
                                    ? detail::write_ipv4(begin, static_cast<std::uint32_t>(low_))
                                    : detail::write_ipv6(begin, {high_, low_});
        text.size = static_cast<std::size_t>(end - begin);
        return text;
    }

    /// In the order of the 128 bits.
    friend constexpr auto operator<=>(const Address&, const Address&) noexcept = default;

  private:
    static constexpr std::uint64_t v4_mapped = 0xffff'0000'0000;

    std::uint64_t high_, low_;
};

/// Literals that the compiler checks: `using namespace proxyfix::literals`.
inline namespace literals {
/// An address: `"203.0.113.7"_ip`. Invalid text is a compile error.
consteval Address operator""_ip(const char* text, std::size_t size) {
    const Result<Address> address = Address::parse({text, size});
    return address ? *address : (detail::refuse("not an IP address"), *address);
}
}  // namespace literals

/// Canonical text: `address.text()` as a string.
[[nodiscard]] inline std::string to_string(const Address& address) {
    const AddressText text = address.text();
    return {text.data.data(), text.size};
}

}  // namespace proxyfix::inline v0

/// Neighbouring addresses fall into different buckets. There is no secret key: who owns an IPv6
/// subnet can choose addresses that collide, so key tables by `network(64)`.
template <> struct std::hash<proxyfix::Address> {
    /// The hash. Equal for equal addresses, and in every run of a program.
    [[nodiscard]] constexpr std::size_t operator()(
        const proxyfix::Address& address) const noexcept {
        const std::uint64_t mixed =
            (address.high() * 0x9e37'79b9'7f4a'7c15 ^ address.low()) * 0xff51'afd7'ed55'8ccd;
        return static_cast<std::size_t>(mixed ^ mixed >> 32);
    }
};
