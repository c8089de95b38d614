// SPDX-License-Identifier: MIT
#include "proxyfix/net/network.hpp"

#include <string>
#include <type_traits>

#include "catch.hpp"

using namespace proxyfix;

namespace {

constexpr bool is_malformed(std::string_view text) {
    return Network::parse(text) == Reason::malformed;
}

constexpr std::string_view fault_of(std::string_view text) {
    std::string_view fault = "not written to";
    static_cast<void>(Network::parse(text, fault));
    return fault;
}

constexpr bool spans(const Network& network, const Address& first, const Address& last) {
    return network.first() == first && network.last() == last;
}

}  // namespace

static_assert(!std::is_default_constructible_v<Network>, "there is no invalid network");
static_assert(std::is_trivially_copyable_v<Network>);
static_assert(spans("10.0.0.0/8"_net, "10.0.0.0"_ip, "10.255.255.255"_ip));
static_assert(spans("2001:db8::/32"_net, "2001:db8::"_ip,
                    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"_ip));
static_assert("10.0.0.0/8"_net.bits() == 8 && "192.0.2.1"_net.bits() == 32);
static_assert("2001:db8::/32"_net.bits() == 32 && "::1"_net.bits() == 128);
static_assert("10.0.0.0/8"_net.contains("10.0.0.5"_ip) &&
              !"10.0.0.0/8"_net.contains("11.0.0.0"_ip));
static_assert("::ffff:10.0.0.0/104"_net == "10.0.0.0/8"_net);
static_assert("10.0.0.0/8"_net != "10.0.0.0/9"_net && "10.0.0.0/8"_net != "11.0.0.0/8"_net);
static_assert("0:0::1/128"_net == "::1"_net && "192.0.2.1/32"_net == "192.0.2.1"_net);
static_assert(is_malformed("10.0.0.1/8") && is_malformed("10.0.0.0/33") && is_malformed(""));
static_assert(fault_of("10.0.0.1/8") == "bits set after the prefix");
static_assert(fault_of("10.0.0.0/8") == "");

TEST_CASE("A network has a first and a last address") {
    struct Case {
        std::string_view text, first, last;
        unsigned bits;
    };
    const Case cases[] = {
        {"0.0.0.0/0", "0.0.0.0", "255.255.255.255", 0},
        {"128.0.0.0/1", "128.0.0.0", "255.255.255.255", 1},
        {"10.0.0.0/8", "10.0.0.0", "10.255.255.255", 8},
        {"172.16.0.0/12", "172.16.0.0", "172.31.255.255", 12},
        {"192.0.2.6/31", "192.0.2.6", "192.0.2.7", 31},
        {"192.0.2.7/32", "192.0.2.7", "192.0.2.7", 32},
        {"192.0.2.7", "192.0.2.7", "192.0.2.7", 32},
        {"255.255.255.255/32", "255.255.255.255", "255.255.255.255", 32},
        {"::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0},
        {"::/1", "::", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1},
        {"8000::/1", "8000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1},
        {"2001:db8::/31", "2001:db8::", "2001:db9:ffff:ffff:ffff:ffff:ffff:ffff", 31},
        {"2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 32},
        {"2001:db8::/63", "2001:db8::", "2001:db8:0:1:ffff:ffff:ffff:ffff", 63},
        {"2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff", 64},
        {"2001:db8::/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", 65},
        {"2001:db8::8000:0:0:0/65", "2001:db8:0:0:8000::", "2001:db8::ffff:ffff:ffff:ffff", 65},
        {"2001:db8::6/127", "2001:db8::6", "2001:db8::7", 127},
        {"2001:db8::7/128", "2001:db8::7", "2001:db8::7", 128},
        {"2001:db8::7", "2001:db8::7", "2001:db8::7", 128},
        {"::ffff:0:0/96", "0.0.0.0", "255.255.255.255", 0},
        {"::ffff:10.0.0.0/104", "10.0.0.0", "10.255.255.255", 8},
        {"::ffff:a00:0/127", "10.0.0.0", "10.0.0.1", 31},
        {"::ffff:10.0.0.1/128", "10.0.0.1", "10.0.0.1", 32},
        {"::ffff:10.0.0.1", "10.0.0.1", "10.0.0.1", 32},
    };
    for (const auto& [text, first, last, bits] : cases) {
        CAPTURE(text);
        const auto network = Network::parse(text);
        REQUIRE(network.has_value());
        CHECK(network->first() == Address::parse(first));
        CHECK(network->last() == Address::parse(last));
        CHECK(network->bits() == bits);
        CHECK(fault_of(text) == "");
    }
}

TEST_CASE("A faulty network is refused, and the fault is named") {
    const std::string_view no_address = "not an address", host_bits = "bits set after the prefix",
                           no_length_v4 = "the prefix length is not a number of 0 to 32",
                           no_length_v6 = "the prefix length is not a number of 0 to 128";
    struct Case {
        std::string_view text, fault;
    };
    const Case cases[] = {
        {"", no_address},
        {"/", no_address},
        {"/8", no_address},
        {" ", no_address},
        {"x", no_address},
        {"10/8", no_address},
        {"10.0.0/8", no_address},
        {"127.1", no_address},
        {"127.1/32", no_address},
        {"010.0.0.0/8", no_address},
        {"0x0a.0.0.0/8", no_address},
        {"167772160/8", no_address},
        {"256.0.0.0/8", no_address},
        {" 10.0.0.0/8", no_address},
        {"10.0.0.0 /8", no_address},
        {"10.0.0.5:80", no_address},
        {"[::1]", no_address},
        {"[2001:db8::]/32", no_address},
        {"fe80::1%eth0", no_address},
        {":::/0", no_address},
        {"10.0.0.0-10.0.0.255", no_address},
        {"shop.example", no_address},
        {"10.0.0.0/", no_length_v4},
        {"10.0.0.0/33", no_length_v4},
        {"10.0.0.0/128", no_length_v4},
        {"10.0.0.0/08", no_length_v4},
        {"10.0.0.0/00", no_length_v4},
        {"10.0.0.0/+8", no_length_v4},
        {"10.0.0.0/-8", no_length_v4},
        {"10.0.0.0/ 8", no_length_v4},
        {"10.0.0.0/8 ", no_length_v4},
        {"10.0.0.0/8.0", no_length_v4},
        {"10.0.0.0/0x8", no_length_v4},
        {"10.0.0.0/8/8", no_length_v4},
        {"10.0.0.0//8", no_length_v4},
        {"10.0.0.0/255.0.0.0", no_length_v4},
        {"10.0.0.0/4294967304", no_length_v4},
        {"10.0.0.0/18446744073709551624", no_length_v4},
        {"2001:db8::/", no_length_v6},
        {"2001:db8::/129", no_length_v6},
        {"2001:db8::/032", no_length_v6},
        {"2001:db8::/32/32", no_length_v6},
        {"::ffff:10.0.0.0/129", no_length_v6},
        {"10.0.0.1/8", host_bits},
        {"10.0.0.0/6", host_bits},
        {"192.0.2.7/31", host_bits},
        {"0.0.0.1/0", host_bits},
        {"128.0.0.0/0", host_bits},
        {"2001:db8::1/32", host_bits},
        {"2001:db8::1/64", host_bits},
        {"2001:db8::1/127", host_bits},
        {"2001:db8:0:1::/63", host_bits},
        {"2001:db8::8000:0:0:0/64", host_bits},
        {"::1/0", host_bits},
        {"8000::/0", host_bits},
        {"::ffff:10.0.0.1/104", host_bits},
        {"::ffff:10.0.0.0/8", host_bits},
        {"::ffff:0:0/0", host_bits},
        {"::ffff:0:0/95", host_bits},
    };
    for (const auto& [text, fault] : cases) {
        CAPTURE(text);
        CHECK(Network::parse(text) == Reason::malformed);
        CHECK(fault_of(text) == fault);
    }
}

TEST_CASE("A network holds its addresses, and those next to it are outside") {
    struct Case {
        std::string_view network, address;
        bool inside;
    };
    const Case cases[] = {
        {"10.0.0.0/8", "10.0.0.0", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"192.0.2.7", "192.0.2.8", false},
        {"0.0.0.0/0", "0.0.0.0", true},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"2001:db8::/64", "2001:db8::", true},
        {"2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true},
        {"2001:db8::/64", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
        {"2001:db8::/64", "2001:db8:0:1::", false},
        {"::/0", "::", true},
        {"::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
        // Both spellings of IPv4 are in a network of IPv4, and neither in one of IPv6.
        {"10.0.0.0/8", "::ffff:10.0.0.5", true},
        {"::ffff:10.0.0.0/104", "10.0.0.5", true},
        {"::/0", "10.0.0.5", false},
        {"::/0", "::ffff:10.0.0.5", false},
        {"::/80", "0.0.0.0", false},
        {"::/80", "255.255.255.255", false},
        {"::/80", "::fffe:ffff:ffff", true},
        {"::fffe:0:0/95", "10.0.0.5", false},
        {"0.0.0.0/0", "::", false},
        {"0.0.0.0/0", "::10.0.0.5", false},
        {"0.0.0.0/0", "::fffe:ffff:ffff", false},
        {"0.0.0.0/0", "::1:0:0:0", false},
    };
    for (const auto& [network, address, inside] : cases) {
        CAPTURE(network, address);
        const auto parsed = Network::parse(network);
        REQUIRE(parsed.has_value());
        CHECK(parsed->contains(*Address::parse(address)) == inside);
    }
}

TEST_CASE("Networks are equal if they hold the same addresses") {
    const Network network = "10.0.0.0/8";
    CHECK(network == Network::parse("::ffff:10.0.0.0/104"));
    CHECK(network == "10.0.0.0/8"_net);
    CHECK(network != "10.0.0.0/9"_net);
    CHECK(network != "11.0.0.0/8"_net);
    CHECK("0.0.0.0/0"_net != "::/0"_net);
}

TEST_CASE("A network as a string is canonical and reads back") {
    CHECK(to_string("10.0.0.0/8"_net) == "10.0.0.0/8");
    CHECK(to_string("0.0.0.0/0"_net) == "0.0.0.0/0");
    CHECK(to_string("192.0.2.1"_net) == "192.0.2.1/32");
    CHECK(to_string("2001:DB8:0:0::/32"_net) == "2001:db8::/32");
    CHECK(to_string("::1"_net) == "::1/128");
    CHECK(to_string("::ffff:10.0.0.0/104"_net) == "10.0.0.0/8");
    for (unsigned bits = 0; bits <= 128; ++bits) {
        const Address all_ones(~std::uint64_t{0}, ~std::uint64_t{0});
        const std::string text = to_string(all_ones.network(bits)) + '/' + std::to_string(bits);
        CAPTURE(text);
        const auto network = Network::parse(text);
        REQUIRE(network.has_value());
        CHECK(network->last() == all_ones);
        CHECK(to_string(*network) == text);
    }
}
