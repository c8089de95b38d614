// SPDX-License-Identifier: MIT
/// \file
/// The nginx configuration that a `Trust` matches, proxy by proxy.
#pragma once

#include <array>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What to write into the server or location of some proxies.
struct NginxText {
    unsigned first, last;  ///< Proxy 1 is the one next to the application.
    std::string text;
};

/// Quoted, unless it is plain. Empty if nginx would take a `$` in it for a variable.
inline std::string nginx_word(std::string_view text) {
    if (text.find('$') != text.npos) return "";
    for (const char c : text) {
        const bool is_plain = proxyfix::is_prefix_byte(c) || c == '/';
        if (!is_plain) return '"' + std::string(text) + '"';
    }
    return std::string(text);
}

/// The lines of proxy `at` for a header with count `n`: proxies up to the n-th add to it, and that
/// one overwrites what the client sent.
inline std::string nginx_lines(std::string_view header, std::string_view value,
                               std::string_view received, unsigned at, unsigned n) {
    const std::string set = "proxy_set_header " + std::string(header) + ' ';
    if (at < n) return set + '"' + std::string(received) + ", " + std::string(value) + "\";\n";
    if (at == n) return set + std::string(value) + ";\n";
    return "";
}

/// The lines of proxy `at`. `prefix` is what a request had; it may be empty.
inline std::string nginx_text_of(const proxyfix::Trust& trust, std::string_view prefix,
                                 unsigned at) {
    using proxyfix::all_hops;
    const bool by_forwarded = trust.forwarded != 0;
    std::string out;
    if (by_forwarded && at <= trust.forwarded) {
        out +=
            "# An IPv6 address stands in brackets and quotes.\n"
            "set $forwarded_for $remote_addr;\n"
            "if ($remote_addr ~ :) { set $forwarded_for '\"[$remote_addr]\"'; }\n"
            "# The host cannot be derived: $host may hold a quote.\n"
            "# Add yours, as in ;host=shop.example\n";
        const std::string set = "proxy_set_header Forwarded ", value = "for=$forwarded_for;";
        const std::string before = at < trust.forwarded ? "$http_forwarded, " : "";
        out += set + '"' + before + value + "proto=$scheme\";\n";
    }
    if (!by_forwarded && trust.client_header.empty() && at <= trust.x_for)
        out += "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n";
    if (!by_forwarded && !trust.client_header.empty() && at == 1) {
        const std::string name = nginx_word(trust.client_header.view());
        if (name.empty()) out += "# nginx cannot set a header with a $ in its name.\n";
        else out += "proxy_set_header " + name + " $remote_addr;\n";
    }
    if (!by_forwarded) {
        out += nginx_lines("X-Forwarded-Proto", "$scheme", "$http_x_forwarded_proto", at,
                           trust.x_proto);
        out += nginx_lines("X-Forwarded-Host", "$host", "$http_x_forwarded_host", at, trust.x_host);
    }
    // The proxy that writes X-Forwarded-Host takes it from Host.
    const bool is_host_set_behind = !by_forwarded && trust.x_host != 0 && at > trust.x_host;
    if (is_host_set_behind) out += "proxy_set_header Host $host;\n";
    if (at <= trust.x_port) out += "# Write the public port if it is another.\n";
    out +=
        nginx_lines("X-Forwarded-Port", "$server_port", "$http_x_forwarded_port", at, trust.x_port);
    if (at <= trust.x_prefix) out += "# The prefix cannot be derived: write what is stripped.\n";
    const std::string path = nginx_word(prefix);
    out += nginx_lines("X-Forwarded-Prefix", path.empty() ? "/app" : path,
                       "$http_x_forwarded_prefix", at, trust.x_prefix);
    return out;
}

/// The configurations from the application outwards; neighbours that are alike are one.
inline std::vector<NginxText> nginx_texts(const proxyfix::Trust& trust, std::string_view prefix) {
    using proxyfix::all_hops;
    std::vector<NginxText> texts;
    unsigned furthest = 1;
    for (const unsigned n : {trust.x_for, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix,
                             trust.forwarded}) {
        if (n != all_hops && n > furthest) furthest = n;
    }
    for (unsigned at = 1; at <= furthest; ++at) {
        std::string text = nginx_text_of(trust, prefix, at);
        if (text.empty()) continue;
        if (!texts.empty() && texts.back().text == text) texts.back().last = at;
        else texts.push_back({at, at, std::move(text)});
    }
    return texts;
}
