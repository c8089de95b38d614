// SPDX-License-Identifier: MIT
/// \file
/// A `Trust` as text: `parse_trust` reads it, from an environment variable or a file, and
/// `to_string` writes it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/net/networks.hpp"

namespace proxyfix::inline v0::detail {

/// The values of `Trust::strip` as words, in their order.
inline constexpr std::array<std::string_view, 3> strip_words{"keep", "untrusted", "all"};

/// Sets a member of `trust` from text: "x_for", "names.x_for", "forwarded", "proxies" ... Returns
/// what is wrong, or an empty text.
[[nodiscard]] inline std::string set_member(Trust& trust, std::string_view name,
                                            std::string_view value) {
    const auto assign = [](auto& member, const auto& parsed) {
        if (parsed) member = *parsed;
        return parsed.error();
    };
    for (const ForwardingHeader& header : forwarding_headers) {
        if (name == header.option) {
            const auto number = parse_decimal(value, Lines::most);
            if (!number && value != "all") return "not a number of 0 to 16, or all";
            trust.*header.count = number ? *number : all_hops;
            return "";
        }
        if (name.starts_with("names.") && name.substr(6) == header.option) {
            return assign(trust.names.*header.name, FieldName::parse(value));
        }
    }
    if (name == "proxies") return assign(trust.proxies, Networks::parse(value));
    if (name == "allowed_hosts") return assign(trust.allowed_hosts, Hosts::parse(value));
    if (name == "client_header") return assign(trust.client_header, FieldName::parse(value));
    if (name == "forwarded" || name == "client_has_port") {
        if (value != "yes" && value != "no") return "not yes or no";
        (name == "forwarded" ? trust.forwarded : trust.client_has_port) = value == "yes";
        return "";
    }
    if (name == "strip") {
        for (std::size_t i = 0; i < strip_words.size(); ++i) {
            if (value != strip_words[i]) continue;
            trust.strip = static_cast<Strip>(i);
            return "";
        }
        return "not keep, untrusted or all";
    }
    return "there is no such name";
}

/// The names of the members, in the order in which they are written.
inline constexpr std::array<std::string_view, 16> member_names{
    "x_for",          "x_proto",       "x_host",          "x_port",
    "x_prefix",       "forwarded",     "proxies",         "allowed_hosts",
    "names.x_for",    "names.x_proto", "names.x_host",    "names.x_port",
    "names.x_prefix", "client_header", "client_has_port", "strip"};

/// The text of a member, as `set_member` reads it.
[[nodiscard]] inline std::string member_text(const Trust& trust, std::string_view name) {
    for (const ForwardingHeader& header : forwarding_headers) {
        const unsigned count = trust.*header.count;
        if (name == header.option) return count == all_hops ? "all" : std::to_string(count);
        if (name.starts_with("names.") && name.substr(6) == header.option) {
            return std::string((trust.names.*header.name).view());
        }
    }
    if (name == "proxies") return to_string(trust.proxies);
    if (name == "allowed_hosts") return to_string(trust.allowed_hosts);
    if (name == "client_header") return std::string(trust.client_header.view());
    if (name == "strip") return std::string(strip_words[static_cast<std::size_t>(trust.strip)]);
    return (name == "forwarded" ? trust.forwarded : trust.client_has_port) ? "yes" : "no";
}

/// What `parse_trust` starts from: no header has a count.
[[nodiscard]] inline Trust trust_without_counts() { return {.x_for = 0, .x_proto = 0}; }

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// A `Trust` from text, such as a configuration file or an environment variable (`std::getenv`
/// gives a null pointer if it is not set: check that first):
///
///     x_for=2; x_proto=1; proxies=10.0.0.2, loopback; allowed_hosts=shop.example, *.shop.example
///
/// Words `name=value` with ';' or line ends between them. Blanks around names, '=' and words are
/// ignored, and so are empty words. The names are those of the members; those of `names` are
/// `names.x_proto` and so on.
///
/// - A count that is not named is 0; every other member is as in `Trust{}`.
/// - Counts are decimal, or `all` for `all_hops`. `forwarded` and `client_has_port` are yes or no;
///   `strip` is keep, untrusted or all.
/// - `proxies` and `allowed_hosts` are as `Networks::parse` and `Hosts::parse` read them, on one
///   line: `any` and `*` are everybody, and an empty value is nobody.
///
/// The error names the text that is unknown, faulty or given twice, or the contradiction (`fault`).
[[nodiscard]] inline Parsed<Trust> parse_trust(std::string_view text) {
    Trust trust = detail::trust_without_counts();
    std::array<bool, detail::member_names.size()> is_given{};
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = rest.find_first_of(";\r\n");
        const std::string_view word = detail::trim(rest.substr(0, end));
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        if (word.empty()) continue;
        const std::size_t equals = word.find('=');
        const std::string_view name = detail::trim(word.substr(0, equals));
        const auto faulty = [word](const std::string& why) {
            return Fault{std::string(word).append(": ").append(why)};
        };
        if (equals == word.npos) return faulty("not name=value");
        const std::string why =
            detail::set_member(trust, name, detail::trim(word.substr(equals + 1)));
        if (!why.empty()) return faulty(why);
        for (std::size_t i = 0; i < is_given.size(); ++i) {
            if (name != detail::member_names[i]) continue;
            if (is_given[i]) return faulty("given twice");
            is_given[i] = true;
        }
    }
    const std::string_view contradiction = fault(trust);
    if (contradiction.empty()) return trust;
    return Fault{std::string(detail::trim(text)).append(": ").append(contradiction)};
}

/// The text that `parse_trust` reads as this trust: its members that are not as in `Trust{}`, and
/// the counts that are not 0. Reads back as the same trust, if it has no `fault`.
[[nodiscard]] inline std::string to_string(const Trust& trust) {
    const Trust unnamed = detail::trust_without_counts();
    std::string text;
    for (const std::string_view name : detail::member_names) {
        const std::string value = detail::member_text(trust, name);
        if (value == detail::member_text(unnamed, name)) continue;
        text.append(text.empty() ? "" : "; ").append(name).append("=").append(value);
    }
    return text;
}

}  // namespace proxyfix::inline v0
