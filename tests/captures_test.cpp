// SPDX-License-Identifier: MIT
#include <string>

#include "captures.hpp"
#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/proxy_fix.hpp"

using namespace proxyfix;

TEST_CASE("Behind a real proxy the handler sees the client") {
    for (const Capture& capture : captures) {
        CAPTURE(capture.name);
        Environ env = seen_by_server();
        env.remote_addr = capture.peer;
        env.url_scheme = "ws";
        env.headers = capture.headers;
        Trust trust = capture.trust;
        if (!capture.proxies.empty()) trust.proxies = Networks::parse(capture.proxies).value();
        ProxyFix{[](Environ&) {}, trust}(env);
        CHECK(env.remote_addr == capture.remote_addr);
        CHECK(env.url_scheme == capture.url_scheme);
        CHECK(env.http_host == capture.http_host);
        CHECK(env.server_port == capture.server_port);
        CHECK(env.script_name == "");
    }
}

TEST_CASE("A count that is too high trusts the client") {
    for (const Capture& capture : captures) {
        if (capture.name[0] != 'D') continue;
        Environ env{.remote_addr = capture.peer, .headers = capture.headers};
        ProxyFix{[](Environ&) {}, Trust{.x_for = 2}}(env);
        CHECK(env.remote_addr == "6.6.6.6");
    }
}
