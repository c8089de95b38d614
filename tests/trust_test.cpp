// SPDX-License-Identifier: MIT
#include "proxyfix/decision/trust.hpp"

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/trust_text.hpp"
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
    CHECK_FALSE(trust.forwarded);
    CHECK(trust.names == HeaderNames{});
    CHECK_FALSE(trust.client_has_port);
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
    const std::string_view other_meaning = "client_header is a header that has another meaning";
    const std::string_view of_others =
        "all_hops is only for x_for; with forwarded and x_for = all_hops, also for x_proto and "
        "x_host";
    const Case cases[] = {
        {{}, ""},
        {{.x_for = 0, .x_proto = 0}, ""},
        {{.proxies = {}}, ""},
        {{16, 16, 16, 16, 16}, ""},
        {{16, 16, 16, 16, 16, true}, ""},
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
        {{.x_for = 17, .forwarded = true}, "x_for is above 16"},
        {{.x_host = negative, .forwarded = true, .proxies = proxies}, "x_host is above 16"},
        {{.x_for = all_hops}, "x_for = all_hops needs a list of proxies"},
        {{.x_for = all_hops, .proxies = proxies | Networks::any()},
         "x_for = all_hops needs a list of proxies"},
        {{.x_for = all_hops, .proxies = proxies}, ""},
        {{.x_for = all_hops, .proxies = {}}, ""},
        {{.x_for = all_hops, .forwarded = true}, "x_for = all_hops needs a list of proxies"},
        {{.x_for = all_hops, .forwarded = true, .proxies = proxies}, ""},
        {{.x_for = all_hops,
          .x_proto = all_hops,
          .x_host = all_hops,
          .forwarded = true,
          .proxies = proxies},
         ""},
        {{.x_for = all_hops, .x_proto = 16, .x_host = 1, .forwarded = true, .proxies = proxies},
         ""},
        {{.x_for = all_hops, .x_proto = all_hops, .proxies = proxies}, of_others},
        {{.x_for = all_hops, .x_port = all_hops, .forwarded = true, .proxies = proxies}, of_others},
        {{.x_for = all_hops, .x_prefix = all_hops, .forwarded = true, .proxies = proxies},
         of_others},
        {{.x_for = 16, .x_proto = all_hops, .forwarded = true, .proxies = proxies}, of_others},
        {{.x_for = 0, .x_host = all_hops, .forwarded = true, .proxies = proxies}, of_others},
        {{.x_for = 1, .x_proto = all_hops, .forwarded = true}, of_others},
        {{.x_for = 0, .x_proto = 0, .forwarded = true}, ""},
        {{.client_header = "X-Real-IP"}, ""},
        {{.client_header = "X-Forwarded"}, ""},
        {{.client_header = "X-Forwarded-For"}, twice},
        {{.client_header = "x-forwarded-FOR"}, twice},
        {{.client_header = "X-Forwarded-Proto"}, twice},
        {{.client_header = "X-Forwarded-Host"}, twice},
        {{.client_header = "X-Forwarded-Port"}, twice},
        {{.client_header = "X-Forwarded-Prefix"}, twice},
        {{.client_header = "forwarded"}, other_meaning},
        {{.client_header = "Host"}, other_meaning},
        {{.client_header = "connection"}, other_meaning},
        {{.client_header = "Transfer-Encoding"}, other_meaning},
        {{.client_header = "content-length"}, other_meaning},
        {{.forwarded = true, .client_header = "X-Real-IP"},
         "forwarded and client_header both replace X-Forwarded-For"},
        {{.x_for = all_hops, .forwarded = true, .proxies = proxies, .client_header = "X-Real-IP"},
         "forwarded and client_header both replace X-Forwarded-For"},
        {{.client_header = "X-Real-IP", .client_has_port = true}, ""},
        {{.client_has_port = true}, "client_has_port needs client_header"},
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
                CHECK(fault(trust) == header.too_high);
            }
        }
    }
}

TEST_CASE("With a list of proxies a count above 1 needs a chain to follow") {
    const std::string_view expected = "with a list of proxies, a count above 1 needs x_for";
    const Networks proxies{"10.0.0.2"};
    CHECK(fault({.x_for = 0, .x_proto = 2, .proxies = proxies}) == expected);
    CHECK(fault({.x_for = 0, .x_prefix = 2, .proxies = proxies}) == expected);
    CHECK(fault({.x_port = 2, .proxies = proxies, .client_header = "X-Real-IP"}) ==
          "with a list of proxies, a count above 1 needs x_for, and client_header replaces it");
    CHECK(fault({.x_for = 0, .x_proto = 2, .forwarded = true, .proxies = proxies}) == expected);
    CHECK(fault({.x_for = 0, .x_proto = 1, .x_host = 1, .forwarded = true, .proxies = proxies}) ==
          "");
    CHECK(fault({.x_for = 0, .x_proto = 2, .forwarded = true}) == "");
    CHECK(fault({.x_port = 2, .client_header = "X-Real-IP"}) == "");
    CHECK(fault({.x_for = 0, .x_proto = 1, .proxies = proxies}) == "");
    CHECK(fault({.x_for = 0, .x_proto = 2}) == "");
    CHECK(fault({.x_for = 1, .x_host = 2, .proxies = proxies}) == "");
    CHECK(fault({.x_for = 2, .x_port = 2, .forwarded = true, .proxies = proxies}) == "");
    CHECK(fault({.x_for = 0, .x_port = 2, .forwarded = true, .proxies = proxies}) == expected);
}

TEST_CASE("Names that contradict the rest of a Trust are rejected") {
    struct Case {
        Trust trust;
        std::string_view fault;
    };
    const std::string_view equal = "two headers have the same name";
    const std::string_view forwarded =
        "forwarded and names both replace a header: with forwarded, only x_port and x_prefix have "
        "names";
    const Case cases[] = {
        {{.names = {.x_for = "X-Original-Forwarded-For"}}, ""},
        {{.names = {.x_proto = "X-Scheme"}}, ""},
        {{.x_host = 1, .names = {.x_host = "X-Original-Host"}}, ""},
        {{.x_port = 1, .names = {.x_port = "X-Port"}}, ""},
        {{.x_prefix = 1, .names = {.x_prefix = "X-Script-Name"}}, ""},
        // The usual name of a header that has another one is free.
        {{.x_host = 1, .names = {.x_proto = "X-Scheme", .x_host = "X-Forwarded-Proto"}}, ""},
        // The usual name in another letter case is no other name.
        {{.x_for = 0, .names = {.x_for = "x-forwarded-for"}}, ""},
        {{.forwarded = true, .names = {.x_for = "x-forwarded-FOR"}}, ""},
        {{.names = {.x_for = "X-Forwarded-Proto"}}, equal},
        {{.names = {.x_proto = "x-forwarded-for"}}, equal},
        {{.names = {.x_proto = "X-Forwarded-Prefix"}}, equal},
        {{.names = {.x_for = "X", .x_proto = "x"}}, equal},
        {{.x_port = 1, .x_prefix = 1, .names = {.x_port = "X-P", .x_prefix = "x-p"}}, equal},
        {{.x_for = 0, .names = {.x_for = "X-Ip"}}, "names.x_for is given, but x_for is 0"},
        {{.x_proto = 0, .names = {.x_proto = "X-Scheme"}},
         "names.x_proto is given, but x_proto is 0"},
        {{.names = {.x_host = "X-Original-Host"}}, "names.x_host is given, but x_host is 0"},
        {{.names = {.x_port = "X-Port"}}, "names.x_port is given, but x_port is 0"},
        {{.names = {.x_prefix = "X-Script-Name"}}, "names.x_prefix is given, but x_prefix is 0"},
        {{.names = {.x_for = "X-Client"}, .client_header = "X-Real-IP"},
         "names.x_for and client_header both replace X-Forwarded-For"},
        {{.names = {.x_proto = "X-Scheme"}, .client_header = "X-Real-IP"}, ""},
        {{.names = {.x_proto = "X-Scheme"}, .client_header = "x-scheme"},
         "client_header is a header that has a count of its own"},
        {{.names = {.x_proto = "X-Scheme"}, .client_header = "X-Forwarded-Proto"},
         "client_header is a header that has a count of its own"},
        {{.forwarded = true, .names = {.x_for = "X-Client"}}, forwarded},
        {{.forwarded = true, .names = {.x_proto = "X-Scheme"}}, forwarded},
        {{.x_host = 1, .forwarded = true, .names = {.x_host = "X-Original-Host"}}, forwarded},
        {{.x_port = 1, .forwarded = true, .names = {.x_port = "X-Port"}}, ""},
        {{.x_prefix = 1, .forwarded = true, .names = {.x_prefix = "X-Script-Name"}}, ""},
    };
    for (const auto& [trust, expected] : cases) {
        CAPTURE(expected, to_string(trust));
        CHECK(fault(trust) == expected);
    }
    for (const detail::ForwardingHeader& header : detail::forwarding_headers) {
        for (const FieldName& name : std::initializer_list<FieldName>{
                 "", "Forwarded", "host", "Connection", "transfer-encoding", "CONTENT-LENGTH"}) {
            CAPTURE(header.option, name.view());
            Trust trust{1, 1, 1, 1, 1};
            trust.names.*header.name = name;
            CHECK(fault(trust) == "names." + std::string(header.option) +
                                      " is empty, or a header that has another meaning");
            CHECK(fault(trust) == header.cannot_be_named);
        }
        CHECK(HeaderNames{}.*header.name == header.usual_name);
    }
}

TEST_CASE("Trusts are equal if each of their members is") {
    const Trust different[] = {
        {},
        {.x_for = 2},
        {.x_proto = 2},
        {.x_host = 1},
        {.x_port = 1},
        {.x_prefix = 1},
        {.forwarded = true},
        {.proxies = {"10.0.0.2"}},
        {.allowed_hosts = {"shop.example"}},
        {.names = {.x_for = "X-Original-Forwarded-For"}},
        {.names = {.x_proto = "X-Scheme"}},
        {.x_host = 1, .names = {.x_host = "X-Original-Host"}},
        {.client_header = "X-Real-IP"},
        {.client_header = "X-Real-IP", .client_has_port = true},
        {.strip = Strip::all},
    };
    for (std::size_t i = 0; i < std::size(different); ++i) {
        for (std::size_t j = 0; j < std::size(different); ++j) {
            CAPTURE(i, j);
            CHECK((different[i] == Trust(different[j])) == (i == j));
        }
    }
}
