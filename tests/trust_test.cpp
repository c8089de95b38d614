// SPDX-License-Identifier: MIT
#include "proxyfix/trust.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "proxyfix/environ.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/proxy_fix.hpp"

using namespace proxyfix;

namespace {

/// What ProxyFix says to a Trust; empty if it takes it.
std::string refusal(const Trust& trust) {
    try {
        ProxyFix app{[](Environ&) {}, trust};
        return "";
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

/// The same, through a pipe.
std::string refusal_of_pipe(const Trust& trust) {
    try {
        auto app = proxy_fix(trust) | [](Environ&) {};
        return "";
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

}  // namespace

static_assert(fault(Trust{}).empty());
static_assert(fault({.x_for = 1000, .x_proto = 1000, .x_host = 1000}).empty());
static_assert(fault({.x_for = 1001}) == "x_for is above 1000");
static_assert(fault({.x_for = all_hops}) == "x_for = all_hops needs a list of proxies");
static_assert(fault({.x_for = all_hops, .proxies = {"10.0.0.0/8"_net}}).empty());

TEST_CASE("The default counts are those of Werkzeug") {
    constexpr proxyfix::Trust trust;
    CHECK(trust.x_for == 1);
    CHECK(trust.x_proto == 1);
    CHECK(trust.x_host == 0);
    CHECK(trust.x_port == 0);
    CHECK(trust.x_prefix == 0);
}

TEST_CASE("What goes beyond counting is off by default") {
    const Trust trust;
    CHECK(trust.forwarded == 0);
    CHECK(trust.proxies == Networks::any());
    CHECK(trust.allowed_hosts == Hosts::any());
    CHECK(trust.client_header.empty());
    CHECK(trust.strip == Strip::keep);
}

TEST_CASE("A Trust that contradicts itself is refused at construction") {
    struct Case {
        Trust trust;
        std::string_view fault;
    };
    const Networks proxies{"10.0.0.0/8"_net};
    const unsigned negative = static_cast<unsigned>(-1);
    const std::string_view twice = "client_header is a header that has a count of its own";
    const std::string_view of_others = "all_hops is for x_for and forwarded only";
    const Case cases[] = {
        {{}, ""},
        {{.x_for = 0, .x_proto = 0}, ""},
        {{.proxies = {}}, ""},
        {{1000, 1000, 1000, 1000, 1000, 1000}, ""},
        {{.x_for = 1001}, "x_for is above 1000"},
        {{.x_for = all_hops - 1, .proxies = proxies}, "x_for is above 1000"},
        {{.x_for = all_hops + 1, .proxies = proxies}, "x_for is above 1000"},
        {{.x_for = negative}, "x_for is above 1000"},
        {{.x_proto = 1001}, "x_proto is above 1000"},
        {{.x_proto = all_hops, .proxies = proxies}, of_others},
        {{.x_host = 1001}, "x_host is above 1000"},
        {{.x_host = all_hops, .proxies = proxies}, of_others},
        {{.x_port = 1001}, "x_port is above 1000"},
        {{.x_port = all_hops, .proxies = proxies}, of_others},
        {{.x_prefix = 1001}, "x_prefix is above 1000"},
        {{.x_prefix = all_hops, .proxies = proxies}, of_others},
        {{.forwarded = 1001}, "forwarded is above 1000"},
        {{.forwarded = negative, .proxies = proxies}, "forwarded is above 1000"},
        {{.x_for = all_hops}, "x_for = all_hops needs a list of proxies"},
        {{.x_for = all_hops, .proxies = proxies | Networks::any()},
         "x_for = all_hops needs a list of proxies"},
        {{.x_for = all_hops, .proxies = proxies}, ""},
        {{.x_for = all_hops, .proxies = {}}, ""},
        {{.forwarded = all_hops}, "forwarded = all_hops needs a list of proxies"},
        {{.forwarded = all_hops, .proxies = proxies}, ""},
        {{.client_header = "X-Real-IP"}, ""},
        {{.client_header = "X-Forwarded"}, ""},
        {{.client_header = "X-Forwarded-For"}, twice},
        {{.client_header = "x-forwarded-FOR"}, twice},
        {{.client_header = "X-Forwarded-Proto"}, twice},
        {{.client_header = "X-Forwarded-Host"}, twice},
        {{.client_header = "X-Forwarded-Port"}, twice},
        {{.client_header = "X-Forwarded-Prefix"}, twice},
        {{.client_header = "forwarded"}, twice},
        {{.forwarded = 1, .client_header = "X-Real-IP"},
         "forwarded and client_header both replace X-Forwarded-For"},
        {{.forwarded = all_hops, .proxies = proxies, .client_header = "X-Real-IP"},
         "forwarded and client_header both replace X-Forwarded-For"},
    };
    for (const auto& [trust, expected] : cases) {
        CAPTURE(expected);
        CHECK(fault(trust) == expected);
        const std::string message = expected.empty() ? "" : "proxyfix: " + std::string(expected);
        CHECK(refusal(trust) == message);
        CHECK(refusal_of_pipe(trust) == message);
    }
}

TEST_CASE("The highest count is that of the headers that do not name the client") {
    CHECK(highest_count({.x_for = 9, .x_proto = 0, .forwarded = 9}) == 0);
    CHECK(highest_count({.x_proto = 1, .x_host = 4, .x_port = 2, .x_prefix = 3}) == 4);
}

TEST_CASE("A layer is refused before it gets its handler") {
    CHECK_THROWS_AS(static_cast<void>(proxy_fix({.x_for = all_hops})), std::invalid_argument);
}

TEST_CASE("With a list of proxies a count above 1 needs a chain to follow") {
    const std::string_view expected =
        "with a list of proxies, a count above 1 needs x_for or forwarded";
    const Networks proxies{"10.0.0.2"};
    CHECK(fault({.x_for = 0, .x_proto = 2, .proxies = proxies}) == expected);
    CHECK(fault({.x_for = 0, .x_prefix = 2, .proxies = proxies}) == expected);
    CHECK(fault({.x_port = 2, .proxies = proxies, .client_header = "X-Real-IP"}) == expected);
    CHECK(fault({.x_for = 0, .x_proto = 1, .proxies = proxies}) == "");
    CHECK(fault({.x_for = 0, .x_proto = 2}) == "");
    CHECK(fault({.x_for = 1, .x_host = 2, .proxies = proxies}) == "");
    CHECK(fault({.x_for = 0, .x_port = 2, .forwarded = 2, .proxies = proxies}) == "");
}
