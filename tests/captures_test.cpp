// SPDX-License-Identifier: MIT
// Header lines as real proxies sent them: nginx 1.22, HAProxy 2.6, Apache httpd 2.4 and Caddy 2.6.
// Where the client spoofed, it sent 6.6.6.6, 7.7.7.7, 8.8.8.8, evil or https.
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/proxy_fix.hpp"

using namespace proxyfix;

namespace {

struct Capture {
    std::string name;
    std::string peer;
    Trust trust;
    std::vector<Header> headers;
    std::string remote_addr, url_scheme, http_host;
    std::uint16_t server_port = 8000;
};

const std::vector<Capture> captures = {
    {"A. haproxy",
     "127.0.0.2",
     {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"host", "shop.example"},
      {"x-forwarded-proto", "http"},
      {"x-forwarded-host", "shop.example"},
      {"x-forwarded-port", "39203"},
      {"x-forwarded-for", "127.0.0.9"}},
     "127.0.0.9",
     "http",
     "shop.example:39203",
     39203},
    {"B. haproxy adds a second line",
     "127.0.0.2",
     {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"host", "shop.example"},
      {"x-forwarded-for", "6.6.6.6"},
      {"x-forwarded-proto", "http"},
      {"x-forwarded-host", "shop.example"},
      {"x-forwarded-port", "39203"},
      {"x-forwarded-for", "127.0.0.9"}},
     "127.0.0.9",
     "http",
     "shop.example:39203",
     39203},
    {"C. haproxy with add-header for all",
     "127.0.0.2",
     {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"x-forwarded-for", "6.6.6.6"},
      {"x-forwarded-proto", "https"},
      {"x-forwarded-host", "evil"},
      {"x-forwarded-proto", "http"},
      {"x-forwarded-host", "127.0.0.1:39106"},
      {"x-forwarded-port", "39106"},
      {"x-forwarded-for", "127.0.0.1"}},
     "127.0.0.1",
     "http",
     "127.0.0.1:39106",
     39106},
    {"D. nginx",
     "127.0.0.3",
     {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"Host", "shop.example"},
      {"X-Forwarded-For", "6.6.6.6, 127.0.0.9"},
      {"X-Forwarded-Proto", "http"},
      {"X-Forwarded-Host", "shop.example"},
      {"X-Forwarded-Port", "39201"}},
     "127.0.0.9",
     "http",
     "shop.example:39201",
     39201},
    {"E. nginx keeps the client's two lines and their spacing",
     "127.0.0.3",
     {.x_for = 1, .x_proto = 0},
     {{"X-Forwarded-For", "6.6.6.6, 7.7.7.7,8.8.8.8, 127.0.0.1"}},
     "127.0.0.1",
     "ws",
     "app.internal:8000"},
    {"F. haproxy, then nginx, which rewrites all but For",
     "127.0.0.3",
     {.x_for = 2, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"Host", "shop.example"},
      {"X-Forwarded-For", "6.6.6.6, 7.7.7.7, 127.0.0.9, 127.0.0.2"},
      {"X-Forwarded-Proto", "http"},
      {"X-Forwarded-Host", "shop.example"},
      {"X-Forwarded-Port", "39201"}},
     "127.0.0.9",
     "http",
     "shop.example:39201",
     39201},
    {"G. nginx, then haproxy: the trusted values stand on two lines",
     "127.0.0.2",
     {.x_for = 2, .x_proto = 1, .x_host = 1, .x_port = 1},
     {{"host", "shop.example"},
      {"x-forwarded-for", "6.6.6.6, 127.0.0.9"},
      {"x-forwarded-proto", "http"},
      {"x-forwarded-host", "shop.example"},
      {"x-forwarded-port", "39203"},
      {"x-forwarded-for", "127.0.0.3"}},
     "127.0.0.9",
     "http",
     "shop.example:39203",
     39203},
    {"H. haproxy, then haproxy: three lines",
     "127.0.0.2",
     {.x_for = 2, .x_proto = 0},
     {{"x-forwarded-for", "6.6.6.6"},
      {"x-forwarded-for", "127.0.0.9"},
      {"x-forwarded-for", "127.0.0.4"}},
     "127.0.0.9",
     "ws",
     "app.internal:8000"},
    {"I. apache never sets Proto, and appends Host",
     "127.0.0.1",
     {.x_for = 1, .x_proto = 0, .x_host = 1},
     {{"Host", "127.0.0.1:39000"},
      {"X-Forwarded-For", "6.6.6.6, 127.0.0.1"},
      {"X-Forwarded-Proto", "https"},
      {"X-Forwarded-Host", "evil, 127.0.0.1:39121"},
      {"X-Forwarded-Server", "localhost"}},
     "127.0.0.1",
     "ws",
     "127.0.0.1:39121",
     39121},
    {"J. caddy overwrites For, Host and Proto, and passes the client's Port and Prefix",
     "127.0.0.1",
     {.x_for = 1, .x_proto = 1, .x_host = 1},
     {{"Host", "127.0.0.1:39111"},
      {"X-Forwarded-For", "127.0.0.1"},
      {"X-Forwarded-Host", "127.0.0.1:39111"},
      {"X-Forwarded-Port", "1"},
      {"X-Forwarded-Prefix", "/e"},
      {"X-Forwarded-Proto", "http"}},
     "127.0.0.1",
     "http",
     "127.0.0.1:39111",
     39111},
    {"K. IPv6 through nginx",
     "127.0.0.3",
     {.x_for = 1, .x_proto = 0, .x_host = 1},
     {{"X-Forwarded-For", "::1"}, {"X-Forwarded-Host", "[::1]:39101"}},
     "::1",
     "ws",
     "[::1]:39101",
     39101},
    {"L. the client's empty header is an empty value",
     "127.0.0.3",
     {.x_for = 1, .x_proto = 0},
     {{"X-Forwarded-For", ", 127.0.0.1"}},
     "127.0.0.1",
     "ws",
     "app.internal:8000"},
    {"L, counted too far: the empty value is no address",
     "127.0.0.3",
     {.x_for = 2, .x_proto = 0},
     {{"X-Forwarded-For", ", 127.0.0.1"}},
     "127.0.0.3",
     "ws",
     "app.internal:8000"},
    {"M. HTTP 1.0 without Host through haproxy",
     "127.0.0.2",
     {.x_for = 1, .x_proto = 0, .x_host = 1},
     {{"x-forwarded-host", ""}, {"x-forwarded-for", "127.0.0.9"}},
     "127.0.0.9",
     "ws",
     "app.internal:8000"},
    {"M. HTTP 1.0 without Host through nginx",
     "127.0.0.3",
     {.x_for = 1, .x_proto = 0, .x_host = 1},
     {{"X-Forwarded-For", "127.0.0.9"}},
     "127.0.0.9",
     "ws",
     "app.internal:8000"},
    {"N. Forwarded alone is another header",
     "127.0.0.2",
     {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1},
     {{"forwarded", "for=127.0.0.9;proto=http;host=\"shop.example\""}},
     "127.0.0.2",
     "ws",
     "app.internal:8000"},
};

}  // namespace

TEST_CASE("Behind a real proxy the handler sees the client") {
    for (const Capture& capture : captures) {
        CAPTURE(capture.name);
        Environ env = seen_by_server();
        env.remote_addr = capture.peer;
        env.url_scheme = "ws";
        env.headers = capture.headers;
        ProxyFix{[](Environ&) {}, capture.trust}(env);
        CHECK(env.remote_addr == capture.remote_addr);
        CHECK(env.url_scheme == capture.url_scheme);
        CHECK(env.http_host == capture.http_host);
        CHECK(env.server_port == capture.server_port);
        CHECK(env.script_name == "");
    }
}

TEST_CASE("A count too high believes the client") {
    for (const Capture& capture : captures) {
        if (capture.name[0] != 'D') continue;
        Environ env{.remote_addr = capture.peer, .headers = capture.headers};
        ProxyFix{[](Environ&) {}, Trust{.x_for = 2}}(env);
        CHECK(env.remote_addr == "6.6.6.6");
    }
}
