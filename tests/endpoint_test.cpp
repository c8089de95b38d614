// SPDX-License-Identifier: MIT
#include "proxyfix/net/endpoint.hpp"

#include "catch.hpp"

using namespace proxyfix;

namespace {

constexpr bool is_malformed(std::string_view text) {
    return parse_endpoint(text) == Reason::malformed;
}

constexpr bool is(std::string_view text, std::string_view address, std::uint16_t port = 0) {
    return parse_endpoint(text) == Endpoint{*Address::parse(address), port};
}

}  // namespace

static_assert(is("203.0.113.7", "203.0.113.7") && is("203.0.113.7:4711", "203.0.113.7", 4711));
static_assert(is("2001:db8::7", "2001:db8::7") && is("[2001:db8::7]", "2001:db8::7"));
static_assert(is("[2001:db8::7]:4711", "2001:db8::7", 4711));
static_assert(is("2001:db8::7:4711", "2001:db8::7:4711"), "without brackets it is a group");
static_assert(is("[::ffff:203.0.113.7]:1", "203.0.113.7", 1));
static_assert(is("::ffff:203.0.113.7", "203.0.113.7"));

static_assert(is_malformed("") && is_malformed(":80") && is_malformed("unknown"));
static_assert(is_malformed("0.0.0.0") && is_malformed("::") && is_malformed("[::]:80"));
static_assert(is_malformed("0.0.0.0:80") && is_malformed("::ffff:0.0.0.0") && is_malformed("[::]"));
static_assert(is_malformed("[203.0.113.7]") && is_malformed("[203.0.113.7]:80"));
static_assert(is_malformed("203.0.113.7:") && is_malformed("203.0.113.7:0"));
static_assert(is_malformed("203.0.113.7:080") && is_malformed("203.0.113.7:65536"));
static_assert(is_malformed("203.0.113.7:80:80") && is_malformed("203.0.113.7 :80"));
static_assert(is_malformed("[::1") && is_malformed("[::1]x") && is_malformed("[::1]:"));
static_assert(is_malformed("[fe80::1%eth0]:80") && is_malformed("localhost") && is_malformed("_x"));
static_assert(is_malformed("\"203.0.113.7\"") && is_malformed("example.com:80"));

TEST_CASE("Endpoints are equal if address and port are") {
    const Endpoint endpoint{"203.0.113.7"_ip, 4711};
    CHECK(endpoint == Endpoint{"::ffff:203.0.113.7"_ip, 4711});
    CHECK(endpoint != Endpoint{"203.0.113.7"_ip});
    CHECK(Endpoint{"203.0.113.7"_ip}.port == 0);
    CHECK(endpoint != Endpoint{"203.0.113.8"_ip, 4711});
}

TEST_CASE("The client's port stays with its address") {
    const auto endpoint = parse_endpoint("[2001:DB8::0007]:51000");
    REQUIRE(endpoint);
    CHECK(to_string(endpoint->address) == "2001:db8::7");
    CHECK(endpoint->port == 51000);
}
