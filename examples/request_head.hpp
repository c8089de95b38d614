// SPDX-License-Identifier: MIT
/// \file
/// Reads the head of an HTTP/1 request into an `Environ`. Shared by the examples.
#pragma once

#include <cstddef>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

/// `text` up to `separator`; that and the separator are taken off its front. Else nothing.
inline std::optional<std::string_view> take_until(std::string_view& text,
                                                  std::string_view separator) {
    const std::size_t end = text.find(separator);
    if (end == text.npos) return std::nullopt;
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end + separator.size());
    return taken;
}

/// Is it a token of RFC 9110, 5.6.2, as the names of methods and headers are?
inline bool is_token(std::string_view text) {
    constexpr std::string_view allowed =
        "!#$%&'*+-.^_`|~0123456789"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return !text.empty() && text.find_first_not_of(allowed) == text.npos;
}

/// Without the blanks at its ends.
inline std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return "";
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// A head as people paste it, made a complete one: CRLF, a request line, an empty line at the end.
inline std::string complete_head(std::string_view text) {
    std::string head;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;
        const bool is_header = line.find(':') < line.find(' ');
        if (head.empty() && is_header) head = "GET / HTTP/1.0\r\n";
        head.append(line).append("\r\n");
    }
    if (head.empty()) head = "GET / HTTP/1.0\r\n";
    return head + "\r\n";
}

/// May this be the address of a peer, as a server gives it?
inline bool is_peer(std::string_view text) {
    const bool is_unix = text.empty() || text.starts_with("unix:");
    return is_unix || proxyfix::Address::parse(text.substr(0, text.find('%')));
}

/// Reads a head with its final empty line into `env`, strictly by RFC 9112, 3 to 5: lines end in
/// CRLF, no folding, one valid Host field (none in HTTP/1.0), a target in origin-form. Returns what
/// is wrong, or an empty text.
inline std::string_view read_request_head(std::string_view head, proxyfix::Environ& env) {
    const auto method = take_until(head, " ");
    const auto target = take_until(head, " ");
    const auto version = take_until(head, "\r\n");
    if (!method || !target || !version || !is_token(*method)) return "no request line";
    if (!target->starts_with('/')) return "the target does not start with '/'";
    if (*version != "HTTP/1.1" && *version != "HTTP/1.0") return "not HTTP/1.1 or HTTP/1.0";
    for (const char c : *target) {
        if (c <= ' ' || c >= 0x7f) return "the target has characters that are not allowed";
    }
    env.request_method = *method;
    env.path_info = target->substr(0, target->find('?'));
    env.query_string = target->substr(env.path_info.size());
    env.query_string.erase(0, 1);

    std::size_t hosts = 0;
    for (;;) {
        auto line = take_until(head, "\r\n");
        if (!line) return "no empty line at the end";
        if (line->empty()) break;
        const auto name = take_until(*line, ":");
        if (!name || !is_token(*name)) return "a header line without a valid name";
        for (const char byte : *line) {
            const auto c = static_cast<unsigned char>(byte);
            if ((c < ' ' && c != '\t') || c == 0x7f) return "a control character in a header";
        }
        const std::string_view value = trimmed(*line);
        if (proxyfix::equals_ignore_case(*name, "Host")) {
            if (++hosts > 1) return "several Host lines";
            if (!proxyfix::Authority::parse(value)) return "the Host line is malformed";
            env.http_host = value;
        }
        env.headers.push_back({std::string(*name), std::string(value)});
    }
    return hosts == 1 || *version == "HTTP/1.0" ? "" : "no Host line";
}
