// SPDX-License-Identifier: MIT
#include "proxyfix/decision/decide.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <forward_list>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocation.hpp"
#include "catch.hpp"
#include "decision_text.hpp"
#include "guarded_text.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"
#include "taken.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

using Headers = std::vector<Header>;

const Networks inside{"10.0.0.0/24"_net, "fd00::/8"_net};

/// A count for each of the five headers, and the proxies `inside`.
Trust counts(unsigned n, unsigned x_for) {
    return {
        .x_for = x_for, .x_proto = n, .x_host = n, .x_port = n, .x_prefix = n, .proxies = inside};
}
Trust counts(unsigned n) { return counts(n, n); }

/// These values in X-Forwarded-For, and three in each of the other four.
Headers all_five(std::string x_for) {
    return {{"X-Forwarded-For", std::move(x_for)},
            {"X-Forwarded-Proto", "ws, https, http"},
            {"X-Forwarded-Host", "c.example, b.example, a.example"},
            {"X-Forwarded-Port", "3, 2, 1"},
            {"X-Forwarded-Prefix", "/c, /b, /a"}};
}

/// X-Forwarded-For on as many lines, each with this value; left of them stand the first ones.
Headers x_for_lines(std::initializer_list<std::string> first, std::size_t count,
                    const std::string& value = "10.0.0.9") {
    Headers headers;
    for (const std::string& text : first) headers.push_back({"X-Forwarded-For", text});
    headers.insert(headers.end(), count, {"X-Forwarded-For", value});
    return headers;
}
Headers joined(Headers headers, const Headers& others) {
    headers.insert(headers.end(), others.begin(), others.end());
    return headers;
}

/// A request whose header lines can only be passed over forwards.
struct ForwardOnly {
    std::forward_list<HeaderView> headers;
};

struct Case {
    std::string_view why;
    Trust trust;
    Headers headers;
    std::string_view decision;
};

void check(const std::vector<Case>& cases) {
    for (const auto& [why, trust, headers, decision] : cases) {
        CAPTURE(why);
        CHECK(decided(trust, headers) == decision);
    }
}

}  // namespace

template <> struct proxyfix::Adapter<ForwardOnly> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const ForwardOnly&) { return "10.0.0.2"; }
    static const auto& headers(const ForwardOnly& request) { return request.headers; }
};

static_assert(decided_about({.x_for = 2, .proxies = {"10.0.0.0/8"_net}},
                            {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}})
                  .client_position() == 1);
static_assert(decided_about({.proxies = {"10.0.0.0/8"_net}}, "6.6.6.6",
                            {{"X-Forwarded-For", "203.0.113.7"}})
                  .client == Reason::peer_not_trusted);
static_assert(decided_about({.client_header = "X-Real-IP"}, {{"x-real-ip", "203.0.113.7"}})
                  .client == *parse_endpoint("203.0.113.7"));

TEST_CASE("A peer is a proxy only if its address is one of theirs") {
    struct Peer {
        std::string text;
        bool is_inside, with_unix_domain;
    };
    const Peer peers[] = {
        {"10.0.0.2", true, true},
        {"::ffff:10.0.0.2", true, true},
        {"::ffff:a00:2", true, true},
        {"fd00::2", true, true},
        {"FD00::2", true, true},
        {"fd00::2%eth0", true, true},
        {"10.0.1.2", false, false},
        {"6.6.6.6", false, false},
        {"2001:db8::2", false, false},
        {"", false, false},
        {"unix:", false, true},
        {"unix:/run/app.sock", false, true},
        {"Unix:", false, false},
        {"/run/app.sock", false, false},
        {"unknown", false, false},
        {"localhost", false, false},
        {"010.0.0.2", false, false},
        {"10.2", false, false},
        {"167772162", false, false},
        {"10.0.0.2:4711", false, false},
        {"[fd00::2]", false, false},
        {" 10.0.0.2", false, false},
        {"10.0.0.2,10.0.0.2", false, false},
    };
    for (const auto& [text, is_inside, with_unix_domain] : peers) {
        CAPTURE(text);
        const std::string yes = "203.0.113.7@1 https - - -",
                          no = "peer_not_trusted peer_not_trusted - - -";
        const Headers headers = {{"X-Forwarded-For", "203.0.113.7"},
                                 {"X-Forwarded-Proto", "https"}};
        CHECK(decided({.proxies = inside}, headers, text) == (is_inside ? yes : no));
        CHECK(decided({.proxies = inside | Networks::unix_domain()}, headers, text) ==
              (with_unix_domain ? yes : no));
        CHECK(decided({.proxies = {}}, headers, text) == no);
        CHECK(decided({}, headers, text) == yes);
    }
}

TEST_CASE("Of a peer outside the networks no value is trusted") {
    const std::string nothing =
        "peer_not_trusted peer_not_trusted peer_not_trusted peer_not_trusted peer_not_trusted";
    const Headers x_headers = all_five("203.0.113.7, 10.0.0.9");
    for (const unsigned n : {1u, 2u, 3u, 9u}) {
        CAPTURE(n);
        CHECK(decided(counts(n), x_headers, "6.6.6.6") == nothing);
        CHECK(decided(counts(n, all_hops), x_headers, "6.6.6.6") == nothing);

        Trust forwarded = counts(n);
        forwarded.forwarded = true;
        Headers headers = x_headers;
        headers.push_back({"Forwarded", "for=203.0.113.7;proto=https;host=shop.example"});
        CHECK(decided(forwarded, headers, "6.6.6.6") == nothing);
        forwarded.x_for = forwarded.x_proto = all_hops;
        CHECK(decided(forwarded, headers, "6.6.6.6") == nothing);

        Trust single = counts(1);  // a higher count needs a chain
        single.client_header = "X-Real-IP";
        headers.push_back({"X-Real-IP", "203.0.113.7"});
        CHECK(decided(single, headers, "6.6.6.6") == nothing);
    }
    // What is not there stays absent, and what has no count is not configured.
    CHECK(decided(counts(1), {}, "6.6.6.6") == "absent absent absent absent absent");
    CHECK(decided(counts(1), {{"X-Forwarded-Prefix", "/a"}}, "6.6.6.6") ==
          "absent absent absent absent peer_not_trusted");
    CHECK(decided({.x_for = 1, .x_proto = 0, .proxies = inside}, x_headers, "6.6.6.6") ==
          "peer_not_trusted - - - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true, .proxies = inside}, {},
                  "6.6.6.6") == "absent absent absent - -");
    CHECK(decided({.proxies = inside, .client_header = "X-Real-IP"}, x_headers, "6.6.6.6") ==
          "absent peer_not_trusted - - -");
}

TEST_CASE("Counts and networks together follow the chain of addresses") {
    const std::string_view rejected =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    const auto with_rejected = [&](std::string_view client) {
        return std::string(client).append(rejected);
    };
    const std::string bypassed = with_rejected("203.0.113.7@1"),
                      bypassed_2 = with_rejected("203.0.113.7@2");
    const std::string junk = with_rejected("malformed"), few = with_rejected("too_few_values");
    check({
        {"one proxy", counts(1), all_five("6.6.6.6, 203.0.113.7"),
         "203.0.113.7@1 http a.example 1 /a"},
        {"all are trusted, two", counts(2), all_five("6.6.6.6, 203.0.113.7, 10.0.0.9"),
         "203.0.113.7@2 https b.example 2 /b"},
        {"all are trusted, three", counts(3), all_five("6.6.6.6, 203.0.113.7, 10.0.0.8, fd00::9"),
         "203.0.113.7@3 ws c.example 3 /c"},
        {"a mapped proxy", counts(2), all_five("203.0.113.7, ::ffff:10.0.0.9"),
         "203.0.113.7@2 https b.example 2 /b"},
        {"the client is inside", counts(2), all_five("6.6.6.6, 10.0.0.8, 10.0.0.9"),
         "10.0.0.8@2 https b.example 2 /b"},
        {"bypass of the outer proxy", counts(2), all_five("6.6.6.6, 203.0.113.7"), bypassed},
        {"bypass, with forged proxies", counts(2), all_five("10.0.0.8, 203.0.113.7"), bypassed},
        {"bypass, the others have lower counts", counts(1, 2), all_five("6.6.6.6, 203.0.113.7"),
         bypassed},
        {"bypass of two", counts(3), all_five("10.0.0.8, 10.0.0.9, 203.0.113.7"), bypassed},
        {"bypass of the outermost", counts(3), all_five("6.6.6.6, 203.0.113.7, 10.0.0.9"),
         bypassed_2},
        {"bypass without a forged value", counts(2), all_five("203.0.113.7"), bypassed},
        {"octal is no proxy", counts(2), all_five("203.0.113.7, 010.0.0.5"), junk},
        {"127.1 is no proxy", counts(2), all_five("203.0.113.7, 127.1"), junk},
        {"unknown on the way", counts(2), all_five("203.0.113.7, unknown"), junk},
        {"an empty value on the way", counts(2), all_five("203.0.113.7,"), junk},
        {"an empty list", counts(2), all_five(""), junk},
        {"junk on the way, the others have lower counts", counts(1, 2),
         all_five("203.0.113.7, junk"), junk},
        {"a value on the way is missing", counts(3), all_five("10.0.0.9"), few},
        {"no X-Forwarded-For",
         counts(2),
         {{"X-Forwarded-Proto", "https, http"}},
         "absent hop_not_trusted absent absent absent"},
        {"a value wider than its bound", counts(2), all_five("203.0.113.7," + std::string(65, '1')),
         junk},
        // The n-th value itself leads nowhere: whatever it is, the others are trusted.
        {"junk is the client, one", counts(1), all_five("6.6.6.6, junk"),
         "malformed http a.example 1 /a"},
        {"junk is the client, two", counts(2), all_five("6.6.6.6, junk, 10.0.0.9"),
         "malformed https b.example 2 /b"},
        {"the client is missing", counts(2), all_five("10.0.0.9"),
         "too_few_values https b.example 2 /b"},
        {"an empty list, one", counts(1), all_five(""), "malformed http a.example 1 /a"},
        {"nothing from the client's header, one",
         counts(1),
         {{"X-Forwarded-Proto", "http"}},
         "absent http absent absent absent"},
    });
}

TEST_CASE("A count may be higher than that of X-Forwarded-For") {
    const std::string_view rejected =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    check({
        {"the hop is a proxy", counts(2, 1), all_five("203.0.113.7, 10.0.0.9"),
         "10.0.0.9@1 https b.example 2 /b"},
        {"the hop is the client", counts(2, 1), all_five("10.0.0.9, 203.0.113.7"),
         std::string("203.0.113.7@1").append(rejected)},
        {"the hop is junk", counts(2, 1), all_five("10.0.0.9, junk"),
         std::string("malformed").append(rejected)},
        {"two hops are proxies", counts(3, 1), all_five("10.0.0.8, 10.0.0.9"),
         "10.0.0.9@1 ws c.example 3 /c"},
        {"the second hop is none", counts(3, 1), all_five("203.0.113.7, 10.0.0.9"),
         std::string("10.0.0.9@1").append(rejected)},
        {"the second hop is missing", counts(3, 1), all_five("10.0.0.9"),
         std::string("10.0.0.9@1").append(rejected)},
        {"each by its own count",
         {.x_for = 1, .x_proto = 3, .x_host = 2, .x_port = 1, .x_prefix = 0, .proxies = inside},
         all_five("203.0.113.7, 10.0.0.9"),
         "10.0.0.9@1 hop_not_trusted b.example 1 -"},
        {"a value with a lower count is trusted too",
         {.x_for = 2, .x_proto = 1, .x_host = 2, .x_port = 1, .x_prefix = 1, .proxies = inside},
         all_five("203.0.113.7, 10.0.0.9"),
         "203.0.113.7@2 http b.example 1 /a"},
    });
}

TEST_CASE("Where the client is not configured, only the peer's own values are trusted") {
    for (const std::string x_for : {"203.0.113.7", "10.0.0.8, 10.0.0.9", "junk", ""}) {
        CAPTURE(x_for);
        CHECK(decided(counts(1, 0), all_five(x_for)) == "- http a.example 1 /a");
    }
    CHECK(decided({.x_for = 0, .x_proto = 1, .proxies = inside}, all_five("10.0.0.9")) ==
          "- http - - -");
    CHECK(decided(counts(0), all_five("10.0.0.9")) == "- - - - -");
    CHECK(decided(counts(1, 0), {}) == "- absent absent absent absent");
    CHECK(decided(counts(1, 0), all_five("10.0.0.9"), "6.6.6.6") ==
          "- peer_not_trusted peer_not_trusted peer_not_trusted peer_not_trusted");
}

TEST_CASE("Counts with every address as a proxy are counts alone") {
    const Networks everybody{"0.0.0.0/0"_net, "::/0"_net};
    for (const unsigned n : {1u, 2u, 3u}) {
        CAPTURE(n);
        Trust with = counts(n), without = counts(n);
        with.proxies = everybody;
        without.proxies = Networks::any();
        const Headers headers = all_five("6.6.6.6, [2001:db8::7]:80, ::ffff:203.0.113.7, 10.0.0.9");
        CHECK(decided(with, headers) == decided(without, headers));
    }
}

TEST_CASE("All hops: the first address outside is the client") {
    const Trust trust = counts(1, all_hops);
    const auto x_for = [&trust](Headers headers) {
        const std::string text = decided(trust, std::move(headers));
        return text.substr(0, text.find(' '));
    };
    const auto line = [](std::string text) { return Header{"X-Forwarded-For", std::move(text)}; };
    CHECK(x_for({line("203.0.113.7")}) == "203.0.113.7@1");
    CHECK(x_for({line("6.6.6.6, 203.0.113.7")}) == "203.0.113.7@1");
    CHECK(x_for({line("10.0.0.7, 203.0.113.7, 10.0.0.8, ::ffff:10.0.0.9")}) == "203.0.113.7@3");
    CHECK(x_for({line("10.0.0.9")}) == "10.0.0.9@1");
    CHECK(x_for({line("10.0.0.7, fd00::8, 10.0.0.9")}) == "10.0.0.7@3");
    CHECK(x_for({}) == "absent");
    CHECK(x_for({line("")}) == "malformed");
    CHECK(x_for({line("6.6.6.6, junk")}) == "malformed");
    CHECK(x_for({line("6.6.6.6, junk, 203.0.113.7, 10.0.0.9")}) == "203.0.113.7@2");
    CHECK(x_for({line("6.6.6.6, junk, 10.0.0.9")}) == "malformed");
    CHECK(x_for({line("6.6.6.6,, 10.0.0.9")}) == "malformed");
    CHECK(x_for({line("6.6.6.6, 010.0.0.5, 10.0.0.9")}) == "malformed");
    CHECK(x_for({line("\"6.6.6.6, 10.0.0.9\", 10.0.0.9")}) == "malformed");
    // Several lines are one list.
    CHECK(x_for({line("6.6.6.6"), line("203.0.113.7"), line("10.0.0.9")}) == "203.0.113.7@2");
    CHECK(x_for({line("6.6.6.6"), line("203.0.113.7, 10.0.0.8"), line("10.0.0.9")}) ==
          "203.0.113.7@3");
    CHECK(x_for({line("10.0.0.7"), line("10.0.0.8"), line("10.0.0.9")}) == "10.0.0.7@3");
    CHECK(x_for({line("203.0.113.7"), line(""), line("10.0.0.9")}) == "malformed");
    CHECK(x_for({line("203.0.113.7"), line("junk"), line("10.0.0.9")}) == "malformed");
}

TEST_CASE("All hops: the others are trusted as far as the proxies go") {
    const std::string_view rejected =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    check({
        {"the peer's own", counts(1, all_hops), all_five("203.0.113.7"),
         "203.0.113.7@1 http a.example 1 /a"},
        {"behind a proxy", counts(2, all_hops), all_five("203.0.113.7, 10.0.0.9"),
         "203.0.113.7@2 https b.example 2 /b"},
        {"behind the client", counts(2, all_hops), all_five("10.0.0.9, 203.0.113.7"),
         std::string("203.0.113.7@1").append(rejected)},
        {"behind the leftmost", counts(3, all_hops), all_five("10.0.0.8, 10.0.0.9"),
         "10.0.0.8@2 ws c.example 3 /c"},
        {"further than that", counts(3, all_hops), all_five("10.0.0.9"),
         std::string("10.0.0.9@1").append(rejected)},
        {"junk stops everything", counts(1, all_hops), all_five("203.0.113.7, junk, 10.0.0.9"),
         std::string("malformed").append(rejected)},
        {"no chain at all",
         counts(1, all_hops),
         {{"X-Forwarded-Proto", "http"}},
         "absent http absent absent absent"},
        {"no chain, two",
         counts(2, all_hops),
         {{"X-Forwarded-Proto", "https, http"}},
         "absent hop_not_trusted absent absent absent"},
    });
}

TEST_CASE("The ports of hops are disregarded, and that of the client is applied") {
    CHECK(decided(counts(2), {{"X-Forwarded-For", "[2001:db8::7]:4711, 10.0.0.9:80"}}) ==
          "[2001:db8::7]:4711@2 absent absent absent absent");
}

TEST_CASE("Lines whose order is unknown end the walk") {
    const auto decide_unordered = [](const Trust& trust,
                                     std::initializer_list<HeaderView> headers) {
        return text_of(resolve(BasicViewRequest<false>{headers}, Policy(trust)));
    };
    CHECK(decide_unordered(counts(1, 2), {{"X-Forwarded-For", "203.0.113.7"},
                                          {"X-Forwarded-For", "10.0.0.9"},
                                          {"X-Forwarded-Proto", "https"}}) ==
          "unreliable_lines hop_not_trusted absent absent absent");
    CHECK(decide_unordered(counts(1, all_hops), {{"X-Forwarded-For", "203.0.113.7"},
                                                 {"X-Forwarded-For", "10.0.0.9"},
                                                 {"X-Forwarded-Proto", "https"}}) ==
          "unreliable_lines hop_not_trusted absent absent absent");
    CHECK(decide_unordered(counts(2), {{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"},
                                       {"X-Forwarded-Proto", "https"},
                                       {"X-Forwarded-Proto", "https"}}) ==
          "203.0.113.7@2 unreliable_lines absent absent absent");
    CHECK(decide_unordered(
              {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true, .proxies = inside},
              {{"Forwarded", "for=203.0.113.7"}, {"Forwarded", "for=10.0.0.9"}}) ==
          "unreliable_lines unreliable_lines unreliable_lines - -");
}

TEST_CASE("A header with one address replaces X-Forwarded-For") {
    struct Single {
        std::string_view why;
        Headers headers;
        std::string_view client;
    };
    const Single cases[] = {
        {"one line", {{"CF-Connecting-IP", "203.0.113.7"}}, "203.0.113.7@1"},
        {"in any letter case", {{"cf-connecting-ip", "203.0.113.7"}}, "203.0.113.7@1"},
        {"with blanks", {{"CF-Connecting-IP", " \t203.0.113.7 "}}, "203.0.113.7@1"},
        {"with a port", {{"CF-Connecting-IP", "203.0.113.7:4711"}}, "203.0.113.7:4711@1"},
        {"IPv6", {{"CF-Connecting-IP", "2001:db8::7"}}, "2001:db8::7@1"},
        {"IPv6 with a port", {{"CF-Connecting-IP", "[2001:db8::7]:80"}}, "[2001:db8::7]:80@1"},
        {"an address inside", {{"CF-Connecting-IP", "10.0.0.9"}}, "10.0.0.9@1"},
        {"two lines",
         {{"CF-Connecting-IP", "6.6.6.6"}, {"CF-Connecting-IP", "203.0.113.7"}},
         "malformed"},
        {"two equal lines",
         {{"CF-Connecting-IP", "6.6.6.6"}, {"cf-connecting-ip", "6.6.6.6"}},
         "malformed"},
        {"an empty second line",
         {{"CF-Connecting-IP", "6.6.6.6"}, {"CF-Connecting-IP", ""}},
         "malformed"},
        {"two values", {{"CF-Connecting-IP", "6.6.6.6, 203.0.113.7"}}, "malformed"},
        {"an empty second value", {{"CF-Connecting-IP", "203.0.113.7,"}}, "malformed"},
        {"an empty first value", {{"CF-Connecting-IP", ",203.0.113.7"}}, "malformed"},
        {"an empty line", {{"CF-Connecting-IP", ""}}, "malformed"},
        {"junk", {{"CF-Connecting-IP", "unknown"}}, "malformed"},
        {"the address of no host", {{"CF-Connecting-IP", "0.0.0.0"}}, "malformed"},
        {"64 bytes", {{"CF-Connecting-IP", std::string(53, ' ') + "203.0.113.7"}}, "203.0.113.7@1"},
        {"65 bytes", {{"CF-Connecting-IP", std::string(54, ' ') + "203.0.113.7"}}, "malformed"},
        {"65 bytes, blanks behind",
         {{"CF-Connecting-IP", "203.0.113.7" + std::string(54, ' ')}},
         "malformed"},
        {"X-Forwarded-For is ignored",
         {{"X-Forwarded-For", "6.6.6.6"},
          {"CF-Connecting-IP", "203.0.113.7"},
          {"X-Forwarded-For", "7.7.7.7"}},
         "203.0.113.7@1"},
        {"nor where it is absent", {{"X-Forwarded-For", "6.6.6.6"}}, "absent"},
        {"nor where it is absent, and others are there",
         {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-Proto", "https"}},
         "absent"},
        {"nor where it is malformed",
         {{"X-Forwarded-For", "6.6.6.6"}, {"CF-Connecting-IP", "junk"}},
         "malformed"},
        {"nor is a header with another name", {{"CF_Connecting_IP", "6.6.6.6"}}, "absent"},
        {"nor is Forwarded", {{"Forwarded", "for=6.6.6.6"}}, "absent"},
    };
    for (const auto& [why, headers, client] : cases) {
        CAPTURE(why);
        const std::string alone = std::string(client) + " - - - -";
        for (const unsigned x_for : {0u, 1u, 2u}) {
            CHECK(decided({.x_for = x_for, .x_proto = 0, .client_header = "CF-Connecting-IP"},
                          headers) == alone);
            CHECK(decided({.x_for = x_for,
                           .x_proto = 0,
                           .proxies = inside,
                           .client_header = "CF-Connecting-IP"},
                          headers) == alone);
        }
    }
}

TEST_CASE("With a header of one address the others are trusted of the peer alone") {
    Headers headers = all_five("10.0.0.8, 10.0.0.9");
    headers.push_back({"X-Real-IP", "203.0.113.7"});
    Trust one = counts(1), two = counts(2);
    one.client_header = two.client_header = "X-Real-IP";
    CHECK(decided(one, headers) == "203.0.113.7@1 http a.example 1 /a");
    two.proxies = Networks::any();
    CHECK(decided(two, headers) == "203.0.113.7@1 https b.example 2 /b");
    headers.back().value = "junk";
    CHECK(decided(one, headers) == "malformed http a.example 1 /a");
    headers.pop_back();
    CHECK(decided(one, headers) == "absent http a.example 1 /a");
}

TEST_CASE("Hostile lists of 64 KB are decided as short ones are") {
    constexpr std::size_t size = 64 * 1024;
    const auto repeated = [](std::string_view text) {
        std::string list;
        while (list.size() < size) list.append(text);
        return list;
    };
    for (const unsigned n : {2u, 3u, all_hops}) {
        CAPTURE(n);
        for (const std::string_view text : {"10.0.0.9,", "6.6.6.6,", ",", "\"", "1", " ", "\\,"}) {
            CAPTURE(text);
            CHECK(decided({.x_for = n, .proxies = inside},
                          {{"X-Forwarded-For", repeated(text) + ",203.0.113.7"}}) ==
                  "203.0.113.7@1 absent - - -");
        }
        const std::string_view none = "malformed absent - - -";
        CHECK(decided({.x_for = n, .proxies = inside},
                      {{"X-Forwarded-For", "203.0.113.7," + repeated("1")}}) == none);
        CHECK(decided({.x_for = n, .proxies = inside},
                      {{"X-Forwarded-For", "203.0.113.7," + repeated(" ") + "10.0.0.9"}}) == none);
    }
    const std::string proxies = repeated("10.0.0.9,");
    CHECK(decided({.x_for = all_hops, .proxies = inside},
                  {{"X-Forwarded-For", "203.0.113.7," + proxies + "10.0.0.9"}}) ==
          "203.0.113.7@" + std::to_string(proxies.size() / 9 + 2) + " absent - - -");
    CHECK(decided({.x_for = all_hops, .proxies = inside},
                  {{"X-Forwarded-For", "10.0.0.8," + proxies + "10.0.0.9"}}) ==
          "10.0.0.8@" + std::to_string(proxies.size() / 9 + 2) + " absent - - -");
    CHECK(decided({.x_for = all_hops, .proxies = inside},
                  {{"X-Forwarded-For", "203.0.113.7,junk," + proxies + "10.0.0.9"}}) ==
          "malformed absent - - -");
}

TEST_CASE("A count reaches the 16th line from the last") {
    const Trust sixteen{.x_for = 16, .x_proto = 0}, fifteen{.x_for = 15, .x_proto = 0};
    // Each line has one value.
    CHECK(decided(sixteen, x_for_lines({"203.0.113.7"}, 14)) == "too_few_values - - - -");
    CHECK(decided(sixteen, x_for_lines({"203.0.113.7"}, 15)) == "203.0.113.7@16 - - - -");
    CHECK(decided(fifteen, x_for_lines({"203.0.113.7"}, 15)) == "10.0.0.9@15 - - - -");
    // There are more lines left of them.
    CHECK(decided(sixteen, x_for_lines({"6.6.6.6", "203.0.113.7"}, 15)) ==
          "203.0.113.7@16 - - - -");
    CHECK(decided(sixteen, joined(x_for_lines({}, 1000, "6.6.6.6"),
                                  x_for_lines({"203.0.113.7"}, 15))) == "203.0.113.7@16 - - - -");
    CHECK(decided(sixteen, x_for_lines({"6.6.6.6", "junk"}, 15)) == "malformed - - - -");
    CHECK(decided(sixteen, x_for_lines({"6.6.6.6", ""}, 15)) == "malformed - - - -");
    // The values are on fewer lines.
    CHECK(decided(sixteen, x_for_lines({"6.6.6.6, 203.0.113.7"}, 15)) == "203.0.113.7@16 - - - -");
    CHECK(decided(sixteen, x_for_lines({"6.6.6.6", "203.0.113.7, 10.0.0.8"}, 14)) ==
          "203.0.113.7@16 - - - -");
    CHECK(decided({.x_for = 3, .x_proto = 0}, x_for_lines({"203.0.113.7"}, 1000, "1.1.1.1")) ==
          "1.1.1.1@3 - - - -");
}

TEST_CASE("Of each header the 16th value is read, on 16 lines with more left of them") {
    struct Header16 {
        std::string_view name, other, value;
        Trust trust;
        std::string_view decision;
    };
    const Header16 cases[] = {
        {"X-Forwarded-For",
         "10.0.0.9",
         "203.0.113.7",
         {.x_for = 16, .x_proto = 0},
         "203.0.113.7@16 - - - -"},
        {"X-Forwarded-Proto", "http", "https", {.x_for = 0, .x_proto = 16}, "- https - - -"},
        {"X-Forwarded-Host",
         "a",
         "shop.example",
         {.x_for = 0, .x_proto = 0, .x_host = 16},
         "- - shop.example - -"},
        {"X-Forwarded-Port", "1", "443", {.x_for = 0, .x_proto = 0, .x_port = 16}, "- - - 443 -"},
        {"X-Forwarded-Prefix",
         "/a",
         "/store",
         {.x_for = 0, .x_proto = 0, .x_prefix = 16},
         "- - - - /store"},
        {"Forwarded",
         "for=10.0.0.9",
         "for=203.0.113.7;proto=https;host=shop.example",
         {.x_for = 16, .x_proto = 16, .x_host = 16, .forwarded = true},
         "203.0.113.7@16 https shop.example - -"}};
    for (const auto& [name, other, value, trust, decision] : cases) {
        CAPTURE(name);
        for (const std::size_t more : {0u, 1u, 15u, 16u, 17u, 100u}) {
            CAPTURE(more);
            Headers headers(more, {std::string(name), std::string(other)});
            headers.push_back({std::string(name), std::string(value)});
            headers.insert(headers.end(), 15, {std::string(name), std::string(other)});
            CHECK(decided(trust, headers) == decision);
        }
    }
}

TEST_CASE("A walk reads 16 lines at most") {
    const Trust trust = counts(2, all_hops);
    const Headers others = {{"X-Forwarded-Proto", "https, http"},
                            {"X-Forwarded-Host", "b.example, a.example"},
                            {"X-Forwarded-Port", "2, 1"}};
    const auto walked = [&](const Headers& x_for) { return decided(trust, joined(x_for, others)); };
    const auto known = [](std::string client) { return client + " https b.example 2 absent"; };
    const auto unknown = [](std::string reason) {
        return reason + " hop_not_trusted hop_not_trusted hop_not_trusted absent";
    };
    // All of them are proxies: the leftmost is the client, if it is known.
    CHECK(walked(x_for_lines({"10.0.0.7"}, 14)) == known("10.0.0.7@15"));
    CHECK(walked(x_for_lines({"10.0.0.7"}, 15)) == known("10.0.0.7@16"));
    CHECK(walked(x_for_lines({"10.0.0.7"}, 16)) == unknown("chain_too_long"));
    CHECK(walked(x_for_lines({"10.0.0.7"}, 17)) == unknown("chain_too_long"));
    CHECK(walked(x_for_lines({"10.0.0.7"}, 10'000)) == unknown("chain_too_long"));
    // An address that is outside is the client, if it is reached.
    CHECK(walked(x_for_lines({"203.0.113.7"}, 15)) == known("203.0.113.7@16"));
    CHECK(walked(x_for_lines({"10.0.0.7", "203.0.113.7"}, 15)) == known("203.0.113.7@16"));
    CHECK(walked(x_for_lines({"6.6.6.6", "6.6.6.6", "203.0.113.7"}, 15)) ==
          known("203.0.113.7@16"));
    CHECK(walked(joined(x_for_lines({}, 10'000), x_for_lines({"203.0.113.7"}, 15))) ==
          known("203.0.113.7@16"));
    CHECK(walked(x_for_lines({"203.0.113.7"}, 16)) == unknown("chain_too_long"));
    CHECK(walked(x_for_lines({"203.0.113.7"}, 10'000)) == unknown("chain_too_long"));
    // What ends the walk on the 16th line ends it for its own reason.
    CHECK(walked(x_for_lines({"10.0.0.7", "junk"}, 15)) == unknown("malformed"));
    CHECK(walked(x_for_lines({"10.0.0.7", ""}, 15)) == unknown("malformed"));
    CHECK(walked(x_for_lines({"junk"}, 16)) == unknown("chain_too_long"));
    // Lines count, and not values.
    const std::string two = "10.0.0.8, 10.0.0.9";
    CHECK(walked(x_for_lines({"10.0.0.7, 10.0.0.8"}, 15, two)) == known("10.0.0.7@32"));
    CHECK(walked(x_for_lines({"10.0.0.7, 10.0.0.8"}, 16, two)) == unknown("chain_too_long"));
    CHECK(walked(x_for_lines({"6.6.6.6", "203.0.113.7, 10.0.0.8"}, 15, two)) ==
          known("203.0.113.7@32"));
    CHECK(walked(x_for_lines({"203.0.113.7, 10.0.0.8", "10.0.0.8"}, 15, two)) ==
          unknown("chain_too_long"));
}

TEST_CASE("Where the chain is too long, not even the peer's own values are trusted") {
    const Headers lines = joined(x_for_lines({}, 17), {{"X-Forwarded-Proto", "https"}});
    CHECK(decided({.x_for = all_hops, .x_proto = 1, .proxies = inside}, lines) ==
          "chain_too_long hop_not_trusted - - -");
    CHECK(decided({.x_for = all_hops, .x_proto = 0, .x_port = 1, .proxies = inside}, lines) ==
          "chain_too_long - - absent -");
}

TEST_CASE("A walk along Forwarded reads 16 lines at most") {
    const auto walked = [](std::size_t proxies, std::string first) {
        Headers headers = {{"Forwarded", std::move(first)}, {"X-Forwarded-Port", "1"}};
        headers.insert(headers.end(), proxies, {"Forwarded", "for=10.0.0.9;proto=http"});
        return decided({.x_for = all_hops,
                        .x_proto = all_hops,
                        .x_host = all_hops,
                        .x_port = 1,
                        .forwarded = true,
                        .proxies = inside},
                       headers);
    };
    const std::string_view too_long =
        "chain_too_long chain_too_long chain_too_long hop_not_trusted -";
    CHECK(walked(15, "for=10.0.0.7;proto=https") == "10.0.0.7@16 https absent 1 -");
    CHECK(walked(15, "for=203.0.113.7;proto=https") == "203.0.113.7@16 https absent 1 -");
    CHECK(walked(15, "for=_hidden;proto=https") == "anonymous https absent 1 -");
    CHECK(walked(16, "for=10.0.0.7;proto=https") == too_long);
    CHECK(walked(16, "for=203.0.113.7;proto=https") == too_long);
    CHECK(walked(16, "for=_hidden;proto=https") == too_long);
    CHECK(walked(1000, "for=203.0.113.7;proto=https") == too_long);
}

TEST_CASE("A count with a list of proxies never needs a 17th line") {
    const Trust sixteen = counts(16), behind = counts(16, 1);
    Headers others;
    for (int i = 16; i >= 1; --i) {
        others.push_back({"X-Forwarded-Proto", i == 16 ? "wss" : "http"});
        others.push_back({"X-Forwarded-Port", std::to_string(i)});
    }
    const auto with_others = [&](const Headers& x_for) { return joined(x_for, others); };
    CHECK(decided(sixteen, with_others(x_for_lines({}, 16, "10.0.0.8"))) ==
          "10.0.0.8@16 wss absent 16 absent");
    CHECK(decided(sixteen, with_others(x_for_lines({"6.6.6.6", "203.0.113.7"}, 15))) ==
          "203.0.113.7@16 wss absent 16 absent");
    CHECK(decided(sixteen, with_others(x_for_lines({"203.0.113.7"}, 16))) ==
          "10.0.0.9@16 wss absent 16 absent");
    CHECK(decided(sixteen, with_others(x_for_lines({"203.0.113.7", "6.6.6.6"}, 14))) ==
          "6.6.6.6@15 hop_not_trusted absent hop_not_trusted absent");
    CHECK(decided(sixteen, with_others(x_for_lines({}, 15))) ==
          "too_few_values wss absent 16 absent");
    // The walk goes on behind the client.
    CHECK(decided(behind, with_others(x_for_lines({}, 15))) == "10.0.0.9@1 wss absent 16 absent");
    CHECK(decided(behind, with_others(x_for_lines({}, 17))) == "10.0.0.9@1 wss absent 16 absent");
    CHECK(decided(behind, with_others(x_for_lines({}, 14))) ==
          "10.0.0.9@1 hop_not_trusted absent hop_not_trusted absent");
}

TEST_CASE("Lines that can only be passed over forwards are read all the same") {
    const auto lines = [](std::size_t proxies) {
        ForwardOnly request;
        for (std::size_t i = 0; i < proxies; ++i)
            request.headers.push_front({"X-Forwarded-For", "10.0.0.9"});
        request.headers.push_front({"X-Forwarded-For", "203.0.113.7"});
        return request;
    };
    const Policy walk = Trust{.x_for = all_hops, .x_proto = 1, .proxies = inside},
                 count = Trust{.x_for = 16, .x_proto = 0};
    const ForwardOnly sixteen = lines(15), seventeen = lines(16), many = lines(500);
    CHECK(text_of(resolve(sixteen, walk)) == "203.0.113.7@16 absent - - -");
    CHECK(text_of(resolve(seventeen, walk)) == "chain_too_long absent - - -");
    CHECK(text_of(resolve(many, walk)) == "chain_too_long absent - - -");
    CHECK(text_of(resolve(sixteen, count)) == "203.0.113.7@16 - - - -");
    CHECK(text_of(resolve(many, count)) == "10.0.0.9@16 - - - -");
}

TEST_CASE("A decision with networks allocates nothing") {
    Environ env;
    env.remote_addr = "10.0.0.2";
    env.headers = all_five("203.0.113.7, 10.0.0.9");
    env.headers.push_back({"Forwarded", "for=203.0.113.7;proto=https, for=\"[fd00::9]\""});
    Trust by_count = counts(2), by_hops = counts(1, all_hops), forwarded = counts(2);
    forwarded.forwarded = true;
    for (const Trust* trust : {&by_count, &by_hops, &forwarded}) {
        const Policy policy(*trust);
        const std::size_t before = allocation_count();
        const Resolution resolution = resolve(env, policy);
        CHECK(allocation_count() == before);
        CHECK(resolution.client_position() == 2);
    }
}

TEST_CASE("A header with one address has no order of lines that could be lost") {
    const auto client = [](std::initializer_list<HeaderView> headers) {
        return resolve(BasicViewRequest<false>{headers}, Trust{.client_header = "X-Real-IP"})
            .client;
    };
    CHECK(client({{"X-Real-IP", "203.0.113.7"}}) == parse_endpoint("203.0.113.7"));
    CHECK(client({{"X-Real-IP", "6.6.6.6"}, {"X-Real-IP", "203.0.113.7"}}) == Reason::malformed);
    for (const std::size_t lines : {16u, 17u, 32u, 33u}) {
        const ForwardOnly request{{lines, {"X-Real-IP", "203.0.113.7"}}};
        CHECK(resolve(request, Trust{.client_header = "X-Real-IP"}).client == Reason::malformed);
    }
}

TEST_CASE("The first reason that holds says why a value may not be read") {
    struct Read {
        std::string_view why;
        unsigned n;
        std::size_t lines;
        bool peer_is_trusted;
        unsigned trusted;
        Outcome in_order, unordered;
    };
    const Reason none = Reason::absent, peer = Reason::peer_not_trusted;
    const Reason hop = Reason::hop_not_trusted, lost = Reason::unreliable_lines;
    const Read cases[] = {
        {"one line", 1, 1, true, 1, Applied{}, Applied{}},
        {"no limit", 16, 1, true, detail::unlimited, Applied{}, Applied{}},
        {"two lines", 1, 2, true, 1, Applied{}, lost},
        {"as far as is trusted", 3, 1, true, 3, Applied{}, Applied{}},
        {"one further", 3, 1, true, 2, hop, hop},
        {"no value is trusted", 1, 1, true, 0, hop, hop},
        {"one further, on two lines", 3, 2, true, 2, hop, hop},
        {"another peer", 3, 2, false, 2, peer, peer},
        {"another peer, no limit", 1, 1, false, detail::unlimited, peer, peer},
        {"no line", 3, 0, false, 2, none, none},
        {"no count", 0, 2, false, 0, Reason::not_configured, Reason::not_configured},
        {"no count and no line", 0, 0, true, 1, Reason::not_configured, Reason::not_configured},
    };
    for (const Read& one : cases) {
        CAPTURE(one.why);
        const Policy policy = Trust{.x_for = 1, .x_proto = one.n};
        const detail::Table& table = policy.table();
        const ForwardOnly request{{one.lines, {"X-Forwarded-Proto", "https, ws, http"}}};
        const auto outcome = [&](bool in_order, detail::LineQuality quality) -> Outcome {
            detail::Received received;
            detail::receive(request, table, received);
            received.lines_in_order = in_order;
            received.quality = quality;
            const detail::FieldReader reader{received, table, one.peer_is_trusted};
            Result<std::string_view> value = Reason::anonymous;
            detail::Stop stop{};
            reader.read(detail::Field::proto, one.trusted, value, stop,
                        [](detail::ValuesFromRight& values) { return values.take(); });
            const std::size_t header = table.fields[detail::Field::proto].header;
            if (one.n == 0 || !reader.is_there(received.headers[header])) {
                CHECK((value == Reason::anonymous && stop == detail::Stop{}));
                return table.without_lines.proto;
            }
            const Outcome may = reader.may_read(received.headers[header], one.n, one.trusted);
            if (may) CHECK((value ? stop.position == one.n : one.n > 3 * one.lines));
            else CHECK((value == may.error() && stop == detail::Stop{}));
            return may;
        };
        using detail::LineQuality;
        CHECK(outcome(true, LineQuality::as_sent) == one.in_order);
        CHECK(outcome(false, LineQuality::as_sent) == one.unordered);
        // Of lines that are doubtful, or may lack, none is read. Only the latter may lack them all.
        const Outcome doubtful = one.in_order ? lost : one.in_order;
        const Reason dropped = !one.peer_is_trusted ? peer : one.n > one.trusted ? hop : lost;
        CHECK(outcome(true, LineQuality::doubtful) == doubtful);
        CHECK(outcome(true, LineQuality::may_lack) == (one.n == 0 ? one.in_order : dropped));
    }
}

TEST_CASE("A value that is taken in one go is the one that is taken first and parsed then") {
    std::size_t different = 0, valid = 0;
    const auto count = [&](const Taken& taken) {
        different += taken.is_same ? 0 : 1;
        valid += taken.is_any ? 1 : 0;
    };
    // Two addresses, and what may stand between them and around them.
    const std::string_view addresses[] = {"1.2.3.4",  "255.10.0.99", "0.0.0.0", "1.2.3.256",
                                          "01.2.3.4", "1.2.3",       "::1",     ""};
    const std::string_view between[] = {",", ", ", " ,", ",  ", ",\t", " ", "\t", ".",
                                        ":", ",:", "1",  "x",   ",,",  "",  "-",  ", ,"};
    for (const std::string_view left : addresses) {
        for (const std::string_view right : addresses) {
            for (const std::string_view separator : between) {
                std::string line(left);
                line.append(separator).append(right);
                for (const std::string_view end : {"", " ", "\t", ","}) {
                    count(addresses_taken(line + std::string(end)));
                    count(addresses_taken(std::string(end) + line));
                }
            }
        }
    }
    // A name with one other byte, whatever it is, in every place, and with two.
    for (const std::size_t size :
         {1u, 7u, 8u, 9u, 14u, 15u, 16u, 17u, 22u, 23u, 62u, 63u, 64u, 65u}) {
        for (std::size_t place = 0; place < size; ++place) {
            std::string line(size, 'a');
            for (int byte = 0; byte < 256; ++byte) {
                line[place] = static_cast<char>(byte);
                count(hosts_taken(line));
            }
            for (const std::string_view pair : {"..", ".-", "-.", "--", ".a", "-a", "a.", "a-"}) {
                line.replace(place, std::min(size - place, pair.size()), pair);
                count(hosts_taken(line.substr(0, size)));
                line = std::string(size, 'a');
            }
        }
    }
    const GuardedText guarded;  // nothing beside the line is read
    for (std::size_t size = 0; size <= 70; ++size) {
        const std::string text(size, 'a');
        count(hosts_taken(guarded.at_end(text)));
        count(hosts_taken(guarded.at_begin(text)));
        count(addresses_taken(guarded.at_begin(text.substr(0, size / 2) + "1.2.3.4")));
    }
    for (const std::string_view address : {"1.2.3.4", "12.3.4", ".3.4", "4", ".", ""}) {
        count(addresses_taken(guarded.at_begin(address)));
    }
    for (const std::string_view line :
         {"https", "HTTPS",    "http",      "on",       "off",        "ws",          "WSS",
          "443",   "65535",    "65536",     "0",        "/app",       "/app/",       "/",
          "",      "https ",   " https",    "\t443",    "http,https", "443, 80",     "/a, /b",
          "a,b",   "/1234567", "/12345678", "00000001", "000000001",  "https,http ", ",",
          "x"}) {
        count(others_taken(line));
    }
    CHECK(different == 0);
    CHECK(valid > 4'000);
}

TEST_CASE("Left of the comma no more than seven bytes are loaded, whatever the value is") {
    const GuardedText guarded;
    for (const std::string_view loaded : {"1.2.3.4", ".......", "abcdefg", "-------", "       "}) {
        for (const std::string_view value :
             {"1.2.3.4", " 203.0.113.77", "1.2.3.256", "2001:db8::7", "www.example.com", "example",
              " shop.example", "a", "", "https", "443", " /app"}) {
            std::string text(loaded);
            text.append(",").append(value);
            const std::string_view line = guarded.before(text);
            detail::Lines lines{};
            lines.add(line);
            CAPTURE(text);
            const auto new_values = [&lines] {
                detail::ValuesFromRight values(lines, 64);
                REQUIRE(values.reach(1));
                return values;
            };
            detail::ValuesFromRight for_address = new_values(), for_host = new_values(),
                                    for_port = new_values();
            const std::string_view trimmed = detail::trim(value);
            CHECK(take_endpoint(for_address) == parse_endpoint(trimmed));
            CHECK(take_authority(for_host) == Authority::parse(trimmed));
            CHECK(take_value(for_port, parse_port) == parse_port(trimmed));
        }
    }
}

TEST_CASE("Where reading stopped is told for each field") {
    const auto stops = [](const Trust& trust, std::initializer_list<HeaderView> headers) {
        return decided_about(trust, headers).stops;
    };
    using Stops = std::array<detail::Stop, detail::Field::count>;
    const detail::Stop none;
    // Each by its own count.
    CHECK(stops({.x_for = 1, .x_proto = 2, .x_host = 3, .x_port = 2, .x_prefix = 1},
                {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"},
                 {"X-Forwarded-Proto", "https"},
                 {"X-Forwarded-Proto", "http"},
                 {"X-Forwarded-Host", "c.example, b.example"},
                 {"X-Forwarded-Host", "a.example"},
                 {"X-Forwarded-Prefix", "/"}}) ==
          Stops{{{1, 1, false}, {2, 2, true}, {3, 2, true}, none, {1, 1, true}}});
    // It stops too at what cannot be read or parsed, and where there is nothing more.
    CHECK(stops({.x_for = 2, .x_proto = 1},
                {{"X-Forwarded-For", "10.0.0.9"}, {"X-Forwarded-Proto", "https, junk"}}) ==
          Stops{{{2, 1, true}, {1, 1, false}}});
    // At the end of a walk, and nowhere behind it.
    const Networks proxies{"10.0.0.0/24"_net};
    CHECK(stops({.x_for = all_hops, .x_proto = 2, .proxies = proxies},
                {{"X-Forwarded-For", "6.6.6.6"},
                 {"X-Forwarded-For", "203.0.113.7, 10.0.0.8"},
                 {"X-Forwarded-For", "10.0.0.9"},
                 {"X-Forwarded-Proto", "https, http"}}) == Stops{{{3, 2, true}, {2, 1, true}}});
    CHECK(stops({.x_for = 2, .x_proto = 2, .proxies = proxies},
                {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"},
                 {"X-Forwarded-Proto", "https, http"}}) == Stops{{{1, 1, false}, none}});
    // Of Forwarded all three are in one element.
    CHECK(stops({.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 1, .forwarded = true},
                {{"Forwarded", "for=203.0.113.7;proto=https;host=a, for=10.0.0.9"},
                 {"X-Forwarded-Port", "80"},
                 {"X-Forwarded-Port", "443"}}) ==
          Stops{{{2, 1, true}, {2, 1, true}, {2, 1, true}, {1, 1, true}}});
    // A header of one address.
    CHECK(stops({.x_proto = 0, .client_header = "X-Real-IP"}, {{"X-Real-IP", "203.0.113.7"}}) ==
          Stops{{{1, 1, true}}});
    // Of a peer that is no proxy nothing is read, and nothing of a header that is not there.
    CHECK(stops({.x_for = 2, .proxies = {}}, {{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"}}) ==
          Stops{});
    CHECK(stops({.x_for = 2, .x_proto = 2}, {}) == Stops{});
    CHECK(stops({.x_proto = 1, .client_header = "X-Real-IP"}, {{"X-Forwarded-Proto", "https"}}) ==
          Stops{{none, {1, 1, true}}});
}

TEST_CASE("Headers are read under the names that are configured, and no others") {
    const Headers both = {{"X-Forwarded-For", "6.6.6.6"},
                          {"X-Forwarded-Proto", "ws"},
                          {"X-Forwarded-Host", "evil.example"},
                          {"X-Forwarded-Port", "1"},
                          {"X-Forwarded-Prefix", "/evil"},
                          {"x-original-FORWARDED-for", "203.0.113.7, 10.0.0.9"},
                          {"X-Scheme", "https"},
                          {"X-Original-Host", "shop.example"},
                          {"X-Port", "8443"},
                          {"X-Script-Name", "/store"}};
    const HeaderNames names{"X-Original-Forwarded-For", "X-Scheme", "X-Original-Host", "X-Port",
                            "X-Script-Name"};
    Trust trust{2, 1, 1, 1, 1};
    trust.names = names;
    CHECK(decided(trust, both) == "203.0.113.7@2 https shop.example 8443 /store");
    trust.proxies = inside;
    CHECK(decided(trust, both) == "203.0.113.7@2 https shop.example 8443 /store");
    CHECK(decided(trust, {both.begin(), both.begin() + 5}) == "absent absent absent absent absent");
    const Headers usual(both.begin(), both.begin() + 5);
    CHECK(decided(counts(1, 1), usual) == "6.6.6.6@1 ws evil.example 1 /evil");
    // A name may be the usual one of another header that has moved.
    CHECK(decided({.x_host = 1, .names = {.x_proto = "X-Scheme", .x_host = "X-Forwarded-Proto"}},
                  {{"X-Forwarded-Proto", "shop.example"}, {"X-Scheme", "https"}}) ==
          "absent https shop.example - -");
}

TEST_CASE("Under another name, the scheme may be on or off") {
    const auto scheme = [](const FieldName& name, std::string_view text) {
        Trust trust{.x_for = 0};
        trust.names.x_proto = name;
        return decided(trust, {{std::string(name.view()), std::string(text)}});
    };
    CHECK(scheme("X-Forwarded-Ssl", "on") == "- https - - -");
    CHECK(scheme("Front-End-Https", "On") == "- https - - -");
    CHECK(scheme("Front-End-Https", "OFF") == "- http - - -");
    CHECK(scheme("X-Forwarded-Ssl", "off") == "- http - - -");
    CHECK(scheme("X-Forwarded-Ssl", "https") == "- https - - -");
    CHECK(scheme("X-Scheme", "wss") == "- wss - - -");
    CHECK(scheme("X-Forwarded-Ssl", "ws, on") == "- https - - -");
    for (const std::string_view text : {"", "o", "onn", "of", "0", "1", "true", "yes", "on off"}) {
        CAPTURE(text);
        CHECK(scheme("X-Forwarded-Ssl", text) == "- malformed - - -");
    }
    for (const std::string_view text : {"on", "off", "ON"}) {
        CHECK(scheme("X-Forwarded-Proto", text) == "- malformed - - -");
        CHECK(scheme("x-forwarded-PROTO", text) == "- malformed - - -");
        CHECK(parse_scheme(text) == Reason::malformed);
    }
    CHECK(detail::parse_scheme_or_switch("oN") == Scheme::https);
    CHECK(detail::parse_scheme_or_switch("oFf") == Scheme::http);
    CHECK(detail::parse_scheme_or_switch("wS") == Scheme::ws);
}

TEST_CASE("A header whose address always has a port is split at the last colon") {
    const auto client = [](std::string_view text) {
        return decided(
            {.x_proto = 0, .client_header = "CloudFront-Viewer-Address", .client_has_port = true},
            {{"CloudFront-Viewer-Address", std::string(text)}});
    };
    CHECK(client("2001:db8:f:abcd::9:9985") == "[2001:db8:f:abcd::9]:9985@1 - - - -");
    CHECK(client(" 203.0.113.7:80\t") == "203.0.113.7:80@1 - - - -");
    CHECK(client("203.0.113.7") == "malformed - - - -");
    CHECK(client("2001:db8::7") == "malformed - - - -");
    CHECK(decided({.x_proto = 0, .client_header = "X-Real-IP"}, {{"X-Real-IP", "203.0.113.7"}}) ==
          "203.0.113.7@1 - - - -");
    CHECK(decided({.x_proto = 0, .client_header = "X-Real-IP"},
                  {{"X-Real-IP", "2001:db8::7:9985"}}) == "2001:db8::7:9985@1 - - - -");
}

TEST_CASE("An empty prefix is applied as the root") {
    const Trust trust{.x_for = 0, .x_proto = 0, .x_prefix = 1};
    CHECK(decided(trust, {{"X-Forwarded-Prefix", ""}}) == "- - - - /");
    CHECK(decided(trust, {{"X-Forwarded-Prefix", "/evil"}, {"X-Forwarded-Prefix", " "}}) ==
          "- - - - /");
    CHECK(decided(trust, {{"X-Forwarded-Prefix", "/evil, "}}) == "- - - - /");
    CHECK(resolve(ViewRequest{{{"X-Forwarded-Prefix", ""}}}, Policy(trust)).prefix == "");
}
