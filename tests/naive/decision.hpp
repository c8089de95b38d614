// SPDX-License-Identifier: MIT
/// \file
/// The decision about a request once more, from the left to the right, slowly and without any code
/// of the library: what `resolve` is compared with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "forwarded.hpp"
#include "grammar.hpp"

namespace naive {

inline constexpr unsigned all_hops = std::numeric_limits<unsigned>::max();

struct Network {
    Address first{};
    int bits = 0;  // of 128
};

struct Trust {
    unsigned x_for = 0, x_proto = 0, x_host = 0, x_port = 0, x_prefix = 0, forwarded = 0;
    bool any_peer = true;
    std::vector<Network> proxies{};
    bool any_host = true;
    std::vector<std::string> allowed_hosts{};
    std::string client_header{};
};

struct Request {
    std::string peer;
    std::vector<std::pair<std::string, std::string>> lines;
};

/// "10.0.0.0/8", or an address alone.
inline std::optional<Network> network(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto first = address(text.substr(0, slash));
    if (!first) return std::nullopt;
    const int all_bits = text.substr(0, slash).find(':') == text.npos ? 32 : 128;
    const auto length = slash == text.npos ? all_bits : number(text.substr(slash + 1), 0, all_bits);
    if (!length) return std::nullopt;
    const Network result{*first, *length + 128 - all_bits};
    Address kept = *first;  // without the bits behind the prefix
    for (int bit = result.bits; bit < 128; ++bit)
        kept[static_cast<std::size_t>(bit / 16)] &= ~(1 << (15 - bit % 16));
    if (kept != *first) return std::nullopt;
    return result;
}

inline bool is_inside(const Network& network, const Address& address) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(network.bits); ++i) {
        const int bit = 1 << (15 - i % 16);
        if ((network.first[i / 16] & bit) != (address[i / 16] & bit)) return false;
    }
    return is_v4(network.first) == is_v4(address);
}

inline bool is_proxy(const Trust& trust, const Address& address) {
    for (const Network& network : trust.proxies) {
        if (is_inside(network, address)) return true;
    }
    return false;
}

/// A value, or in words why there is none.
template <class T> struct Answer {
    std::optional<T> value{};
    std::string why{};
};

/// The lines of a header.
inline std::vector<std::string> lines_of(const Request& request, const std::string& name) {
    std::vector<std::string> lines;
    for (const auto& [line_name, text] : request.lines) {
        if (in_lower_case(line_name) == in_lower_case(name)) lines.push_back(text);
    }
    return lines;
}

/// The values of a header as they stand between the commas of its last 16 lines, joined. Who goes
/// on to the left of them learns `end`.
struct Values {
    std::vector<std::string> texts{};
    std::string end = "too_few_values";
};
inline Values values_of(const Request& request, const std::string& name) {
    std::vector<std::string> lines = lines_of(request, name);
    Values values;
    if (lines.size() > 16) values.end = "chain_too_long";
    while (lines.size() > 16) lines.erase(lines.begin());
    for (const std::string& line : lines) {
        for (std::string& value : split(line, ',')) values.texts.push_back(std::move(value));
    }
    return values;
}

/// The n-th value from the right without its blanks, if it and those right of it are no wider than
/// the bound.
inline Answer<std::string> nth_from_right(const Values& values, std::size_t n, std::size_t bound) {
    const std::vector<std::string>& texts = values.texts;
    for (std::size_t i = 1; i <= n && i <= texts.size(); ++i) {
        if (texts[texts.size() - i].size() > bound) return {{}, "malformed"};
    }
    if (n > texts.size()) return {{}, values.end};
    return {trimmed(texts[texts.size() - n])};
}

/// What one hop says about the one before it.
struct Hop {
    Answer<Endpoint> client;
    Answer<std::string> proto;
    Answer<std::pair<std::string, int>> host;
    bool is_sound = false;  // an element of Forwarded that matches the grammar
};

inline std::string text_of(const std::pair<std::string, int>& authority) {
    return authority.first + (authority.second == 0 ? "" : ':' + std::to_string(authority.second));
}

inline bool is_allowed(const Trust& trust, const std::string& host) {
    if (trust.any_host) return true;
    const auto own = host_address(host);
    for (const std::string& pattern : trust.allowed_hosts) {
        if (own && own == host_address(pattern) && (host[0] == '[') == (pattern[0] == '['))
            return true;
        const std::string lower = in_lower_case(host), wanted = in_lower_case(pattern);
        if (!own && lower == wanted) return true;
        const bool below = wanted.starts_with("*.") && lower.ends_with(wanted.substr(1));
        if (!own && below && lower.size() > wanted.size() - 1) return true;
    }
    return false;
}

inline Answer<std::pair<std::string, int>> host_of(const Trust& trust, const std::string& text) {
    const auto parts = authority(text);
    if (!parts) return {{}, "malformed"};
    if (!is_allowed(trust, parts->first)) return {{}, "host_not_allowed"};
    return {*parts};
}

inline Hop refused_hop(const std::string& why) { return {{{}, why}, {{}, why}, {{}, why}}; }

/// The hop that an element of Forwarded stands for.
inline Hop hop_of_element(const Trust& trust, const std::string& text) {
    const auto element = forwarded_element(text);
    if (!element) return refused_hop("malformed");
    Hop hop = refused_hop("absent");
    hop.is_sound = true;
    if (element->contains("proto")) {
        const auto plain = unquoted(element->at("proto"));
        hop.proto = {plain ? scheme(*plain) : std::nullopt, "malformed"};
    }
    if (element->contains("host")) hop.host = host_of(trust, element->at("host").text);
    if (!element->contains("for")) return hop;
    auto node = unquoted(element->at("for"));
    hop.client = {{}, "malformed"};
    if (!node) return hop;
    const std::size_t colon = node->rfind(':');
    const bool no_port = colon != node->npos && is_obfuscated(node->substr(colon + 1));
    if (no_port) node->resize(colon);
    const auto parts = host_and_port(*node);
    if (!parts || (no_port && parts->second != 0)) return hop;
    if (is_obfuscated(parts->first) || in_lower_case(parts->first) == "unknown") {
        hop.client.why = "anonymous";
        return hop;
    }
    if (!node->starts_with('[') && ipv6(*node)) return hop;
    hop.client.value = endpoint(*node);
    return hop;
}

/// The five decisions.
struct Decision {
    Answer<Endpoint> client;
    std::size_t position = 0;  // of the value that the client was found at, if there is one
    Answer<std::string> proto;
    Answer<std::pair<std::string, int>> host;
    Answer<int> port;
    Answer<std::string> prefix;
};

inline Decision decide(const Request& request, const Trust& trust) {
    const auto peer = address(request.peer.substr(0, request.peer.find('%')));
    const bool peer_is_trusted = trust.any_peer || (peer && is_proxy(trust, *peer));
    const auto why_unread = [&](const std::string& name, unsigned count) -> std::string {
        if (count == 0) return "not_configured";
        if (lines_of(request, name).empty()) return "absent";
        return peer_is_trusted ? "" : "peer_not_trusted";
    };

    // Hop 1 is the one that the peer tells of.
    const bool by_forwarded = trust.forwarded != 0, by_one = !trust.client_header.empty();
    const unsigned n = by_forwarded ? trust.forwarded : by_one ? 1 : trust.x_for;
    const std::string chain = by_forwarded ? "Forwarded"
                              : by_one     ? trust.client_header
                                           : "X-Forwarded-For";
    const std::string chain_unread = why_unread(chain, n);
    const Values values = values_of(request, chain);
    const std::size_t length = values.texts.size();
    const auto hop_at = [&](std::size_t position) {
        if (!chain_unread.empty()) return refused_hop(chain_unread);
        for (std::size_t i = 1; by_forwarded && i <= position && i <= length; ++i) {
            if (!forwarded_element(trimmed(values.texts[length - i])))
                return refused_hop("malformed");
        }
        const auto value = nth_from_right(values, position, by_forwarded ? 1024 : 64);
        if (!value.value) return refused_hop(value.why);
        if (by_forwarded) return hop_of_element(trust, *value.value);
        Hop hop;
        hop.client = {endpoint(*value.value), "malformed"};
        return hop;
    };

    // How many hops in a row are proxies; all are, if counts alone are trusted.
    std::size_t inside = trust.any_peer ? n : 0;
    while (!trust.any_peer && !by_one && inside < length) {
        const auto client = hop_at(inside + 1).client.value;
        if (!client || !is_proxy(trust, client->address)) break;
        ++inside;
    }
    std::size_t position = std::min<std::size_t>(n, inside + 1);
    const bool is_whole = values.end == "too_few_values";
    if (n == all_hops && is_whole && inside > 0 && inside == length) position = inside;
    Hop chosen = n == 0 ? refused_hop("not_configured") : hop_at(position);
    if (by_one && chain_unread.empty()) {
        const std::vector<std::string> lines = lines_of(request, chain);
        chosen.client = {{}, "malformed"};
        if (lines.size() == 1 && lines[0].size() <= 64)
            chosen.client.value = endpoint(trimmed(lines[0]));
    }
    const Answer<Endpoint>& client = chosen.client;

    // How many values of another header are trusted. Past the proxies to come, none.
    const bool end_is_known = client.value || client.why == "anonymous" || client.why == "absent";
    std::size_t trusted_values = inside + 1;
    if (n == all_hops ? !end_is_known : n > inside + 1) trusted_values = 0;
    if (trust.any_peer) trusted_values = std::numeric_limits<std::size_t>::max();
    if (chosen.is_sound && position > trusted_values) {
        chosen.proto = {{}, "hop_not_trusted"};
        chosen.host = {{}, "hop_not_trusted"};
    }

    const auto other = [&](const std::string& name, unsigned count, std::size_t bound,
                           const auto& parse) -> decltype(parse("")) {
        const std::string unread = why_unread(name, count);
        if (!unread.empty()) return {{}, unread};
        if (count > trusted_values) return {{}, "hop_not_trusted"};
        const auto value = nth_from_right(values_of(request, name), count, bound);
        return value.value ? parse(*value.value) : decltype(parse("")){{}, value.why};
    };
    const auto parse_scheme = [](const std::string& text) {
        return Answer<std::string>{scheme(text), "malformed"};
    };
    const auto parse_host = [&](const std::string& text) { return host_of(trust, text); };
    const auto parse_port = [](const std::string& text) {
        return Answer<int>{number(text, 1, 65535), "malformed"};
    };
    const auto parse_prefix = [](const std::string& text) {
        return Answer<std::string>{prefix(text), "malformed"};
    };
    if (!by_forwarded) {
        chosen.proto = other("X-Forwarded-Proto", trust.x_proto, 64, parse_scheme);
        chosen.host = other("X-Forwarded-Host", trust.x_host, 320, parse_host);
    }
    return {client,
            position,
            chosen.proto,
            chosen.host,
            other("X-Forwarded-Port", trust.x_port, 64, parse_port),
            other("X-Forwarded-Prefix", trust.x_prefix, 1100, parse_prefix)};
}

/// In words, like `text_of(Resolution)`.
inline std::string text_of(const Decision& decision) {
    const auto word = [](const auto& answer, const auto& text) {
        if (answer.value) return text(*answer.value);
        return answer.why == "not_configured" ? std::string("-") : answer.why;
    };
    const auto client = [&](const Endpoint& endpoint) {
        return text_of(endpoint) + '@' + std::to_string(decision.position);
    };
    const auto as_it_is = [](const std::string& text) { return text; };
    const auto path = [](const std::string& text) { return text.empty() ? "/" : text; };
    return word(decision.client, client) + ' ' + word(decision.proto, as_it_is) + ' ' +
           word(decision.host, [](const auto& host) { return text_of(host); }) + ' ' +
           word(decision.port, [](int port) { return std::to_string(port); }) + ' ' +
           word(decision.prefix, path);
}

/// The variables that a decision rewrites.
struct Variables {
    std::string remote_addr;
    int remote_port = 0;
    std::string url_scheme, http_host, server_name;
    int server_port = 0;
    std::string script_name;
};

inline void apply(const Decision& decision, Variables& env) {
    if (const auto& client = decision.client.value) {
        env.remote_addr = text_of(client->address);
        env.remote_port = client->port;
    }
    if (decision.proto.value) env.url_scheme = *decision.proto.value;
    if (const auto& host = decision.host.value) {
        env.http_host = text_of(*host);
        env.server_name = host->first;
        if (host->second != 0) env.server_port = host->second;
    }
    if (const auto& port = decision.port.value) {
        env.server_port = *port;
        const auto host = authority(env.http_host);
        if (host) env.http_host = text_of({host->first, *port});
    }
    if (decision.prefix.value) env.script_name = *decision.prefix.value;
}

}  // namespace naive
