// SPDX-License-Identifier: MIT
/// \file
/// A decision as JSON. Shared by the examples.
#pragma once

#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

/// What was decided, on one line. The values are of closed grammars: no character needs an escape.
inline std::string decision_json(const proxyfix::Resolution& r) {
    std::string json = "{";
    const auto member = [&json](std::string_view name, const auto& result, const auto& to_text) {
        json.append("\"").append(name).append("\": {\"outcome\": \"");
        json.append(to_string(result)).append("\"");
        if (result) json.append(", \"value\": \"").append(to_text(*result)).append("\"");
        json += "}, ";
    };
    const auto as_text = [](const auto& value) { return to_string(value); };
    const auto as_number = [](unsigned value) { return std::to_string(value); };
    const auto as_it_is = [](std::string_view value) { return value; };
    member("client", r.client, as_text);
    member("proto", r.proto, as_text);
    member("host", r.host, as_text);
    member("port", r.port, as_number);
    member("prefix", r.prefix, as_it_is);
    json += "\"client_position\": " + std::to_string(r.client_position());
    return json + ", \"refused\": " + (r.refused() ? "true" : "false") + '}';
}
