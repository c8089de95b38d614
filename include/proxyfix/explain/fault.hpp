// SPDX-License-Identifier: MIT
/// \file
/// Why a value is malformed, in words.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/http/forwarded.hpp"
#include "proxyfix/http/prefix.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0::detail {

/// What is wrong with any value; empty if it takes a closer look.
[[nodiscard]] inline std::string_view fault_of_text(std::string_view text) {
    if (text.empty()) return "an empty value";
    for (const char c : text) {
        if (c == ' ' || c == '\t') return "a blank in the value";
        if (c < ' ' || c > '~') return "a byte that is not visible ASCII";
    }
    return text.find('"') == text.npos ? "" : "a quote in the value";
}

/// What is wrong with the port behind an address or a host.
inline constexpr std::string_view faulty_port = "the port is not a number of 1 to 65535";

/// What is wrong with a text that is no endpoint; `needs_port` as `Trust::client_has_port`.
[[nodiscard]] inline std::string_view fault_of_endpoint(std::string_view text, bool needs_port) {
    const std::string_view common = fault_of_text(text);
    if (!common.empty()) return common;
    if (needs_port && parse_endpoint(text)) return "the port is missing";
    if (text.find('%') != text.npos) {
        return "a '%' in an address: only a link-local address has a zone, of 1 to 15 letters, "
               "digits, '.', '_', '~' and '-'";
    }
    if (equals_ignore_case(text, "unknown") || text.front() == '_') {
        return "a name instead of an address";
    }
    const std::size_t colon = text.rfind(':');
    const bool has_port = colon != text.npos && !text.ends_with(']');
    const std::string_view host = has_port ? text.substr(0, colon) : text;
    const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
    const auto address =
        is_bracketed ? Address::parse_v6(host.substr(1, host.size() - 2)) : Address::parse(host);
    if (!address && Address::parse(text)) return "0.0.0.0 and :: are no client's address";
    if (!address && is_bracketed) return "what is in brackets is not an IPv6 address";
    if (!address && host.starts_with('[')) return "a bracket that is not closed";
    if (!address) return "not an IP address";
    if (address->is_unspecified()) return "0.0.0.0 and :: are no client's address";
    if (has_port && !parse_port(text.substr(colon + 1))) return faulty_port;
    return "IPv6 with a port needs brackets";
}

/// What is wrong with a text that is no scheme.
[[nodiscard]] inline std::string_view fault_of_scheme(std::string_view text) {
    const std::string_view common = fault_of_text(text);
    if (!common.empty()) return common;
    if (parse_scheme_or_switch(text)) return "'on' and 'off' are read only with names.x_proto";
    return "the scheme is not http, https, ws or wss";
}

/// What is wrong with a text that is no authority.
[[nodiscard]] inline std::string_view fault_of_authority(std::string_view text) {
    const std::string_view common = fault_of_text(text);
    if (!common.empty()) return common;
    if (Address::parse_v6(text)) return "an IPv6 address in a host needs brackets";
    const auto parts = Authority::split(text);
    if (!parts) return faulty_port;
    std::string_view host = parts->host;
    if (host.starts_with('[')) return "what is in brackets is not an IPv6 address";
    for (const char c : host) {
        if (!label_bytes.contains(c) && c != '.') return "a character that no host has";
    }
    if (host.size() > 253) return "a host of more than 253 bytes";
    if (host.ends_with('.')) host.remove_suffix(1);
    while (!host.empty()) {
        const std::string_view label = host.substr(0, host.find('.'));
        if (label.empty() || label.size() > 63) return "a label of a host has 1 to 63 bytes";
        if (label.front() == '-' || label.back() == '-') return "a '-' at the end of a label";
        host.remove_prefix(label.size() == host.size() ? host.size() : label.size() + 1);
    }
    return "a host that ends in a number is an IPv4 address, and this is none";
}

/// What is wrong with a text that is no prefix.
[[nodiscard]] inline std::string_view fault_of_prefix(std::string_view text) {
    const std::string_view common = fault_of_text(text);
    if (!common.empty()) return common;
    if (text.front() != '/') return "the prefix does not begin with '/'";
    if (text.size() > 1024) return "a prefix of more than 1024 bytes";
    if (text.find('%') != text.npos) return "a '%' in a prefix: percent-encoding is not read";
    if (text.find("//") != text.npos) return "an empty segment, '//'";
    for (const char c : text) {
        if (!is_prefix_byte(c) && c != '/') return "a character that no prefix has";
    }
    return "a '.' or '..' segment";
}

/// What is wrong with a text that is no element of Forwarded.
[[nodiscard]] inline std::string_view fault_of_element(std::string_view text) {
    if (text.empty()) return "an empty element";
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quotes % 2 == 1 && text[i] == '\\') ++i;
        else if (text[i] == '"') ++quotes;
    }
    if (quotes % 2 == 1) return "a quote that is not closed";
    std::array<unsigned, 3> found{};
    for (;;) {
        skip_blanks(text);
        if (!text.empty() && text.front() != ';') {
            const std::size_t equals = text.find('=');
            if (equals == text.npos) return "a parameter without '='";
            const std::string_view name = text.substr(0, equals);
            if (!is_token(name)) return "a parameter whose name is not a token";
            const std::array<std::string_view, 3> known{"for", "proto", "host"};
            for (std::size_t i = 0; i < known.size(); ++i) {
                if (equals_ignore_case(name, known[i]) && ++found[i] == 2) {
                    return "for, proto or host twice";
                }
            }
            text.remove_prefix(equals + 1);
            const bool is_quoted = text.starts_with('"');
            if (!take_forwarded_value(text)) {
                return is_quoted ? "a control byte in quotes"
                                 : "a quote, or a byte that is not visible ASCII, in a value";
            }
            skip_blanks(text);
            if (!text.empty() && text.front() != ';') {
                return is_quoted ? "something behind the quotes" : "a blank in a value";
            }
        }
        if (!text.empty()) text.remove_prefix(1);
        if (text.empty()) return "";
    }
}

/// What is wrong with a value by which a field was rejected as `malformed`; empty if there is
/// nothing to say.
[[nodiscard]] inline std::string fault_of_value(std::size_t field, std::string_view text,
                                                bool is_forwarded, bool client_has_port) {
    std::string part;
    ForwardedElement::Value value{text};
    if (is_forwarded && field <= Field::host) {
        const auto element = ForwardedElement::parse(text);
        if (!element) return std::string(fault_of_element(text));
        part = field == Field::client ? "for: " : field == Field::proto ? "proto: " : "host: ";
        value = field == Field::client  ? element->for_
                : field == Field::proto ? element->proto
                                        : element->host;
    }
    if (value.quoted && value.text.find('\\') != text.npos) return part + "a backslash in quotes";
    switch (field) {
        case Field::client: return part.append(fault_of_endpoint(value.text, client_has_port));
        case Field::proto: return part.append(fault_of_scheme(value.text));
        case Field::host: return part.append(fault_of_authority(value.text));
        case Field::port: return part.append(value.text.empty() ? "an empty value" : faulty_port);
        default: return part.append(fault_of_prefix(value.text));
    }
}

}  // namespace proxyfix::inline v0::detail
