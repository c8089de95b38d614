// SPDX-License-Identifier: MIT
/// \file
/// `Trust`: which proxies are believed, and about what.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "proxyfix/field_name.hpp"
#include "proxyfix/hosts.hpp"
#include "proxyfix/networks.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// As a count: as many hops as there are in a row whose addresses are in `Trust::proxies`.
inline constexpr unsigned all_hops = 0x7fff'ffff;

/// What happens to the lines of the forwarding headers before the handler is called.
enum class Strip : std::uint8_t {
    keep,       ///< They stay.
    untrusted,  ///< What is left of a header begins with the value that was believed, or is
                ///< nothing.
    all,        ///< They are erased, so that no code can read them.
};

/// For each header, how many of your own proxies append to it on every request, from the
/// application outwards, up to and including the first one that overwrites it. The value that is
/// believed is the n-th from the right: the outermost of these proxies wrote it. 0: the header is
/// not looked at. More than 1000 is refused.
///
/// A count too high believes the client; a count too low gives a proxy's address.
///
/// A `Trust` with a list owns memory: as a constant it is `const`, not `constexpr`.
struct Trust {
    unsigned x_for = 1;     ///< X-Forwarded-For: the client's address. Or `all_hops`.
    unsigned x_proto = 1;   ///< X-Forwarded-Proto: the scheme.
    unsigned x_host = 0;    ///< X-Forwarded-Host: the host, perhaps with a port.
    unsigned x_port = 0;    ///< X-Forwarded-Port: the port that the client connected to.
    unsigned x_prefix = 0;  ///< X-Forwarded-Prefix: the path that the application is mounted at.

    /// Forwarded (RFC 7239). If it is not 0, address, scheme and host come from the n-th element of
    /// this header, and X-Forwarded-For, -Proto and -Host are not looked at. Or `all_hops`.
    unsigned forwarded = 0;

    /// The addresses of your proxies. If the TCP peer is not one of them, nothing is believed. The
    /// hops are checked too: a value at depth d + 1, counted from the right, is believed only if
    /// the address at depth d of X-Forwarded-For (or Forwarded) is one of them. An address that is
    /// not is the client, and what else it may have written is not believed (`hop_not_trusted`).
    Networks proxies = Networks::any();

    /// The hosts that may be forwarded. Another one is not taken (`host_not_allowed`).
    Hosts allowed_hosts = Hosts::any();

    /// A header with one address, such as "CF-Connecting-IP", that the proxy overwrites on every
    /// request. If it is given, X-Forwarded-For is not looked at.
    FieldName client_header{};

    /// What becomes of the header lines.
    Strip strip = Strip::keep;
};

/// The headers that have a count. But for Forwarded (RFC 7239) no standard defines them.
inline constexpr FieldName forwarding_headers[] = {"X-Forwarded-For",    "X-Forwarded-Proto",
                                                   "X-Forwarded-Host",   "X-Forwarded-Port",
                                                   "X-Forwarded-Prefix", "Forwarded"};

/// The highest count of the headers that do not name the client.
[[nodiscard]] constexpr unsigned highest_count(const Trust& trust) noexcept {
    const auto higher = [](unsigned a, unsigned b) { return a > b ? a : b; };
    return higher(higher(trust.x_proto, trust.x_host), higher(trust.x_port, trust.x_prefix));
}

/// What contradicts itself in a `Trust`, for people; empty if nothing does. `ProxyFix` refuses such
/// a trust.
[[nodiscard]] constexpr std::string_view fault(const Trust& trust) noexcept {
    constexpr unsigned most = 1000;  // proxies in a row; a negative number is far above
    const bool walks_x_for = trust.x_for == all_hops, walks_forwarded = trust.forwarded == all_hops;
    for (const unsigned count : {trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix}) {
        if (count == all_hops) return "all_hops is for x_for and forwarded only";
    }
    if (trust.x_for > most && !walks_x_for) return "x_for is above 1000";
    if (trust.x_proto > most) return "x_proto is above 1000";
    if (trust.x_host > most) return "x_host is above 1000";
    if (trust.x_port > most) return "x_port is above 1000";
    if (trust.x_prefix > most) return "x_prefix is above 1000";
    if (trust.forwarded > most && !walks_forwarded) return "forwarded is above 1000";
    if (walks_x_for && trust.proxies.is_any()) return "x_for = all_hops needs a list of proxies";
    if (walks_forwarded && trust.proxies.is_any()) {
        return "forwarded = all_hops needs a list of proxies";
    }
    for (const FieldName& name : forwarding_headers) {
        if (trust.client_header == name) {
            return "client_header is a header that has a count of its own";
        }
    }
    const bool follows_chain =
        trust.forwarded != 0 || (trust.x_for != 0 && trust.client_header.empty());
    if (highest_count(trust) > 1 && !follows_chain && !trust.proxies.is_any()) {
        return "with a list of proxies, a count above 1 needs x_for or forwarded";
    }
    if (trust.forwarded != 0 && !trust.client_header.empty()) {
        return "forwarded and client_header both replace X-Forwarded-For";
    }
    return "";
}

}  // namespace proxyfix
