// SPDX-License-Identifier: MIT
#include "proxyfix/trust.hpp"

#include "catch.hpp"

TEST_CASE("The default counts are those of Werkzeug") {
    constexpr proxyfix::Trust trust;
    CHECK(trust.x_for == 1);
    CHECK(trust.x_proto == 1);
    CHECK(trust.x_host == 0);
    CHECK(trust.x_port == 0);
    CHECK(trust.x_prefix == 0);
}
