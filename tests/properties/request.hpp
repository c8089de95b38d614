// SPDX-License-Identifier: MIT
/// \file
/// Requests, and what is trusted about them, made by `Choices`.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../environ_helpers.hpp"
#include "../naive/decision.hpp"
#include "choices.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/request/environ.hpp"
#include "values.hpp"

using proxyfix::all_hops, proxyfix::Environ, proxyfix::Networks, proxyfix::Policy, proxyfix::Trust;

/// Networks that the proxies may be in. The peer is in the first one.
inline constexpr std::string_view networks[] = {"10.0.0.0/28",  "10.0.0.16/28", "10.0.1.0/24",
                                                "fd00::/8",     "6.6.6.6",      "203.0.113.0/24",
                                                "2001:db8::/32"};
inline constexpr unsigned everything = (1u << std::size(networks)) - 1;

/// Those of the networks whose bit is set.
inline const Networks& subset(unsigned bits) {
    static const std::vector<Networks> sets = [] {
        std::vector<Networks> all;
        for (unsigned set = 0; set <= everything; ++set) {
            std::string text;
            for (std::size_t i = 0; i < std::size(networks); ++i) {
                if (set >> i & 1) text += std::string(networks[i]) + ' ';
            }
            all.push_back(Networks::parse(text).value());
        }
        return all;
    }();
    return sets[bits];
}

/// The values of one header, and before which of them a new line begins.
struct List {
    std::string name;
    std::vector<std::string> values;
    unsigned line_starts = 0;  // a bit for each value

    [[nodiscard]] bool starts_line(std::size_t i) const {
        return i == 0 || (line_starts >> i & 1) != 0;
    }
    void add_left(std::string value, bool own_line) {
        values.insert(values.begin(), std::move(value));
        // The first value starts a line in any case; what it was before now tells of the second.
        line_starts = (line_starts & ~1u) << 1 | (own_line ? 2 : 0);
    }
};

/// A request and what is trusted about it.
struct Request {
    std::string peer;
    std::array<List, 5> lists;  // the first one names the client
    Trust trust{};
    unsigned proxies = 0;                    // the bits of `trust.proxies`, unless that is any()
    std::vector<proxyfix::Header> decoys{};  // lines of other names, in front of the lists
    List other{};                            // a header that is in no table, behind them

    /// The counts of the five fields.
    [[nodiscard]] std::array<unsigned, 5> counts() const {
        const unsigned first = trust.client_header.empty() ? trust.x_for : 1;
        return {first, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix};
    }
    /// The counts of the five lists. With Forwarded, the second and the third one are ignored.
    [[nodiscard]] std::array<unsigned, 5> list_counts() const {
        auto [first, proto, host, port, prefix] = counts();
        if (!trust.forwarded) return {first, proto, host, port, prefix};
        return {std::max({first, proto, host}), 0, 0, port, prefix};
    }
};

inline const proxyfix::Hosts some_hosts{"shop.example", "*.example", "[2001:db8::7]"};

/// Bits of networks. The one that the peer is in is nearly always among them.
inline unsigned some_networks(Choices& choices) {
    const unsigned bits = choices.below(everything + 1);
    return choices.one_in(8) ? bits : bits | 1;
}

inline Environ environ_of(const Request& request) {
    Environ env = seen_by_server();
    env.remote_addr = request.peer;
    env.headers = request.decoys;
    const auto add = [&env](const List& list) {
        for (std::size_t i = 0; i < list.values.size(); ++i) {
            if (list.starts_line(i)) env.headers.push_back({list.name, list.values[i]});
            else env.headers.back().value += ',' + list.values[i];
        }
    };
    for (const List& list : request.lists) add(list);
    add(request.other);
    return env;
}

/// All about a request, for the report of a failure.
inline std::string text_of(const Request& request) {
    std::string text = "peer \"" + request.peer + "\" " + to_string(request.trust);
    for (const auto& line : environ_of(request).headers)
        text += '\n' + line.name + ": " + line.value;
    return text;
}

inline List list_of(Choices& choices, std::string name, std::size_t most, auto&& value) {
    List list{std::move(name), {}, choices.below(1u << 8)};
    for (std::size_t n = choices.below(most + 1); n > 0; --n) list.values.push_back(value());
    return list;
}

/// Bytes that a client may send, with commas among them.
inline std::string noise(Choices& choices) {
    constexpr std::string_view pieces[] = {"6.6.6.6",
                                           "10.0.0.9",
                                           ",",
                                           "\"",
                                           "\\",
                                           ";",
                                           " ",
                                           "for=6.6.6.6",
                                           "by=\"",
                                           "https",
                                           "/evil",
                                           "\x80",
                                           "\x01",
                                           "evil.example",
                                           "1",
                                           "=",
                                           "11111111111111111111111111111111111111111111111"};
    std::string text;
    for (unsigned n = choices.below(6); n > 0; --n) {
        if (choices.one_in(8)) text += choices.byte();
        else text += choices.one_of(pieces);
    }
    return text;
}

/// The counts of the five X-Forwarded-* headers, to be changed.
inline std::array<unsigned*, 5> x_counts(Trust& trust) {
    return {&trust.x_for, &trust.x_proto, &trust.x_host, &trust.x_port, &trust.x_prefix};
}

/// Names that are configured instead of the usual ones.
inline constexpr proxyfix::HeaderNames other_names{"X-Original-Forwarded-For", "X-Forwarded-Ssl",
                                                   "X-Original-Host", "X-Public-Port",
                                                   "X-Script-Name"};

/// Counts, names and ways to find the client that do not contradict each other. The proxies are
/// given.
inline void choose_headers(Trust& trust, Choices& choices) {
    const bool is_any = trust.proxies.is_any();
    const auto count = [&choices] { return choices.below(5); };
    trust.x_for = !is_any && choices.one_in(3) ? all_hops : count();
    for (unsigned* n : {&trust.x_proto, &trust.x_host, &trust.x_port, &trust.x_prefix})
        *n = count();
    const unsigned header = choices.below(10);
    trust.forwarded = header < 4;
    if (header == 4) {
        trust.client_header = "X-Real-IP";
        trust.client_has_port = choices.one_in(2);
    }
    for (unsigned* n : {&trust.x_proto, &trust.x_host}) {
        if (trust.forwarded && trust.x_for == all_hops && choices.one_in(2)) *n = all_hops;
    }
    if (!fault(trust).empty()) {  // a count above 1 without a chain
        trust.x_proto = trust.x_host = trust.x_port = trust.x_prefix = 1;
    }
    if (!choices.one_in(3)) return;
    for (const proxyfix::detail::ForwardingHeader& each : proxyfix::detail::forwarding_headers) {
        if (!choices.one_in(2)) continue;
        const proxyfix::FieldName usual = trust.names.*each.name;
        trust.names.*each.name = other_names.*each.name;
        if (!fault(trust).empty()) trust.names.*each.name = usual;
    }
}

/// Lines that are not looked at, be it that their names are usual ones.
inline std::vector<proxyfix::Header> decoys_of(const Request& request, Choices& choices) {
    constexpr std::string_view lines[][2] = {{"Forwarded", "for=6.6.6.6;proto=wss"},
                                             {"X-Forwarded-For", "6.6.6.6"},
                                             {"X-Forwarded-Proto", "wss"},
                                             {"X-Forwarded-Host", "evil.example"},
                                             {"X-Forwarded-Ssl", "on"},
                                             {"X_Forwarded_For", "6.6.6.6"},
                                             {"X-Real-IP", "6.6.6.6"}};
    std::vector<proxyfix::Header> decoys;
    for (const auto& [name, value] : lines) {
        bool is_looked_at = !choices.one_in(4);
        for (const List& list : request.lists) is_looked_at = is_looked_at || list.name == name;
        if (!is_looked_at) decoys.push_back({std::string(name), std::string(value)});
    }
    return decoys;
}

/// A request whose trust does not contradict itself.
inline Request request_of(Choices& choices) {
    Request request;
    Trust& trust = request.trust;
    const bool is_any = choices.one_in(6);
    request.proxies = is_any ? everything : some_networks(choices);
    if (!is_any) trust.proxies = subset(request.proxies);
    choose_headers(trust, choices);
    if (choices.one_in(3)) trust.allowed_hosts = some_hosts;
    trust.strip = static_cast<proxyfix::Strip>(choices.below(3));
    const auto name = [&trust](proxyfix::FieldName proxyfix::HeaderNames::*member) {
        return std::string((trust.names.*member).view());
    };
    using Names = proxyfix::HeaderNames;
    const std::string chain = trust.forwarded               ? "Forwarded"
                              : trust.client_header.empty() ? name(&Names::x_for)
                                                            : "X-Real-IP";
    constexpr std::string_view others[] = {"10.0.0.17", "6.6.6.6", "",
                                           "unix:",     "junk",    "fd00::9%eth0"};
    request.peer = choices.one_in(8) ? choices.one_of(others) : "10.0.0.2";
    const std::size_t odds = choices.one_in(2) ? 4 : 40;  // of junk, in all of this request
    const auto value = [&](const auto& good, const auto& bad) {
        if (choices.one_in(odds)) return choices.one_in(4) ? noise(choices) : choices.one_of(bad);
        return choices.one_of(good);
    };
    request.lists = {
        list_of(choices, chain, trust.client_header.empty() ? 7 : 2,
                [&] {
                    return trust.forwarded ? value(elements, faulty_elements)
                                           : value(addresses, junk);
                }),
        list_of(choices, name(&Names::x_proto), 5, [&] { return value(schemes, junk); }),
        list_of(choices, name(&Names::x_host), 5, [&] { return value(hosts, junk); }),
        list_of(choices, name(&Names::x_port), 5, [&] { return value(ports, junk); }),
        list_of(choices, name(&Names::x_prefix), 5, [&] { return value(prefixes, junk); })};
    request.other = list_of(choices, "X-Request-ID", 5, [&] { return value(ids, junk); });
    // Noise may have brought commas along: these separate values.
    for (std::size_t l = 0; l <= request.lists.size(); ++l) {
        List& list = l < request.lists.size() ? request.lists[l] : request.other;
        List split{list.name, {}, 0};
        for (std::size_t i = 0; i < list.values.size(); ++i) {
            bool first = true;
            for (std::string& part : naive::split(list.values[i], ',')) {
                if (split.values.size() >= 16) break;
                if (first && list.starts_line(i)) split.line_starts |= 1u << split.values.size();
                split.values.push_back(std::move(part));
                first = false;
            }
        }
        list = std::move(split);
    }
    request.decoys = decoys_of(request, choices);
    return request;
}

/// The same trust, but for the networks.
inline naive::Trust naive_trust(const Trust& trust) {
    const auto count = [](unsigned n) { return n == all_hops ? naive::all_hops : n; };
    naive::Trust same{.x_for = count(trust.x_for),
                      .x_proto = count(trust.x_proto),
                      .x_host = count(trust.x_host),
                      .x_port = count(trust.x_port),
                      .x_prefix = count(trust.x_prefix),
                      .forwarded = trust.forwarded,
                      .any_peer = trust.proxies.is_any(),
                      .any_host = trust.allowed_hosts.is_any(),
                      .client_header = std::string(trust.client_header.view()),
                      .client_has_port = trust.client_has_port};
    const proxyfix::HeaderNames& names = trust.names;
    same.names = {std::string(names.x_for.view()), std::string(names.x_proto.view()),
                  std::string(names.x_host.view()), std::string(names.x_port.view()),
                  std::string(names.x_prefix.view())};
    for (const auto& pattern : trust.allowed_hosts.patterns())
        same.allowed_hosts.emplace_back(pattern.view());
    return same;
}
inline naive::Trust naive_trust(const Request& request) {
    naive::Trust same = naive_trust(request.trust);
    for (std::size_t i = 0; i < std::size(networks); ++i) {
        if ((request.proxies >> i & 1) == 0) continue;
        same.proxies.push_back(*naive::network(std::string(networks[i])));
    }
    return same;
}

inline naive::Request naive_request(const Environ& env) {
    naive::Request same{env.remote_addr, {}};
    for (const auto& [name, value] : env.headers) same.lines.emplace_back(name, value);
    return same;
}

/// The address of the hop at a position, counted from the right, if it has one.
inline std::optional<naive::Address> hop_address(const Request& request, std::size_t position) {
    const std::vector<std::string>& values = request.lists[0].values;
    if (position > values.size()) return std::nullopt;
    const std::string& value = values[values.size() - position];
    if (value.size() > (request.trust.forwarded ? 1024u : 64u)) return std::nullopt;
    std::optional<naive::Endpoint> client;
    if (!request.trust.forwarded) client = naive::endpoint(naive::trimmed(value));
    else if (const auto element = naive::forwarded_element(naive::trimmed(value)))
        client = naive::client_of(*element).value;
    if (!client) return std::nullopt;
    return client->address;
}

/// The position of the first hop that is not known to be a proxy.
inline unsigned first_outside(const Request& request) {
    const naive::Trust trust = naive_trust(request);
    unsigned position = 1;
    for (; const auto address = hop_address(request, position); ++position) {
        if (!naive::is_proxy(trust, *address)) break;
    }
    return position;
}

/// How many values of a list are read at most, from the right; 0: none. Empty: the walk runs off
/// its left end, because there are too few values, or because all_hops finds every address inside.
/// Or the header has one address and is no list.
inline std::optional<std::size_t> values_read(const Request& request, std::size_t list) {
    unsigned read = request.list_counts()[list];
    if (list == 0 && read != 0) {
        if (!request.trust.client_header.empty()) return std::nullopt;
        if (!request.trust.proxies.is_any()) {
            // Behind its count, the walk goes on for the headers that have higher ones.
            for (const unsigned count : request.list_counts()) read = std::max(read, count);
            read = std::min(read, first_outside(request));
        }
    }
    if (request.lists[list].values.size() < read) return std::nullopt;
    return read;
}
