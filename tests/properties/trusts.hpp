// SPDX-License-Identifier: MIT
/// \file
/// Sets of addresses, and trusts, made by `Choices`: any that there may be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "choices.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/net/networks.hpp"
#include "request.hpp"

/// A set of addresses, with ranges that begin or end where IPv4 does.
inline Networks networks_of(Choices& choices) {
    constexpr std::string_view at_edges[] = {"0.0.0.0/0",
                                             "0.0.0.0/1",
                                             "128.0.0.0/1",
                                             "0.0.0.0",
                                             "255.255.255.255",
                                             "::fffe:0:0/96",
                                             "::fffe:ffff:ffff",
                                             "::1:0:0:0",
                                             "::1:0:0:0/96",
                                             "::/80",
                                             "::/81",
                                             "::8000:0:0/81",
                                             "::/79",
                                             "::/0",
                                             "::",
                                             "8000::/1",
                                             "ffff::/16",
                                             "::/1",
                                             "::/65",
                                             "0:0:0:1::/64",
                                             "unix:",
                                             "private",
                                             "::2:0:0:0/95",
                                             "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    if (choices.one_in(16)) return Networks::any();
    Networks set;
    for (unsigned n = choices.below(6); n > 0; --n) {
        if (choices.one_in(3)) {
            const auto half = [&choices] {
                std::uint64_t bits = 0;
                for (int i = 0; i < 4; ++i) bits = bits << 16 | choices.below(0x10000);
                return bits;
            };
            const bool is_v4 = choices.one_in(2);
            const std::uint64_t low = half();
            const auto address = is_v4 ? proxyfix::Address::v4(static_cast<std::uint32_t>(low))
                                       : proxyfix::Address(half(), low);
            const unsigned bits = choices.below(is_v4 ? 33 : 129);
            const std::string text = to_string(address.network(bits));
            set = set | Networks::parse(text + '/' + std::to_string(bits)).value();
        } else {
            set = set | Networks::parse(choices.one_of(at_edges)).value();
        }
    }
    return set;
}

/// Any trust, be it that it contradicts itself.
inline Trust any_trust(Choices& choices) {
    constexpr std::array<unsigned, 8> likely = {0, 1, 1, 2, 3, 15, 16, all_hops};
    constexpr std::string_view header_names[] = {
        "X-Scheme",          "x-forwarded-for",    "X-Real-IP", "Host",
        "X-FORWARDED-PROTO", "X-Forwarded-Prefix", "a",         "!#$%&'*+-.^_`|~",
        "Forwarded",         "X-Url-Scheme"};
    Trust trust;
    for (unsigned* n : x_counts(trust)) {
        *n = choices.one_in(40) ? 17 : likely[choices.below(choices.one_in(4) ? 8 : 7)];
    }
    const bool is_simple = choices.one_in(2);
    if (choices.one_in(3)) trust.forwarded = true;
    if (!choices.one_in(3)) trust.proxies = networks_of(choices);
    if (choices.one_in(2)) {
        trust.allowed_hosts = {};
        std::string patterns;
        constexpr std::string_view some[] = {
            "shop.example", "*.shop.example", "[2001:db8::7]", "192.0.2.1", "any", "SHOP.example."};
        for (unsigned n = choices.below(4); n > 0; --n) patterns += choices.one_of(some) + ' ';
        trust.allowed_hosts = proxyfix::Hosts::parse(patterns).value();
    }
    const auto name = [&] {
        return proxyfix::FieldName::parse(choices.one_of(header_names)).value();
    };
    for (const auto& header : proxyfix::detail::forwarding_headers) {
        if (choices.one_in(is_simple ? 8 : 3)) trust.names.*header.name = name();
    }
    if (choices.one_in(is_simple ? 8 : 3)) trust.client_header = name();
    if (choices.one_in(8)) trust.client_has_port = true;
    trust.strip = static_cast<proxyfix::Strip>(choices.below(3));
    return trust;
}
