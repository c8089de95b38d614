// SPDX-License-Identifier: MIT
// A server that answers with the request's environment as plain text, so that you can put a real
// proxy before it and look. All counts are 0 unless given.
//
//     c++ -std=c++20 -Iinclude examples/serve.cpp -o serve
//     ./serve --port 8000 --x-for 1 --x-proto 1
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "loopback_server.hpp"

using proxyfix::Environ;

// The application: the environment, what ProxyFix did to it and why, and what it decided from.
std::string describe(Environ& env) {
    std::string text;
    const auto line = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\n");
    };
    line("remote_addr", env.remote_addr);
    line("remote_port", std::to_string(env.remote_port));
    line("url_scheme", env.url_scheme);
    line("http_host", env.http_host);
    line("server_name", env.server_name);
    line("server_port", std::to_string(env.server_port));
    line("script_name", env.script_name);
    line("path_info", env.path_info);
    line("query_string", env.query_string);
    line("url_root", url_root(env));
    line("x_for", to_string(env.proxy.client));
    line("x_proto", to_string(env.proxy.proto));
    line("x_host", to_string(env.proxy.host));
    line("x_port", to_string(env.proxy.port));
    line("x_prefix", to_string(env.proxy.prefix));
    line("peer", original(env).remote_addr);
    for (const proxyfix::Header& header : env.headers) {
        line("received", header.name + ": " + header.value);
    }
    return text;
}

struct Options {
    unsigned port = 0, timeout_ms = 5000;
    proxyfix::Trust trust{.x_for = 0, .x_proto = 0};
};

// The options; or nothing, after a message that names the text which is wrong.
std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    proxyfix::Trust& trust = options.trust;
    const std::pair<std::string_view, unsigned*> known[] = {
        {"--port", &options.port},      {"--timeout-ms", &options.timeout_ms},
        {"--x-for", &trust.x_for},      {"--x-proto", &trust.x_proto},
        {"--x-host", &trust.x_host},    {"--x-port", &trust.x_port},
        {"--x-prefix", &trust.x_prefix}};
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        const auto is_option = [option](const auto& entry) { return entry.first == option; };
        const auto* entry = std::find_if(std::begin(known), std::end(known), is_option);
        if (entry == std::end(known)) {
            std::cerr << "unknown option: " << option << '\n';
            return std::nullopt;
        }
        const std::string_view text = i + 1 < argc ? argv[++i] : "";
        const auto number = proxyfix::parse_decimal(text, 65535);
        if (!number) {
            std::cerr << option << ": not a number of 0 to 65535: '" << text << "'\n";
            return std::nullopt;
        }
        *entry->second = *number;
    }
    return options;
}

int main(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::cerr << "usage: serve [--port N] [--x-for N] [--x-proto N] [--x-host N] [--x-port N]\n"
                     "             [--x-prefix N] [--timeout-ms N]\n"
                     "Port 0, the default, is any free one. The counts are 0 unless given.\n";
        return 2;
    }
    const proxyfix::ProxyFix app{describe, options->trust};
    return serve_loopback(static_cast<std::uint16_t>(options->port), app,
                          std::chrono::milliseconds(options->timeout_ms));
}
