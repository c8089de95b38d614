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

#include "proxyfix/config.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The text of an address: at most eight groups of four digits and seven colons.
using AddressText = FixedText<39>;

/// An IP address. There is no invalid one. IPv4 is held as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so
/// two spellings of an address are equal, and hash and sort alike.
class Address {
  public:
    /// From the upper and the lower 64 bits, each in the machine's byte order.
    constexpr Address(std::uint64_t high, std::uint64_t low) noexcept : high_(high), low_(low) {}
    /// From an IPv4 address in the machine's byte order: 0x7f000001 is 127.0.0.1.
    [[nodiscard]] static constexpr Address v4(std::uint32_t bits) noexcept {
        return {0, v4_mapped | bits};
    }

    /// IPv4 or IPv6 text, bare: no brackets, port or zone. Else `malformed`.
    static constexpr Result<Address> parse(std::string_view text) noexcept {
        return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
    }
    /// IPv4address of RFC 3986, 3.2.2: four decimal octets without leading zeros. Else `malformed`.
    static constexpr Result<Address> parse_v4(std::string_view text) noexcept;
    /// IPv6 text of RFC 4291, 2.2: "::" stands for at least one group. Else `malformed`.
    static constexpr Result<Address> parse_v6(std::string_view text) noexcept;

    /// The upper and the lower 64 bits, in the machine's byte order.
    [[nodiscard]] constexpr std::uint64_t high() const noexcept { return high_; }
    [[nodiscard]] constexpr std::uint64_t low() const noexcept { return low_; }
    /// Is it IPv4, or IPv4 mapped into IPv6?
    [[nodiscard]] constexpr bool is_v4() const noexcept {
        return high_ == 0 && low_ >> 32 == v4_mapped >> 32;
    }
    /// Is it 0.0.0.0 or ::, the address of no host (RFC 4291, 2.5.2)?
    [[nodiscard]] constexpr bool is_unspecified() const noexcept {
        return high_ == 0 && (low_ == 0 || low_ == v4_mapped);
    }

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
    [[nodiscard]] constexpr AddressText text() const noexcept;

    friend constexpr auto operator<=>(const Address&, const Address&) noexcept = default;

  private:
    static constexpr std::uint64_t v4_mapped = 0xffff'0000'0000;

    std::uint64_t high_, low_;
};

inline namespace literals {
/// An address that the compiler checks: `"203.0.113.7"_ip`.
consteval Address operator""_ip(const char* text, std::size_t size) {
    const Result<Address> address = Address::parse({text, size});
    return address ? *address : (refuse("not an IP address"), *address);
}
}  // namespace literals

/// Canonical text: `address.text()` as a string.
[[nodiscard]] inline std::string to_string(const Address& address) {
    const AddressText text = address.text();
    return std::string(text.view());
}

constexpr Result<Address> Address::parse_v4(std::string_view text) noexcept {
    std::uint32_t bits = 0;
    for (int octet = 0; octet < 4; ++octet) {
        const std::size_t end = octet < 3 ? text.find('.') : text.size();
        if (end == std::string_view::npos) return Reason::malformed;
        const auto value = parse_decimal(text.substr(0, end), 255);
        if (!value) return Reason::malformed;
        bits = bits << 8 | *value;
        text.remove_prefix(octet < 3 ? end + 1 : end);
    }
    return v4(bits);
}

constexpr Result<Address> Address::parse_v6(std::string_view text) noexcept {
    std::array<std::uint64_t, 8> g{};  // the groups
    std::size_t count = 0;
    std::optional<std::size_t> gap;  // how many groups stand before "::"
    // At either end "::" has one ':' more than an empty group needs, and ':' alone is stray.
    const bool opens = text.starts_with("::"), closes = text.ends_with("::");
    const bool stray = (text.starts_with(':') && !opens) || (text.ends_with(':') && !closes);
    if (text.empty() || stray) return Reason::malformed;
    text = text.substr(opens ? 1 : 0);
    text.remove_suffix(closes ? 1 : 0);
    for (bool more = true; more;) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        more = colon != std::string_view::npos;
        text.remove_prefix(more ? colon + 1 : 0);
        if (group.empty()) {
            if (gap) return Reason::malformed;
            gap = count;
        } else if (!more && group.find('.') != std::string_view::npos) {
            const auto quad = parse_v4(group);
            if (!quad || count > 6) return Reason::malformed;
            g[count++] = quad->low_ >> 16 & 0xffff;
            g[count++] = quad->low_ & 0xffff;
        } else {
            const auto value = parse_digits(group, 16, 4);
            if (!value || count > 7) return Reason::malformed;
            g[count++] = *value;
        }
    }
    if (gap ? count > 7 : count != 8) return Reason::malformed;
    for (std::size_t to = 8; gap && count > *gap;) g[--to] = std::exchange(g[--count], 0);
    return Address(g[0] << 48 | g[1] << 32 | g[2] << 16 | g[3],
                   g[4] << 48 | g[5] << 32 | g[6] << 16 | g[7]);
}

constexpr AddressText Address::text() const noexcept {
    AddressText out;
    const auto push_number = [&out](std::uint64_t value, std::uint64_t base) {
        std::uint64_t place = 1;
        while (value / place >= base) place *= base;
        for (; place > 0; place /= base) out.push_back("0123456789abcdef"[value / place % base]);
    };
    for (int shift = 24; is_v4(); shift -= 8) {  // ends with the last octet
        push_number(low_ >> shift & 0xff, 10);
        if (shift == 0) return out;
        out.push_back('.');
    }
    const auto group = [this](std::size_t i) {
        return (i < 4 ? high_ : low_) >> (48 - i % 4 * 16) & 0xffff;
    };
    // RFC 5952, 4.2: "::" replaces the longest run of two or more zero groups, the first if equal.
    std::size_t gap = 8, gap_end = 9;
    for (std::size_t i = 0, run = 0; i < 8; ++i) {
        run = group(i) == 0 ? run + 1 : 0;
        if (run > gap_end - gap) gap = i + 1 - run, gap_end = i + 1;
    }
    // Each group is led by ':', but the first one and those in the gap, which is "::".
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == gap || (i > 0 && i < gap) || i > gap_end) out.push_back(':');
        if (i + 1 == gap_end) out.push_back(':');
        if (i < gap || i >= gap_end) push_number(group(i), 16);
    }
    return out;
}

}  // namespace proxyfix

/// Neighbouring addresses fall into different buckets. There is no secret key: who owns an IPv6
/// subnet can choose addresses that collide, so key tables by `network(64)`.
template <> struct std::hash<proxyfix::Address> {
    [[nodiscard]] constexpr std::size_t operator()(
        const proxyfix::Address& address) const noexcept {
        const std::uint64_t mixed =
            (address.high() * 0x9e37'79b9'7f4a'7c15 ^ address.low()) * 0xff51'afd7'ed55'8ccd;
        return static_cast<std::size_t>(mixed ^ mixed >> 32);
    }
};
