// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "werkzeug_cases.hpp"

using namespace proxyfix;

TEST_CASE("The application sees what it sees behind Werkzeug") {
    for (const WerkzeugCase& example : werkzeug_cases()) {
        CAPTURE(example.name);
        Environ env = environ_of(example);
        ProxyFix{[](Environ&) {}, example.trust}(env);
        CHECK(env.remote_addr == example.remote_addr);
        CHECK(url_root(env) == example.url_root);
    }
}
