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
        if (c < '!' || c > '~') return "a byte outside visible ASCII";
    }
    return text.find('"') == text.npos ? "" : "a quote in the value";
}

/// What is wrong with the port behind an address or a host.
inline constexpr std::string_view faulty_port = "the port is not a number from 1 to 65535";

/// What is wrong with a text that is no endpoint; `needs_port` as `Trust::client_has_port`.
[[nodiscard]] inline std::string_view fault_of_endpoint(std::string_view text, bool needs_port) {
    constexpr std::string_view no_address = "not an IP address",
                               unspecified = "no client has the address 0.0.0.0 or ::";
    if (needs_port && parse_endpoint(text)) return "the port is missing";
    if (equals_ignore_case(text, "unknown") || text.front() == '_') {
        return "a name instead of an address";
    }
    if (Address::parse(text)) return unspecified;  // any other would be read
    const bool is_bracketed = text.starts_with('[');
    const std::size_t bracket = text.find(']');
    if (is_bracketed && bracket == text.npos) return "an unclosed bracket";
    // The port is behind the brackets, or behind the zone.
    const std::size_t end = is_bracketed ? bracket : text.find('%');
    const std::size_t colon = end == text.npos ? text.rfind(':') : text.find(':', end);
    if (is_bracketed && bracket + 1 < text.size() && colon != bracket + 1) {
        return "text after the closing bracket";
    }
    const std::string_view host =
        is_bracketed ? text.substr(1, bracket - 1) : text.substr(0, colon);
    const std::string_view bare = host.substr(0, host.find('%'));
    const bool has_zone = bare.size() != host.size();
    const auto address = is_bracketed ? Address::parse_v6(bare) : Address::parse(bare);
    if (!address) return is_bracketed ? "the text in brackets is not an IPv6 address" : no_address;
    if (address->is_unspecified()) return unspecified;
    if (has_zone && !parse_v6_and_zone(host)) {
        return "a '%' in an address: only a link-local address has a zone, of 1 to 15 letters, "
               "digits, '.', '_', '~' and '-'";
    }
    if (parse_port(text.substr(colon + 1))) return "IPv6 with a port needs brackets";
    const bool is_before_port =
        needs_port || is_bracketed || (bare.find('.') != bare.npos && !has_zone);
    return is_before_port ? faulty_port : no_address;
}

/// What is wrong with a text that is no scheme.
[[nodiscard]] inline std::string_view fault_of_scheme(std::string_view text, bool is_forwarded) {
    if (!is_forwarded && parse_scheme_or_switch(text)) {
        return "'on' and 'off' are read only with names.x_proto";
    }
    return "the scheme is not http, https, ws or wss";
}

/// What is wrong with a text that is no authority.
[[nodiscard]] inline std::string_view fault_of_authority(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == text.npos) return "an unclosed bracket";
        if (!Address::parse_v6(text.substr(1, bracket - 1))) {
            return "the text in brackets is not an IPv6 address";
        }
        return text.substr(bracket + 1).starts_with(':') ? faulty_port
                                                         : "text after the closing bracket";
    }
    if (Address::parse_v6(text) || Address::parse_v6(text.substr(0, text.rfind(':')))) {
        return "an IPv6 host needs brackets";
    }
    const auto parts = Authority::split(text);
    if (!parts) return faulty_port;
    std::string_view host = parts->host;
    for (const char c : host) {
        if (!label_bytes.contains(c) && c != '.') return "a character not allowed in a host";
    }
    if (host.size() > 253) return "a host of more than 253 bytes";
    if (host.ends_with('.')) host.remove_suffix(1);
    for (bool is_last = false; !is_last;) {
        const std::string_view label = host.substr(0, host.find('.'));
        if (label.empty() || label.size() > 63)
            return "a label of the host is empty or longer than 63 bytes";
        if (label.front() == '-' || label.back() == '-') return "a label begins or ends with '-'";
        is_last = label.size() == host.size();
        host.remove_prefix(label.size() + (is_last ? 0 : 1));
    }
    return "the host ends in a number but is not an IPv4 address";
}

/// What is wrong with a text that is no prefix.
[[nodiscard]] inline std::string_view fault_of_prefix(std::string_view text) {
    if (text.front() != '/') return "the prefix does not begin with '/'";
    if (text.size() > 1024) return "a prefix of more than 1024 bytes";
    if (text.find('%') != text.npos) return "a '%' in a prefix: percent-encoding is not supported";
    if (text.find("//") != text.npos) return "an empty segment, '//'";
    for (const char c : text) {
        if (!prefix_bytes.contains(c) && c != '/') return "a character not allowed in a prefix";
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
    if (quotes % 2 == 1) return "an unclosed quote";
    std::array<unsigned, 3> found{};
    for (;;) {
        skip_blanks(text);
        if (!text.empty() && text.front() != ';') {
            const std::size_t equals = text.substr(0, text.find(';')).find('=');
            if (equals == text.npos) return "a parameter without '='";
            const std::string_view name = text.substr(0, equals);
            if (!is_token(name)) return "a parameter whose name is not a token";
            const std::array<std::string_view, 3> known{"for", "proto", "host"};
            for (std::size_t i = 0; i < known.size(); ++i) {
                if (equals_ignore_case(name, known[i]) && ++found[i] == 2) {
                    return "for, proto or host is given twice";
                }
            }
            text.remove_prefix(equals + 1);
            const bool is_quoted = text.starts_with('"');
            if (!take_forwarded_value(text)) return "a control byte in quotes";
            const bool is_at_blank = text.starts_with(' ') || text.starts_with('\t');
            skip_blanks(text);
            if (!text.empty() && text.front() != ';') {
                return is_quoted     ? "text after the closing quote"
                       : is_at_blank ? "a blank in a value"
                                     : "a quote, or a byte outside visible ASCII, in a value";
            }
        }
        if (!text.empty()) text.remove_prefix(1);
        if (text.empty()) return "";
    }
}

/// What is wrong with a value by which a field was rejected as `malformed`.
[[nodiscard]] inline std::string fault_of_value(std::size_t field, std::string_view text,
                                                bool is_forwarded, bool client_has_port) {
    std::string part;
    Result<FixedText<64>> unquoted = Reason::absent;
    const bool in_element = is_forwarded && field <= Field::host;
    if (in_element) {
        const auto element = ForwardedElement::parse(text);
        if (!element) return std::string(fault_of_element(text));
        part = field == Field::client ? "for: " : field == Field::proto ? "proto: " : "host: ";
        const ForwardedElement::Value& value = field == Field::client  ? element->for_
                                               : field == Field::proto ? element->proto
                                                                       : element->host;
        text = value.text;
        if (field == Field::host) {
            const bool has_pair = value.quoted && text.find('\\') != text.npos;
            if (has_pair) return part + "a backslash in quotes";
        } else {
            unquoted = unquote(value);
            if (!unquoted) return part + "more than 64 bytes";
            text = unquoted->view();
        }
    }
    if (field == Field::client && text.find(',') != text.npos) {
        return part + "a list instead of one address";
    }
    if (field == Field::port) return std::string(text.empty() ? "an empty value" : faulty_port);
    const std::string_view common = fault_of_text(text);
    if (!common.empty()) return part.append(common);
    switch (field) {
        case Field::client: return part.append(fault_of_endpoint(text, client_has_port));
        case Field::proto: return part.append(fault_of_scheme(text, in_element));
        case Field::host: return part.append(fault_of_authority(text));
        default: return part.append(fault_of_prefix(text));
    }
}

}  // namespace proxyfix::inline v0::detail
