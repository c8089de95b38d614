// SPDX-License-Identifier: MIT
/// \file
/// `resolve`: the decision, from a request's headers and a `Trust` to a `Resolution`.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "proxyfix/adapter.hpp"
#include "proxyfix/client.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// The lines of the five fields that a `Trust` asks for, in the order of `Resolution`.
using FoundFields = std::array<FieldLines, 5>;

/// Finds the five fields. The first is the one that names the client: X-Forwarded-For, or what
/// replaces it. `trust` must live as long as the result. The bounds leave room for the widest sound
/// value and some blanks.
template <class Headers>
constexpr FoundFields find_fields(Headers& headers, const Trust& trust) noexcept {
    const auto& [x_for, x_proto, x_host, x_port, x_prefix, forwarded] = forwarding_headers;
    FoundFields fields{{{.name = &x_for, .bound = 64},
                        {.name = &x_proto, .bound = 64},
                        {.name = &x_host, .bound = 320},
                        {.name = &x_port, .bound = 64},
                        {.name = &x_prefix, .bound = 1100}}};
    constexpr NameFilter usual{forwarding_headers[0], forwarding_headers[1], forwarding_headers[2],
                               forwarding_headers[3], forwarding_headers[4]};
    NameFilter filter = usual;
    if (trust.forwarded != 0 || !trust.client_header.empty()) {
        fields[0].name = &trust.client_header;
        if (trust.forwarded != 0) fields[0] = {.name = &forwarded, .bound = 1024};
        filter.add(*fields[0].name);
    }
    proxyfix::find_lines(headers, fields, filter);
    return fields;
}

/// Decides by X-Forwarded-*, or by `Trust::client_header` instead of the first of them.
template <class Reader>
constexpr Resolution resolve_x_forwarded(const Reader& reader, const FoundFields& fields,
                                         const Trust& trust) noexcept {
    const auto parse_host = [&trust](std::string_view text) {
        Result<Authority> host = Authority::parse(text);
        if (host && !trust.allowed_hosts.contains(host->host)) host = Reason::host_not_allowed;
        return host;
    };
    const bool by_count = trust.proxies.is_any() && trust.client_header.empty();
    const Hops hops = by_count ? Hops{.position = trust.x_for, .believed = unlimited}
                               : proxyfix::find_client(reader, fields[0], trust);
    const unsigned x_for = by_count ? trust.x_for : 0, believed = hops.believed;
    // Each result is made where it stays: to copy one means a load that waits for the several
    // smaller stores that it was just written by.
    Resolution r{.client = reader.read(fields[0], x_for, believed, parse_endpoint),
                 .proto = reader.read(fields[1], trust.x_proto, believed, parse_scheme),
                 .host = reader.read(fields[2], trust.x_host, believed, parse_host),
                 .port = reader.read(fields[3], trust.x_port, believed, parse_port),
                 .prefix = reader.read(fields[4], trust.x_prefix, believed, parse_prefix)};
    if (!by_count) r.client = hops.client;
    if (r.client) r.client_position = hops.position;
    return r;
}

/// Decides by Forwarded, and by X-Forwarded-Port and -Prefix.
template <class Reader>
constexpr Resolution resolve_forwarded(const Reader& reader, const FoundFields& fields,
                                       const Trust& trust) noexcept {
    const auto allowed = [&trust](const Authority& authority) -> Result<Authority> {
        if (!trust.allowed_hosts.contains(authority.host)) return Reason::host_not_allowed;
        return authority;
    };
    const auto [hops, element] = proxyfix::client_by_forwarded(reader, fields[0], trust);
    const auto scheme = [](const ForwardedElement& e) { return e.scheme(); };
    const auto host = [](const ForwardedElement& e) { return e.authority(); };
    return {.client = hops.client,
            .proto = element.and_then(scheme),
            .host = element.and_then(host).and_then(allowed),
            .port = reader.read(fields[3], trust.x_port, hops.believed, parse_port),
            .prefix = reader.read(fields[4], trust.x_prefix, hops.believed, parse_prefix),
            .client_position = hops.client ? hops.position : 0};
}

/// Decides where no line was found: each header is `absent`, or `not_configured`.
constexpr Resolution resolve_without_lines(const Trust& trust) noexcept {
    const auto missing = [](std::size_t asked_for) {
        return asked_for == 0 ? Reason::not_configured : Reason::absent;
    };
    return {.client = missing(trust.x_for | trust.forwarded | trust.client_header.size()),
            .proto = missing(trust.x_proto | trust.forwarded),
            .host = missing(trust.x_host | trust.forwarded),
            .port = missing(trust.x_port),
            .prefix = missing(trust.x_prefix)};
}

/// Decides about a request: finds the fields in one pass, takes of each the value that its
/// outermost trusted proxy wrote, and parses it. A missing or malformed value is never made up for
/// by another one, in the same header or elsewhere. Allocates nothing, and throws nothing. The
/// result has views of the request's header lines, which must live as long.
///
/// With any `Trust::proxies`, each header is decided independently, by its count. With a list of
/// them, the chain of addresses tells how far each header is believed (`walk_hops`); where no chain
/// is read, because `x_for` is 0 or there is a `client_header`, only the peer's own value is.
template <Readable R> constexpr Resolution resolve(const R& request, const Trust& trust) noexcept {
    auto&& headers = Adapter<R>::headers(request);
    using Headers = std::remove_reference_t<decltype(headers)>;
    const FoundFields fields = proxyfix::find_fields(headers, trust);
    const auto& [x_for, x_proto, x_host, x_port, x_prefix] = fields;
    // Where nothing is forwarded, this spares 94 of 286 instructions, and looking at the peer.
    const auto lines = x_for.count | x_proto.count | x_host.count | x_port.count | x_prefix.count;
    const bool may_lack = proxyfix::may_lack_lines<R>(request);
    if (lines == 0 && !may_lack) return proxyfix::resolve_without_lines(trust);
    const FieldReader<Headers, Adapter<R>::lines_in_order> reader{
        headers, trust.proxies.is_any() || trust.proxies.contains_peer(Adapter<R>::peer(request)),
        proxyfix::has_doubtful_lines<R>(request), may_lack};
    return trust.forwarded != 0 ? proxyfix::resolve_forwarded(reader, fields, trust)
                                : proxyfix::resolve_x_forwarded(reader, fields, trust);
}

/// A request that owns its headers must live as long as the `Resolution`.
template <Readable R>
requires(!std::is_trivially_destructible_v<R>) constexpr Resolution
    resolve(const R&& request, const Trust& trust) = delete;  // its views would dangle

}  // namespace proxyfix
