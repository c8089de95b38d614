// SPDX-License-Identifier: MIT
/// \file
/// `Endpoint`: an address, with a port or without.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/byte_set.hpp"
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
    const AddressText address = endpoint.address.text();
    const auto port = detail::port_suffix(endpoint.port);
    const bool has_brackets = endpoint.port != 0 && !endpoint.address.is_v4();
    std::string text(has_brackets ? "[" : "");
    text.append(address.view()).append(has_brackets ? "]" : "").append(port.view());
    return text;
}

}  // namespace proxyfix::inline v0

namespace proxyfix::inline v0::detail {

/// IPv6 text, perhaps with a zone, which is dropped: "fe80::1%eth0". Only a link-local address has
/// one, of 1 to 15 `zone_bytes`. Else `malformed`.
PROXYFIX_OUTLINE constexpr Result<Address> parse_v6_and_zone(std::string_view text) noexcept {
    if (const auto bare = Address::parse_v6(text)) return bare;
    const std::size_t percent = text.find('%');
    if (percent == text.npos) return Reason::malformed;
    const auto address = Address::parse_v6(text.substr(0, percent));
    if (!address) return address;
    const std::string_view zone = text.substr(percent + 1);
    bool is_zone = address->is_link_local_v6() && !zone.empty() && zone.size() <= 15;
    for (const char c : zone) is_zone = is_zone && zone_bytes.contains(c);
    if (!is_zone) return Reason::malformed;
    return address;
}

/// The text of an address that ":port" may follow: IPv4, IPv6 in brackets, or IPv6 that ends in a
/// dotted quad. Else `malformed`.
PROXYFIX_OUTLINE constexpr Result<Address> parse_before_port(std::string_view text) noexcept {
    if (text.starts_with('[') && text.ends_with(']')) {
        return parse_v6_and_zone(text.substr(1, text.size() - 2));
    }
    if (text.find('.') == text.npos) return Reason::malformed;
    return Address::parse(text);
}

/// The endpoint, if it may be a client's: not 0.0.0.0 and not ::. Else `malformed`.
constexpr Result<Endpoint> client_endpoint(const Result<Address>& address,
                                           const Result<std::uint16_t>& port) noexcept {
    if (!address || !port || address->is_unspecified()) return Reason::malformed;
    return Endpoint{*address, *port};
}

/// An address that always has ":port" behind it, IPv6 without brackets too, as in the header
/// CloudFront-Viewer-Address: "2001:db8::7:4711". Else `malformed`.
constexpr Result<Endpoint> parse_endpoint_and_port(std::string_view text) noexcept {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return Reason::malformed;
    const std::string_view host = text.substr(0, colon);
    const auto bare = parse_v6_and_zone(host);
    return client_endpoint(bare ? bare : parse_before_port(host),
                           parse_port(text.substr(colon + 1)));
}

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// A value of X-Forwarded-For: "203.0.113.7", "203.0.113.7:4711", "2001:db8::7", "[2001:db8::7]",
/// "[2001:db8::7]:4711" or "::ffff:203.0.113.7:4711". A zone behind a link-local address,
/// "fe80::1%eth0", is dropped (RFC 4007, 11). Else `malformed`, as are 0.0.0.0 and ::, which no
/// client has.
constexpr Result<Endpoint> parse_endpoint(std::string_view text) noexcept {
    if (const auto bits = detail::parse_ipv4(text)) {
        if (*bits == 0) return Reason::malformed;
        return Endpoint{Address::v4(*bits)};
    }
    const Result<std::uint16_t> no_port = std::uint16_t{0};
    if (const auto bare = detail::parse_v6_and_zone(text)) {
        return detail::client_endpoint(bare, no_port);
    }
    if (text.ends_with(']'))
        return detail::client_endpoint(detail::parse_before_port(text), no_port);
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return Reason::malformed;
    return detail::client_endpoint(detail::parse_before_port(text.substr(0, colon)),
                                   parse_port(text.substr(colon + 1)));
}

}  // namespace proxyfix::inline v0
