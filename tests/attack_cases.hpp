// SPDX-License-Identifier: MIT
/// \file
/// Values that a client or a broken proxy may send, one header at a time, and what happens to each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "proxyfix/base/result.hpp"

using namespace std::string_view_literals;
using proxyfix::Applied, proxyfix::Outcome, proxyfix::Reason;

/// What the handler sees. The defaults are what the server saw.
struct Expected {
    std::string_view remote_addr = "10.0.0.2";
    std::uint16_t remote_port = 40000;
    std::string_view url_scheme = "ws";
    std::string_view http_host = "app.internal:8000";
    std::string_view server_name = "app.internal";
    std::uint16_t server_port = 8000;
    std::string_view script_name = "";
};

struct AttackCase {
    std::string_view header;
    unsigned n;  ///< The count of trusted hops for this header, 0 for all others.
    std::array<std::string_view, 3> lines;
    std::size_t line_count;
    Outcome outcome;
    Expected expected;
};

/// '/' and as many letters as make 1101 bytes.
inline constexpr auto slash_and_letters_bytes = [] {
    std::array<char, 1101> bytes{};
    for (char& c : bytes) c = 'a';
    bytes[0] = '/';
    return bytes;
}();
inline constexpr std::string_view slash_and_letters(slash_and_letters_bytes.data(),
                                                    slash_and_letters_bytes.size());

// clang-format off
inline constexpr AttackCase attack_cases[] = {
    {"X-Forwarded-For", 1, {"203.0.113.7"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 2, {"6.6.6.6, 203.0.113.7"sv}, 1, Applied{}, {.remote_addr = "6.6.6.6", .remote_port = 0}},
    {"X-Forwarded-For", 1, {}, 0, Reason::absent, {}},
    {"X-Forwarded-For", 0, {"6.6.6.6, 203.0.113.7"sv}, 1, Reason::not_configured, {}},
    {"X-Forwarded-For", 5, {"1.1.1.0, 1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4, 1.1.1.5, 1.1.1.6, 1.1.1.7, 1.1.1.8, 1.1.1.9"sv}, 1, Applied{}, {.remote_addr = "1.1.1.5", .remote_port = 0}},
    {"X-Forwarded-For", 11, {"1.1.1.0, 1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4, 1.1.1.5, 1.1.1.6, 1.1.1.7, 1.1.1.8, 1.1.1.9"sv}, 1, Reason::too_few_values, {}},
    {"X-Forwarded-For", 1, {"\", 203.0.113.7"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"\"\\\", 203.0.113.7"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"\""sv, "203.0.113.7"sv}, 2, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 2, {"1.1.1.1, \"6.6.6.6, 203.0.113.7, 10.0.0.9"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"\"6.6.6.6, 203.0.113.7\""sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7,"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 2, {"6.6.6.6, 203.0.113.7, ,"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 2, {"6.6.6.6, 203.0.113.7,,"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 2, {"6.6.6.6,,203.0.113.7"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {","sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 2, {", 127.0.0.1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 2, {"6.6.6.6"sv, "203.0.113.7"sv}, 2, Applied{}, {.remote_addr = "6.6.6.6", .remote_port = 0}},
    {"X-Forwarded-For", 2, {"203.0.113.7"sv, "6.6.6.6, 10.0.0.9"sv}, 2, Applied{}, {.remote_addr = "6.6.6.6", .remote_port = 0}},
    {"X-Forwarded-For", 4, {"1.1.1.1"sv, "2.2.2.2, 3.3.3.3"sv, "4.4.4.4"sv}, 3, Applied{}, {.remote_addr = "1.1.1.1", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"6.6.6.6,   203.0.113.7   "sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"6.6.6.6;203.0.113.7"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7\013"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7\000"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7\015\012 10.0.0.1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7\012"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"unknown"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"_hidden"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"localhost"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7/32"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"${jndi:ldap://x}"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"6.6.6.6, 203.0.113.7:99999"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7:+80"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"203.0.113.7:080"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"null"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"[2001:db8::7]:51000"sv}, 1, Applied{}, {.remote_addr = "2001:db8::7", .remote_port = 51000}},
    {"X-Forwarded-For", 1, {"[203.0.113.7]"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"2001:DB8:0:0::0007"sv}, 1, Applied{}, {.remote_addr = "2001:db8::7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"::ffff:cb00:7107"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"2001:db8::7:5100"sv}, 1, Applied{}, {.remote_addr = "2001:db8::7:5100", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"1:0:0:2:0:0:0:3"sv}, 1, Applied{}, {.remote_addr = "1:0:0:2::3", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"2001:db8:0:0:1:0:0:1"sv}, 1, Applied{}, {.remote_addr = "2001:db8::1:0:0:1", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"::2:3:4:5:6:7:8"sv}, 1, Applied{}, {.remote_addr = "0:2:3:4:5:6:7:8", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"fe80::1%eth0"sv}, 1, Applied{}, {.remote_addr = "fe80::1", .remote_port = 0}},
    {"X-Forwarded-For", 1, {"2001:db8::7%eth0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"fe80::1%<script>"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"6.6.6.6, fe80::1%eth0, 203.0.113.7"sv}, 1, Applied{}, {.remote_addr = "203.0.113.7", .remote_port = 0}},
    {"X-Forwarded-Prefix", 1, {"/evil, "sv}, 1, Applied{}, {}},
    {"X-Forwarded-Prefix", 1, {"/evil"sv, ""sv}, 2, Applied{}, {}},
    {"X-Forwarded-Proto", 1, {"on"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1::2::3"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1:2:3:4:5:6:7"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"[::1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"[::1]x"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"[::1]:"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"::1.2.3"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1.2.3.4::"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1:2:3:4:5:6:7:8::"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"010.0.0.5"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"2130706433"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"256.1.1.1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1.2.3.4.5"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"+1.2.3.4"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1..2.3"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"0.0.0.0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"::ffff:0.0.0.0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"1.2.3.1000"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-For", 1, {"255.255.255.255"sv}, 1, Applied{}, {.remote_addr = "255.255.255.255", .remote_port = 0}},
    {"X-Forwarded-Proto", 1, {"https"sv}, 1, Applied{}, {.url_scheme = "https"}},
    {"X-Forwarded-Proto", 1, {"http"sv}, 1, Applied{}, {.url_scheme = "http"}},
    {"X-Forwarded-Proto", 1, {"wss"sv}, 1, Applied{}, {.url_scheme = "wss"}},
    {"X-Forwarded-Proto", 1, {"https, http"sv}, 1, Applied{}, {.url_scheme = "http"}},
    {"X-Forwarded-Proto", 1, {"http"sv, "https"sv}, 2, Applied{}, {.url_scheme = "https"}},
    {"X-Forwarded-Proto", 1, {"javascript"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"x:admin?"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"data"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"https:"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"h ttps"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"https,"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"\"https\""sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"htt"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Proto", 1, {"https;"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:8080"sv}, 1, Applied{}, {.http_host = "example.com:8080", .server_name = "example.com", .server_port = 8080}},
    {"X-Forwarded-Host", 1, {"[::1]:443"sv}, 1, Applied{}, {.http_host = "[::1]:443", .server_name = "[::1]", .server_port = 443}},
    {"X-Forwarded-Host", 1, {"1.2.3.4"sv}, 1, Applied{}, {.http_host = "1.2.3.4", .server_name = "1.2.3.4"}},
    {"X-Forwarded-Host", 1, {"localhost"sv}, 1, Applied{}, {.http_host = "localhost", .server_name = "localhost"}},
    {"X-Forwarded-Host", 1, {"good.com."sv}, 1, Applied{}, {.http_host = "good.com.", .server_name = "good.com."}},
    {"X-Forwarded-Host", 1, {"example.com:65535"sv}, 1, Applied{}, {.http_host = "example.com:65535", .server_name = "example.com", .server_port = 65535}},
    {"X-Forwarded-Host", 1, {"a"sv}, 1, Applied{}, {.http_host = "a", .server_name = "a"}},
    {"X-Forwarded-Host", 1, {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"sv}, 1, Applied{}, {.http_host = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com", .server_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"}},
    {"X-Forwarded-Host", 1, {"[2001:db8::a]"sv}, 1, Applied{}, {.http_host = "[2001:db8::a]", .server_name = "[2001:db8::a]"}},
    {"X-Forwarded-Host", 1, {"good.com, evil.com"sv}, 1, Applied{}, {.http_host = "evil.com", .server_name = "evil.com"}},
    {"X-Forwarded-Host", 1, {"example.com:"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:99999999999999999999"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:-1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:80:90"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:/admin?"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"2001:db8::1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"::1]"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"[::1]:"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"[v1.a]"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"user@evil.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"evil.com/"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"?x"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"evil.com/../"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"//evil.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"good..com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"-bad.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {":80"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"*"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"ex%61mple.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"evil.com%00.good.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"good.com\000evil"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"good.com;x=1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"good.com\"x"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"=?iso-8859-1?q?=45?="sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg.abcdefg"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"0x7f.1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"1.2.3.4."sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com.."sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Host", 1, {"example.com:80\013"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"1"sv}, 1, Applied{}, {.http_host = "app.internal:1", .server_port = 1}},
    {"X-Forwarded-Port", 1, {"8080"sv}, 1, Applied{}, {.http_host = "app.internal:8080", .server_port = 8080}},
    {"X-Forwarded-Port", 1, {"80"sv, "443"sv}, 2, Applied{}, {.http_host = "app.internal:443", .server_port = 443}},
    {"X-Forwarded-Port", 1, {"0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"99999999999999999999"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"18446744073709551696"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"-1"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"0x50"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"80a"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"80 80"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"\"80\""sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"8.0"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Port", 1, {"80;"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a/b"sv}, 1, Applied{}, {.script_name = "/a/b"}},
    {"X-Forwarded-Prefix", 1, {"/app/"sv}, 1, Applied{}, {.script_name = "/app"}},
    {"X-Forwarded-Prefix", 1, {"/a...b"sv}, 1, Applied{}, {.script_name = "/a...b"}},
    {"X-Forwarded-Prefix", 1, {"/a, /b"sv}, 1, Applied{}, {.script_name = "/b"}},
    {"X-Forwarded-Prefix", 1, {"/"sv}, 1, Applied{}, {}},
    {"X-Forwarded-Prefix", 1, {"//evil.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/\\evil"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a\\b"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/.."sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/./a"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a/.."sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/%2f/evil"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a?x"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a b"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a\000"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"http://evil.com"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"javascript:x"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a<b>"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a'b"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {slash_and_letters}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"//"sv}, 1, Reason::malformed, {}},
    {"X-Forwarded-Prefix", 1, {"/a(b)"sv}, 1, Reason::malformed, {}},
};
// clang-format on
