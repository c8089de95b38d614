// SPDX-License-Identifier: MIT
#include "proxyfix/version.hpp"

#include "catch.hpp"

TEST_CASE("The version is the one that CMake read") {
    CHECK(proxyfix::version == PROXYFIX_CMAKE_VERSION);
}
