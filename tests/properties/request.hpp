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
    unsigned proxies = 0;  // the bits of `trust.proxies`, unless that is any()

    /// The counts of the five lists.
    [[nodiscard]] std::array<unsigned, 5> counts() const {
        const unsigned first = trust.forwarded != 0          ? trust.forwarded
                               : trust.client_header.empty() ? trust.x_for
                                                             : 1;
        return {first, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix};
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
    for (const List& list : request.lists) {
        for (std::size_t i = 0; i < list.values.size(); ++i) {
            if (list.starts_line(i)) env.headers.push_back({list.name, list.values[i]});
            else env.headers.back().value += ',' + list.values[i];
        }
    }
    return env;
}

/// All about a request, for the report of a failure.
inline std::string text_of(const Request& request) {
    const Trust& trust = request.trust;
    std::string text = "peer \"" + request.peer + "\" proxies ";
    text += trust.proxies.is_any() ? "any" : std::to_string(request.proxies);
    for (const unsigned n : {trust.x_for, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix,
                             trust.forwarded}) {
        text += ' ' + std::to_string(n);
    }
    text += " strip " + std::to_string(static_cast<int>(trust.strip));
    if (!trust.allowed_hosts.is_any()) text += " limited hosts";
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

/// A request whose trust does not contradict itself.
inline Request request_of(Choices& choices) {
    Request request;
    Trust& trust = request.trust;
    const auto count = [&choices] { return choices.below(5); };
    const bool is_any = choices.one_in(6);
    request.proxies = is_any ? everything : some_networks(choices);
    if (!is_any) trust.proxies = subset(request.proxies);
    trust.x_for = !is_any && choices.one_in(3) ? all_hops : count();
    for (unsigned* n : {&trust.x_proto, &trust.x_host, &trust.x_port, &trust.x_prefix})
        *n = count();
    if (choices.one_in(3)) trust.allowed_hosts = some_hosts;
    trust.strip = static_cast<proxyfix::Strip>(choices.below(3));
    const unsigned header = choices.below(10);
    std::string name = "X-Forwarded-For";
    if (header < 4) {
        name = "Forwarded";
        trust.forwarded = !is_any && choices.one_in(3) ? all_hops : 1 + choices.below(4);
    } else if (header == 4) {
        name = "X-Real-IP";
        trust.client_header = "X-Real-IP";
    }
    if (!fault(trust).empty()) {  // a count above 1 without a chain
        trust.x_proto = trust.x_host = trust.x_port = trust.x_prefix = 1;
    }
    constexpr std::string_view others[] = {"10.0.0.17", "6.6.6.6", "",
                                           "unix:",     "junk",    "fd00::9%eth0"};
    request.peer = choices.one_in(8) ? choices.one_of(others) : "10.0.0.2";
    const std::size_t odds = choices.one_in(2) ? 4 : 40;  // of junk, in all of this request
    const auto value = [&](const auto& good, const auto& bad) {
        if (choices.one_in(odds)) return choices.one_in(4) ? noise(choices) : choices.one_of(bad);
        return choices.one_of(good);
    };
    request.lists = {
        list_of(choices, name, 7,
                [&] {
                    return trust.forwarded != 0 ? value(elements, faulty_elements)
                                                : value(addresses, junk);
                }),
        list_of(choices, "X-Forwarded-Proto", 5, [&] { return value(schemes, junk); }),
        list_of(choices, "X-Forwarded-Host", 5, [&] { return value(hosts, junk); }),
        list_of(choices, "X-Forwarded-Port", 5, [&] { return value(ports, junk); }),
        list_of(choices, "X-Forwarded-Prefix", 5, [&] { return value(prefixes, junk); })};
    // Noise may have brought commas along: these separate values.
    for (List& list : request.lists) {
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
    return request;
}

inline naive::Trust naive_trust(const Request& request) {
    const auto count = [](unsigned n) { return n == all_hops ? naive::all_hops : n; };
    const Trust& trust = request.trust;
    naive::Trust same{.x_for = count(trust.x_for),
                      .x_proto = trust.x_proto,
                      .x_host = trust.x_host,
                      .x_port = trust.x_port,
                      .x_prefix = trust.x_prefix,
                      .forwarded = count(trust.forwarded),
                      .any_peer = trust.proxies.is_any(),
                      .any_host = trust.allowed_hosts.is_any(),
                      .client_header = std::string(trust.client_header.view())};
    for (const auto& pattern : trust.allowed_hosts.patterns())
        same.allowed_hosts.emplace_back(pattern.view());
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
    const bool forwarded = request.trust.forwarded != 0;
    if (value.size() > (forwarded ? 1024u : 64u)) return std::nullopt;
    const auto client = forwarded ? naive::hop_of_element({}, naive::trimmed(value)).client.value
                                  : naive::endpoint(naive::trimmed(value));
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
    unsigned read = request.counts()[list];
    if (list == 0 && read != 0) {
        if (!request.trust.client_header.empty()) return std::nullopt;
        if (!request.trust.proxies.is_any()) {
            // Behind its count, the walk goes on for the headers that have higher ones.
            for (const unsigned count : request.counts()) read = std::max(read, count);
            read = std::min(read, first_outside(request));
        }
    }
    if (request.lists[list].values.size() < read) return std::nullopt;
    return read;
}
