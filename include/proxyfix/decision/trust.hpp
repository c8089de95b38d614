// SPDX-License-Identifier: MIT
/// \file
/// `Trust`: which proxies are trusted, and with which headers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/net/network.hpp"

namespace proxyfix::inline v0 {

/// Count value: follow the chain while addresses are in `Trust::proxies`.
inline constexpr unsigned all_hops = 0x7fff'ffff;

/// What happens to the lines of the forwarding headers before the handler is called.
enum class Strip : std::uint8_t {
    keep,       ///< They stay.
    untrusted,  ///< What is left of a header begins with the trusted value, or is nothing.
    all,        ///< They are erased, so that no code can read them.
};

/// For each header, how many values your proxies add on every request: count the proxies from the
/// application outwards, up to and including the first one that overwrites the header. The n-th
/// value from the right is the trusted one: the outermost of these proxies wrote it. 0: the header
/// is ignored. Counts above 16 are rejected.
///
/// A count that is too high trusts the client; one that is too low gives a proxy's address.
///
/// A `Trust` with a list owns memory: as a constant it is `const`, not `constexpr`.
struct Trust {
    unsigned x_for = 1;     ///< X-Forwarded-For: the client's address. Or `all_hops`.
    unsigned x_proto = 1;   ///< X-Forwarded-Proto: the scheme.
    unsigned x_host = 0;    ///< X-Forwarded-Host: the host, perhaps with a port.
    unsigned x_port = 0;    ///< X-Forwarded-Port: the port that the client connected to.
    unsigned x_prefix = 0;  ///< X-Forwarded-Prefix: the path that the application is mounted at.

    /// Forwarded (RFC 7239). If it is not 0, address, scheme and host come from the n-th element of
    /// this header, and X-Forwarded-For, -Proto and -Host are ignored. Or `all_hops`.
    unsigned forwarded = 0;

    /// The addresses of your proxies. If the TCP peer is not one of them, no value is trusted. The
    /// hops are checked too: a value at position d + 1, counted from the right, is trusted only if
    /// the address at position d of X-Forwarded-For (or Forwarded) is one of them. An address that
    /// is not is the client, and what else it may have written is rejected (`hop_not_trusted`).
    Networks proxies = Networks::any();

    /// The hosts that may be forwarded. Another one is rejected (`host_not_allowed`).
    Hosts allowed_hosts = Hosts::any();

    /// A header with one address, such as "CF-Connecting-IP", that the proxy overwrites on every
    /// request. If it is given, X-Forwarded-For is ignored.
    FieldName client_header{};

    /// What happens to the header lines.
    Strip strip = Strip::keep;
};

namespace detail {

/// A header that has a count. But for Forwarded (RFC 7239) no standard defines them.
struct ForwardingHeader {
    FieldName name;            ///< Of its lines.
    std::string_view option;   ///< The name of the count in `Trust`.
    std::string_view fault;    ///< Of a count that is too high.
    unsigned Trust::*count;    ///< How many values your proxies add.
    std::size_t widest_value;  ///< In bytes: room for the widest valid value and some blanks.
};

/// The headers that have a count: one for each field, in the order of `Resolution`, and Forwarded.
inline constexpr std::array<ForwardingHeader, 6> forwarding_headers{{
    {"X-Forwarded-For", "x_for", "x_for is above 16", &Trust::x_for, 64},
    {"X-Forwarded-Proto", "x_proto", "x_proto is above 16", &Trust::x_proto, 64},
    {"X-Forwarded-Host", "x_host", "x_host is above 16", &Trust::x_host, 320},
    {"X-Forwarded-Port", "x_port", "x_port is above 16", &Trust::x_port, 64},
    {"X-Forwarded-Prefix", "x_prefix", "x_prefix is above 16", &Trust::x_prefix, 1100},
    {"Forwarded", "forwarded", "forwarded is above 16", &Trust::forwarded, 1024},
}};

}  // namespace detail

/// Describes the contradiction in `trust`, or is empty. A `Policy` cannot be made of such a trust.
[[nodiscard]] constexpr std::string_view fault(const Trust& trust) noexcept {
    bool is_any_above_1 = false;  // but for those that name the client
    for (const detail::ForwardingHeader& header : detail::forwarding_headers) {
        const unsigned count = trust.*header.count;
        const bool names_client =
            header.count == &Trust::x_for || header.count == &Trust::forwarded;
        if (count == all_hops && !names_client) return "all_hops is for x_for and forwarded only";
        if (count == all_hops && trust.proxies.is_any()) {
            return header.count == &Trust::x_for ? "x_for = all_hops needs a list of proxies"
                                                 : "forwarded = all_hops needs a list of proxies";
        }
        if (count > detail::Lines::most && count != all_hops) return header.fault;
        is_any_above_1 = is_any_above_1 || (count > 1 && !names_client);
        if (trust.client_header == header.name) {
            return "client_header is a header that has a count of its own";
        }
    }
    const bool follows_chain =
        trust.forwarded != 0 || (trust.x_for != 0 && trust.client_header.empty());
    if (is_any_above_1 && !follows_chain && !trust.proxies.is_any()) {
        return "with a list of proxies, a count above 1 needs x_for or forwarded";
    }
    if (trust.forwarded != 0 && !trust.client_header.empty()) {
        return "forwarded and client_header both replace X-Forwarded-For";
    }
    return "";
}

}  // namespace proxyfix::inline v0
