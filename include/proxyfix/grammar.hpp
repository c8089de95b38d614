// SPDX-License-Identifier: MIT
/// \file
/// The grammars of a scheme, a port and a path prefix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/byte_set.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

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
    // No two are equally long.
    const Scheme scheme = text.size() == 5   ? Scheme::https
                          : text.size() == 4 ? Scheme::http
                          : text.size() == 3 ? Scheme::wss
                                             : Scheme::ws;
    if (!equals_ignore_case(text, to_string(scheme))) return Reason::malformed;
    return scheme;
}

/// A port number, 1 to 65535: digits only, no leading zero (RFC 3986, 3.2.3, is wider). Else
/// `malformed`.
constexpr Result<std::uint16_t> parse_port(std::string_view text) noexcept {
    const auto number = parse_decimal(text, 65535);
    if (!number || *number == 0) return Reason::malformed;
    return static_cast<std::uint16_t>(*number);
}

/// The bytes of a prefix, but for '/': unreserved and some more of RFC 3986, 2.2 and 2.3: none that
/// ends a path, a quoted string or an HTML tag, or starts a percent-encoding.
inline constexpr ByteSet prefix_bytes = alphanumeric.with("-._~!$&*+=:@");
/// May this byte stand in a prefix?
[[nodiscard]] constexpr bool is_prefix_byte(char c) noexcept { return prefix_bytes.contains(c); }

/// Where the application is mounted, without a trailing '/': "/app/" is "/app", and "/" is "".
/// At most 1024 bytes of segments led by one '/' each, none of them empty, "." or "..". Two leading
/// slashes would turn a link into one to another host. Else `malformed`. A view of `text`.
constexpr Result<std::string_view> parse_prefix(std::string_view text) noexcept {
    if (text.empty() || text.front() != '/' || text.size() > 1024) return Reason::malformed;
    if (text.back() == '/') text.remove_suffix(1);
    for (std::string_view rest = text; !rest.empty();) {
        rest.remove_prefix(1);
        const std::string_view segment = rest.substr(0, rest.find('/'));
        if (segment.empty() || segment == "." || segment == "..") return Reason::malformed;
        for (const char c : segment) {
            if (!is_prefix_byte(c)) return Reason::malformed;
        }
        rest.remove_prefix(segment.size());
    }
    return text;
}

}  // namespace proxyfix
