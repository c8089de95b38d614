// SPDX-License-Identifier: MIT
// A server that answers with the request's environment as plain text, so that you can put a real
// proxy before it and look. All counts are 0 unless given.
//
//     c++ -std=c++20 -Iinclude examples/serve.cpp -o serve
//     ./serve --port 8000 --x-for 1 --x-proto 1 --explain
#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <proxyfix/explain.hpp>
#include <string>
#include <string_view>

#include "environ_text.hpp"
#include "loopback_server.hpp"
#include "trust_options.hpp"

using proxyfix::Environ;

struct Options {
    unsigned port = 0, timeout_ms = 5000;
    bool explain = false;
    proxyfix::Trust trust = no_trust;
};

// The options; or nothing, after a message that names the text which is wrong.
std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--explain") {
            options.explain = true;
            continue;
        }
        const std::string_view text = i + 1 < argc ? argv[++i] : "";
        if (option == "--port" || option == "--timeout-ms") {
            const auto number = parse_number(option, text);
            if (!number) return std::nullopt;
            (option == "--port" ? options.port : options.timeout_ms) = *number;
        } else if (!set_trust(options.trust, option, text)) {
            return std::nullopt;
        }
    }
    if (!is_sound(options.trust)) return std::nullopt;
    return options;
}

int main(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::cerr << "usage: serve [OPTION...]\n"
                     "  --port N              0, the default, is any free one\n"
                     "  --timeout-ms N        for reading a request, 5000 unless given\n"
                     "  --explain             say how it was decided\n"
                  << trust_usage;
        return 2;
    }
    const proxyfix::ProxyFix app{[](const Environ& env) { return to_text(env); }, options->trust};
    const auto respond_with = [&](Environ& env) {
        // Before ProxyFix erases header lines, if it does.
        const std::string why = options->explain ? '\n' + explain(env, options->trust) : "";
        return app(env) + why;
    };
    return serve_loopback(static_cast<std::uint16_t>(options->port), respond_with,
                          std::chrono::milliseconds(options->timeout_ms));
}
