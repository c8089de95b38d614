// SPDX-License-Identifier: MIT
/// \file
/// A decision as text, for tables of cases.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"

/// One word for each of the five fields: the value, or the reason why there is none; "-" stands
/// for not_configured. After the client stands '@' and its position: "203.0.113.7@2 https - - -".
inline std::string text_of(const proxyfix::Resolution& r) {
    const auto word = [](const auto& result, const auto& text_of_value) {
        if (result) return std::string(text_of_value(*result));
        if (result.error() == proxyfix::Reason::not_configured) return std::string("-");
        return std::string(to_string(result.error()));
    };
    const auto client = [&r](const proxyfix::Endpoint& end) {
        return to_string(end) + '@' + std::to_string(r.client_position());
    };
    const auto as_it_is = [](const auto& value) { return to_string(value); };
    const auto number = [](unsigned value) { return std::to_string(value); };
    const auto prefix = [](std::string_view text) { return text.empty() ? "/" : text; };
    return word(r.client, client) + ' ' + word(r.proto, as_it_is) + ' ' + word(r.host, as_it_is) +
           ' ' + word(r.port, number) + ' ' + word(r.prefix, prefix);
}

/// What is decided about a request with these header lines, as text.
inline std::string decided(const proxyfix::Trust& trust, std::vector<proxyfix::Header> headers,
                           std::string peer = "10.0.0.2") {
    proxyfix::Environ env;
    env.remote_addr = std::move(peer);
    env.headers = std::move(headers);
    return text_of(resolve(env, proxyfix::Policy(trust)));
}
