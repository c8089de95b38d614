// SPDX-License-Identifier: MIT
/// \file
/// `decide`: the decision, from what was received to a `Resolution`.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/http/forwarded.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/http/prefix.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0::detail {

/// As a position up to which values are trusted: no value is too far left.
inline constexpr unsigned unlimited = ~0u;

/// Who the client is, and how far the other values are trusted.
struct Chain {
    Result<Endpoint> client =
        Reason::not_configured;  ///< Who connected to the outermost trusted proxy.
    Result<ForwardedElement> element = Reason::not_configured;  ///< The one that names the client.
    Stop stop{};                                                ///< Which value names the client.
    unsigned trusted = 0;  ///< Up to which position a trusted proxy wrote the values; 0: none.
};

/// Reads the fields of one request.
struct FieldReader {
    const Received& received;  ///< The request.
    const Table& table;        ///< What is configured.
    bool peer_is_trusted;      ///< Is the TCP peer one of the proxies?

    /// Is a field configured, and its header there, or perhaps dropped by the server? If not,
    /// `Table::without_lines` says what is decided.
    [[nodiscard]] constexpr bool is_there(std::size_t field) const noexcept {
        const auto& [header, count] = table.fields[field];
        if (count == 0) return false;
        return received.headers[header].count != 0 || received.quality == LineQuality::may_lack;
    }
    /// May a field that is there be read, when values are trusted up to the position `trusted`?
    [[nodiscard]] constexpr Outcome may_read(std::size_t field, unsigned trusted) const noexcept {
        const auto& [header, count] = table.fields[field];
        if (!peer_is_trusted) return Reason::peer_not_trusted;
        if (count > trusted) return Reason::hop_not_trusted;
        const bool is_order_lost = !received.lines_in_order && received.headers[header].count > 1;
        if (received.quality != LineQuality::as_sent || is_order_lost) {
            return Reason::unreliable_lines;
        }
        return Applied{};
    }
    /// The value of a field that is there. Writes to `stops` where reading it stopped.
    constexpr Result<std::string_view> read(std::size_t field, unsigned trusted,
                                            std::array<Stop, Field::count>& stops) const noexcept {
        const Outcome outcome = may_read(field, trusted);
        if (!outcome) return outcome.error();
        const auto& [header, count] = table.fields[field];
        ValuesFromRight values(received.headers[header], table.headers[header].widest_value);
        const Result<std::string_view> value = values.nth(count);
        stops[field] = values.stop;
        return value;
    }
};

/// The client by `Trust::client_header`: one address on one line. Else `malformed`. Writes to
/// `stop` where it was read.
constexpr Result<Endpoint> read_single(const FieldReader& reader, Stop& stop) noexcept {
    const Lines& lines = reader.received.headers[0];
    const std::size_t widest = reader.table.headers[0].widest_value;
    if (!reader.is_there(Field::client)) return Reason::absent;
    if (!reader.peer_is_trusted) return Reason::peer_not_trusted;
    if (reader.received.quality != LineQuality::as_sent) return Reason::unreliable_lines;
    stop = {.position = 1, .line = 1, .at_line_start = true};
    // There must be one line, so that there is no order to lose.
    if (lines.count > 1 || lines.from_last(1).size() > widest) return Reason::malformed;
    return parse_endpoint(trim(lines.from_last(1)));
}

/// Follows the chain of addresses in X-Forwarded-For or Forwarded from the TCP peer outwards. The
/// value at position d + 1 is trusted only if the address at position d is in `Trust::proxies`; the
/// peer itself is, or nothing is read.
///
/// - An address that is not in it is the client. If that is so before the n-th, it connected past
///   the outer proxies, and no other value is trusted: it may be the client's.
/// - If all are in it, the n-th is the client; of `all_hops` the leftmost.
/// - A hop without an address, be it malformed, anonymous or missing, ends the walk without a
///   client. It is never skipped.
///
/// Behind the n-th the walk goes on for the fields that have higher counts. If any peer is a proxy,
/// the n-th element of Forwarded is the client's, and those right of it must be sound.
constexpr Chain follow_chain(const FieldReader& reader) noexcept {
    const Table& table = reader.table;
    const unsigned n = table.fields[Field::client].count;
    const unsigned highest = table.trusts_any_peer ? n : table.highest_count;
    const Outcome readable = !reader.is_there(Field::client)
                                 ? outcome_of(table.without_lines.client)
                                 : reader.may_read(Field::client, unlimited);
    Chain chain;
    unsigned trusted_hops = 0;
    if (!readable) {
        chain.client = readable.error();
        chain.element = readable.error();
    } else {
        ValuesFromRight values(reader.received.headers[0], table.headers[0].widest_value);
        for (unsigned position = 1; position <= n || position < highest; ++position) {
            const Result<std::string_view> text = values.nth(1);
            const Result<ForwardedElement> element =
                table.is_forwarded ? text.and_then(ForwardedElement::parse) : Reason::absent;
            const Result<Endpoint> hop =
                table.is_forwarded
                    ? element.and_then([](const ForwardedElement& e) { return e.client(); })
                    : text.and_then(parse_endpoint);
            const bool is_past_leftmost = n == all_hops && hop == Reason::too_few_values;
            if (position <= n && !is_past_leftmost) {
                chain.client = hop;
                chain.element = element;
                chain.stop = values.stop;
            }
            const bool is_trusted = table.trusts_any_peer
                                        ? element.has_value()
                                        : hop && table.trust.proxies.contains(hop->address);
            if (!is_trusted) break;
            ++trusted_hops;
        }
    }
    const bool is_end_known =
        chain.client || chain.client == Reason::anonymous || chain.client == Reason::absent;
    const bool is_whole = n == all_hops ? is_end_known : n <= trusted_hops + 1;
    if (is_whole) chain.trusted = trusted_hops + 1;
    if (table.trusts_any_peer) chain.trusted = unlimited;
    if (chain.element && chain.stop.position > chain.trusted)
        chain.element = Reason::hop_not_trusted;
    return chain;
}

/// Decides about a request: takes of each header the value that its outermost trusted proxy wrote,
/// and parses it. A missing or malformed value is never replaced by another one, in the same header
/// or elsewhere. The result has views of the request's header lines.
///
/// If any peer is a proxy, each header is decided independently, by its count. With a list of
/// proxies, the chain of addresses tells how far each header is trusted (`follow_chain`); where no
/// chain is read, because `x_for` is 0 or there is a `client_header`, only the peer's own value is.
constexpr Resolution decide(const Received& received, const Table& table) noexcept {
    Resolution r = table.without_lines;
    std::size_t lines = 0;
    for (const Lines& header : received.headers) lines |= header.count;
    if (lines == 0 && received.quality != LineQuality::may_lack) return r;

    const Trust& trust = table.trust;
    const FieldReader reader{received, table,
                             table.trusts_any_peer || trust.proxies.contains_peer(received.peer)};
    unsigned trusted = table.trusts_any_peer ? unlimited : 1;
    if (table.is_single) {
        r.client = read_single(reader, r.stops[Field::client]);
    } else if (table.trusts_any_peer && !table.is_forwarded) {
        if (reader.is_there(Field::client)) {
            r.client = reader.read(Field::client, trusted, r.stops).and_then(parse_endpoint);
        }
    } else {
        const Chain chain = follow_chain(reader);
        trusted = chain.trusted;
        r.client = chain.client;
        r.stops[Field::client] = chain.stop;
        if (table.is_forwarded) {
            r.proto = chain.element.and_then([](const ForwardedElement& e) { return e.scheme(); });
            r.host =
                chain.element.and_then([](const ForwardedElement& e) { return e.authority(); });
            r.stops[Field::proto] = r.stops[Field::host] = chain.stop;
        }
    }
    if (!table.is_forwarded && reader.is_there(Field::proto)) {
        r.proto = reader.read(Field::proto, trusted, r.stops).and_then(parse_scheme);
    }
    if (!table.is_forwarded && reader.is_there(Field::host)) {
        r.host = reader.read(Field::host, trusted, r.stops).and_then(Authority::parse);
    }
    if (reader.is_there(Field::port)) {
        r.port = reader.read(Field::port, trusted, r.stops).and_then(parse_port);
    }
    if (reader.is_there(Field::prefix)) {
        r.prefix = reader.read(Field::prefix, trusted, r.stops).and_then(parse_prefix);
    }
    if (r.host && !trust.allowed_hosts.contains(r.host->host)) r.host = Reason::host_not_allowed;
    return r;
}

}  // namespace proxyfix::inline v0::detail
