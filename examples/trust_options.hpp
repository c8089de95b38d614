// SPDX-License-Identifier: MIT
/// \file
/// A `Trust` from the options of a command line. Shared by the examples.
#pragma once

#include <iostream>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

#include "trust_text.hpp"

inline constexpr std::string_view trust_usage =
    "  --x-for N, --x-proto N, --x-host N, --x-port N, --x-prefix N, --forwarded N\n"
    "                        how many proxies of yours write this header; 0 unless given.\n"
    "                        --x-for all and --forwarded all: as many as there are in a row\n"
    "  --proxies LIST        their addresses: '10.0.0.0/24, loopback'; any unless given\n"
    "  --client-header NAME  a header with the client's address, instead of X-Forwarded-For\n"
    "  --allowed-hosts LIST  'shop.example, *.shop.example'; any unless given\n"
    "  --strip WHICH         erase header lines: keep (the default), untrusted, all\n";

/// A number of at most 65535; or nothing, after a message that names the text.
inline std::optional<unsigned> parse_number(std::string_view option, std::string_view text) {
    const auto number = number_of(text);
    if (number) return *number;
    std::cerr << option << ": " << number.error() << '\n';
    return std::nullopt;
}

/// Sets the member of `trust` that `option` names. False, after a message, if it names none or the
/// text is faulty.
inline bool set_trust(proxyfix::Trust& trust, std::string_view option, std::string_view text) {
    const std::string wrong = set_member(trust, option, text);
    if (!wrong.empty()) std::cerr << option << ": " << wrong << '\n';
    return wrong.empty();
}

/// Does the trust contradict itself? Says how.
inline bool is_sound(const proxyfix::Trust& trust) {
    if (!fault(trust).empty()) std::cerr << fault(trust) << '\n';
    return fault(trust).empty();
}
