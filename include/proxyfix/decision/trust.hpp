// SPDX-License-Identifier: MIT
/// \file
/// `Trust`: which proxies are trusted, and with which headers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/net/networks.hpp"

namespace proxyfix::inline v0 {

/// Count value: follow the chain while addresses are in `Trust::proxies`.
inline constexpr unsigned all_hops = 0x7fff'ffff;

/// What happens to the lines of the forwarding headers before the handler is called.
enum class Strip : std::uint8_t {
    keep,       ///< They stay.
    untrusted,  ///< What is left of a header begins with the trusted value, or is nothing.
    all,        ///< They are erased, so that no code can read them.
};

/// The names of the forwarding headers, where your proxies use other than the usual ones:
/// `{.x_proto = "X-Scheme"}`.
struct HeaderNames {
    FieldName x_for = "X-Forwarded-For",  ///< A list of addresses.
        x_proto = "X-Forwarded-Proto",    ///< Under another name, `on` and `off` are read too.
        x_host = "X-Forwarded-Host",      ///< A host, perhaps with a port.
        x_port = "X-Forwarded-Port",      ///< A port.
        x_prefix = "X-Forwarded-Prefix";  ///< A path.

    /// Equal, ignoring letter case.
    friend constexpr bool operator==(const HeaderNames&, const HeaderNames&) noexcept = default;
};

/// For each header, how many values your proxies add on every request: count the proxies from the
/// application outwards, up to and including the first one that overwrites the header. The n-th
/// value from the right is the trusted one: the outermost of these proxies wrote it. 0: the header
/// is ignored. Counts above 16 are rejected.
///
/// A count that is too high trusts the client; one that is too low gives a proxy's address.
///
/// A `Trust` with a list owns memory: as a constant it is `const`, not `constexpr`. `parse_trust`
/// reads one from a text, such as an environment variable.
struct Trust {
    unsigned x_for = 1;     ///< X-Forwarded-For: the client's address. Or `all_hops`.
    unsigned x_proto = 1;   ///< X-Forwarded-Proto: the scheme.
    unsigned x_host = 0;    ///< X-Forwarded-Host: the host, perhaps with a port.
    unsigned x_port = 0;    ///< X-Forwarded-Port: the port that the client connected to.
    unsigned x_prefix = 0;  ///< X-Forwarded-Prefix: the path that the application is mounted at.

    /// Are `x_for`, `x_proto` and `x_host` counted in elements of Forwarded (RFC 7239)? Then
    /// X-Forwarded-For, -Proto and -Host are ignored. If `x_for` is `all_hops`, the others may be
    /// too: they are read from the element that names the client.
    bool forwarded = false;

    /// The addresses of your proxies. If the TCP peer is not one of them, no value is trusted. The
    /// hops are checked too: a value at position d + 1, counted from the right, is trusted only if
    /// the address at position d of X-Forwarded-For (or Forwarded) is one of them. An address that
    /// is not is the client, and what else it may have written is rejected (`hop_not_trusted`).
    Networks proxies = Networks::any();

    /// The hosts that may be forwarded. Another one is rejected (`host_not_allowed`).
    Hosts allowed_hosts = Hosts::any();

    /// The names of the headers.
    HeaderNames names{};

    /// A header with one address, such as "CF-Connecting-IP", that the proxy overwrites on every
    /// request. If it is given, X-Forwarded-For is ignored.
    FieldName client_header{};

    /// Does the address in the `client_header` always have ":port" behind it, IPv6 without brackets
    /// too? CloudFront-Viewer-Address does.
    bool client_has_port = false;

    /// What happens to the header lines.
    Strip strip = Strip::keep;

    /// Is everything configured alike?
    friend constexpr bool operator==(const Trust&, const Trust&) noexcept = default;
};

namespace detail {

/// A header that has a count. No standard defines them.
struct ForwardingHeader {
    FieldName usual_name;              ///< Of its lines.
    std::string_view option;           ///< The member of `Trust` and of `HeaderNames`.
    unsigned Trust::*count;            ///< How many values your proxies add.
    FieldName HeaderNames::*name;      ///< The name that is configured.
    std::size_t widest_value;          ///< In bytes: room for the widest valid one and some blanks.
    bool is_in_forwarded;              ///< Does an element of Forwarded carry the same?
    std::string_view too_high;         ///< The fault of its count.
    std::string_view cannot_be_named;  ///< The fault of its name.
    std::string_view named_but_ignored;  ///< The fault of a name without a count.
};

/// The headers that have a count: one for each field, in the order of `Resolution`.
inline constexpr std::array<ForwardingHeader, 5> forwarding_headers{{
    {"X-Forwarded-For", "x_for", &Trust::x_for, &HeaderNames::x_for, 64, true, "x_for is above 16",
     "names.x_for is empty, or a header that has another meaning",
     "names.x_for is given, but x_for is 0"},
    {"X-Forwarded-Proto", "x_proto", &Trust::x_proto, &HeaderNames::x_proto, 64, true,
     "x_proto is above 16", "names.x_proto is empty, or a header that has another meaning",
     "names.x_proto is given, but x_proto is 0"},
    {"X-Forwarded-Host", "x_host", &Trust::x_host, &HeaderNames::x_host, 320, true,
     "x_host is above 16", "names.x_host is empty, or a header that has another meaning",
     "names.x_host is given, but x_host is 0"},
    {"X-Forwarded-Port", "x_port", &Trust::x_port, &HeaderNames::x_port, 64, false,
     "x_port is above 16", "names.x_port is empty, or a header that has another meaning",
     "names.x_port is given, but x_port is 0"},
    {"X-Forwarded-Prefix", "x_prefix", &Trust::x_prefix, &HeaderNames::x_prefix, 1100, false,
     "x_prefix is above 16", "names.x_prefix is empty, or a header that has another meaning",
     "names.x_prefix is given, but x_prefix is 0"},
}};

/// The header of RFC 7239, and how wide an element of it may be.
inline constexpr FieldName forwarded_name = "Forwarded";
/// In bytes.
inline constexpr std::size_t widest_element = 1024;

/// Is this name empty, or that of a header with a meaning of its own (RFC 7239; RFC 9110; RFC
/// 9112)?
[[nodiscard]] constexpr bool has_another_meaning(const FieldName& name) noexcept {
    constexpr std::array<FieldName, 5> others{"Forwarded", "Host", "Connection",
                                              "Transfer-Encoding", "Content-Length"};
    bool is_other = name.empty();
    for (const FieldName& other : others) is_other = is_other || name == other;
    return is_other;
}

/// Describes the contradiction in the names of the headers, or is empty.
[[nodiscard]] PROXYFIX_OUTLINE constexpr std::string_view fault_of_names(
    const Trust& trust) noexcept {
    const bool has_client_header = !trust.client_header.empty();
    if (has_client_header && has_another_meaning(trust.client_header)) {
        return "client_header is a header that has another meaning";
    }
    for (std::size_t i = 0; i < forwarding_headers.size(); ++i) {
        const ForwardingHeader& header = forwarding_headers[i];
        const FieldName& name = trust.names.*header.name;
        if (has_another_meaning(name)) return header.cannot_be_named;
        if (trust.client_header == header.usual_name || trust.client_header == name) {
            return "client_header is a header that has a count of its own";
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (name == trust.names.*forwarding_headers[j].name)
                return "two headers have the same name";
        }
        if (name == header.usual_name) continue;
        if (trust.*header.count == 0) return header.named_but_ignored;
        if (header.count == &Trust::x_for && has_client_header) {
            return "names.x_for and client_header both replace X-Forwarded-For";
        }
        if (trust.forwarded && header.is_in_forwarded) {
            return "forwarded and names both replace a header: with forwarded, only x_port and "
                   "x_prefix have names";
        }
    }
    return "";
}

}  // namespace detail

/// Describes the contradiction in `trust`, or is empty. A `Policy` cannot be made of such a trust.
[[nodiscard]] PROXYFIX_OUTLINE constexpr std::string_view fault(const Trust& trust) noexcept {
    const bool has_client_header = !trust.client_header.empty();
    bool is_any_above_1 = false;  // but for the one that names the client
    for (const detail::ForwardingHeader& header : detail::forwarding_headers) {
        const unsigned count = trust.*header.count;
        if (header.count == &Trust::x_for) {
            if (count == all_hops && trust.proxies.is_any()) {
                return "x_for = all_hops needs a list of proxies";
            }
        } else if (count == all_hops) {
            if (!trust.forwarded || !header.is_in_forwarded || trust.x_for != all_hops) {
                return "all_hops is only for x_for; with forwarded and x_for = all_hops, also for "
                       "x_proto and x_host";
            }
        } else if (count > 1) {
            is_any_above_1 = true;
        }
        if (count > detail::Lines::most && count != all_hops) return header.too_high;
    }
    const std::string_view of_names = detail::fault_of_names(trust);
    if (!of_names.empty()) return of_names;
    if (is_any_above_1 && !trust.proxies.is_any()) {
        if (has_client_header) {
            return "with a list of proxies, a count above 1 needs x_for, and client_header "
                   "replaces it";
        }
        if (trust.x_for == 0) return "with a list of proxies, a count above 1 needs x_for";
    }
    if (trust.forwarded && has_client_header) {
        return "forwarded and client_header both replace X-Forwarded-For";
    }
    if (trust.client_has_port && !has_client_header) return "client_has_port needs client_header";
    return "";
}

}  // namespace proxyfix::inline v0
