// SPDX-License-Identifier: MIT
/// \file
/// `Authority`: a host, with a port or without.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/address.hpp"
#include "proxyfix/byte_set.hpp"
#include "proxyfix/grammar.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// Would a browser read this label as a number: digits, or 0x and hexadecimal digits? A name that
/// ends in one is taken for an IPv4 address ("ends in a number", WHATWG URL 3.5).
/// Precondition: it is not empty.
[[nodiscard]] constexpr bool is_numeric(std::string_view label) noexcept {
    const bool hexadecimal = label.starts_with("0x") || label.starts_with("0X");
    if (hexadecimal) label.remove_prefix(2);
    for (const char c : label) {
        if (digit_value(c) >= (hexadecimal ? 16u : 10u)) return false;
    }
    return true;
}

/// The bytes of a label: letters, digits, '-' and '_' (RFC 1123, 2.1, and the underscore that real
/// names have).
inline constexpr ByteSet label_bytes = alphanumeric.with("-_");

/// Is it a name of at most 253 bytes: labels with a '.' between them, and perhaps one at the end?
/// A label has 1 to 63 `label_bytes`, and '-' at neither end; the last one is not numeric.
[[nodiscard]] constexpr bool is_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 253) return false;
    const char* at = text.data();
    const char* const end = at + text.size() - (text.back() == '.' ? 1 : 0);
    for (;;) {
        const char* const begin = at;
        while (at != end && label_bytes.contains(*at)) ++at;
        const auto length = static_cast<std::size_t>(at - begin);
        if (length == 0 || length > 63 || *begin == '-' || at[-1] == '-') return false;
        // That most last labels begin with a letter, and so are not numeric, saves 95 instructions.
        if (at == end) return digit_value(*begin) > 9 || !is_numeric({begin, length});
        if (*at++ != '.') return false;
    }
}

/// `host[:port]`, as in the Host field (RFC 9110, 7.2). A view of the text it was parsed from,
/// which must live as long.
struct Authority {
    std::string_view host;   ///< A name, an IPv4 address, or an IPv6 address in brackets.
    std::uint16_t port = 0;  ///< 0: not given.

    /// Splits the text at the port, and checks the port but not the host. Else `malformed`.
    static constexpr Result<Authority> split(std::string_view text) noexcept {
        const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
        const std::size_t colon = bracket == text.npos ? text.npos : text.find(':', bracket);
        if (colon == std::string_view::npos) return Authority{text};
        const auto parsed = parse_port(text.substr(colon + 1));
        if (!parsed) return parsed.error();
        return Authority{text.substr(0, colon), *parsed};
    }

    /// Splits the text and checks the host: an address or a name (`is_name`; RFC 3986, 3.2.2,
    /// without percent-encoding and IPvFuture). Else `malformed`.
    static constexpr Result<Authority> parse(std::string_view text) noexcept {
        // A port ends in a digit, and few names do: this spares most of them 50 instructions.
        const bool may_have_port = !text.empty() && digit_value(text.back()) < 10;
        Result<Authority> authority = may_have_port ? split(text) : Authority{text};
        if (authority && !is_name(authority->host) && !authority->address()) {
            authority = Reason::malformed;
        }
        return authority;
    }

    /// The host as an address: IPv4, or IPv6 in brackets. Else `malformed`.
    constexpr Result<Address> address() const noexcept {
        if (!host.starts_with('[')) return Address::parse_v4(host);
        if (!host.ends_with(']')) return Reason::malformed;
        return Address::parse_v6(host.substr(1, host.size() - 2));
    }

    /// Equal text of the host, letter case included, and equal ports.
    friend constexpr bool operator==(const Authority&, const Authority&) noexcept = default;
};

/// The authority as text: "example.com:8080", or the host alone if there is no port.
[[nodiscard]] inline std::string to_string(const Authority& authority) {
    if (authority.port == 0) return std::string(authority.host);
    const std::string port = ':' + std::to_string(authority.port);
    std::string text;
    text.reserve(authority.host.size() + port.size());
    text.append(authority.host).append(port);
    return text;
}

}  // namespace proxyfix
