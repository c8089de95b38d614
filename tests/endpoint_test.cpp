// SPDX-License-Identifier: MIT
#include "proxyfix/net/endpoint.hpp"

#include <cstddef>
#include <string>
#include <string_view>

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
static_assert(is_malformed("localhost") && is_malformed("_x"));
static_assert(is_malformed("\"203.0.113.7\"") && is_malformed("example.com:80"));

// A zone is dropped, and only a link-local address has one.
static_assert(is("fe80::1%eth0", "fe80::1") && is("[fe80::1%eth0]", "fe80::1"));
static_assert(is("febf:ffff::1%x", "febf:ffff::1") && is("fe80::1%A-Za.z_0~9", "fe80::1"));
static_assert(is("[fe80::1%eth0]:4711", "fe80::1", 4711));
static_assert(is("fe80::1%123456789012345", "fe80::1"));
static_assert(is_malformed("fe80::1%1234567890123456") && is_malformed("fe80::1%"));
static_assert(is_malformed("[fe80::1%]:80") && is_malformed("fe80::1%eth0%eth1"));
static_assert(is_malformed("2001:db8::7%eth0") && is_malformed("::1%lo"));
static_assert(is_malformed("fec0::1%eth0") && is_malformed("fe7f::1%eth0"));
static_assert(is_malformed("169.254.1.1%eth0") && is_malformed("203.0.113.7%eth0"));
static_assert(is_malformed("%eth0") && is_malformed("fe80::1%eth0:80"));
static_assert(is_malformed("fe80::1%1.2.3.4:80") && is_malformed("::ffff:203.0.113.7%e:80"));
static_assert(is("fe80::1.2.3.4%eth0", "fe80::102:304"));

// Behind a dotted quad, a port needs no brackets.
static_assert(is("::ffff:203.0.113.7:12345", "203.0.113.7", 12345));
static_assert(is("64:ff9b::203.0.113.7:80", "64:ff9b::cb00:7107", 80));
static_assert(is("[::ffff:203.0.113.7]:12345", "203.0.113.7", 12345));
static_assert(is_malformed("::ffff:203.0.113.7:") && is_malformed("::ffff:203.0.113.7:0"));
static_assert(is_malformed("::ffff:203.0.113.7:80:80") && is_malformed("::ffff:0.0.0.0:80"));
static_assert(is_malformed("2001:db8:1:2:3:4:5:6:443"));
static_assert(is("2001:db8::7:80", "2001:db8::7:80"), "a group, not a port");

TEST_CASE("In a zone, letters, digits and four more characters may stand") {
    for (int byte = 0; byte < 256; ++byte) {
        CAPTURE(byte);
        const std::string text = std::string("fe80::1%") + static_cast<char>(byte);
        const std::string_view allowed =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
        const bool is_allowed = allowed.find(static_cast<char>(byte)) != allowed.npos;
        CHECK(parse_endpoint(text).has_value() == is_allowed);
        CHECK(parse_endpoint('[' + text + "]:80").has_value() == is_allowed);
        CHECK(parse_endpoint(text + 'a').has_value() == is_allowed);
        CHECK(parse_endpoint("fe80::1%a" + std::string(1, static_cast<char>(byte))).has_value() ==
              is_allowed);
    }
}

TEST_CASE("A zone has 1 to 15 bytes") {
    for (std::size_t size = 0; size <= 40; ++size) {
        CAPTURE(size);
        const std::string text = "fe80::1%" + std::string(size, 'e');
        CHECK(parse_endpoint(text).has_value() == (size >= 1 && size <= 15));
    }
}

TEST_CASE("Where a port always follows, it is what stands behind the last colon") {
    const auto parse = [](std::string_view text) {
        const auto endpoint = detail::parse_endpoint_and_port(text);
        return endpoint ? to_string(*endpoint) : std::string(to_string(endpoint.error()));
    };
    CHECK(parse("2001:db8:f:abcd::9:9985") == "[2001:db8:f:abcd::9]:9985");
    CHECK(parse("2001:db8::7:46532") == "[2001:db8::7]:46532");
    CHECK(parse("[2001:db8::7]:46532") == "[2001:db8::7]:46532");
    CHECK(parse("::1:80") == "[::1]:80");
    CHECK(parse("::ffff:203.0.113.7:80") == "203.0.113.7:80");
    CHECK(parse("203.0.113.7:80") == "203.0.113.7:80");
    CHECK(parse("fe80::1%eth0:80") == "[fe80::1]:80");
    CHECK(parse("[fe80::1%eth0]:80") == "[fe80::1]:80");
    for (const std::string_view text :
         {"", ":", ":80", "203.0.113.7", "203.0.113.7:", "203.0.113.7:0", "203.0.113.7:080",
          "203.0.113.7:65536", "[2001:db8::7]", "2001:db8::7:abc", "2001:db8::7", "::7", ":::80",
          "::80", "0.0.0.0:80", "[::]:80", "2001:db8::7%eth0:80", "a:80", "2001:db8::7: 80"}) {
        CAPTURE(text);
        CHECK(parse(text) == "malformed");
    }
}

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
