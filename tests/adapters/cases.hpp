// SPDX-License-Identifier: MIT
/// \file
/// What every adapter must do. Include it after a struct `Framework` with
/// - `lines_in_order`: is that so in this framework?
/// - `keeps_names`: does the framework keep '_' and '-' in names apart?
/// - `with(arrived, look)`: makes the framework's request "GET /cart?item=1" from the port 50000 of
///   the peer, as its server would, and calls `look` with an `EnvironOf` it.
#pragma once

#include <string>
#include <type_traits>

#include "../allocation.hpp"
#include "../catch.hpp"
#include "arrived.hpp"
#include "proxyfix/proxyfix.hpp"

using namespace proxyfix;

inline const Trust one_of_each{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};

/// What a handler behind ProxyFix is called with.
template <class Env> Environ fixed(Env& env, const Trust& trust) {
    Environ seen;
    const auto look = [&seen](const Environ& rewritten) { seen = rewritten; };
    ProxyFix<decltype(look), Env>(look, trust)(env);
    return seen;
}

TEST_CASE("The Environ says what the server knows") {
    Framework::with({.lines = {{"Accept", "*/*"}}}, [](auto& env) {
        CHECK(env.remote_addr == "10.0.0.2");
        CHECK(env.remote_port == 50000);
        CHECK(env.url_scheme == "http");
        CHECK(env.http_host == "app.internal");
        CHECK(env.server_port == 8000);
        CHECK(env.script_name == "");
        CHECK(env.path_info == "/cart");
        CHECK(env.query_string == "item=1");
        CHECK(env.request_method == "GET");
        CHECK(env.headers.empty());
    });
}

TEST_CASE("The handler sees the client, and the original stays") {
    const Arrived arrived{.lines = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"},
                                    {"X-Forwarded-Proto", "https"},
                                    {"X-Forwarded-Host", "shop.example"},
                                    {"X-Forwarded-Port", "443"},
                                    {"X-Forwarded-Prefix", "/store"}}};
    Framework::with(arrived, [](auto& env) {
        const Environ seen = fixed(env, one_of_each);
        CHECK(seen.remote_addr == "203.0.113.7");
        CHECK(seen.url_scheme == "https");
        CHECK(seen.http_host == "shop.example:443");
        CHECK(seen.server_name == "shop.example");
        CHECK(seen.server_port == 443);
        CHECK(seen.script_name == "/store");
        CHECK(seen.path_info == "/cart");
        CHECK(url_root(seen) == "https://shop.example/store/");
        CHECK(original(seen).remote_addr == "10.0.0.2");
        CHECK(original(seen).http_host == "app.internal");
        CHECK(!seen.proxy.refused());
    });
}

TEST_CASE("Two lines are one list, whatever their letter case, or refused") {
    const Arrived arrived{.lines = {{"x-forwarded-for", "6.6.6.6"},
                                    {"X-FORWARDED-FOR", "7.7.7.7, 203.0.113.7"},
                                    {"Accept", "*/*"},
                                    {"X-Forwarded-For", "10.0.0.9"},
                                    {"x-forwarded-proto", "wss"},
                                    {"X-Forwarded-Proto", "https"}}};
    Framework::with(arrived, [](auto& env) {
        const Environ seen = fixed(env, {.x_for = 2, .x_proto = 1});
        if (Framework::lines_in_order) {
            CHECK(seen.remote_addr == "203.0.113.7");
            CHECK(seen.url_scheme == "https");
        } else {
            CHECK(seen.remote_addr == "10.0.0.2");
            CHECK(seen.url_scheme == "http");
            CHECK(seen.proxy.client == Reason::unreliable_lines);
            CHECK(seen.proxy.proto == Reason::unreliable_lines);
        }
    });
}

TEST_CASE("Many lines in mixed letter case keep their order") {
    Arrived arrived;
    for (int i = 1; i <= 40; ++i) {
        arrived.lines.emplace_back(i % 2 ? "X-Forwarded-For" : "x-forwarded-for",
                                   "203.0.113." + std::to_string(i));
    }
    Framework::with(arrived, [](auto& env) {
        for (unsigned n = 1; n <= 16; ++n) {
            const Resolution r = resolve(env, Trust{.x_for = n, .x_proto = 0});
            if (!Framework::lines_in_order) CHECK(r.client == Reason::unreliable_lines);
            else CHECK(to_string(r.client->address) == "203.0.113." + std::to_string(41 - n));
        }
    });
}

TEST_CASE("A name with an underscore is another header") {
    const Arrived arrived{
        .lines = {{"X_Forwarded_For", "6.6.6.6"}, {"X_FORWARDED-FOR", "7.7.7.7"}}};
    if (!Framework::keeps_names) return;
    Framework::with(arrived, [](auto& env) {
        CHECK(fixed(env, {.x_for = 1}).remote_addr == "10.0.0.2");
        CHECK(fixed(env, {.x_for = 1}).proxy.client == Reason::absent);
    });
}

TEST_CASE("A peer with an IPv6 address is known by it") {
    Arrived arrived{.lines = {{"X-Forwarded-For", "2001:db8::7"}}, .peer = "fd00::2"};
    Framework::with(arrived, [](auto& env) {
        CHECK(env.remote_addr == "fd00::2");
        const Environ other = fixed(env, {.x_for = 1, .proxies = {"fd00::3"}});
        CHECK(other.remote_addr == "fd00::2");
        CHECK(other.proxy.client == Reason::peer_not_trusted);
        const Environ seen = fixed(env, {.x_for = 1, .proxies = {"fd00::/64"}});
        CHECK(seen.remote_addr == "2001:db8::7");
        CHECK(original(seen).remote_addr == "fd00::2");
    });
    arrived.peer = "::ffff:10.0.0.2";  // IPv4, as a socket for both sees it
    Framework::with(arrived, [](auto& env) {
        CHECK(fixed(env, {.x_for = 1, .proxies = {"10.0.0.2"}}).remote_addr == "2001:db8::7");
    });
}

TEST_CASE("A second ProxyFix asks for the original peer") {
    const Arrived arrived{
        .lines = {{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Proto", "https"}}};
    Framework::with(arrived, [](auto& env) {
        fixed(env, {.x_for = 1, .x_proto = 0});
        const Environ seen = fixed(env, {.x_for = 1, .x_proto = 1, .proxies = {"10.0.0.2"}});
        CHECK(seen.remote_addr == "203.0.113.7");
        CHECK(seen.url_scheme == "https");
        CHECK(original(seen).remote_addr == "10.0.0.2");
    });
}

TEST_CASE("What is malformed changes nothing") {
    const Arrived arrived{.lines = {{"X-Forwarded-For", "010.0.0.5"},
                                    {"X-Forwarded-Host", "evil.example/?"},
                                    {"X-Forwarded-Prefix", "//evil.example"}}};
    Framework::with(arrived, [](auto& env) {
        const Environ seen = fixed(env, one_of_each);
        CHECK(seen.remote_addr == "10.0.0.2");
        CHECK(seen.http_host == "app.internal");
        CHECK(seen.script_name == "");
        CHECK(seen.proxy.client == Reason::malformed);
        CHECK(seen.proxy.proto == Reason::absent);
    });
}

TEST_CASE("No header line is copied, and to decide allocates nothing") {
    const auto allocations = [](int lines) {
        Arrived arrived;
        for (int i = 0; i < lines; ++i) {
            arrived.lines.emplace_back("X-" + std::to_string(i), std::string(500, 'a'));
        }
        arrived.lines.emplace_back("X-Forwarded-For", std::string(500, ' ') + ", 203.0.113.7");
        std::size_t made = 0;
        Framework::with(arrived, [&made](auto& env) {
            const Policy policy(one_of_each);
            std::size_t before = allocation_count();
            const Resolution r = resolve(env, policy);
            CHECK(allocation_count() == before);
            CHECK(to_string(r.client->address) == "203.0.113.7");

            before = allocation_count();
            const Environ again = Framework::filled(env);
            made = allocation_count() - before;
            CHECK(again.http_host == "app.internal");
        });
        return made;
    };
    CHECK(allocations(2) == allocations(50));
}

TEST_CASE("Lines are erased, or the adapter cannot, and then strip is refused") {
    const Arrived arrived{.lines = {{"x-forwarded-for", "6.6.6.6"},
                                    {"Accept", "text/plain"},
                                    {"X-Forwarded-For", "203.0.113.7"},
                                    {"X-Forwarded-Port", "1"},
                                    {"Accept", "text/html"},
                                    {"Forwarded", "for=6.6.6.6"}}};
    Framework::with(arrived, []<class Env>(Env& env) {
        const auto lines = [&env] {
            std::string text;
            for (const auto& [name, value] : Adapter<Env>::headers(env)) {
                text.append(name).append("=").append(value).append(";");
            }
            return text;
        };
        if constexpr (Strippable<Env>) {
            CHECK(fixed(env, {.x_for = 1, .strip = Strip::untrusted}).remote_addr == "203.0.113.7");
            CHECK(lines().find("6.6.6.6") == std::string::npos);
            CHECK(lines().find("X-Forwarded-For=203.0.113.7;") != std::string::npos);
            CHECK(lines().find("X-Forwarded-Port") == std::string::npos);
            fixed(env, {.x_for = 1, .strip = Strip::all});
            CHECK(lines().find("orwarded") == std::string::npos);
            CHECK(lines().find("Host=app.internal;") != std::string::npos);
            const std::size_t first = lines().find("Accept=text/plain;");
            CHECK(first < lines().find("Accept=text/html;"));
            CHECK(lines().find("Accept=text/html;") < lines().size());
        } else {
            CHECK_THROWS_WITH(fixed(env, {.x_for = 1, .strip = Strip::all}),
                              "proxyfix: strip: this request cannot be erased from");
            CHECK(lines().find("6.6.6.6") != std::string::npos);
        }
    });
}
