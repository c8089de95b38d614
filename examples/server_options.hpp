// SPDX-License-Identifier: MIT
/// \file
/// The command line of the example servers.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "trust_options.hpp"

struct ServerOptions {
    std::uint16_t port = 0;   // on 127.0.0.1; 0: any free one
    std::string unix_path{};  // listen there instead, if the server can
    proxyfix::Trust trust = no_trust;
};

/// Reads the options. False, after a message that names the text which is wrong, if one is faulty.
inline bool read_options(int argc, char** argv, ServerOptions& options) {
    TrustOptions trust_options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option != "--unix" && option != "--port") {
            if (!trust_options.take(argc, argv, i)) return false;
            continue;
        }
        const auto text = take_value(argc, argv, i);
        if (!text) return false;
        if (option == "--unix") {
            options.unix_path = *text;
        } else {
            const auto number = parse_number(option, *text);
            if (!number) return false;
            options.port = static_cast<std::uint16_t>(*number);
        }
    }
    const auto trust = trust_options.trust();
    if (trust) options.trust = *trust;
    return trust.has_value();
}

/// The options. If one is faulty, says which, and exits with status 2.
inline ServerOptions server_options(int argc, char** argv) {
    ServerOptions options;
    if (!read_options(argc, argv, options)) {
        std::cerr << "usage: " << argv[0]
                  << " [OPTION...]\n"
                     "  --port N              on 127.0.0.1; 0, the default, is any free one\n"
                     "  --unix PATH           a unix-domain socket instead, if the server can\n"
                  << trust_usage;
        std::exit(2);
    }
    return options;
}

/// Says where the server listens. Others may wait for this line.
inline void print_url(int port) { std::cout << "http://127.0.0.1:" << port << "/\n" << std::flush; }
