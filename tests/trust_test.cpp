// SPDX-License-Identifier: MIT
#include "proxyfix/decision/trust.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;

namespace {

/// The message of what `make` throws; empty if it throws nothing.
template <class Make> std::string message_of(const Make& make) {
    try {
        make();
        return "";
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

}  // namespace

static_assert(fault(Trust{}).empty());
static_assert(fault({.x_for = 16, .x_proto = 16, .x_host = 16}).empty());
static_assert(fault({.x_for = 17}) == "x_for is above 16");
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

TEST_CASE("A Trust that contradicts itself is rejected at construction") {
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
        {{16, 16, 16, 16, 16, 16}, ""},
        {{.x_for = 17}, "x_for is above 16"},
        {{.x_for = all_hops - 1, .proxies = proxies}, "x_for is above 16"},
        {{.x_for = all_hops + 1, .proxies = proxies}, "x_for is above 16"},
        {{.x_for = negative}, "x_for is above 16"},
        {{.x_proto = 17}, "x_proto is above 16"},
        {{.x_proto = all_hops, .proxies = proxies}, of_others},
        {{.x_host = 17}, "x_host is above 16"},
        {{.x_host = all_hops, .proxies = proxies}, of_others},
        {{.x_port = 17}, "x_port is above 16"},
        {{.x_port = all_hops, .proxies = proxies}, of_others},
        {{.x_prefix = 17}, "x_prefix is above 16"},
        {{.x_prefix = all_hops, .proxies = proxies}, of_others},
        {{.forwarded = 17}, "forwarded is above 16"},
        {{.forwarded = negative, .proxies = proxies}, "forwarded is above 16"},
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
    for (const Case& one : cases) {
        const Trust& trust = one.trust;
        const std::string_view expected = one.fault;
        CAPTURE(expected);
        CHECK(fault(trust) == expected);
        const std::string message = expected.empty() ? "" : "proxyfix: " + std::string(expected);
        const auto handler = [](Environ&) {};
        CHECK(message_of([&] { Policy{trust}; }) == message);
        CHECK(message_of([&] { Policy{Trust(trust)}; }) == message);
        CHECK(message_of([&] { ProxyFix{handler, trust}; }) == message);
        CHECK(message_of([&] { static_cast<void>(proxy_fix(trust)); }) == message);
    }
}

TEST_CASE("Counts up to 16 are allowed for each header, with a list of proxies or without") {
    for (const detail::ForwardingHeader& header : detail::forwarding_headers) {
        CAPTURE(header.option);
        for (const Networks& proxies : {Networks::any(), Networks{"10.0.0.0/8"_net}}) {
            Trust trust{.proxies = proxies};
            for (const unsigned count : {0u, 1u, 2u, 15u, 16u}) {
                trust.*header.count = count;
                CHECK(fault(trust) == "");
            }
            for (const unsigned count : {17u, 18u, 1000u, all_hops - 1, all_hops + 1, ~0u}) {
                trust.*header.count = count;
                CHECK(fault(trust) == std::string(header.option) + " is above 16");
                CHECK(fault(trust) == header.fault);
            }
        }
    }
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
