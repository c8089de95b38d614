// SPDX-License-Identifier: MIT
/// \file
/// `Network`: a block of addresses in CIDR notation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/net/address.hpp"

namespace proxyfix::inline v0::detail {

/// The address with all but its first `bits` bits set; an IPv4 address has 32.
constexpr Address last_of(const Address& address, unsigned bits) noexcept {
    const std::uint64_t all = ~std::uint64_t{0};
    const unsigned kept = bits + (address.is_v4() ? 96 : 0);
    if (kept == 128) return address;
    if (kept >= 64) return {address.high(), address.low() | all >> (kept - 64)};
    return {address.high() | all >> kept, all};
}

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// The addresses that agree in their first bits (RFC 4632, 3.1; RFC 4291, 2.3). A network of IPv4
/// addresses holds them in both spellings, "10.0.0.1" and "::ffff:10.0.0.1"; one of IPv6 holds no
/// IPv4.
class Network {
  public:
    /// A literal, checked by the compiler: `Network network = "10.0.0.0/8"`.
    template <std::size_t size>
    consteval Network(const char (&literal)[size]) : Network(checked({literal, size - 1})) {}
    /// From text that the compiler knows and checks: a faulty one does not compile.
    [[nodiscard]] static consteval Network checked(std::string_view text) {
        const Result<Network> network = parse(text);
        if (!network)
            detail::refuse("not a network in CIDR notation, or bits set after the prefix");
        return *network;
    }

    /// "10.0.0.0/8", "2001:db8::/32", or an address alone, which is a network of one. Else
    /// `malformed`: no text of an address, a length that is too long or has a leading zero, or bits
    /// set after the prefix, as in 10.0.0.1/8.
    static constexpr Result<Network> parse(std::string_view text) noexcept {
        std::string_view fault;
        return parse(text, fault);
    }
    /// The same; if it fails, `fault` says why: "bits set after the prefix".
    static constexpr Result<Network> parse(std::string_view text, std::string_view& fault) noexcept;

    /// The first address, all of whose bits after the prefix are 0.
    [[nodiscard]] constexpr Address first() const noexcept { return first_; }
    /// The last address, all of whose bits after the prefix are 1.
    [[nodiscard]] constexpr Address last() const noexcept { return detail::last_of(first_, bits_); }
    /// How many bits the addresses agree in: 0 to 32 in IPv4, 0 to 128 in IPv6.
    [[nodiscard]] constexpr unsigned bits() const noexcept { return bits_; }

    /// Is it one of the network's addresses?
    [[nodiscard]] constexpr bool contains(const Address& address) const noexcept {
        return address.is_v4() == first_.is_v4() && first_ <= address && address <= last();
    }

    /// The same addresses.
    friend constexpr bool operator==(const Network&, const Network&) noexcept = default;

  private:
    constexpr Network(const Address& first, unsigned bits) noexcept : first_(first), bits_(bits) {}

    Address first_;
    unsigned bits_;
};

constexpr Result<Network> Network::parse(std::string_view text, std::string_view& fault) noexcept {
    const std::size_t slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash));
    fault = "not an address";
    if (!address) return Reason::malformed;

    const bool has_colons = text.substr(0, slash).find(':') != std::string_view::npos;
    const std::uint32_t all_bits = has_colons ? 128 : 32;
    std::uint32_t bits = all_bits;
    if (slash != std::string_view::npos) {
        const auto length = detail::parse_decimal(text.substr(slash + 1), all_bits);
        fault = has_colons ? "the prefix length is not a number of 0 to 128"
                           : "the prefix length is not a number of 0 to 32";
        if (!length) return Reason::malformed;
        bits = *length;
    }
    // ::ffff:10.0.0.0/104 is 10.0.0.0/8; with fewer than 96 bits, ffff stands after the prefix.
    const bool mapped = has_colons && address->is_v4();
    fault = "bits set after the prefix";
    if (mapped && bits < 96) return Reason::malformed;
    if (mapped) bits -= 96;
    if (address->network(bits) != *address) return Reason::malformed;
    fault = "";
    return Network(*address, bits);
}

inline namespace literals {
/// A network: `"10.0.0.0/8"_net`. Invalid text is a compile error.
consteval Network operator""_net(const char* text, std::size_t size) {
    return Network::checked({text, size});
}
}  // namespace literals

/// "10.0.0.0/8"; the address is in canonical text.
[[nodiscard]] inline std::string to_string(const Network& network) {
    return to_string(network.first()) + '/' + std::to_string(network.bits());
}

}  // namespace proxyfix::inline v0
