// SPDX-License-Identifier: MIT
#include "proxyfix/hops.hpp"

#include <initializer_list>
#include <string_view>

#include "catch.hpp"
#include "proxyfix/list.hpp"

using namespace proxyfix;

namespace {

constexpr Endpoint at(std::string_view text) { return *parse_endpoint(text); }

/// Walks over a list of addresses. The proxies are 10.0.0.0/24 and fd00::/8.
constexpr Hops walk(unsigned n, std::string_view list, unsigned x_proto = 0) {
    Trust trust{.x_proto = x_proto, .proxies = {"10.0.0.0/24"_net, "fd00::/8"_net}};
    ValuesFromRight values(list, 64);
    const auto next = [&values] { return values.next().and_then(parse_endpoint); };
    return walk_hops(next, n, trust);
}

/// How many hops a walk asks for.
constexpr unsigned asked(unsigned n, std::initializer_list<Result<Endpoint>> hops,
                         const Trust& trust) {
    unsigned count = 0;
    const auto next = [&] { return count < hops.size() ? hops.begin()[count++] : at("6.6.6.6"); };
    static_cast<void>(walk_hops(next, n, trust));
    return count;
}

struct Case {
    std::string_view why;
    unsigned n;
    std::string_view list;
    Result<Endpoint> client;
    unsigned position, believed;
};

}  // namespace

static_assert(walk(1, "6.6.6.6, 203.0.113.7").client == at("203.0.113.7"));
static_assert(walk(2, "6.6.6.6, 203.0.113.7").client == at("203.0.113.7"), "a bypass");
static_assert(walk(2, "203.0.113.7, 10.0.0.9").client == at("203.0.113.7"));
static_assert(walk(all_hops, "6.6.6.6, 203.0.113.7, 10.0.0.9").client == at("203.0.113.7"));
static_assert(walk(all_hops, "junk, 10.0.0.9").client == Reason::malformed);

TEST_CASE("Each value is believed only if the address right of it is a proxy's") {
    const Reason few = Reason::too_few_values, bad = Reason::malformed;
    // clang-format off
    const Case cases[] = {
        {"the one proxy is the peer", 1, "6.6.6.6, 203.0.113.7", at("203.0.113.7"), 1, 1},
        {"the client is inside", 1, "6.6.6.6, 10.0.0.9", at("10.0.0.9"), 1, 2},
        {"two proxies", 2, "6.6.6.6, 203.0.113.7, 10.0.0.9", at("203.0.113.7"), 2, 2},
        {"two proxies, the client is inside", 2, "6.6.6.6, 10.0.0.8, 10.0.0.9", at("10.0.0.8"), 2, 3},
        {"three proxies", 3, "6.6.6.6, 203.0.113.7, 10.0.0.8, 10.0.0.9", at("203.0.113.7"), 3, 3},
        {"the first and the last address of a network", 3, "203.0.113.7,10.0.0.0,10.0.0.255", at("203.0.113.7"), 3, 3},
        {"the addresses around a network", 2, "6.6.6.6, 10.0.1.0", at("10.0.1.0"), 1, 0},
        {"a proxy with a port", 2, "203.0.113.7, 10.0.0.9:4711", at("203.0.113.7"), 2, 2},
        {"a mapped proxy", 2, "203.0.113.7, ::ffff:10.0.0.9", at("203.0.113.7"), 2, 2},
        {"a mapped proxy in hexadecimal", 2, "203.0.113.7, ::ffff:a00:9", at("203.0.113.7"), 2, 2},
        {"a mapped client", 2, "::ffff:203.0.113.7, 10.0.0.9", at("203.0.113.7"), 2, 2},
        {"IPv4 embedded elsewhere is no IPv4", 2, "6.6.6.6, 64:ff9b::10.0.0.9", at("64:ff9b::a00:9"), 1, 0},
        {"a proxy with IPv6", 2, "203.0.113.7, [fd00::9]:4711", at("203.0.113.7"), 2, 2},

        {"the outer proxy is bypassed", 2, "6.6.6.6, 203.0.113.7", at("203.0.113.7"), 1, 0},
        {"two outer proxies are bypassed", 3, "10.0.0.8, 10.0.0.9, 203.0.113.7", at("203.0.113.7"), 1, 0},
        {"the outermost of three is bypassed", 3, "6.6.6.6, 203.0.113.7, 10.0.0.9", at("203.0.113.7"), 2, 0},

        {"junk on the way", 2, "203.0.113.7, junk", bad, 1, 0},
        {"junk behind a proxy on the way", 3, "203.0.113.7, junk, 10.0.0.9", bad, 2, 0},
        {"an empty value on the way", 2, "203.0.113.7, ", bad, 1, 0},
        {"an octet in octal is no proxy", 2, "203.0.113.7, 010.0.0.5", bad, 1, 0},
        {"a short form is no proxy", 2, "203.0.113.7, 127.1", bad, 1, 0},
        {"a short form of a proxy is none", 2, "203.0.113.7, 10.9", bad, 1, 0},
        {"a number is no proxy", 2, "203.0.113.7, 167772169", bad, 1, 0},
        {"a zone is no proxy", 2, "203.0.113.7, fd00::9%eth0", bad, 1, 0},
        {"the address of no host is no proxy", 2, "203.0.113.7, 0.0.0.0", bad, 1, 0},
        {"junk is the chosen value", 2, "6.6.6.6, junk, 10.0.0.9", bad, 2, 2},
        {"junk behind the chosen value", 1, "junk, 203.0.113.7", at("203.0.113.7"), 1, 1},
        {"the chosen value is missing", 2, "10.0.0.9", few, 2, 2},
        {"a value on the way is missing", 3, "10.0.0.9", few, 2, 0},
        {"an empty list", 1, "", bad, 1, 1},
        {"an empty list, two proxies", 2, "", bad, 1, 0},

        {"all: the first is outside", all_hops, "10.0.0.9, 203.0.113.7", at("203.0.113.7"), 1, 1},
        {"all: the second is outside", all_hops, "6.6.6.6, 203.0.113.7, 10.0.0.9", at("203.0.113.7"), 2, 2},
        {"all: forged proxies behind the client", all_hops, "10.0.0.7, 203.0.113.7, 10.0.0.8, 10.0.0.9", at("203.0.113.7"), 3, 3},
        {"all: every one is inside", all_hops, "10.0.0.7, 10.0.0.8, 10.0.0.9", at("10.0.0.7"), 3, 4},
        {"all: one value, outside", all_hops, "203.0.113.7", at("203.0.113.7"), 1, 1},
        {"all: one value, inside", all_hops, "10.0.0.9", at("10.0.0.9"), 1, 2},
        {"all: junk behind the client", all_hops, "junk, 203.0.113.7, 10.0.0.9", at("203.0.113.7"), 2, 2},
        {"all: junk on the way", all_hops, "203.0.113.7, junk, 10.0.0.9", bad, 2, 0},
        {"all: one forged value left of junk", all_hops, "6.6.6.6, junk", bad, 1, 0},
        {"all: an empty value on the way", all_hops, "203.0.113.7, , 10.0.0.9", bad, 2, 0},
        {"all: an empty value left of proxies", all_hops, ", 10.0.0.9", bad, 2, 0},
        {"all: an octet in octal", all_hops, "203.0.113.7, 010.0.0.5, 10.0.0.9", bad, 2, 0},
        {"all: an empty list", all_hops, "", bad, 1, 0},
    };
    // clang-format on
    for (const auto& [why, n, list, client, position, believed] : cases) {
        CAPTURE(why, n, list);
        const Hops hops = walk(n, list);
        CHECK(hops.client == client);
        CHECK(hops.position == position);
        CHECK(hops.believed == believed);
    }
}

TEST_CASE("The walk goes on for a header whose count is higher") {
    struct Deeper {
        std::string_view why;
        unsigned n;
        std::string_view list;
        unsigned x_proto, believed;
    };
    for (const auto& [why, n, list, x_proto, believed] :
         {Deeper{"both are inside", 1, "10.0.0.8, 10.0.0.9", 3, 3},
          Deeper{"no further than asked for", 1, "10.0.0.7, 10.0.0.8, 10.0.0.9", 3, 3},
          Deeper{"the first is outside", 1, "10.0.0.8, 203.0.113.7", 3, 1},
          Deeper{"the second is outside", 1, "203.0.113.7, 10.0.0.9", 3, 2},
          Deeper{"junk", 1, "10.0.0.8, junk", 3, 1}, Deeper{"missing", 1, "10.0.0.9", 3, 2},
          Deeper{"no count for the client", 0, "10.0.0.8, 10.0.0.9", 3, 3},
          Deeper{"behind two", 2, "10.0.0.7, 203.0.113.7, 10.0.0.9", 4, 2},
          Deeper{"behind a bypass", 2, "10.0.0.8, 203.0.113.7", 3, 0}}) {
        CAPTURE(why);
        const Hops hops = walk(n, list, x_proto);
        CHECK(hops.believed == believed);
        CHECK(hops.position == (n < 2 || believed != 0 ? n : 1));
        CHECK(hops.client == walk(n, list).client);
    }
}

TEST_CASE("The highest of the other counts decides how far the walk goes") {
    const Networks inside{"10.0.0.0/24"_net};
    const std::initializer_list<Result<Endpoint>> proxies = {at("10.0.0.9"), at("10.0.0.8"),
                                                             at("10.0.0.7"), at("10.0.0.6")};
    CHECK(asked(1, proxies, {.x_proto = 0, .proxies = inside}) == 1);
    CHECK(asked(2, proxies, {.x_proto = 1, .proxies = inside}) == 2);
    CHECK(asked(1, proxies, {.x_proto = 4, .proxies = inside}) == 3);
    CHECK(asked(1, proxies, {.x_proto = 1, .x_host = 4, .proxies = inside}) == 3);
    CHECK(asked(1, proxies, {.x_proto = 1, .x_port = 4, .proxies = inside}) == 3);
    CHECK(asked(1, proxies, {.x_proto = 1, .x_prefix = 4, .proxies = inside}) == 3);
    CHECK(asked(0, proxies, {.x_proto = 1, .proxies = inside}) == 0);
    CHECK(asked(4, {at("10.0.0.9"), at("6.6.6.6"), at("10.0.0.7")}, {.proxies = inside}) == 2);
}

TEST_CASE("A hop without an address ends the walk without a client") {
    struct Ends {
        Reason why;
        unsigned believed_of_two, believed_of_all;
    };
    for (const Ends& ends :
         {Ends{Reason::malformed, 0, 0}, Ends{Reason::too_few_values, 0, 0},
          Ends{Reason::unordered_lines, 0, 0}, Ends{Reason::peer_not_trusted, 0, 0},
          Ends{Reason::anonymous, 0, 1}, Ends{Reason::absent, 0, 1}}) {
        CAPTURE(to_string(ends.why));
        const Trust trust{.proxies = {"10.0.0.0/24"_net}};
        const auto next = [&ends]() -> Result<Endpoint> { return ends.why; };
        const Hops two = walk_hops(next, 2, trust), all = walk_hops(next, all_hops, trust);
        CHECK(two.client == ends.why);
        CHECK(two.position == 1);
        CHECK(two.believed == ends.believed_of_two);
        CHECK(all.client == ends.why);
        CHECK(all.position == 1);
        CHECK(all.believed == ends.believed_of_all);
    }
}
