// SPDX-License-Identifier: MIT
// The umbrella: one include brings every public name, and decisions are made at compile time.
#include "proxyfix/proxyfix.hpp"

#include "catch.hpp"

namespace {

namespace px = proxyfix;
static_assert(px::parse_endpoint("[2001:db8::7]:4711")->port == 4711);
static_assert(px::nth_from_right("6.6.6.6, 203.0.113.7", 1) == "203.0.113.7");
static_assert(px::Authority::parse("evil.example/..") == px::Reason::malformed);

}  // namespace

TEST_CASE("One include is enough") {
    auto app = px::proxy_fix({.x_for = 1}) | [](px::Environ& env) { return px::url_root(env); };
    px::Environ env{.http_host = "shop.example"};
    CHECK(app(env) == "http://shop.example/");
    CHECK(px::version.size() >= 5);
}
