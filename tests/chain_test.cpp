// SPDX-License-Identifier: MIT
// How far the chain of addresses is followed. What comes of it: decide_test.cpp.
#include <initializer_list>
#include <string_view>
#include <utility>

#include "catch.hpp"
#include "proxyfix/decision/decide.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/request/adapter.hpp"
#include "view_request.hpp"

using namespace proxyfix;
using detail::Chain, detail::LineQuality, detail::Stop;

namespace {

constexpr Endpoint at(std::string_view text) { return *parse_endpoint(text); }

/// The proxies are 10.0.0.0/24 and fd00::/8.
constexpr Networks inside() { return {"10.0.0.0/24"_net, "fd00::/8"_net}; }

/// How a request came in, but for its lines.
struct Circumstances {
    bool peer_is_trusted = true, lines_in_order = true;
    LineQuality quality = LineQuality::as_sent;
};

/// Follows the chain of a request with these header lines.
constexpr Chain follow(Trust trust, std::initializer_list<HeaderView> headers,
                       const Circumstances& how = {}) {
    const Policy policy(std::move(trust));
    detail::Received received;
    detail::receive(ViewRequest{headers}, policy.table(), received);
    received.lines_in_order = how.lines_in_order;
    received.quality = how.quality;
    const unsigned farthest = policy.table().trusts_any_peer ? 0 : policy.table().highest_count;
    return detail::follow_chain({received, policy.table(), how.peer_is_trusted}, farthest);
}

/// Follows a list of addresses in X-Forwarded-For.
constexpr Chain walk(unsigned n, std::string_view list, unsigned x_proto = 0) {
    return follow({.x_for = n, .x_proto = x_proto, .proxies = inside()},
                  {{"X-Forwarded-For", list}});
}

struct Case {
    std::string_view why;
    unsigned n;
    std::string_view list;
    Result<Endpoint> client;
    unsigned position, trusted;
};

}  // namespace

static_assert(walk(1, "6.6.6.6, 203.0.113.7").client == at("203.0.113.7"));
static_assert(walk(2, "6.6.6.6, 203.0.113.7").client == at("203.0.113.7"), "a bypass");
static_assert(walk(2, "203.0.113.7, 10.0.0.9").client == at("203.0.113.7"));
static_assert(walk(all_hops, "6.6.6.6, 203.0.113.7, 10.0.0.9").client == at("203.0.113.7"));
static_assert(walk(all_hops, "junk, 10.0.0.9").client == Reason::malformed);

TEST_CASE("Each value is trusted only if the address right of it is a proxy's") {
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
    for (const auto& [why, n, list, client, position, trusted] : cases) {
        CAPTURE(why, n, list);
        const Chain chain = walk(n, list);
        CHECK(chain.client == client);
        CHECK(chain.stop.position == position);
        CHECK(chain.trusted == trusted);
    }
}

TEST_CASE("The walk goes on for a header whose count is higher") {
    struct Deeper {
        std::string_view why;
        unsigned n;
        std::string_view list;
        unsigned x_proto, trusted;
    };
    for (const auto& [why, n, list, x_proto, trusted] :
         {Deeper{"both are inside", 1, "10.0.0.8, 10.0.0.9", 3, 3},
          Deeper{"no further than the count", 1, "10.0.0.7, 10.0.0.8, 10.0.0.9", 3, 3},
          Deeper{"the first is outside", 1, "10.0.0.8, 203.0.113.7", 3, 1},
          Deeper{"the second is outside", 1, "203.0.113.7, 10.0.0.9", 3, 2},
          Deeper{"junk", 1, "10.0.0.8, junk", 3, 1}, Deeper{"missing", 1, "10.0.0.9", 3, 2},
          Deeper{"behind two", 2, "10.0.0.7, 203.0.113.7, 10.0.0.9", 4, 2},
          Deeper{"behind a bypass", 2, "10.0.0.8, 203.0.113.7", 3, 0}}) {
        CAPTURE(why);
        const Chain chain = walk(n, list, x_proto);
        CHECK(chain.trusted == trusted);
        CHECK(chain.stop.position == (n < 2 || trusted != 0 ? n : 1));
        CHECK(chain.client == walk(n, list).client);
    }
}

TEST_CASE("The highest of the other counts decides how far the walk goes") {
    // As many values are trusted as were read, and one more.
    const auto trusted = [](const Trust& trust, std::string_view list) {
        return follow(trust, {{"X-Forwarded-For", list}}).trusted;
    };
    const std::string_view proxies = "10.0.0.5, 10.0.0.6, 10.0.0.7, 10.0.0.8, 10.0.0.9";
    const Networks own = inside();
    CHECK(trusted({.x_for = 1, .x_proto = 0, .proxies = own}, proxies) == 2);
    CHECK(trusted({.x_for = 2, .x_proto = 1, .proxies = own}, proxies) == 3);
    CHECK(trusted({.x_for = 1, .x_proto = 4, .proxies = own}, proxies) == 4);
    CHECK(trusted({.x_for = 1, .x_proto = 1, .x_host = 4, .proxies = own}, proxies) == 4);
    CHECK(trusted({.x_for = 1, .x_proto = 1, .x_port = 4, .proxies = own}, proxies) == 4);
    CHECK(trusted({.x_for = 1, .x_proto = 1, .x_prefix = 4, .proxies = own}, proxies) == 4);
    CHECK(trusted({.x_for = 4, .proxies = own}, proxies) == 5);
    const Chain outside = walk(4, "10.0.0.7, 6.6.6.6, 10.0.0.9");
    CHECK(outside.client == at("6.6.6.6"));
    CHECK(outside.stop.position == 2);
    CHECK(outside.trusted == 0);
}

TEST_CASE("Where the client is not configured, no chain is followed") {
    for (const unsigned x_proto : {0u, 1u}) {
        const Chain chain = walk(0, "10.0.0.8, 10.0.0.9", x_proto);
        CHECK(chain.client == Reason::not_configured);
        CHECK(chain.stop == Stop{});
        CHECK(chain.trusted == 1);
    }
}

TEST_CASE("A hop without an address ends the walk without a client") {
    struct Ends {
        Reason why;
        HeaderView line;
        Circumstances how;
        unsigned position, trusted_of_two, trusted_of_all;
    };
    for (const auto& [why, line, how, position, trusted_of_two, trusted_of_all] :
         {Ends{Reason::malformed, {"X-Forwarded-For", "junk"}, {}, 1, 0, 0},
          Ends{Reason::malformed, {"Forwarded", "for=junk"}, {}, 1, 0, 0},
          Ends{Reason::malformed, {"Forwarded", "\""}, {}, 1, 0, 0},
          Ends{Reason::anonymous, {"Forwarded", "for=unknown"}, {}, 1, 0, 1},
          Ends{Reason::absent, {"Forwarded", "proto=https"}, {}, 1, 0, 1},
          // Nothing is read.
          Ends{Reason::absent, {"Via", "1.1 a"}, {}, 0, 0, 1},
          Ends{Reason::peer_not_trusted,
               {"X-Forwarded-For", "10.0.0.9"},
               {.peer_is_trusted = false},
               0,
               0,
               0},
          Ends{Reason::unreliable_lines,
               {"X-Forwarded-For", "10.0.0.9"},
               {.quality = LineQuality::doubtful},
               0,
               0,
               0},
          Ends{Reason::unreliable_lines,
               {"Via", "1.1 a"},
               {.quality = LineQuality::may_lack},
               0,
               0,
               0}}) {
        CAPTURE(to_string(why), line.name, line.value);
        for (const unsigned n : {2u, all_hops}) {
            const unsigned trusted = n == 2 ? trusted_of_two : trusted_of_all;
            Trust trust{.x_for = n, .proxies = inside()};
            trust.forwarded = line.name == "Forwarded";
            const Chain chain = follow(trust, {line}, how);
            CHECK(chain.client == why);
            CHECK(chain.stop.position == position);
            CHECK(chain.trusted == trusted);
        }
    }
    for (const unsigned n : {2u, all_hops}) {
        const Trust trust{.x_for = n, .proxies = inside()};
        const Chain chain =
            follow(trust, {{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-For", "10.0.0.9"}},
                   {.lines_in_order = false});
        CHECK(chain.client == Reason::unreliable_lines);
        CHECK(chain.stop == Stop{});
        CHECK(chain.trusted == 0);
    }
}

TEST_CASE("The client's value is found on its line") {
    const auto stop = [](std::initializer_list<HeaderView> headers) {
        return follow({.x_for = all_hops, .proxies = inside()}, headers).stop;
    };
    CHECK(stop({{"X-Forwarded-For", "203.0.113.7"}}) == Stop{1, 1, true});
    CHECK(stop({{"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.9"}}) == Stop{2, 1, false});
    CHECK(stop({{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}, {"X-Forwarded-For", "10.0.0.9"}}) ==
          Stop{2, 2, false});
    CHECK(stop({{"X-Forwarded-For", "6.6.6.6"},
                {"X-Forwarded-For", "203.0.113.7, 10.0.0.8"},
                {"X-Forwarded-For", "10.0.0.9"}}) == Stop{3, 2, true});
    // All are inside: it is the leftmost, and not the place behind it.
    CHECK(stop({{"X-Forwarded-For", "10.0.0.8"}, {"X-Forwarded-For", "10.0.0.9"}}) ==
          Stop{2, 2, true});
    // So too where a header whose count is higher lets the walk go on.
    CHECK(follow({.x_for = 1, .x_proto = 3, .proxies = inside()},
                 {{"X-Forwarded-For", "10.0.0.8"}, {"X-Forwarded-For", "10.0.0.9"}})
              .stop == Stop{1, 1, true});
}

TEST_CASE("A walk ends at the 16th line from the last") {
    const HeaderView proxy{"X-Forwarded-For", "10.0.0.9"}, client{"X-Forwarded-For", "203.0.113.7"};
    const Trust trust{.x_for = all_hops, .proxies = inside()};
    const auto leftmost = follow(trust, {proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy,
                                         proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy});
    CHECK(leftmost.client == at("10.0.0.9"));
    CHECK(leftmost.stop == Stop{16, 16, true});
    CHECK(leftmost.trusted == 17);
    const auto outsider =
        follow(trust, {proxy, client, proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy,
                       proxy, proxy, proxy, proxy, proxy, proxy});
    CHECK(outsider.client == at("203.0.113.7"));
    CHECK(outsider.stop == Stop{16, 16, true});
    CHECK(outsider.trusted == 16);
    const auto too_long =
        follow(trust, {client, proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy, proxy,
                       proxy, proxy, proxy, proxy, proxy, proxy});
    CHECK(too_long.client == Reason::chain_too_long);
    CHECK(too_long.stop == Stop{17, 16, true});
    CHECK(too_long.trusted == 0);
}

TEST_CASE("With Forwarded, the chain has the elements that scheme and host are read from") {
    const auto chain = [](unsigned n, std::string_view list, Networks proxies) {
        return follow(
            {.x_for = n, .x_proto = n, .x_host = n, .forwarded = true, .proxies = proxies},
            {{"Forwarded", list}});
    };
    const std::string_view list =
        "for=6.6.6.6;proto=ws, for=203.0.113.7;proto=https, for=10.0.0.9;proto=http";
    const auto scheme = [](const Chain& c) {
        return c.proto.parsed.and_then([](const ForwardedElement& e) { return e.scheme(); });
    };
    for (const unsigned n : {2u, all_hops}) {
        const Chain walked = chain(n, list, inside());
        CHECK(walked.client == at("203.0.113.7"));
        CHECK(scheme(walked) == Scheme::https);
        CHECK(walked.stop == Stop{2, 1, false});
        CHECK(walked.trusted == 2);
    }
    const Chain bypassed = chain(3, list, inside());
    CHECK(bypassed.client == at("203.0.113.7"));
    CHECK(scheme(bypassed) == Scheme::https);
    CHECK(bypassed.trusted == 0);  // so that it is not taken

    // If any peer is a proxy, the count alone decides, and elements on the way must be sound.
    const Chain counted = chain(3, list, Networks::any());
    CHECK(counted.client == at("6.6.6.6"));
    CHECK(scheme(counted) == Scheme::ws);
    CHECK(counted.trusted == detail::unlimited);
    const Chain anonymous = chain(2, "for=203.0.113.7, for=_hidden", Networks::any());
    CHECK(anonymous.client == at("203.0.113.7"));
    const Chain piece = chain(2, "for=203.0.113.7, \"", Networks::any());
    CHECK(piece.client == Reason::malformed);
    CHECK(scheme(piece) == Reason::malformed);
    CHECK(piece.stop == Stop{1, 1, false});
    CHECK(piece.trusted == detail::unlimited);
}
