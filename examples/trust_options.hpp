// SPDX-License-Identifier: MIT
/// \file
/// A `Trust` from the options of a command line. Shared by the examples.
#pragma once

#include <cstdint>
#include <iostream>
#include <iterator>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string_view>
#include <utility>

inline constexpr std::string_view trust_usage =
    "  --x-for N, --x-proto N, --x-host N, --x-port N, --x-prefix N, --forwarded N\n"
    "                        how many proxies of yours write this header; 0 unless given.\n"
    "                        --x-for all and --forwarded all: as many as there are in a row\n"
    "  --proxies LIST        their addresses: '10.0.0.0/24, loopback'; any unless given\n"
    "  --client-header NAME  a header with the client's address, instead of X-Forwarded-For\n"
    "  --allowed-hosts LIST  'shop.example, *.shop.example'; any unless given\n"
    "  --strip WHICH         erase header lines: keep (the default), untrusted, all\n";

/// No header is believed until an option says so.
inline const proxyfix::Trust no_trust{.x_for = 0, .x_proto = 0};

/// A number of at most 65535; or nothing, after a message that names the text.
inline std::optional<unsigned> parse_number(std::string_view option, std::string_view text) {
    const std::optional<unsigned> number = proxyfix::parse_decimal(text, 65535);
    if (!number) std::cerr << option << ": not a number of 0 to 65535: '" << text << "'\n";
    return number;
}

/// Sets the member of `trust` that `option` names. False, after a message, if it names none or the
/// text is faulty.
inline bool set_trust(proxyfix::Trust& trust, std::string_view option, std::string_view text) {
    const std::pair<std::string_view, unsigned*> counts[] = {
        {"--x-for", &trust.x_for},       {"--x-proto", &trust.x_proto},
        {"--x-host", &trust.x_host},     {"--x-port", &trust.x_port},
        {"--x-prefix", &trust.x_prefix}, {"--forwarded", &trust.forwarded}};
    for (const auto& [name, count] : counts) {
        if (option != name) continue;
        const bool all = text == "all" && (count == &trust.x_for || count == &trust.forwarded);
        const auto number = all ? proxyfix::all_hops : parse_number(option, text);
        if (number) *count = *number;
        return number.has_value();
    }
    const auto assign = [option](auto& member, const auto& parsed) {
        if (parsed) member = *parsed;
        else std::cerr << option << ": " << parsed.error() << '\n';
        return parsed.has_value();
    };
    if (option == "--proxies") return assign(trust.proxies, proxyfix::Networks::parse(text));
    if (option == "--allowed-hosts")
        return assign(trust.allowed_hosts, proxyfix::Hosts::parse(text));
    if (option == "--client-header")
        return assign(trust.client_header, proxyfix::FieldName::parse(text));
    if (option == "--strip") {
        using proxyfix::Strip;
        if (text == "keep") trust.strip = Strip::keep;
        else if (text == "untrusted") trust.strip = Strip::untrusted;
        else if (text == "all") trust.strip = Strip::all;
        else std::cerr << "--strip: not keep, untrusted or all: '" << text << "'\n";
        return text == "keep" || text == "untrusted" || text == "all";
    }
    std::cerr << "unknown option: " << option << '\n';
    return false;
}

/// Does the trust contradict itself? Says how.
inline bool is_sound(const proxyfix::Trust& trust) {
    if (!fault(trust).empty()) std::cerr << fault(trust) << '\n';
    return fault(trust).empty();
}
