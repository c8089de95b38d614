// SPDX-License-Identifier: MIT
/// \file
/// Sets the members of a `Trust` from text. Shared by the examples.
#pragma once

#include <charconv>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>

/// No header is believed until an option says so.
inline const proxyfix::Trust no_trust{.x_for = 0, .x_proto = 0};

/// A number of at most 65535.
inline proxyfix::Parsed<unsigned> number_of(std::string_view text) {
    unsigned number = 0;
    static_cast<void>(std::from_chars(text.data(), text.data() + text.size(), number));
    if (number <= 65535 && std::to_string(number) == text) return number;
    return proxyfix::Fault{"not a number of 0 to 65535: '" + std::string(text) + '\''};
}

/// Sets the member of `trust` that `option` names. Returns what is wrong, or an empty text.
inline std::string set_member(proxyfix::Trust& trust, std::string_view option,
                              std::string_view text) {
    const auto assign = [](auto& member, auto parsed) {
        if (parsed) member = *parsed;
        return parsed.error();
    };
    const std::pair<std::string_view, unsigned*> counts[] = {
        {"--x-for", &trust.x_for},       {"--x-proto", &trust.x_proto},
        {"--x-host", &trust.x_host},     {"--x-port", &trust.x_port},
        {"--x-prefix", &trust.x_prefix}, {"--forwarded", &trust.forwarded}};
    for (const auto& [name, count] : counts) {
        if (option != name) continue;
        const bool all = text == "all" && (count == &trust.x_for || count == &trust.forwarded);
        return assign(*count, all ? proxyfix::all_hops : number_of(text));
    }
    if (option == "--proxies") return assign(trust.proxies, proxyfix::Networks::parse(text));
    if (option == "--allowed-hosts")
        return assign(trust.allowed_hosts, proxyfix::Hosts::parse(text));
    if (option == "--client-header")
        return assign(trust.client_header, proxyfix::FieldName::parse(text));
    if (option != "--strip") return "no such option";
    using proxyfix::Strip;
    if (text == "keep") trust.strip = Strip::keep;
    else if (text == "untrusted") trust.strip = Strip::untrusted;
    else if (text == "all") trust.strip = Strip::all;
    else return "not keep, untrusted or all: '" + std::string(text) + '\'';
    return "";
}
