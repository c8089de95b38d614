// SPDX-License-Identifier: MIT
/// \file
/// `decide`: the decision, from what was received to a `Resolution`.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/field_reader.hpp"
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
    Stop stop{};                 ///< Which value names the client.
    unsigned trusted = 0;  ///< Up to which position a trusted proxy wrote the values; 0: none.

    /// The element of Forwarded that a field is read from, and where it is.
    struct Element {
        Result<ForwardedElement> parsed = Reason::not_configured;  ///< At the field's count.
        Stop stop{};                                               ///< Where it is.
    };
    Element proto{},  ///< The element with the scheme.
        host{};       ///< The element with the host.
};

/// The text of the only line of a header that is there, without the blanks around it. `malformed`:
/// there are several, or it is wider than `bound` bytes.
constexpr Result<std::string_view> only_line(const Lines& lines, std::size_t bound) noexcept {
    if (lines.count > 1 || lines.from_last(1).size() > bound) return Reason::malformed;
    return trim(lines.from_last(1));
}

/// The client by `Trust::client_header`: one address on one line. Else `malformed`. Writes to
/// `stop` where it was read.
PROXYFIX_OUTLINE constexpr Result<Endpoint> read_single(const FieldReader& reader,
                                                        Stop& stop) noexcept {
    const Lines& lines = reader.received.headers[0];
    if (!reader.is_there(lines)) return Reason::absent;
    if (!reader.peer_is_trusted) return Reason::peer_not_trusted;
    if (!reader.is_sound) return Reason::unreliable_lines;
    stop = {.position = 1, .line = 1, .at_line_start = true};
    // There must be one line, so that there is no order to lose.
    const auto parse =
        reader.table.trust.client_has_port ? parse_endpoint_and_port : parse_endpoint;
    return only_line(lines, reader.table.widest_values[0]).and_then(parse);
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
/// Behind the n-th the walk goes on for elements of Forwarded that have higher counts, and to
/// before the position `farthest`, at which another header is read. Of Forwarded, all elements up
/// to the one that is read must be sound. If any peer is a proxy, no more is required of them.
PROXYFIX_OUTLINE constexpr Chain follow_chain(const FieldReader& reader,
                                              unsigned farthest) noexcept {
    const Table& table = reader.table;
    const Lines& lines = reader.received.headers[0];
    const unsigned n = table.fields[Field::client].count;
    const unsigned last = n > table.highest_element ? n : table.highest_element;
    const Outcome readable = last == 0                 ? Outcome(Reason::not_configured)
                             : !reader.is_there(lines) ? Outcome(Reason::absent)
                                                       : reader.may_read(lines, 1, unlimited);
    Chain chain;
    unsigned trusted_hops = 0;
    if (!readable) {
        if (n != 0) chain.client = readable.error();
        chain.proto.parsed = chain.host.parsed = readable.error();
    } else {
        ValuesFromRight values(lines, table.widest_values[0]);
        for (unsigned position = 1; position <= last || position < farthest; ++position) {
            const Outcome reached = values.reach(1);
            Result<ForwardedElement> element = Reason::absent;
            Result<Endpoint> hop = Reason::absent;
            if (!reached) {
                element = reached.error();
                hop = reached.error();
            } else if (table.is_forwarded) {
                element = values.take().and_then(ForwardedElement::parse);
                hop = element.and_then([](const ForwardedElement& e) { return e.client(); });
            } else {
                hop = take_endpoint(values);
            }
            const bool is_past_leftmost = n == all_hops && hop == Reason::too_few_values;
            if (position <= n && !is_past_leftmost) {
                chain.client = hop;
                chain.stop = values.stop;
            }
            const auto note = [&](std::size_t field, Chain::Element& noted) {
                const unsigned count = table.fields[field].count;
                if (position > count || (count == all_hops && is_past_leftmost)) return;
                noted = {element, values.stop};
            };
            if (table.is_forwarded) {
                note(Field::proto, chain.proto);
                note(Field::host, chain.host);
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
    if (is_whole) chain.trusted = n == 0 ? 1 : trusted_hops + 1;
    if (table.trusts_any_peer) chain.trusted = unlimited;
    return chain;
}

/// The element of Forwarded that a field is read from.
constexpr Result<ForwardedElement> element_of(const Table& table, const Chain& chain,
                                              std::size_t field,
                                              const Chain::Element& found) noexcept {
    const unsigned count = table.fields[field].count;
    if (count == 0) return Reason::not_configured;
    const unsigned position = count == all_hops ? found.stop.position : count;
    if (found.parsed && position > chain.trusted) return Reason::hop_not_trusted;
    return found.parsed;
}

/// Decides about a request of which a header is there, or may have been dropped: see `decide`.
constexpr Resolution decide_lines(const Received& received, const Table& table) noexcept {
    Resolution r = table.without_lines;
    const Trust& trust = table.trust;
    const FieldReader reader = reader_of(received, table);
    unsigned trusted = table.trusts_any_peer ? unlimited : 1;
    if (table.is_single) {
        r.client = read_single(reader, r.stops[Field::client]);
    } else if (table.trusts_any_peer && !table.is_forwarded) {
        reader.read(Field::client, trusted, r.client, r.stops[Field::client], take_endpoint);
    } else {
        const Chain chain = follow_chain(reader, table.trusts_any_peer ? 0 : table.highest_count);
        trusted = chain.trusted;
        r.client = chain.client;
        r.stops[Field::client] = chain.stop;
        if (table.is_forwarded) {
            r.proto = element_of(table, chain, Field::proto, chain.proto)
                          .and_then([](const ForwardedElement& e) { return e.scheme(); });
            r.host = element_of(table, chain, Field::host, chain.host)
                         .and_then([](const ForwardedElement& e) { return e.authority(); });
            r.stops[Field::proto] = chain.proto.stop;
            r.stops[Field::host] = chain.host.stop;
        }
    }
    const auto by = [](auto parse) {
        return [parse](ValuesFromRight& values) { return take_value(values, parse); };
    };
    if (!table.is_forwarded) {
        reader.read(Field::proto, trusted, r.proto, r.stops[Field::proto],
                    by(table.has_switch ? parse_scheme_or_switch : parse_scheme));
        reader.read(Field::host, trusted, r.host, r.stops[Field::host], take_authority);
    }
    reader.read(Field::port, trusted, r.port, r.stops[Field::port], by(parse_port));
    reader.read(Field::prefix, trusted, r.prefix, r.stops[Field::prefix], by(parse_prefix));
    if (r.host && !trust.allowed_hosts.contains(r.host->host)) r.host = Reason::host_not_allowed;
    return r;
}

/// Decides about a request: takes of each header the value that its outermost trusted proxy wrote,
/// and parses it. A missing or malformed value is never replaced by another one, in the same header
/// or elsewhere. The result has views of the request's header lines.
///
/// If any peer is a proxy, each header is decided independently, by its count. With a list of
/// proxies, the chain of addresses tells how far each header is trusted (`follow_chain`); where no
/// chain is read, because `x_for` is 0 or there is a `client_header`, only the peer's own value is.
PROXYFIX_HOT constexpr Resolution decide(const Received& received, const Table& table) noexcept {
    const bool is_any_there = received.has_lines || received.quality == LineQuality::may_lack;
    return is_any_there ? decide_lines(received, table) : table.without_lines;
}

/// How many bytes a value of another header may have.
inline constexpr std::size_t widest_other_value = 1024;
/// How many bytes a whole line of it may have.
inline constexpr std::size_t widest_other_line = 16'384;

/// A value of another header, which has no blanks around it. `absent`: it is empty. `malformed`: it
/// has bytes other than visible ASCII, SP and HTAB.
constexpr Result<std::string_view> check_text(std::string_view value) noexcept {
    if (value.empty()) return Reason::absent;
    for (const char c : value) {
        if ((c < ' ' && c != '\t') || c > '~') return Reason::malformed;
    }
    return value;
}

/// May a header outside the table be read, at this position from the right? Not if the table has no
/// header and no list of proxies: then nobody is trusted.
constexpr Outcome may_read_other(const Received& received, const Table& table, const Lines& lines,
                                 unsigned position) noexcept {
    const FieldReader reader = reader_of(received, table);
    if (table.trusts_any_peer && table.names.size() == 0) return Reason::not_configured;
    if (!reader.is_there(lines)) return Reason::absent;
    // The chain is followed even for the peer's own value: see `follow_chain`.
    const unsigned trusted = table.trusts_any_peer ? unlimited
                             : table.is_single     ? 1
                                                   : follow_chain(reader, position).trusted;
    return reader.may_read(lines, position, trusted);
}

/// The `n`-th value from the right of a header that is not in the table.
constexpr Result<std::string_view> read_value(const Received& received, const Table& table,
                                              const Lines& lines, unsigned n) noexcept {
    const Outcome outcome = may_read_other(received, table, lines, n);
    if (!outcome) return outcome.error();
    return ValuesFromRight(lines, widest_other_value).nth(n).and_then(check_text);
}

/// The only line of a header that is not in the table.
constexpr Result<std::string_view> read_line(const Received& received, const Table& table,
                                             const Lines& lines) noexcept {
    const Outcome outcome = may_read_other(received, table, lines, 1);
    if (!outcome) return outcome.error();
    return only_line(lines, widest_other_line).and_then(check_text);
}

}  // namespace proxyfix::inline v0::detail
