// SPDX-License-Identifier: MIT
/// \file
/// What the example servers answer: the environment, what ProxyFix did to it, and what it decided
/// from, a line each.
#pragma once

#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

/// `env` is an `Environ`, or an `EnvironOf` a framework's request.
template <class Env> std::string to_text(const Env& env) {
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
    for (const auto& [name, value] : proxyfix::Adapter<Env>::headers(env)) {
        line("received", std::string(name).append(": ").append(value));
    }
    return text;
}
