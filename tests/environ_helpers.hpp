// SPDX-License-Identifier: MIT
/// \file
/// Helpers to compare environments.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <tuple>

#include "proxyfix/request/environ.hpp"

/// The members that `ProxyFix` may rewrite.
using Rewritten = std::tuple<std::string, std::uint16_t, std::string, std::string, std::string,
                             std::uint16_t, std::string>;

inline Rewritten rewritten(const proxyfix::Environ& env) {
    return {env.remote_addr, env.remote_port, env.url_scheme, env.http_host,
            env.server_name, env.server_port, env.script_name};
}

inline Rewritten rewritten(const proxyfix::Original& was) {
    return {std::string(was.remote_addr), was.remote_port,
            std::string(was.url_scheme),  std::string(was.http_host),
            std::string(was.server_name), was.server_port,
            std::string(was.script_name)};
}

/// What a server behind a proxy sees of its TCP connection and of the Host field.
inline proxyfix::Environ seen_by_server() {
    return {.remote_addr = "10.0.0.2",
            .remote_port = 40000,
            .url_scheme = "http",
            .http_host = "app.internal:8000",
            .server_name = "app.internal",
            .server_port = 8000};
}
