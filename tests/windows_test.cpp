// SPDX-License-Identifier: MIT
// As many programs on Windows have it: windows.h first, and min and max are macros.
#include <windows.h>

#ifdef __MINGW32__        // whose windows.h leaves these macros out in C++,
#include <bits/stdc++.h>  // and whose standard headers undefine them
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#include "proxyfix/adapters/cgi.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/proxyfix.hpp"
#undef min
#undef max

#include "catch.hpp"

using namespace proxyfix;

TEST_CASE("Behind windows.h, with its macros, the headers work") {
    const Trust trust{.x_for = 2, .x_host = 1, .proxies = {"10.0.0.0/24"}};
    Environ env{.remote_addr = "10.0.0.2",
                .headers = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.9"},
                            {"X-Forwarded-Host", "shop.example"}}};
    CHECK(explain(env, trust).find("client  203.0.113.7") != std::string::npos);
    const ProxyFix app{[](const Environ& e) { return e.remote_addr + " at " + e.http_host; },
                       trust};
    CHECK(app(env) == "203.0.113.7 at shop.example");
    CHECK(to_string(Reason::not_configured) == "not_configured");
}
