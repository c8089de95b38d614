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

/// The options. If one is faulty, says which, and exits with status 2.
inline ServerOptions server_options(int argc, char** argv) {
    ServerOptions options;
    bool is_sound_so_far = true;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i], text = i + 1 < argc ? argv[i + 1] : "";
        if (option == "--unix") {
            options.unix_path = text;
        } else if (option == "--port") {
            const auto number = parse_number(option, text);
            options.port = static_cast<std::uint16_t>(number.value_or(0));
            is_sound_so_far = is_sound_so_far && number;
        } else {
            is_sound_so_far = set_trust(options.trust, option, text) && is_sound_so_far;
        }
    }
    if (!is_sound_so_far || !is_sound(options.trust)) {
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
