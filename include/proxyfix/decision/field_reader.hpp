// SPDX-License-Identifier: MIT
/// \file
/// `FieldReader`: which header may be read, and how each field takes its value.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0::detail {

/// Reads the fields of one request.
struct FieldReader {
    const Received& received;  ///< The request.
    const Table& table;        ///< What is configured.
    bool peer_is_trusted;      ///< Is the TCP peer one of the proxies?
    /// Is the peer trusted, and are the lines those that it sent?
    bool is_sound = peer_is_trusted && received.quality == LineQuality::as_sent;

    /// Is a header there, or was it perhaps dropped by the server?
    [[nodiscard]] constexpr bool is_there(const Lines& header) const noexcept {
        return header.count != 0 || received.quality == LineQuality::may_lack;
    }
    /// Does it have several lines, in an order that is unreliable?
    [[nodiscard]] constexpr bool is_order_lost(const Lines& header) const noexcept {
        return !received.lines_in_order && header.count > 1;
    }
    /// May the value at this position be read of a header that is there, when values are trusted up
    /// to the position `trusted`?
    [[nodiscard]] PROXYFIX_OUTLINE constexpr Outcome may_read(const Lines& header,
                                                              unsigned position,
                                                              unsigned trusted) const noexcept {
        if (!peer_is_trusted) return Reason::peer_not_trusted;
        if (position > trusted) return Reason::hop_not_trusted;
        if (!is_sound || is_order_lost(header)) return Reason::unreliable_lines;
        return Applied{};
    }
    /// Reads a field by `take`, which takes a value from a `ValuesFromRight&`, and writes to `stop`
    /// where reading stopped. If the field is not configured, or its header is not there, both are
    /// unchanged.
    template <class T, class Take>
    PROXYFIX_HOT constexpr void read(std::size_t field, unsigned trusted, Result<T>& result,
                                     Stop& stop, const Take& take) const noexcept {
        const auto& [header, count] = table.fields[field];
        const Lines& lines = received.headers[header];
        if (count == 0 || !is_there(lines)) return;
        if (!is_sound || count > trusted || is_order_lost(lines)) {
            result = may_read(lines, count, trusted).error();
            return;
        }
        ValuesFromRight values(lines, table.widest_values[header]);
        const Outcome reached = values.reach(count);
        if (reached) result = take(values);
        else result = reached.error();
        stop = values.stop;
    }
};

// How each field takes its value. The usual forms are recognised at the end of `rest()`, in the
// same pass that finds their left end; all else is taken first and then parsed, with the same
// result.

static_assert(forwarding_headers[Field::client].widest_value >= 16 &&
                  forwarding_headers[Field::host].widest_value >= 63,
              "What is taken in one go is not too wide");

/// Takes an address of X-Forwarded-For. An IPv4 address is parsed from the right, so that its comma
/// need not be looked for; one blank may be between them.
PROXYFIX_HOT constexpr Result<Endpoint> take_endpoint(ValuesFromRight& values) noexcept {
    std::string_view rest = values.rest();
    const auto bits = take_ipv4(rest);
    if (bits && *bits != 0) {
        std::size_t begin = rest.size();
        if (begin > 0 && rest[begin - 1] == ' ') --begin;
        if (begin == 0 || rest[begin - 1] == ',') {
            values.take_from(begin);
            return Endpoint{Address::v4(*bits)};
        }
    }
    return values.take().and_then(parse_endpoint);
}
/// Takes a host of X-Forwarded-Host. A plain name has no comma, so it is all that is left.
PROXYFIX_HOT constexpr Result<Authority> take_authority(ValuesFromRight& values) noexcept {
    const std::string_view rest = values.rest();
    if (!is_plain_name(rest)) return values.take().and_then(Authority::parse);
    values.take_from(0);
    return Authority{rest};
}
/// Takes any other value. No valid one has a comma, so if all that is left can be parsed, it is the
/// value. This is tried with at most eight bytes, as it may read what is left of the comma.
template <class T>
PROXYFIX_HOT constexpr Result<T> take_value(
    ValuesFromRight& values, Result<T> (*parse)(std::string_view) noexcept) noexcept {
    const std::string_view rest = values.rest();
    if (rest.size() <= 8) {
        if (const Result<T> only = parse(rest)) {
            values.take_from(0);
            return only;
        }
    }
    return values.take().and_then(parse);
}

/// The reader of a request.
constexpr FieldReader reader_of(const Received& received, const Table& table) noexcept {
    return {received, table,
            table.trusts_any_peer || table.trust.proxies.contains_peer(received.peer)};
}

}  // namespace proxyfix::inline v0::detail
