// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include "catch.hpp"
#include "proxyfix/http/prefix.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/host.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

static_assert(parse_scheme("http") == Scheme::http && parse_scheme("https") == Scheme::https);
static_assert(parse_scheme("ws") == Scheme::ws && parse_scheme("wss") == Scheme::wss);
static_assert(parse_scheme("HTTPS") == Scheme::https && parse_scheme("wSs") == Scheme::wss);
static_assert(parse_scheme("") == Reason::malformed && parse_scheme("htt") == Reason::malformed);
static_assert(parse_scheme("httpss") == Reason::malformed);
static_assert(parse_scheme("https:") == Reason::malformed);
static_assert(parse_scheme("javascript") == Reason::malformed);
static_assert(parse_scheme("on") == Reason::malformed && parse_scheme("off") == Reason::malformed);
static_assert(parse_scheme_or_switch("on") == Scheme::https);
static_assert(parse_scheme_or_switch("OFF") == Scheme::http);
static_assert(parse_scheme_or_switch("wss") == Scheme::wss);
static_assert(parse_scheme_or_switch("o") == Reason::malformed);
static_assert(parse_scheme_or_switch("onn") == Reason::malformed);
static_assert(parse_scheme_or_switch("1") == Reason::malformed);
static_assert(parse_scheme_or_switch("") == Reason::malformed);
static_assert(to_string(Scheme::https) == "https" && to_string(*parse_scheme("WS")) == "ws");
static_assert(default_port(Scheme::http) == 80 && default_port(Scheme::ws) == 80);
static_assert(default_port(Scheme::https) == 443 && default_port(Scheme::wss) == 443);

static_assert(parse_port("1") == 1 && parse_port("65535") == 65535 && parse_port("8080") == 8080);
static_assert(parse_port("0") == Reason::malformed && parse_port("65536") == Reason::malformed);
static_assert(parse_port("") == Reason::malformed && parse_port("080") == Reason::malformed);
static_assert(parse_port("-1") == Reason::malformed && parse_port("+80") == Reason::malformed);
static_assert(parse_port("18446744073709551696") == Reason::malformed);
static_assert(parse_port("80 ") == Reason::malformed && parse_port("0x50") == Reason::malformed);

static_assert(parse_prefix("/") == "" && parse_prefix("") == "");
static_assert(parse_prefix("/app") == "/app");
static_assert(parse_prefix("/app/") == "/app" && parse_prefix("/a/b/c") == "/a/b/c");
static_assert(parse_prefix("/a...b") == "/a...b" && parse_prefix("/...") == "/...");
static_assert(parse_prefix("/.a/b.") == "/.a/b.");
static_assert(parse_prefix("/-._~!$&*+=:@") == "/-._~!$&*+=:@");
static_assert(parse_prefix("") == "" && parse_prefix("app") == Reason::malformed);
static_assert(parse_prefix("//") == Reason::malformed && parse_prefix("//a") == Reason::malformed);
static_assert(parse_prefix("/a//b") == Reason::malformed);
static_assert(parse_prefix("/a//") == Reason::malformed);
static_assert(parse_prefix("/.") == Reason::malformed && parse_prefix("/..") == Reason::malformed);
static_assert(parse_prefix("/a/./b") == Reason::malformed);
static_assert(parse_prefix("/a/../") == Reason::malformed);

TEST_CASE("A prefix holds only bytes that need no escaping") {
    const std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&*+=:@";
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        CHECK(prefix_bytes.contains(c) == (allowed.find(c) != std::string_view::npos));
        const std::string prefix = std::string("/x") + c + "y";
        CHECK(parse_prefix(prefix).has_value() == (prefix_bytes.contains(c) || c == '/'));
    }
}

TEST_CASE("A prefix has at most 1024 bytes") {
    CHECK(parse_prefix("/" + std::string(1023, 'a')).has_value());
    CHECK(parse_prefix("/" + std::string(1024, 'a')) == Reason::malformed);
}

TEST_CASE("A scheme is read in any letter case") {
    for (const Scheme scheme : {Scheme::http, Scheme::https, Scheme::ws, Scheme::wss}) {
        std::string text(to_string(scheme));
        for (char& c : text) {
            CHECK(parse_scheme(text) == scheme);
            c = static_cast<char>(c - ('a' - 'A'));
        }
        CHECK(parse_scheme(text) == scheme);
        CHECK(parse_scheme(text + 's') != scheme);
    }
}

TEST_CASE("An enumerator out of range has no name") {
    CHECK(to_string(static_cast<Scheme>(9)) == "unknown");
}
