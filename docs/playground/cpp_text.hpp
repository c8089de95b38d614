// SPDX-License-Identifier: MIT
/// \file
/// A `Trust` as C++ source.
#pragma once

#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

/// A string literal.
inline std::string literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// The words of a list as literals: `{"10.0.0.1", "10.0.0.2"}`.
inline std::string literals(std::string_view list) {
    std::string out;
    for (std::string_view word = proxyfix::detail::take_word(list); !word.empty();
         word = proxyfix::detail::take_word(list)) {
        out.append(out.empty() ? "" : ", ").append(literal(word));
    }
    return '{' + out + '}';
}

/// `Trust::proxies`. The words that name a set are functions in the source.
inline std::string proxies_cpp(std::string_view list) {
    std::string sets, networks;
    for (std::string_view word = proxyfix::detail::take_word(list); !word.empty();
         word = proxyfix::detail::take_word(list)) {
        const std::string_view set = word == "loopback"     ? "loopback()"
                                     : word == "private"    ? "private_use()"
                                     : word == "link-local" ? "link_local()"
                                     : word == "shared"     ? "shared()"
                                     : word == "unix:"      ? "unix_domain()"
                                                            : "";
        if (set.empty()) networks.append(word).append(" ");
        else sets.append(sets.empty() ? "" : " | ").append("proxyfix::Networks::").append(set);
    }
    if (sets.empty()) return literals(networks);
    return networks.empty() ? sets : sets + " | proxyfix::Networks" + literals(networks);
}

/// `Trust::names`: those that are not the usual ones.
inline std::string names_cpp(const proxyfix::HeaderNames& names) {
    std::string out;
    for (const auto& header : proxyfix::detail::forwarding_headers) {
        const proxyfix::FieldName& name = names.*header.name;
        if (name == header.usual_name) continue;
        out.append(out.empty() ? "." : ", .").append(header.option).append(" = ");
        out += literal(name.view());
    }
    return '{' + out + '}';
}

/// A definition of this `trust`, of which `proxies` and `hosts` are the lists it was made of.
inline std::string trust_cpp(const proxyfix::Trust& trust, std::string_view proxies,
                             std::string_view hosts) {
    using proxyfix::Strip;
    std::string out;
    const auto member = [&out](std::string_view name, const std::string& value) {
        out.append(out.empty() ? "" : ",\n").append("    .").append(name).append(" = ");
        out += value;
    };
    const auto count = [&member](std::string_view name, unsigned n, unsigned unless) {
        const std::string text = proxyfix::detail::count_text(n);
        if (n != unless) member(name, n == proxyfix::all_hops ? "proxyfix::" + text : text);
    };
    constexpr unsigned always = ~0u;  // written even where it is the default
    count("x_for", trust.x_for, always);
    count("x_proto", trust.x_proto, always);
    count("x_host", trust.x_host, 0);
    count("x_port", trust.x_port, 0);
    count("x_prefix", trust.x_prefix, 0);
    if (trust.forwarded) member("forwarded", "true");
    if (!trust.proxies.is_any()) member("proxies", proxies_cpp(proxies));
    if (!trust.allowed_hosts.is_any()) member("allowed_hosts", literals(hosts));
    if (trust.names != proxyfix::HeaderNames()) member("names", names_cpp(trust.names));
    if (!trust.client_header.empty()) member("client_header", literal(trust.client_header.view()));
    if (trust.client_has_port) member("client_has_port", "true");
    if (trust.strip == Strip::untrusted) member("strip", "proxyfix::Strip::untrusted");
    if (trust.strip == Strip::all) member("strip", "proxyfix::Strip::all");
    return "const proxyfix::Trust trust{\n" + out + "};\n";
}
