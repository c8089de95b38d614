// SPDX-License-Identifier: MIT
/// \file
/// The decision about a request once more, from the left to the right, slowly and without any code
/// of the library: what `resolve` is compared with.
#pragma once

#include <algorithm>
#include <array>
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

/// The usual names, in the order of the decisions.
inline const std::array<std::string, 5> usual_names = {"X-Forwarded-For", "X-Forwarded-Proto",
                                                       "X-Forwarded-Host", "X-Forwarded-Port",
                                                       "X-Forwarded-Prefix"};

struct Trust {
    unsigned x_for = 0, x_proto = 0, x_host = 0, x_port = 0, x_prefix = 0;
    bool forwarded = false;  // the first three count its elements
    bool any_peer = true;
    std::vector<Network> proxies{};
    bool any_host = true;
    std::vector<std::string> allowed_hosts{};
    std::array<std::string, 5> names = usual_names;
    std::string client_header{};
    bool client_has_port = false;
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

/// What an element of Forwarded says of the client.
inline Answer<Endpoint> client_of(const Element& element) {
    if (!element.contains("for")) return {{}, "absent"};
    auto node = unquoted(element.at("for"));
    if (!node) return {{}, "malformed"};
    // Behind the last colon there may be a port, or an obfuscated one, which is dropped.
    const std::size_t colon = node->rfind(':');
    const std::string behind = colon == node->npos ? "" : node->substr(colon + 1);
    const bool is_hidden_port = is_obfuscated(behind);
    const bool has_port = is_hidden_port || port_number(behind);
    const std::string name = has_port ? node->substr(0, colon) : *node;
    if (is_obfuscated(name) || in_lower_case(name) == "unknown") return {{}, "anonymous"};
    return {is_hidden_port ? client_at(before_port(name), 0) : endpoint(*node), "malformed"};
}

inline Answer<std::string> proto_of(const Element& element) {
    if (!element.contains("proto")) return {{}, "absent"};
    const auto plain = unquoted(element.at("proto"));
    return {plain ? scheme(*plain) : std::nullopt, "malformed"};
}

inline Answer<std::pair<std::string, int>> host_of(const Trust& trust, const Element& element) {
    if (!element.contains("host")) return {{}, "absent"};
    return host_of(trust, element.at("host").text);
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

/// What is decided of one request.
class Decider {
  public:
    Decider(const Request& request, const Trust& trust) : request_(request), trust_(trust) {
        const auto peer = address(request.peer.substr(0, request.peer.find('%')));
        peer_is_trusted_ = trust.any_peer || (peer && is_proxy(trust, *peer));
        by_one_ = !trust.client_header.empty();
        chain_ = trust.forwarded ? "Forwarded" : by_one_ ? trust.client_header : trust.names[0];
        values_ = values_of(request, chain_);
        walk();
    }

    [[nodiscard]] Decision decide() const {
        Decision all{client_, position_, {}, {}, {}, {}};
        const auto& names = trust_.names;
        const bool is_usual = in_lower_case(names[1]) == in_lower_case(usual_names[1]);
        const auto to_scheme = [is_usual](const std::string& text) {
            return Answer<std::string>{is_usual ? scheme(text) : scheme_or_switch(text),
                                       "malformed"};
        };
        const auto to_host = [this](const std::string& text) { return host_of(trust_, text); };
        if (trust_.forwarded) {
            all.proto = of_element(trust_.x_proto, proto_of);
            all.host = of_element(
                trust_.x_host, [this](const Element& element) { return host_of(trust_, element); });
        } else {
            all.proto = of_value(names[1], trust_.x_proto, 64, to_scheme);
            all.host = of_value(names[2], trust_.x_host, 320, to_host);
        }
        all.port = of_value(names[3], trust_.x_port, 64, [](const std::string& text) {
            return Answer<int>{port_number(text), "malformed"};
        });
        all.prefix = of_value(names[4], trust_.x_prefix, 1100, [](const std::string& text) {
            return Answer<std::string>{prefix(text), "malformed"};
        });
        return all;
    }

    /// Another header, which is a list.
    [[nodiscard]] Answer<std::string> value(const std::string& name, unsigned n) const {
        return of_value(name, name.empty() || trusts_nobody() ? 0 : n, 1024, checked);
    }

    /// Another header, which is one line.
    [[nodiscard]] Answer<std::string> line(const std::string& name) const {
        const std::string unread = why_unread(name, name.empty() || trusts_nobody() ? 0 : 1);
        if (!unread.empty()) return {{}, unread};
        if (trusted_ < 1) return {{}, "hop_not_trusted"};
        const std::vector<std::string> lines = lines_of(request_, name);
        if (lines.size() != 1 || lines[0].size() > 16384) return {{}, "malformed"};
        return checked(trimmed(lines[0]));
    }

  private:
    /// No header is counted, and there is no list of proxies.
    [[nodiscard]] bool trusts_nobody() const {
        return trust_.any_peer && trust_.client_header.empty() && trust_.x_for == 0 &&
               trust_.x_proto == 0 && trust_.x_host == 0 && trust_.x_port == 0 &&
               trust_.x_prefix == 0;
    }

    static Answer<std::string> checked(const std::string& text) {
        if (text.empty()) return {{}, "absent"};
        for (const char c : text) {
            if (c != '\t' && (c < ' ' || c > '~')) return {{}, "malformed"};
        }
        return {text};
    }

    [[nodiscard]] std::string why_unread(const std::string& name, unsigned count) const {
        if (count == 0) return "not_configured";
        if (lines_of(request_, name).empty()) return "absent";
        return peer_is_trusted_ ? "" : "peer_not_trusted";
    }

    /// The element at a position, if it and those right of it are sound.
    [[nodiscard]] Answer<Element> element_at(std::size_t position) const {
        Answer<Element> element;
        for (std::size_t i = 1; i <= position; ++i) {
            const auto text = nth_from_right(values_, i, 1024);
            if (!text.value) return {{}, text.why};
            element = {forwarded_element(*text.value), "malformed"};
            if (!element.value) return element;
        }
        return element;
    }

    /// The client that the value at a position names.
    [[nodiscard]] Answer<Endpoint> client_at_position(std::size_t position) const {
        if (trust_.forwarded) {
            const auto element = element_at(position);
            return element.value ? client_of(*element.value) : Answer<Endpoint>{{}, element.why};
        }
        const auto text = nth_from_right(values_, position, 64);
        if (!text.value) return {{}, text.why};
        return {endpoint(*text.value), "malformed"};
    }

    /// Finds the client, and how far other values are trusted.
    void walk() {
        if (by_one_) {
            find_single();
            trusted_ = trust_.any_peer ? no_limit : 1;
            return;
        }
        const unsigned n = trust_.x_for;
        const std::string unread = why_unread(chain_, n);
        const std::size_t length = values_.texts.size();
        // How many hops in a row are proxies.
        while (!trust_.any_peer && unread.empty() && inside_ < length) {
            const auto client = client_at_position(inside_ + 1).value;
            if (!client || !is_proxy(trust_, client->address)) break;
            ++inside_;
        }
        position_ = trust_.any_peer ? n : std::min<std::size_t>(n, inside_ + 1);
        // Of all hops that are proxies, the leftmost is the client.
        const bool is_whole = values_.end == "too_few_values";
        if (n == all_hops && is_whole && inside_ > 0 && inside_ == length) position_ = inside_;
        client_ = unread.empty() ? client_at_position(position_) : Answer<Endpoint>{{}, unread};

        // Past the proxies to come, nothing is trusted.
        const bool end_is_known =
            client_.value || client_.why == "anonymous" || client_.why == "absent";
        const bool is_past = n == all_hops ? !end_is_known : n > inside_ + 1;
        trusted_ = trust_.any_peer ? no_limit : is_past ? 0 : inside_ + 1;
    }

    /// The client by a header with one address on one line.
    void find_single() {
        position_ = 1;
        const std::string unread = why_unread(chain_, 1);
        client_ = {{}, unread.empty() ? "malformed" : unread};
        const std::vector<std::string> lines = lines_of(request_, chain_);
        if (!unread.empty() || lines.size() != 1 || lines[0].size() > 64) return;
        const std::string text = trimmed(lines[0]);
        client_.value = trust_.client_has_port ? endpoint_and_port(text) : endpoint(text);
    }

    /// A field that is read from Forwarded. What the walk met on the way there comes first.
    template <class Parse>
    auto of_element(unsigned count, const Parse& parse) const -> decltype(parse(Element{})) {
        const std::string unread = why_unread(chain_, count);
        if (!unread.empty()) return {{}, unread};
        const std::size_t position = count == all_hops ? position_ : count;
        const auto reached =
            element_at(trust_.any_peer ? position : std::min(position, inside_ + 1));
        if (!reached.value) return {{}, reached.why};
        if (position > trusted_) return {{}, "hop_not_trusted"};
        return parse(*reached.value);
    }

    /// A field that has a header of its own.
    template <class Parse>
    auto of_value(const std::string& name, unsigned count, std::size_t bound,
                  const Parse& parse) const -> decltype(parse("")) {
        const std::string unread = why_unread(name, count);
        if (!unread.empty()) return {{}, unread};
        if (count > trusted_) return {{}, "hop_not_trusted"};
        const auto value = nth_from_right(values_of(request_, name), count, bound);
        return value.value ? parse(*value.value) : decltype(parse("")){{}, value.why};
    }

    static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

    const Request& request_;
    const Trust& trust_;
    bool peer_is_trusted_ = false, by_one_ = false;
    std::string chain_{};
    Values values_{};

    Answer<Endpoint> client_{};
    std::size_t position_ = 0;  // of the value that the client is read from
    std::size_t inside_ = 0;    // the first hops that are proxies
    std::size_t trusted_ = 0;   // up to this position, values are trusted
};

/// May nobody trust so? Two names are one name, whatever their letter case.
inline bool contradicts_itself(const Trust& trust) {
    const std::array<unsigned, 5> counts = {trust.x_for, trust.x_proto, trust.x_host, trust.x_port,
                                            trust.x_prefix};
    const auto is_same = [](const std::string& a, const std::string& b) {
        return in_lower_case(a) == in_lower_case(b);
    };
    const auto has_another_meaning = [&](const std::string& name) {
        for (const char* other :
             {"", "Forwarded", "Host", "Connection", "Transfer-Encoding", "Content-Length"}) {
            if (is_same(name, other)) return true;
        }
        return false;
    };
    const bool by_one = !trust.client_header.empty();
    const bool has_chain = trust.x_for != 0 && !by_one;
    if (by_one && (trust.forwarded || has_another_meaning(trust.client_header))) return true;
    if (!by_one && trust.client_has_port) return true;
    for (std::size_t i = 0; i < 5; ++i) {
        const std::string& name = trust.names[i];
        const bool is_changed = !is_same(name, usual_names[i]);
        if (has_another_meaning(name) || (is_changed && counts[i] == 0)) return true;
        if (is_changed && trust.forwarded && i < 3) return true;
        if (is_changed && by_one && i == 0) return true;
        if (is_same(trust.client_header, name)) return true;
        if (is_same(trust.client_header, usual_names[i])) return true;
        for (std::size_t j = 0; j < i; ++j) {
            if (is_same(name, trust.names[j])) return true;
        }
        if (counts[i] == all_hops) {
            // The client's, and then scheme and host of the very element of Forwarded.
            const bool may_be = i == 0 || (trust.forwarded && i < 3 && trust.x_for == all_hops);
            if (trust.any_peer || !may_be) return true;
        } else if (counts[i] > 16) {
            return true;
        } else if (counts[i] > 1 && i != 0 && !trust.any_peer && !has_chain) {
            return true;
        }
    }
    return false;
}

inline Decision decide(const Request& request, const Trust& trust) {
    return Decider(request, trust).decide();
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
