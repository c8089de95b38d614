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
#include <vector>

#include "environ_text.hpp"
#include "loopback_server.hpp"
#include "trust_options.hpp"

using proxyfix::Environ;

constexpr std::string_view usage =
    "usage: serve [OPTION...]\n"
    "  --port N              0, the default, is any free one\n"
    "  --timeout-ms N        for reading a request, 5000 unless given\n"
    "  --explain             say how it was decided\n"
    "  --line NAME           show this header too, as trusted_line has it\n";

struct Options {
    unsigned port = 0, timeout_ms = 5000;
    bool explain = false;
    std::vector<proxyfix::FieldName> lines{};  // other headers that it shows
    proxyfix::Trust trust = no_trust;
};

// The options; or nothing, after a message that names the text which is wrong.
std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    TrustOptions trust_options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--explain") {
            options.explain = true;
        } else if (option == "--port" || option == "--timeout-ms") {
            const auto text = take_value(argc, argv, i);
            const auto number = text ? parse_number(option, *text) : std::nullopt;
            if (!number) return std::nullopt;
            (option == "--port" ? options.port : options.timeout_ms) = *number;
        } else if (option == "--line") {
            const auto text = take_value(argc, argv, i);
            if (!text) return std::nullopt;
            const auto name = proxyfix::FieldName::parse(*text);
            if (!name) std::cerr << "--line: " << name.error() << '\n';
            if (!name) return std::nullopt;
            options.lines.push_back(*name);
        } else if (!trust_options.take(argc, argv, i)) {
            return std::nullopt;
        }
    }
    const auto trust = trust_options.trust();
    if (!trust) return std::nullopt;
    options.trust = *trust;
    return options;
}

// The whole text of other headers that the proxy sets, such as Client-Cert (RFC 9440).
std::string lines_text(const Environ& env, const Options& options, const proxyfix::Policy& policy) {
    std::string text;
    for (const proxyfix::FieldName& name : options.lines) {
        const auto line = trusted_line(env, name, policy);
        text.append("trusted ").append(name.view()).append(": ").append(to_string(line));
        text.append(line ? " " + std::string(*line) : "").append("\n");
    }
    return text;
}

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--help") {
        std::cout << usage << trust_usage;
        return 0;
    }
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::cerr << "usage: serve [OPTION...]; --help lists the options\n";
        return 2;
    }
    const proxyfix::ProxyFix app{[](const Environ& env) { return to_text(env); }, options->trust};
    const auto respond_with = [&](Environ& env) {
        // Before ProxyFix erases header lines, if it does.
        const std::string lines = lines_text(env, *options, app.policy());
        const std::string why = options->explain ? '\n' + explain(env, options->trust) : "";
        return app(env) + lines + why;
    };
    return serve_loopback(static_cast<std::uint16_t>(options->port), respond_with,
                          std::chrono::milliseconds(options->timeout_ms));
}
