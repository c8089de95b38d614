// SPDX-License-Identifier: MIT
#include "proxyfix/net/networks.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"

using namespace proxyfix;

namespace {

constexpr Address ip(std::string_view text) { return *Address::parse(text); }

Networks networks(std::string_view text) { return Networks::parse(text).value(); }

/// The ranges as text: "10.0.0.0-10.255.255.255 ::1-::1".
std::string ranges_of(std::string_view text) {
    std::string shown;
    const Networks parsed = networks(text);
    for (const Networks::Range& range : parsed.ranges()) {
        shown += (shown.empty() ? "" : " ") + to_string(range.first) + '-' + to_string(range.last);
    }
    return shown;
}

constexpr Address before(const Address& a) {
    return {a.high() - (a.low() == 0 ? 1 : 0), a.low() - 1};
}
constexpr Address after(const Address& a) {
    return {a.high() + (a.low() + 1 == 0 ? 1 : 0), a.low() + 1};
}

struct Membership {
    std::string_view address;
    bool inside;
};
template <std::size_t size>
void check_members(const Networks& networks, const Membership (&members)[size]) {
    for (const auto& [address, inside] : members) {
        CAPTURE(address);
        CHECK(networks.contains(ip(address)) == inside);
        CHECK(networks.contains_peer(address) == inside);
    }
}

}  // namespace

static_assert(!Networks().contains("10.0.0.5"_ip) && Networks::any().contains("10.0.0.5"_ip));
static_assert(Networks{"10.0.0.0/8"_net, "2001:db8::/32"_net}.contains("2001:db8::7"_ip));
static_assert(!Networks{"10.0.0.0/8"_net, "2001:db8::/32"_net}.contains("11.0.0.0"_ip));
static_assert((Networks::loopback() | Networks::private_use()).contains("127.0.0.1"_ip));
static_assert(Networks::unix_domain().contains_peer("unix:") && !Networks().contains_peer(""));
static_assert(Networks{"10.0.0.0/8"_net, "10.1.0.0/16"_net}.ranges().size() == 1);
static_assert(Networks{} == Networks() && Networks{} != Networks::any());
static_assert(!noexcept(networks("")) && noexcept(Networks().contains_peer({})),
              "a look-up cannot fail");

static_assert(!std::is_nothrow_copy_assignable_v<Networks> &&
                  std::is_nothrow_move_assignable_v<Networks>,
              "a copy takes memory");

TEST_CASE("The order in which networks are given does not matter") {
    std::string ascending, descending, mixed;
    for (unsigned i = 0; i < 1000; ++i) {
        const auto network = [](unsigned n) {
            return "10." + std::to_string(n / 100) + '.' + std::to_string(2 * (n % 100)) + ".0/24 ";
        };
        ascending += network(i);
        descending += network(999 - i);
        mixed += network(i * 377 % 1000);
    }
    CHECK(networks(ascending).ranges().size() == 1000);
    CHECK(networks(ascending) == networks(descending));
    CHECK(networks(ascending) == networks(mixed));
    CHECK(networks(ascending) == networks(mixed + ascending + descending));
    CHECK(networks(mixed + "10.0.0.0/8").ranges().size() == 1);
    constexpr Network a = *Network::parse("10.0.0.0/8"), b = *Network::parse("192.0.2.0/24"),
                      c = *Network::parse("2001:db8::/32");
    CHECK(Networks{c, a, b, a} == networks("10.0.0.0/8 192.0.2.0/24 2001:db8::/32"));
    CHECK(Networks{b, c, a} == Networks{a, b, c});
}

TEST_CASE("The first faulty network of a long list is named") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "10.0.0.1, ";
    CHECK(Networks::parse(text + "one, two " + text).error() == "one: not an address");
}

TEST_CASE("An empty list trusts nobody") {
    for (const Networks& nobody : {Networks(), Networks{}, networks(""), networks(" ,\n")}) {
        CHECK(nobody == Networks());
        CHECK_FALSE(nobody.is_any());
        CHECK(nobody.ranges().empty());
        for (const std::string_view address : {"0.0.0.0", "10.0.0.5", "127.0.0.1", "::", "::1",
                                               "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
            CAPTURE(address);
            CHECK_FALSE(nobody.contains(ip(address)));
            CHECK_FALSE(nobody.contains_peer(address));
        }
        CHECK_FALSE(nobody.contains_peer(""));
        CHECK_FALSE(nobody.contains_peer("unix:"));
    }
}

TEST_CASE("Any networks trust everybody, with an address or without") {
    const Networks any = Networks::any();
    CHECK(any.is_any());
    CHECK_FALSE(networks("0.0.0.0/0, ::/0").is_any());
    for (const std::string_view address : {"0.0.0.0", "10.0.0.5", "::", "::1"}) {
        CHECK(any.contains(ip(address)));
    }
    for (const std::string_view peer :
         {"", "unix:", "unix:/run/x.sock", "10.0.0.5", "010.0.0.5", "127.1", "10.0.0.5:80", "[::1]",
          "fe80::1%eth0", "unknown"}) {
        CAPTURE(peer);
        CHECK(any.contains_peer(peer));
    }
}

TEST_CASE("A list holds the addresses of its networks and no others") {
    const Networks list{"10.0.0.0/8"_net, "192.0.2.7"_net, "2001:db8::/64"_net};
    check_members(list, {{"10.0.0.0", true},
                         {"10.255.255.255", true},
                         {"9.255.255.255", false},
                         {"11.0.0.0", false},
                         {"192.0.2.6", false},
                         {"192.0.2.7", true},
                         {"192.0.2.8", false},
                         {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
                         {"2001:db8::", true},
                         {"2001:db8::ffff:ffff:ffff:ffff", true},
                         {"2001:db8:0:1::", false},
                         {"::10.0.0.5", false},
                         {"::ffff:10.0.0.5", true},
                         {"::ffff:c000:207", true}});
    CHECK(list == networks("10.0.0.0/8 192.0.2.7 2001:db8::/64"));
    CHECK(list == networks("::ffff:10.0.0.0/104 ::ffff:192.0.2.7 2001:DB8:0::/64"));
    CHECK(list != networks("10.0.0.0/8 192.0.2.7"));
}

TEST_CASE("Networks that overlap are merged, in any order, and kept in ascending order") {
    struct Case {
        std::string_view text, ranges;
    };
    const Case cases[] = {
        {"", ""},
        {"10.0.0.0/8", "10.0.0.0-10.255.255.255"},
        {"10.0.0.0/8 10.0.0.0/8", "10.0.0.0-10.255.255.255"},
        {"10.0.0.0/8 10.1.0.0/16", "10.0.0.0-10.255.255.255"},
        {"10.1.0.0/16 10.0.0.0/8", "10.0.0.0-10.255.255.255"},
        {"10.0.0.0/8 10.0.0.0/16", "10.0.0.0-10.255.255.255"},
        {"10.255.0.0/16 10.0.0.0/8", "10.0.0.0-10.255.255.255"},
        {"10.1.0.0/16 10.3.0.0/16 10.5.0.0/16 10.0.0.0/8", "10.0.0.0-10.255.255.255"},
        {"9.0.0.0/8 10.1.0.0/16 10.3.0.0/16 12.0.0.0/8 10.0.0.0/8",
         "9.0.0.0-10.255.255.255 12.0.0.0-12.255.255.255"},
        {"10.128.0.0/9 10.0.0.0/9", "10.0.0.0-10.255.255.255"},
        {"10.0.0.0/9 10.128.0.0/9", "10.0.0.0-10.255.255.255"},
        {"10.0.0.1 10.0.0.3 10.0.0.2", "10.0.0.1-10.0.0.3"},
        {"::1:0:0:0:0 ::ffff:ffff:ffff:ffff", "::ffff:ffff:ffff:ffff-0:0:0:1::"},
        {"::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ::",
         "::-::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"192.0.2.9 192.0.2.7 192.0.2.1 192.0.2.5 192.0.2.7",
         "192.0.2.1-192.0.2.1 192.0.2.5-192.0.2.5 192.0.2.7-192.0.2.7 192.0.2.9-192.0.2.9"},
        {"2001:db8::/32 ::1 10.0.0.0/8",
         "::1-::1 10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"::/0", "::-::fffe:ffff:ffff ::1:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"2001:db8::1 ::/0 ::1",
         "::-::fffe:ffff:ffff ::1:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    for (const auto& [text, ranges] : cases) {
        CAPTURE(text);
        CHECK(ranges_of(text) == ranges);
    }
    CHECK(Networks{"10.3.0.0/16"_net, "10.1.0.0/16"_net, "10.0.0.0/8"_net, "10.2.0.0/16"_net} ==
          Networks{"10.0.0.0/8"_net});
    CHECK((Networks::any() | Networks{"10.0.0.0/8"_net}) == Networks::any());
    CHECK((Networks{"10.0.0.0/8"_net} | Networks::any()) == Networks::any());
}

TEST_CASE("An IPv6 network around IPv4 holds none of it") {
    for (const std::string_view text : {"::/0", "::/1", "::/64", "::/79"}) {
        CAPTURE(text);
        check_members(networks(text), {{"::", true},
                                       {"::1", true},
                                       {"::10.0.0.5", true},
                                       {"::fffe:ffff:ffff", true},
                                       {"::ffff:0:0", false},
                                       {"0.0.0.0", false},
                                       {"10.0.0.5", false},
                                       {"::ffff:10.0.0.5", false},
                                       {"255.255.255.255", false},
                                       {"::1:0:0:0", true},
                                       {"::1:ffff:ffff:ffff", true}});
    }
    check_members(networks("::/96 ::1:0:0:0/80"), {{"::ffff:ffff", true},
                                                   {"::1:0:0", false},
                                                   {"0.0.0.0", false},
                                                   {"255.255.255.255", false},
                                                   {"::1:0:0:0", true}});
    check_members(networks("::/0 10.0.0.0/8"), {{"9.255.255.255", false},
                                                {"10.0.0.0", true},
                                                {"10.255.255.255", true},
                                                {"11.0.0.0", false},
                                                {"2001:db8::1", true}});
    check_members(networks("0.0.0.0/0"), {{"0.0.0.0", true},
                                          {"255.255.255.255", true},
                                          {"::fffe:ffff:ffff", false},
                                          {"::1:0:0:0", false},
                                          {"::1", false}});
    check_members(networks("::/0 0.0.0.0/0"), {{"::", true},
                                               {"::fffe:ffff:ffff", true},
                                               {"0.0.0.0", true},
                                               {"255.255.255.255", true},
                                               {"::1:0:0:0", true}});
}

TEST_CASE("An IPv6 network that ends where IPv4 does holds none of it") {
    for (const std::string_view text : {"::/80", "::8000:0:0/81", "::c000:0:0/82", "::ff00:0:0/88",
                                        "::fffc:0:0/94", "::fffe:0:0/95"}) {
        CAPTURE(text);
        check_members(networks(text), {{"::fffe:0:0", true},
                                       {"::fffe:ffff:ffff", true},
                                       {"0.0.0.0", false},
                                       {"10.0.0.5", false},
                                       {"::ffff:10.0.0.5", false},
                                       {"255.255.255.255", false},
                                       {"::1:0:0:0", false}});
    }
    CHECK(ranges_of("::/80") == "::-::fffe:ffff:ffff");
    CHECK(ranges_of("::fffe:0:0/95") == "::fffe:0:0-::fffe:ffff:ffff");
    CHECK(ranges_of("::fffe:0:0/95 10.0.0.0/8") ==
          "::fffe:0:0-::fffe:ffff:ffff 10.0.0.0-10.255.255.255");
}

TEST_CASE("The named sets are those of the RFCs") {
    check_members(Networks::loopback(), {{"127.0.0.0", true},
                                         {"127.0.0.1", true},
                                         {"127.255.255.255", true},
                                         {"::1", true},
                                         {"::ffff:127.0.0.1", true},
                                         {"126.255.255.255", false},
                                         {"128.0.0.0", false},
                                         {"0.0.0.0", false},
                                         {"::", false},
                                         {"::2", false},
                                         {"::127.0.0.1", false}});
    check_members(Networks::private_use(), {{"10.0.0.0", true},
                                            {"10.255.255.255", true},
                                            {"172.16.0.0", true},
                                            {"172.31.255.255", true},
                                            {"192.168.0.0", true},
                                            {"192.168.255.255", true},
                                            {"fc00::", true},
                                            {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
                                            {"9.255.255.255", false},
                                            {"11.0.0.0", false},
                                            {"172.15.255.255", false},
                                            {"172.32.0.0", false},
                                            {"192.167.255.255", false},
                                            {"192.169.0.0", false},
                                            {"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
                                            {"fe00::", false},
                                            {"100.64.0.1", false},
                                            {"127.0.0.1", false},
                                            {"169.254.0.1", false},
                                            {"fe80::1", false}});
    check_members(Networks::link_local(), {{"169.254.0.0", true},
                                           {"169.254.255.255", true},
                                           {"fe80::", true},
                                           {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true},
                                           {"169.253.255.255", false},
                                           {"169.255.0.0", false},
                                           {"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
                                           {"fec0::", false},
                                           {"10.0.0.1", false}});
    check_members(Networks::unix_domain(),
                  {{"127.0.0.1", false}, {"::1", false}, {"0.0.0.0", false}, {"::", false}});
    for (const Networks& named : {Networks::loopback(), Networks::private_use(),
                                  Networks::link_local(), Networks::unix_domain()}) {
        CHECK_FALSE(named.is_any());
    }
}

TEST_CASE("The union of two sets holds what either holds") {
    const Networks both = Networks::loopback() | Networks::private_use();
    check_members(both,
                  {{"127.0.0.1", true}, {"10.0.0.5", true}, {"::1", true}, {"11.0.0.0", false}});
    CHECK_FALSE(both.contains_peer(""));
    CHECK(both == (Networks::private_use() | Networks::loopback()));
    CHECK((both | both) == both);
    CHECK((both | Networks()) == both);
    CHECK((Networks() | both) == both);
    CHECK((networks("10.1.0.0/16 192.0.2.7") | networks("10.0.0.0/8")) ==
          networks("10.0.0.0/8 192.0.2.7"));
    CHECK((networks("10.0.0.0/8") | networks("10.1.0.0/16 192.0.2.7")) ==
          networks("10.0.0.0/8 192.0.2.7"));
    CHECK((networks("::/0") | networks("10.0.0.0/8")) == networks("10.0.0.0/8 ::/0"));

    CHECK((both | Networks::any()).is_any());
    CHECK((Networks::any() | both).is_any());
    CHECK((Networks::any() | both).contains_peer("unix:"));
    CHECK_FALSE((both | both).is_any());

    for (const Networks& with_unix :
         {both | Networks::unix_domain(), Networks::unix_domain() | both}) {
        CHECK(with_unix.contains_peer("unix:"));
        CHECK(with_unix.contains_peer("127.0.0.1"));
        CHECK_FALSE(with_unix.contains_peer("11.0.0.0"));
        CHECK_FALSE(with_unix.is_any());
        CHECK(with_unix != both);
    }
}

TEST_CASE("Sets are equal if they hold the same") {
    const Networks set{"10.0.0.0/8"_net, "2001:db8::/32"_net};
    CHECK(set == Networks{"2001:db8::/32"_net, "10.128.0.0/9"_net, "10.0.0.0/9"_net});
    for (const Networks& other :
         {Networks(), Networks::any(), set | Networks::unix_domain(), Networks{"10.0.0.0/8"_net},
          Networks{"10.0.0.0/8"_net, "2001:db8::/33"_net},
          Networks{"10.0.0.0/8"_net, "2001:db9::/32"_net}}) {
        CHECK(set != other);
        CHECK(other == Networks(other));
    }
    CHECK(Networks::unix_domain() != Networks());
}

TEST_CASE("A range is that of :: alone until it is given other addresses") {
    CHECK(Networks::Range{} == Networks::Range{"::"_ip, "::"_ip});
}

TEST_CASE("The ranges of a temporary set outlive it") {
    const auto& ranges = networks("10.0.0.0/8 ::1").ranges();
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0] == Networks::Range{"::1"_ip, "::1"_ip});
    CHECK(ranges[1] == Networks::Range{"10.0.0.0"_ip, "10.255.255.255"_ip});
}

TEST_CASE("A list is read from text with commas, blanks or line ends in it") {
    const Networks list{"10.0.0.0/24"_net, "2001:db8::/32"_net, "192.0.2.7"_net};
    for (const std::string_view text :
         {"10.0.0.0/24,2001:db8::/32,192.0.2.7", "10.0.0.0/24, 2001:db8::/32, 192.0.2.7",
          "10.0.0.0/24 2001:db8::/32\t192.0.2.7", "10.0.0.0/24\n2001:db8::/32\n192.0.2.7\n",
          "\r\n 10.0.0.0/24,\r\n 2001:db8::/32,\r\n 192.0.2.7,\r\n",
          ", ,192.0.2.7 ,,\t10.0.0.0/24 ,2001:db8::/32,"}) {
        CAPTURE(text);
        const auto parsed = Networks::parse(text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == list);
        CHECK(parsed.error() == "");
    }
}

TEST_CASE("The named sets are words of a list") {
    CHECK(networks("loopback") == Networks::loopback());
    CHECK(networks("private") == Networks::private_use());
    CHECK(networks("link-local") == Networks::link_local());
    CHECK(networks("unix:") == Networks::unix_domain());
    CHECK(networks("private, unix:\n192.0.2.7 loopback") ==
          (Networks{"192.0.2.7"_net} | Networks::private_use() | Networks::loopback() |
           Networks::unix_domain()));
    CHECK(networks("10.1.0.0/16 private 10.2.0.0/16 unix:") ==
          (Networks::private_use() | Networks::unix_domain()));
}

TEST_CASE("The error of a list names the first faulty network") {
    const std::string no_address = ": not an address",
                      no_length = ": the prefix length is not a number of 0 to 32",
                      everybody =
                          ": as the only word of a list it is everybody, like Networks::any()";
    struct Case {
        std::string_view text;
        std::string error;
    };
    const Case cases[] = {
        {"10.0.0.1/8", "10.0.0.1/8: bits set after the prefix"},
        {"10.0.0.0/8, 10.0.0.1/8, 10.0.0.0/33", "10.0.0.1/8: bits set after the prefix"},
        {"loopback\n10.0.0.0/33\n10.0.0.1/8",
         "10.0.0.0/33: the prefix length is not a number of 0 to 32"},
        {"2001:db8::/129 x", "2001:db8::/129: the prefix length is not a number of 0 to 128"},
        {"::ffff:0:0/95", "::ffff:0:0/95: bits set after the prefix"},
        {"10.0.0.0 /8", "/8" + no_address},
        {"10.0.0.0/ 8", "10.0.0.0/: the prefix length is not a number of 0 to 32"},
        {"010.0.0.0/8", "010.0.0.0/8" + no_address},
        {"127.1", "127.1" + no_address},
        {"10/8", "10/8" + no_address},
        {"::1;10.0.0.0/8", "::1;10.0.0.0/8" + no_address},
        {"# proxies", "#" + no_address},
        {"10.0.0.0/8 any", "any" + everybody},
        {"any 10.0.0.0/8", "any" + everybody},
        {"any, any", "any" + everybody},
        {"Any", "Any" + no_address},
        {"10.0.0.2/255.255.255.192",
         "10.0.0.2/255.255.255.192: a netmask; in CIDR notation it is 10.0.0.0/26"},
        {"10.0.0.0/255.0.0.0", "10.0.0.0/255.0.0.0: a netmask; in CIDR notation it is 10.0.0.0/8"},
        {"10.0.0.2/255.255.255.255",
         "10.0.0.2/255.255.255.255: a netmask; in CIDR notation it is 10.0.0.2/32"},
        {"10.0.0.2/128.0.0.0", "10.0.0.2/128.0.0.0: a netmask; in CIDR notation it is 0.0.0.0/1"},
        {"10.0.0.2/0.0.0.255", "10.0.0.2/0.0.0.255" + no_length},
        {"10.0.0.2/0.0.0.0", "10.0.0.2/0.0.0.0" + no_length},
        {"10.0.0.2/255.0.255.0", "10.0.0.2/255.0.255.0" + no_length},
        {"10.0.0.2/255.255.255", "10.0.0.2/255.255.255" + no_length},
        {"10.0.0/255.0.0.0", "10.0.0/255.0.0.0" + no_address},
        {"2001:db8::/255.0.0.0",
         "2001:db8::/255.0.0.0: the prefix length is not a number of 0 to 128"},
        {"Loopback", "Loopback" + no_address},
        {"loopbacks", "loopbacks" + no_address},
        {"link_local", "link_local" + no_address},
        {"unix", "unix" + no_address},
        {"unix:/run/x.sock", "unix:/run/x.sock" + no_address},
        {"fe80::1%eth0", "fe80::1%eth0" + no_address},
    };
    for (const auto& [text, error] : cases) {
        CAPTURE(text);
        const auto parsed = Networks::parse(text);
        CHECK_FALSE(parsed.has_value());
        CHECK(parsed.error() == error);
    }
}

TEST_CASE("A peer without an IP address is trusted only if the user says so") {
    const Networks with_unix = networks("10.0.0.0/8 unix:"),
                   everything = networks("::/0 0.0.0.0/0");
    for (const std::string_view peer : {"unix:", "unix:/run/x.sock", "unix:@abstract"}) {
        CAPTURE(peer);
        CHECK(Networks::unix_domain().contains_peer(peer));
        CHECK(with_unix.contains_peer(peer));
        CHECK_FALSE(everything.contains_peer(peer));
        CHECK_FALSE(Networks::loopback().contains_peer(peer));
    }
    CHECK(with_unix.contains_peer("10.0.0.5"));
    for (const std::string_view peer : {"", "11.0.0.0", " ", "unix", "Unix:", " unix:", "unixx:",
                                        "/run/x.sock", "unknown", "-"}) {
        CAPTURE(peer);
        CHECK_FALSE(with_unix.contains_peer(peer));
    }
}

TEST_CASE("The text of a peer is an address, perhaps with a zone") {
    const Networks list = networks("10.0.0.0/8 127.0.0.0/8 fe80::/10 ::1");
    for (const std::string_view peer : {"10.0.0.5", "::ffff:10.0.0.5", "::FFFF:a00:5", "fe80::1",
                                        "fe80::1%eth0", "FE80::1%2", "::1", "0:0:0:0:0:0:0:1"}) {
        CAPTURE(peer);
        CHECK(list.contains_peer(peer));
    }
    CHECK_FALSE(list.contains_peer("fec0::1%eth0"));
    CHECK_FALSE(list.contains_peer("11.0.0.0"));
}

TEST_CASE("Text that is no address is in no list") {
    const Networks everything = networks("::/0 0.0.0.0/0 unix:");
    for (const std::string_view peer :
         {"010.0.0.5", "127.1", "2130706433", "0x7f.0.0.1", "10.0.0.5:80", "[::1]", "[::1]:80",
          " 10.0.0.5", "10.0.0.5 ", "10.0.0.5/32", "10.0.0.5,10.0.0.6", "%eth0", "%", "[fe80::1%2]",
          "::ffff:010.0.0.5", "localhost", "loopback", "unknown", "x"}) {
        CAPTURE(peer);
        CHECK_FALSE(everything.contains_peer(peer));
    }
    CHECK(everything.contains_peer("10.0.0.5"));
    CHECK(everything.contains_peer("::1"));
}

TEST_CASE("A list of 200 networks holds each of them and nothing between") {
    // 10.0.n.0/25 for the even n, from the outside inwards, so that each has to find its place.
    std::string text;
    for (int n = 0; n < 200; ++n) {
        const int third = n % 2 == 0 ? n : 399 - n;
        text += "10." + std::to_string(third / 256) + '.' + std::to_string(third % 256) + ".0/25\n";
    }
    const Networks list = networks(text);
    REQUIRE(list.ranges().size() == 200);
    for (std::uint32_t third = 0; third < 400; ++third) {
        CAPTURE(third);
        for (const std::uint32_t fourth : {0u, 127u, 128u, 255u}) {
            const bool inside = third % 2 == 0 && fourth < 128;
            CHECK(list.contains(Address::v4(0x0a00'0000 + third * 256 + fourth)) == inside);
        }
    }
    CHECK_FALSE(list.contains(ip("9.255.255.255")));
    CHECK_FALSE(list.contains(ip("10.1.144.0")));
}

TEST_CASE("A list agrees with a scan of its networks") {
    std::mt19937 random(20240229);
    const auto below = [&random](std::uint32_t n) { return static_cast<unsigned>(random() % n); };
    // Few places, so that networks overlap, nest and repeat.
    const Address places[] = {ip("10.0.0.0"),     ip("10.0.1.0"),      ip("192.0.2.0"),
                              ip("0.0.0.0"),      ip("255.255.0.0"),   ip("::1:0:0:0"),
                              ip("::"),           ip("::fffe:ffff:0"), ip("2001:db8::"),
                              ip("fe80::8000:0"), ip("ffff:ffff::"),   ip("2001:db8:1::")};
    const auto random_address = [&](unsigned scale) {
        const Address place = places[below(std::size(places))];
        const std::uint64_t low = below(1u << scale);
        return Address(place.high() | (place.is_v4() ? 0u : below(3)), place.low() | low);
    };
    int inside = 0, outside = 0;
    for (int round = 0; round < 100; ++round) {
        std::vector<Network> list;
        std::vector<std::string> words;
        for (unsigned n = below(20); n > 0; --n) {
            const Address address = random_address(16);
            const unsigned all_bits = address.is_v4() ? 32 : 128;
            const unsigned widest = below(30) == 0 ? all_bits + 1 : below(8) == 0 ? 50 : 18;
            const unsigned length = all_bits - below(std::min(widest, all_bits + 1));
            const Address first = address.network(length);
            words.push_back(to_string(first) + '/' + std::to_string(length));
            if (first.is_v4() && below(3) == 0) {
                words.back() = "::ffff:" + to_string(first) + '/' + std::to_string(length + 96);
            }
            const auto network = Network::parse(words.back());
            CAPTURE(words.back());
            REQUIRE(network.has_value());
            list.push_back(*network);
        }
        const auto scan = [&list](const Address& address) {
            for (const Network& network : list) {
                if (address.is_v4() == network.first().is_v4() &&
                    address.network(network.bits()) == network.first()) {
                    return true;
                }
            }
            return false;
        };

        std::string text;
        for (const std::string& word : words) text += word + ", ";
        const Networks parsed = networks(text);
        CAPTURE(text);
        std::shuffle(words.begin(), words.end(), random);
        Networks joined;
        for (const std::string& word : words) joined = networks(word) | joined;
        REQUIRE(joined == parsed);
        for (std::size_t i = 0; i < parsed.ranges().size(); ++i) {
            REQUIRE(parsed.ranges()[i].first <= parsed.ranges()[i].last);
            if (i > 0) REQUIRE(parsed.ranges()[i - 1].last < parsed.ranges()[i].first);
        }

        std::vector<Address> probes;
        for (int n = 0; n < 20; ++n) probes.push_back(random_address(17));
        for (const Network& network : list) {
            for (const Address& edge : {network.first(), network.last()}) {
                for (const Address& address : {before(edge), edge, after(edge)}) {
                    probes.push_back(address);
                }
            }
        }
        for (const Address& address : probes) {
            const std::string shown = to_string(address);
            CAPTURE(shown);
            const bool expected = scan(address);
            ++(expected ? inside : outside);
            REQUIRE(parsed.contains(address) == expected);
            REQUIRE(parsed.contains_peer(shown) == expected);
        }
    }
    CHECK(inside > 1000);
    CHECK(outside > 1000);
}

TEST_CASE("The word any alone is everybody, and shared is 100.64.0.0/10") {
    for (const std::string_view text : {"any", " any", "any,", "\nany \t,"}) {
        CAPTURE(text);
        CHECK(Networks::parse(text).error() == "");
        CHECK(Networks::parse(text)->is_any());
    }
    CHECK(Networks::shared() == Networks{"100.64.0.0/10"});
    CHECK(*Networks::parse("shared") == Networks::shared());
    CHECK(*Networks::parse("shared, 10.0.0.2") == (Networks::shared() | Networks{"10.0.0.2"}));
    CHECK(Networks::shared().contains("100.127.255.255"_ip));
    CHECK_FALSE(Networks::shared().contains("100.128.0.0"_ip));
}

TEST_CASE("A set of networks is written so that it parses back, as few of them as there can be") {
    struct Case {
        std::string_view given, text;
    };
    const Case cases[] = {
        {"", ""},
        {"any", "any"},
        {"unix:", "unix:"},
        {"unix: loopback", "::1, 127.0.0.0/8, unix:"},
        {"10.0.0.2", "10.0.0.2"},
        {"10.0.0.2/32 2001:db8::1/128", "10.0.0.2, 2001:db8::1"},
        {"10.0.0.0/9, 10.128.0.0/9", "10.0.0.0/8"},
        {"10.0.0.1, 10.0.0.2, 10.0.0.3", "10.0.0.1, 10.0.0.2/31"},
        {"10.0.0.3, 10.0.0.4", "10.0.0.3, 10.0.0.4"},
        {"10.255.255.255, 11.0.0.0/8", "10.255.255.255, 11.0.0.0/8"},
        {"private", "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"::/0", "::/0"},
        {"::/0, 0.0.0.0/0", "::/0, 0.0.0.0/0"},
        {"::/0, 10.0.0.0/8", "::/0, 10.0.0.0/8"},
        {"::/80", "::/80"},
        {"::/79", "::/79"},
        {"::/81", "::/81"},
        {"::/1, 8000::1", "::/1, 8000::1"},
        {"::/16, 1::/16", "::/15"},
        {"::/16, 2::/16", "::/16, 2::/16"},
        {"::/80, ::1:0:0:1", "::/80, ::1:0:0:1"},
        {"::/80, 255.255.255.255, ::1:0:0:0", "::/80, 255.255.255.255, ::1:0:0:0"},
        {"::/80, ::1:0:0:0", "::/80, ::1:0:0:0"},
        // What begins in IPv4 and ends in IPv6 is two, and the other way round.
        {"255.255.255.255, ::1:0:0:0", "255.255.255.255, ::1:0:0:0"},
        {"::fffe:ffff:ffff, 0.0.0.0", "::fffe:ffff:ffff, 0.0.0.0"},
        {"::fffe:ffff:ffff, 0.0.0.0/0, ::1:0:0:0", "::fffe:ffff:ffff, 0.0.0.0/0, ::1:0:0:0"},
        {"::ffff:ffff:ffff:ffff, 0:0:0:1::", "::ffff:ffff:ffff:ffff, 0:0:0:1::"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"},
        {"8000::/1", "8000::/1"},
        {"::2/127 ::4/126 ::8/125", "::2/127, ::4/126, ::8/125"},
    };
    for (const auto& [given, text] : cases) {
        CAPTURE(given);
        const Networks networks = *Networks::parse(given);
        CHECK(to_string(networks) == text);
        CHECK(*Networks::parse(to_string(networks)) == networks);
    }
}

TEST_CASE("Every network parses back from the text of a set that has nothing else") {
    for (unsigned bits = 0; bits <= 128; ++bits) {
        for (const Address& address : {"::"_ip, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"_ip,
                                       "2001:db8:5555:5555:5555:5555:5555:5555"_ip,
                                       "203.0.113.7"_ip, "::fffe:5555:5555"_ip}) {
            if (address.is_v4() && bits > 32) continue;
            const std::string text = to_string(address.network(bits)) + '/' + std::to_string(bits);
            CAPTURE(text);
            const auto networks = Networks::parse(text);
            if (!networks) continue;  // within ::/80 and at its end, the network is IPv4
            CHECK(*Networks::parse(to_string(*networks)) == *networks);
            // One that ends behind IPv4 has it as a hole, and may be written as several.
            if (address == "::fffe:5555:5555"_ip && bits > 80 && bits < 96) continue;
            const bool is_one = bits == (address.is_v4() ? 32u : 128u);
            CHECK(to_string(*networks) == (is_one ? to_string(address) : text));
        }
    }
}
