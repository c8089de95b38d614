// SPDX-License-Identifier: MIT
/// \file
/// `Endpoint`: an address, with a port or without.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/base/result.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0 {

/// One end of a connection: who the client is, and from which port it connected.
struct Endpoint {
    Address address;         ///< Of the host.
    std::uint16_t port = 0;  ///< 0: not given.

    /// Equal addresses and equal ports.
    friend constexpr bool operator==(const Endpoint&, const Endpoint&) noexcept = default;
};

/// "203.0.113.7", "203.0.113.7:4711", "2001:db8::7" or "[2001:db8::7]:4711".
[[nodiscard]] inline std::string to_string(const Endpoint& endpoint) {
    std::string address = to_string(endpoint.address);
    if (endpoint.port == 0) return address;
    const std::string port = ':' + std::to_string(endpoint.port);
    return endpoint.address.is_v4() ? address + port : '[' + address + ']' + port;
}

/// A value of X-Forwarded-For: "203.0.113.7", "203.0.113.7:4711", "2001:db8::7", "[2001:db8::7]" or
/// "[2001:db8::7]:4711". Else `malformed`, as are 0.0.0.0 and ::, which no client has.
constexpr Result<Endpoint> parse_endpoint(std::string_view text) noexcept {
    const auto checked = [](Result<Address> address, std::uint16_t port) -> Result<Endpoint> {
        if (!address || address->is_unspecified()) return Reason::malformed;
        return Endpoint{*address, port};
    };
    if (const auto bits = detail::parse_ipv4(text)) {
        if (*bits == 0) return Reason::malformed;
        return Endpoint{Address::v4(*bits)};
    }
    if (const auto bare = Address::parse_v6(text)) return checked(bare, 0);
    const auto parts = Authority::split(text);
    if (!parts) return parts.error();
    return checked(parts->address(), parts->port);
}

}  // namespace proxyfix::inline v0
