// SPDX-License-Identifier: MIT
/// \file
/// What a quick translation of Werkzeug's `ProxyFix` to C++ looks like: a baseline for times.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "proxyfix/decision/trust.hpp"
#include "proxyfix/request/environ.hpp"

namespace naive_port {

using proxyfix::Environ, proxyfix::Header, proxyfix::Trust;
using Headers = std::unordered_map<std::string, std::string>;

inline std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

inline std::string trim(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return "";
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Werkzeug's `parse_list_header`, but for quotes.
inline std::vector<std::string> parse_list(const std::string& list) {
    std::vector<std::string> values;
    std::stringstream stream(list);
    for (std::string value; std::getline(stream, value, ',');) values.push_back(trim(value));
    return values;
}

/// The header lines as a dictionary, as WSGI has them: lines of one name are joined.
inline Headers headers_of(const Environ& env) {
    Headers headers;
    for (const Header& line : env.headers) {
        std::string& value = headers[lower(line.name)];
        value += value.empty() ? line.value : "," + line.value;
    }
    return headers;
}

/// Werkzeug's `_get_real_value`, but that no value is an empty one.
inline std::string real_value(unsigned trusted, const Headers& headers, const std::string& name) {
    const auto found = headers.find(name);
    if (trusted == 0 || found == headers.end()) return "";
    const std::vector<std::string> values = parse_list(found->second);
    return values.size() < trusted ? "" : values[values.size() - trusted];
}

inline std::uint16_t to_port(const std::string& text) {
    return static_cast<std::uint16_t>(std::stoi(text));
}

/// Where the port of a host starts, at its colon; `npos` if there is none.
inline std::size_t port_position(const std::string& host) {
    return host.empty() || host.back() == ']' ? host.npos : host.rfind(':');
}

/// Rewrites `env` by the five counts. Nothing is checked; a port that is no number throws.
inline void rewrite(Environ& env, const Trust& counts) {
    env.proxy.remote_addr = env.remote_addr;
    env.proxy.remote_port = env.remote_port;
    env.proxy.url_scheme = env.url_scheme;
    env.proxy.http_host = env.http_host;
    env.proxy.server_name = env.server_name;
    env.proxy.server_port = env.server_port;
    env.proxy.script_name = env.script_name;
    const Headers headers = headers_of(env);

    const std::string client = real_value(counts.x_for, headers, "x-forwarded-for");
    if (!client.empty()) {
        env.remote_addr = client;
        env.remote_port = 0;
    }
    const std::string proto = real_value(counts.x_proto, headers, "x-forwarded-proto");
    if (!proto.empty()) env.url_scheme = proto;

    const std::string host = real_value(counts.x_host, headers, "x-forwarded-host");
    if (!host.empty()) {
        env.http_host = env.server_name = host;
        if (const std::size_t colon = port_position(host); colon != host.npos) {
            env.server_name = host.substr(0, colon);
            env.server_port = to_port(host.substr(colon + 1));
        }
    }
    const std::string port = real_value(counts.x_port, headers, "x-forwarded-port");
    if (!port.empty()) {
        if (!env.http_host.empty()) {
            env.http_host = env.http_host.substr(0, port_position(env.http_host)) + ":" + port;
        }
        env.server_port = to_port(port);
    }
    const std::string prefix = real_value(counts.x_prefix, headers, "x-forwarded-prefix");
    if (!prefix.empty()) env.script_name = prefix;
}

}  // namespace naive_port
