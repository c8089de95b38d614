// SPDX-License-Identifier: MIT
/// \file
/// What the load servers share: their command line, and the check of the client's address.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "server_options.hpp"

struct LoadOptions {
    std::uint16_t port = 0;  // on 127.0.0.1; 0: any free one
    unsigned hops = 1;       // x_for
    bool checks = true;      // with ProxyFix
};

/// The options. If one is faulty, says which, and exits with status 2.
inline LoadOptions load_options(int argc, char** argv) {
    LoadOptions options;
    bool is_sound_so_far = true;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--without") {
            options.checks = false;
            continue;
        }
        const auto number = parse_number(option, ++i < argc ? argv[i] : "");
        if (option == "--port") options.port = static_cast<std::uint16_t>(number.value_or(0));
        else if (option == "--hops") options.hops = number.value_or(0);
        is_sound_so_far = is_sound_so_far && number && (option == "--port" || option == "--hops");
    }
    if (!is_sound_so_far) {
        std::cerr << "usage: " << argv[0] << " [--port N] [--hops N] [--without]\n";
        std::exit(2);
    }
    return options;
}

struct Answer {
    unsigned status;
    std::string body;
};

/// 200 if `env` has the client that the request's X-Marker names. Else 500 with both addresses; the
/// first ones are printed, too.
inline Answer check_client(const proxyfix::Environ& env, std::string_view marker) {
    if (env.remote_addr == marker) return {200, env.remote_addr};
    std::string text = "X-Marker is " + std::string(marker) + ", the client " + env.remote_addr +
                       " (" + to_string(env.proxy) + ")\n";
    static std::atomic<int> mix_ups = 0;
    if (mix_ups++ < 5) std::cerr << text;
    return {500, std::move(text)};
}
