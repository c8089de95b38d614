// SPDX-License-Identifier: MIT
/// \file
/// `find_client`: what the header that names the client says, and how far the others are believed.
#pragma once

#include <string_view>

#include "proxyfix/endpoint.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/hops.hpp"
#include "proxyfix/list.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// The client, and the element of Forwarded that named it.
struct ForwardedClient {
    Hops hops;                         ///< Where the chain of elements ends.
    Result<ForwardedElement> element;  ///< Or why nothing in it is believed.
};

/// The elements of Forwarded from the right to the left: the one that `next` returned is sound, and
/// so are those right of it.
template <class Headers> struct ForwardedElements {
    FieldValues<Headers> values;  ///< Their text.

    /// The next element to the left, or the reason why there is none: `malformed`, also if it does
    /// not parse, or `too_few_values`.
    constexpr Result<ForwardedElement> next() noexcept {
        return values.next().and_then(ForwardedElement::parse);
    }
};

/// The elements of these values.
template <class Headers> ForwardedElements(FieldValues<Headers>) -> ForwardedElements<Headers>;

/// The client by X-Forwarded-For, along the chain of addresses: see `walk_hops`.
template <class Reader>
constexpr Hops client_by_x_for(const Reader& reader, const FieldLines& field,
                               const Trust& trust) noexcept {
    const Outcome readable = reader.may_read(field, trust.x_for);
    auto values = reader.values(field);
    const auto next = [&](Applied) { return values.next(); };
    const auto hop = [&] { return readable.and_then(next).and_then(parse_endpoint); };
    return proxyfix::walk_hops(hop, trust.x_for, trust);
}

/// The client by Forwarded (RFC 7239): by the count alone if `Trust::proxies` is any, else along
/// the chain of addresses.
template <class Reader>
constexpr ForwardedClient client_by_forwarded(const Reader& reader, const FieldLines& field,
                                              const Trust& trust) noexcept {
    const Outcome readable = reader.may_read(field, trust.forwarded);
    const ForwardedElements elements{reader.values(field)};
    const auto client_of = [](const ForwardedElement& element) { return element.client(); };
    const auto element_at = [&](unsigned position) {
        return readable.and_then([&](Applied) { return proxyfix::nth_of(elements, position); });
    };
    if (trust.proxies.is_any()) {
        const auto element = element_at(trust.forwarded);
        return {{element.and_then(client_of), trust.forwarded, unlimited}, element};
    }
    auto walked = elements;
    const auto next = [&](Applied) { return walked.next(); };
    const auto hop = [&] { return readable.and_then(next).and_then(client_of); };
    const Hops hops = proxyfix::walk_hops(hop, trust.forwarded, trust);
    const auto element = element_at(hops.position);
    if (element && hops.position > hops.believed) return {hops, Reason::hop_not_trusted};
    return {hops, element};
}

/// The client by `Trust::client_header`: one address on one line. Else `malformed`.
template <class Reader>
constexpr Hops client_by_single_header(const Reader& reader, const FieldLines& field,
                                       const Trust& trust) noexcept {
    const auto only_value = [&](Applied) -> Result<std::string_view> {
        if (field.count > 1 || field.last.size() > field.bound) return Reason::malformed;
        return trim(field.last);
    };
    FieldLines first = field;  // there must be no order to be lost
    first.count = field.count == 0 ? 0 : 1;
    const Result<Endpoint> client =
        reader.may_read(first, 1).and_then(only_value).and_then(parse_endpoint);
    return {client, 1, trust.proxies.is_any() ? unlimited : 1};
}

/// The client, by the header that the `Trust` asks for. Not for X-Forwarded-For of any proxies,
/// where it is simply the value at the position `x_for`.
template <class Reader>
constexpr Hops find_client(const Reader& reader, const FieldLines& field,
                           const Trust& trust) noexcept {
    if (trust.forwarded != 0) return proxyfix::client_by_forwarded(reader, field, trust).hops;
    if (!trust.client_header.empty())
        return proxyfix::client_by_single_header(reader, field, trust);
    return proxyfix::client_by_x_for(reader, field, trust);
}

}  // namespace proxyfix
