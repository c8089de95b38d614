// SPDX-License-Identifier: MIT
#include "proxyfix/net/address.hpp"

#include <compare>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "catch.hpp"

using namespace proxyfix;

namespace {

/// Is `text` an address, and `canonical` its canonical text?
constexpr bool prints(std::string_view text, std::string_view canonical) {
    const auto address = Address::parse(text);
    if (!address) return false;
    const AddressText printed = address->text();
    return printed.view() == canonical;
}

constexpr bool is_malformed(std::string_view text) {
    return Address::parse(text) == Reason::malformed;
}

constexpr Address ip(std::string_view text) { return *Address::parse(text); }

}  // namespace

static_assert(!std::is_default_constructible_v<Address>, "there is no invalid address");
static_assert(std::is_trivially_copyable_v<Address> && sizeof(Address) == 16);
template <class T>
concept HasView = requires(T&& text) {
    std::forward<T>(text).view();
};
static_assert(HasView<const AddressText&> && !HasView<AddressText>,
              "a temporary's text would dangle");

// IPv4: four decimal octets.
static_assert(prints("0.0.0.0", "0.0.0.0") && prints("255.255.255.255", "255.255.255.255"));
static_assert(prints("1.20.103.0", "1.20.103.0"));
static_assert(is_malformed("") && is_malformed(" ") && is_malformed("1"));
static_assert(is_malformed("1.2.3") && is_malformed("1.2.3.4.5") && is_malformed("1.2.3.4."));
static_assert(is_malformed(".1.2.3.4") && is_malformed("1..3.4") && is_malformed("1.2.3."));
static_assert(is_malformed("256.1.1.1") && is_malformed("1.1.1.256") && is_malformed("1.2.3.1000"));
static_assert(is_malformed("010.0.0.5") && is_malformed("1.2.3.00") && is_malformed("1.2.3.04"));
static_assert(is_malformed("0x7f.0.0.1") && is_malformed("127.1") && is_malformed("2130706433"));
static_assert(is_malformed("+1.2.3.4") && is_malformed("1.2.3.-4") && is_malformed("1.2.3.4 "));
static_assert(is_malformed("1.2.3.4/32") && is_malformed("1.2.3.4:80") && is_malformed("1,2.3.4"));
static_assert(is_malformed("1.2.3.99999999999999999999"));

// IPv6: eight groups, or fewer around one "::".
static_assert(prints("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"));
static_assert(prints("2001:DB8:0:0::0007", "2001:db8::7"));
static_assert(prints("::", "::") && prints("::1", "::1") && prints("1::", "1::"));
static_assert(prints("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
                     "abcd:ef01:2345:6789:abcd:ef01:2345:6789"));
static_assert(prints("::1.2.3.4", "::102:304") &&
              prints("64:ff9b::192.0.2.33", "64:ff9b::c000:221"));
static_assert(prints("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"));
static_assert(prints("1::6:1.2.3.4", "1::6:102:304"));
static_assert(is_malformed(":") && is_malformed(":::") && is_malformed("1:") && is_malformed(":1"));
static_assert(is_malformed("1:::2") && is_malformed(":::1") && is_malformed("1:::"));
static_assert(is_malformed("1::2::3") && is_malformed("::1::") && is_malformed("::1:"));
static_assert(is_malformed("1::2:") && is_malformed(":1::2") && is_malformed("::::"));
static_assert(is_malformed("1:2:3:4:5:6:7") && is_malformed("1:2:3:4:5:6:7:8:9"));
static_assert(is_malformed("1:2:3:4:5:6:7:8::") && is_malformed("::1:2:3:4:5:6:7:8"));
static_assert(is_malformed("1:2:3:4::5:6:7:8"), "the gap stands for at least one group");
static_assert(prints("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"));
static_assert(prints("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"));
static_assert(is_malformed("12345::") && is_malformed("g::") && is_malformed("::-1"));
static_assert(is_malformed("fe80::1%eth0") && is_malformed("[::1]") && is_malformed(" ::1"));
static_assert(is_malformed("::1.2.3") && is_malformed("::1.2.3.4.5") && is_malformed("::01.2.3.4"));
static_assert(is_malformed("1.2.3.4::") && is_malformed("::1.2.3.4:5") &&
              is_malformed("1.2.3.4:5::"));
static_assert(is_malformed("1:2:3:4:5:6:7:1.2.3.4") && is_malformed("1:2:3:4:5:1.2.3.4"));
static_assert(is_malformed("::1:2:3:4:5:6:1.2.3.4"));
static_assert(prints("::2:3:4:5:6:1.2.3.4", "0:2:3:4:5:6:102:304"));

static_assert(Address::parse_v6("") == Reason::malformed);
static_assert(Address::parse_v6("1") == Reason::malformed);
static_assert(Address::parse_v6("1.2.3.4") == Reason::malformed);
static_assert(Address::parse_v4("") == Reason::malformed);
static_assert(Address::parse_v4("::1") == Reason::malformed);

// RFC 5952, 4: the longest run of zero groups, the first of equals, and never a single one.
static_assert(prints("1:0:0:2:0:0:0:3", "1:0:0:2::3"));
static_assert(prints("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"));
static_assert(prints("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"));
static_assert(prints("0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"));
static_assert(prints("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"));
static_assert(prints("0:2:0:4:0:6:0:8", "0:2:0:4:0:6:0:8"));
static_assert(prints("0001:0010:0100:1000::", "1:10:100:1000::"));

// A mapped address is IPv4, in every spelling.
static_assert(prints("::ffff:1.2.3.4", "1.2.3.4") && prints("::FFFF:cb00:7107", "203.0.113.7"));
static_assert(prints("0:0:0:0:0:ffff:0:0", "0.0.0.0"));
static_assert(ip("::ffff:1.2.3.4") == ip("1.2.3.4") && ip("1.2.3.4") == Address::v4(0x01020304));
static_assert(ip("1.2.3.4").is_v4() && !ip("::1.2.3.4").is_v4() && !ip("::fffe:1.2.3.4").is_v4());
static_assert(!ip("1::ffff:1.2.3.4").is_v4());

// A literal
static_assert("1.2.3.4"_ip == Address::v4(0x01020304) && "2001:DB8::7"_ip == ip("2001:db8::7"));
static_assert("::ffff:1.2.3.4"_ip == "1.2.3.4"_ip && "::1"_ip != "::2"_ip);
static_assert(std::is_same_v<decltype("::"_ip), Address>);

static_assert(ip("::").is_unspecified() && ip("0.0.0.0").is_unspecified());
static_assert(!ip("::1").is_unspecified() && !ip("0.0.0.1").is_unspecified());
static_assert(!ip("1::").is_unspecified() && !ip("1::ffff:0:0").is_unspecified());

static_assert(ip("1.2.3.4") < ip("1.2.3.5") && ip("9.0.0.0") < ip("10.0.0.0"));
static_assert(ip("::1") < ip("1.0.0.0") && ip("255.255.255.255") < ip("2001:db8::"));
static_assert(ip("2001:db8::1").high() == 0x2001'0db8'0000'0000 && ip("2001:db8::1").low() == 1);

// network(bits)
static_assert(ip("203.0.113.7").network(24) == ip("203.0.113.0"));
static_assert(ip("203.0.113.7").network(0) == ip("0.0.0.0"));
static_assert(ip("203.0.113.7").network(31) == ip("203.0.113.6"));
static_assert(ip("203.0.113.7").network(32) == ip("203.0.113.7"));
static_assert(ip("203.0.113.7").network(64) == ip("203.0.113.7"), "an IPv4 address has 32 bits");
static_assert(ip("2001:db8:1:2:3:4:5:6").network(64) == ip("2001:db8:1:2::"));
static_assert(ip("2001:db8:1:2:3:4:5:6").network(63) == ip("2001:db8:1:2::"));
static_assert(ip("2001:db8:1:3:3:4:5:6").network(63) == ip("2001:db8:1:2::"));
static_assert(ip("2001:db8:1:2:8003:4:5:6").network(65) == ip("2001:db8:1:2:8000::"));
static_assert(ip("2001:db8::7").network(0) == ip("::") && ip("2001:db8::7").network(1) == ip("::"));
static_assert(ip("8001::").network(1) == ip("8000::"));
static_assert(ip("2001:db8::7").network(128) == ip("2001:db8::7"));
static_assert(ip("2001:db8::7").network(127) == ip("2001:db8::6"));
static_assert(ip("2001:db8::7").network(4'000'000'000) == ip("2001:db8::7"));

TEST_CASE("An address as a string is its canonical text") {
    CHECK(to_string(ip("2001:DB8::0007")) == "2001:db8::7");
    CHECK(to_string(ip("203.0.113.7")) == "203.0.113.7");
    CHECK(to_string(ip("1111:2222:3333:4444:5555:6666:7777:8888")).size() == 39);
}

TEST_CASE("Text with a group or an octet too many is no address") {
    for (const std::string_view text :
         {"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9:a", "::1:2:3:4:5:6:7:8",
          "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7:8:1.2.3.4", "1:2:3:4:5:1.2.3.4",
          "::1:2:3:4:5:6:1.2.3.4", "::1.2.3.4.5", "1.2.3.4.5", "1.2.3"}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
    for (const auto& [text, canonical] : {std::pair("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
                                          {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
                                          {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"}}) {
        CAPTURE(text);
        CHECK(prints(text, canonical));
    }
}

TEST_CASE("Text with a stray colon or a wide group is no address") {
    for (const std::string_view text : {":", ":1", "1:", ":1::2", "1::2:", ":1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:", ":::", "1:::2", "12345::", "::0ffff"}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("Four octets behind an IPv6 prefix are two groups") {
    CHECK(prints("64:ff9b::1.3.255.254", "64:ff9b::103:fffe"));
    CHECK(prints("64:ff9b::255.255.255.255", "64:ff9b::ffff:ffff"));
}

TEST_CASE("A literal is the address of its text") {
    CHECK("203.0.113.7"_ip == Address::v4(0xcb007107));
    CHECK(to_string("2001:DB8::0007"_ip) == "2001:db8::7");
    CHECK("::ffff:203.0.113.7"_ip == "203.0.113.7"_ip);
    CHECK("203.0.113.7"_ip != "203.0.113.8"_ip);
}

TEST_CASE("Every canonical text parses to the same address") {
    std::uint64_t bits = 1;
    for (int i = 0; i < 20'000; ++i) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        // Runs of zero groups in all places: a mask of bits decides which groups are zero.
        std::uint64_t halves[2] = {bits, bits * 0x9e37'79b9'7f4a'7c15};
        for (int g = 0; g < 8; ++g) {
            if (bits >> (20 + g) & 1) halves[g / 4] &= ~(std::uint64_t{0xffff} << (g % 4 * 16));
        }
        const Address address(halves[0], halves[1]);
        const std::string text = to_string(address);
        CAPTURE(text);
        REQUIRE(Address::parse(text) == address);
    }
}

TEST_CASE("Equal addresses hash alike, and neighbours do not") {
    CHECK(std::hash<Address>()(ip("::ffff:1.2.3.4")) == std::hash<Address>()(ip("1.2.3.4")));
    std::unordered_set<Address> seen;
    std::unordered_set<std::size_t> hashes, low_bits;
    for (std::uint32_t i = 0; i < 4096; ++i) {
        seen.insert(Address::v4(0x0a000000 + i));
        seen.insert(Address(0x2001'0db8'0000'0000 + i, 0));
        hashes.insert(std::hash<Address>()(Address(0x2001'0db8'0000'0000 + i, 0)));
        low_bits.insert(std::hash<Address>()(Address(std::uint64_t{i} << 32, 0)) & 0xfff);
    }
    CHECK(seen.size() == 8192);
    CHECK(hashes.size() == 4096);
    CHECK(low_bits.size() > 2000);
}
