// SPDX-License-Identifier: MIT
/// \file
/// `Address`: an IPv4 or IPv6 address as a small value.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/config.hpp"
#include "proxyfix/ip_text.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The text of an address: at most eight groups of four digits and seven colons.
using AddressText = FixedText<39>;

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
        if (const auto bits = parse_ipv4(text)) return v4(*bits);
        return parse_v6(text);
    }
    /// The text of an IPv4 address: see `parse_ipv4`. Else `malformed`.
    static constexpr Result<Address> parse_v4(std::string_view text) noexcept {
        return parse_ipv4(text).and_then(
            [](std::uint32_t bits) -> Result<Address> { return v4(bits); });
    }
    /// The text of an IPv6 address: see `parse_ipv6`. Else `malformed`.
    static constexpr Result<Address> parse_v6(std::string_view text) noexcept {
        return parse_ipv6(text).and_then(
            [](const Ipv6Bits& bits) -> Result<Address> { return Address(bits.high, bits.low); });
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
        const char* const end = is_v4() ? write_ipv4(begin, static_cast<std::uint32_t>(low_))
                                        : write_ipv6(begin, {high_, low_});
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
/// An address: `"203.0.113.7"_ip`. Text that is none does not compile.
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

}  // namespace proxyfix

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
