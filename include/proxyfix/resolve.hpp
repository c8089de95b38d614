// SPDX-License-Identifier: MIT
/// \file
/// `resolve`: the decision, from a request's headers and a `Trust` to a `Resolution`.
#pragma once

#include <array>
#include <string_view>
#include <type_traits>

#include "proxyfix/adapter.hpp"
#include "proxyfix/client.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/list.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// The lines of the five fields that a `Trust` asks for. The first field is the one that names the
/// client: X-Forwarded-For, or what replaces it.
template <class Headers>
constexpr std::array<FieldLines, 5> find_fields(Headers& headers, const Trust& trust) noexcept {
    std::array<FieldLines, 5> fields{{{.name = "X-Forwarded-For", .bound = 64},
                                      {.name = "X-Forwarded-Proto", .bound = 64},
                                      {.name = "X-Forwarded-Host", .bound = 320},
                                      {.name = "X-Forwarded-Port", .bound = 64},
                                      {.name = "X-Forwarded-Prefix", .bound = 1100}}};
    if (!trust.client_header.empty()) fields[0].name = trust.client_header.view();
    if (trust.forwarded != 0) fields[0] = {.name = "Forwarded", .bound = 1024};
    proxyfix::find_lines(headers, fields);
    return fields;
}

/// Decides about a request: finds the fields in one pass, takes of each the value that its
/// outermost trusted proxy wrote, and parses it. A missing or malformed value is never made up for
/// by another one, in the same header or elsewhere. Allocates nothing.
///
/// With any `Trust::proxies`, each header is decided independently, by its count. With a list of
/// them, the chain of addresses tells how far each header is believed (`walk_hops`); where no chain
/// is read, because `x_for` is 0 or there is a `client_header`, only the peer's own value is.
template <Readable R> constexpr Resolution resolve(const R& request, const Trust& trust) noexcept {
    auto&& headers = Adapter<R>::headers(request);
    using Headers = std::remove_reference_t<decltype(headers)>;
    const FieldReader<Headers, Adapter<R>::lines_in_order> reader{
        headers, trust.proxies.is_any() || trust.proxies.contains_peer(Adapter<R>::peer(request)),
        proxyfix::has_doubtful_lines<R>(request)};
    const std::array<FieldLines, 5> fields = proxyfix::find_fields(headers, trust);

    const FoundClient found = proxyfix::find_client(reader, fields[0], trust);
    const Hops& hops = found.hops;
    const auto chosen = [&](const FieldLines& field, unsigned n) {
        return reader.may_read(field, n, hops.believed).and_then([&](Applied) {
            return proxyfix::nth_of(reader.values(field), n);
        });
    };
    const auto allowed = [&trust](const Authority& authority) -> Result<Authority> {
        if (!trust.allowed_hosts.contains(authority.host)) return Reason::host_not_allowed;
        return authority;
    };

    Resolution r{.client = hops.client,
                 .proto = Reason::not_configured,
                 .host = Reason::not_configured,
                 .port = chosen(fields[3], trust.x_port).and_then(parse_port),
                 .prefix = chosen(fields[4], trust.x_prefix).and_then(parse_prefix),
                 .client_position = hops.client ? hops.position : 0};
    if (trust.forwarded != 0) {
        r.proto = found.element.and_then([](const ForwardedElement& e) { return e.scheme(); });
        r.host = found.element.and_then([](const ForwardedElement& e) { return e.authority(); });
    } else {
        r.proto = chosen(fields[1], trust.x_proto).and_then(parse_scheme);
        r.host = chosen(fields[2], trust.x_host).and_then(Authority::parse);
    }
    r.host = r.host.and_then(allowed);
    return r;
}

/// A request that owns its headers must live as long as the `Resolution`.
template <Readable R>
requires(!std::is_trivially_destructible_v<R>) constexpr Resolution
    resolve(const R&& request, const Trust& trust) = delete;  // its views would dangle

}  // namespace proxyfix
