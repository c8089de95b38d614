// SPDX-License-Identifier: MIT
/// \file
/// The scheme that an application is reached by.
#pragma once

#include <cstdint>
#include <string_view>

#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"

namespace proxyfix::inline v0 {

/// The schemes that a web application is reached by (RFC 9110, 4.2; RFC 6455, 3).
enum class Scheme : std::uint8_t {
    http,   ///< HTTP.
    https,  ///< HTTP over TLS.
    ws,     ///< WebSocket.
    wss     ///< WebSocket over TLS.
};

/// The scheme in lower case.
[[nodiscard]] constexpr std::string_view to_string(Scheme scheme) noexcept {
    switch (scheme) {
        case Scheme::http: return "http";
        case Scheme::https: return "https";
        case Scheme::ws: return "ws";
        case Scheme::wss: return "wss";
    }
    return "unknown";
}

/// The port that a URL of this scheme leaves out: 80 or 443.
[[nodiscard]] constexpr std::uint16_t default_port(Scheme scheme) noexcept {
    return scheme == Scheme::http || scheme == Scheme::ws ? 80 : 443;
}

/// A `Scheme` in any letter case (RFC 3986, 3.1). Else `malformed`.
constexpr Result<Scheme> parse_scheme(std::string_view text) noexcept {
    if (text == "https") return Scheme::https;  // what most proxies write
    if (text == "http") return Scheme::http;
    // No two are equally long.
    const Scheme scheme = text.size() == 5   ? Scheme::https
                          : text.size() == 4 ? Scheme::http
                          : text.size() == 3 ? Scheme::wss
                                             : Scheme::ws;
    if (!equals_ignore_case(text, to_string(scheme))) return Reason::malformed;
    return scheme;
}

}  // namespace proxyfix::inline v0

namespace proxyfix::inline v0::detail {

/// The same, and `on` (https) and `off` (http) in any letter case: what X-Forwarded-Ssl and
/// Front-End-Https hold.
constexpr Result<Scheme> parse_scheme_or_switch(std::string_view text) noexcept {
    if (equals_ignore_case(text, "on")) return Scheme::https;
    if (equals_ignore_case(text, "off")) return Scheme::http;
    return parse_scheme(text);
}

}  // namespace proxyfix::inline v0::detail
