// SPDX-License-Identifier: MIT
#include "proxyfix/client.hpp"

#include <forward_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocation.hpp"
#include "catch.hpp"
#include "decision_text.hpp"
#include "proxyfix/environ.hpp"
#include "proxyfix/resolve.hpp"
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

static_assert(decide({.x_for = 2, .proxies = {"10.0.0.0/8"_net}},
                     {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}})
                  .client_position == 1);
static_assert(decide({.proxies = {"10.0.0.0/8"_net}}, "6.6.6.6",
                     {{"X-Forwarded-For", "203.0.113.7"}})
                  .client == Reason::peer_not_trusted);
static_assert(decide({.client_header = "X-Real-IP"}, {{"x-real-ip", "203.0.113.7"}}).client ==
              *parse_endpoint("203.0.113.7"));

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

TEST_CASE("Of a peer outside the networks nothing is believed") {
    const std::string nothing =
        "peer_not_trusted peer_not_trusted peer_not_trusted peer_not_trusted peer_not_trusted";
    const Headers x_headers = all_five("203.0.113.7, 10.0.0.9");
    for (const unsigned n : {1u, 2u, 3u, 9u}) {
        CAPTURE(n);
        CHECK(decided(counts(n), x_headers, "6.6.6.6") == nothing);
        CHECK(decided(counts(n, all_hops), x_headers, "6.6.6.6") == nothing);

        Trust forwarded = counts(n);
        forwarded.forwarded = n;
        Headers headers = x_headers;
        headers.push_back({"Forwarded", "for=203.0.113.7;proto=https;host=shop.example"});
        CHECK(decided(forwarded, headers, "6.6.6.6") == nothing);
        forwarded.forwarded = all_hops;
        CHECK(decided(forwarded, headers, "6.6.6.6") == nothing);

        Trust single = counts(n);
        single.client_header = "X-Real-IP";
        headers.push_back({"X-Real-IP", "203.0.113.7"});
        CHECK(decided(single, headers, "6.6.6.6") == nothing);
    }
    // What is not there stays absent, and what is not asked for is not configured.
    CHECK(decided(counts(1), {}, "6.6.6.6") == "absent absent absent absent absent");
    CHECK(decided(counts(1), {{"X-Forwarded-Prefix", "/a"}}, "6.6.6.6") ==
          "absent absent absent absent peer_not_trusted");
    CHECK(decided({.x_for = 1, .x_proto = 0, .proxies = inside}, x_headers, "6.6.6.6") ==
          "peer_not_trusted - - - -");
    CHECK(decided({.x_proto = 0, .forwarded = 1, .proxies = inside}, {}, "6.6.6.6") ==
          "absent absent absent - -");
    CHECK(decided({.proxies = inside, .client_header = "X-Real-IP"}, x_headers, "6.6.6.6") ==
          "absent peer_not_trusted - - -");
}

TEST_CASE("Counts and networks together follow the chain of addresses") {
    const std::string_view refused =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    const auto with_refused = [&](std::string_view client) {
        return std::string(client).append(refused);
    };
    const std::string bypassed = with_refused("203.0.113.7@1"),
                      bypassed_2 = with_refused("203.0.113.7@2");
    const std::string junk = with_refused("malformed"), few = with_refused("too_few_values");
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
        // The n-th value itself leads nowhere: whatever it is, the others are known.
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
    const std::string_view refused =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    check({
        {"the hop is a proxy", counts(2, 1), all_five("203.0.113.7, 10.0.0.9"),
         "10.0.0.9@1 https b.example 2 /b"},
        {"the hop is the client", counts(2, 1), all_five("10.0.0.9, 203.0.113.7"),
         std::string("203.0.113.7@1").append(refused)},
        {"the hop is junk", counts(2, 1), all_five("10.0.0.9, junk"),
         std::string("malformed").append(refused)},
        {"two hops are proxies", counts(3, 1), all_five("10.0.0.8, 10.0.0.9"),
         "10.0.0.9@1 ws c.example 3 /c"},
        {"the second hop is none", counts(3, 1), all_five("203.0.113.7, 10.0.0.9"),
         std::string("10.0.0.9@1").append(refused)},
        {"the second hop is missing", counts(3, 1), all_five("10.0.0.9"),
         std::string("10.0.0.9@1").append(refused)},
        {"each by its own count",
         {.x_for = 1, .x_proto = 3, .x_host = 2, .x_port = 1, .x_prefix = 0, .proxies = inside},
         all_five("203.0.113.7, 10.0.0.9"),
         "10.0.0.9@1 hop_not_trusted b.example 1 -"},
        {"a lower count is believed too",
         {.x_for = 2, .x_proto = 1, .x_host = 2, .x_port = 1, .x_prefix = 1, .proxies = inside},
         all_five("203.0.113.7, 10.0.0.9"),
         "203.0.113.7@2 http b.example 1 /a"},
    });
}

TEST_CASE("Where no client is asked for, only the peer's own values are believed") {
    for (const std::string x_for : {"203.0.113.7", "10.0.0.8, 10.0.0.9", "junk", ""}) {
        CAPTURE(x_for);
        CHECK(decided(counts(1, 0), all_five(x_for)) == "- http a.example 1 /a");
        CHECK(decided(counts(2, 0), all_five(x_for)) ==
              "- hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted");
    }
    CHECK(decided({.x_for = 0, .x_proto = 1, .x_host = 2, .proxies = inside},
                  all_five("10.0.0.9")) == "- http hop_not_trusted - -");
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

TEST_CASE("All hops: the others are believed as far as the proxies go") {
    const std::string_view refused =
        " hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted";
    check({
        {"the peer's own", counts(1, all_hops), all_five("203.0.113.7"),
         "203.0.113.7@1 http a.example 1 /a"},
        {"behind a proxy", counts(2, all_hops), all_five("203.0.113.7, 10.0.0.9"),
         "203.0.113.7@2 https b.example 2 /b"},
        {"behind the client", counts(2, all_hops), all_five("10.0.0.9, 203.0.113.7"),
         std::string("203.0.113.7@1").append(refused)},
        {"behind the leftmost", counts(3, all_hops), all_five("10.0.0.8, 10.0.0.9"),
         "10.0.0.8@2 ws c.example 3 /c"},
        {"further than that", counts(3, all_hops), all_five("10.0.0.9"),
         std::string("10.0.0.9@1").append(refused)},
        {"junk stops everything", counts(1, all_hops), all_five("203.0.113.7, junk, 10.0.0.9"),
         std::string("malformed").append(refused)},
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

TEST_CASE("All hops of any proxies are more than there can be") {
    // ProxyFix refuses this Trust, resolve alone cannot.
    CHECK(decided({.x_for = all_hops}, all_five("6.6.6.6, 10.0.0.9")) ==
          "too_few_values http - - -");
    CHECK(decided({.forwarded = all_hops}, {{"Forwarded", "for=6.6.6.6, for=10.0.0.9"}}) ==
          "too_few_values too_few_values too_few_values - -");
}

TEST_CASE("The ports of hops are disregarded, and that of the client is taken") {
    CHECK(decided(counts(2), {{"X-Forwarded-For", "[2001:db8::7]:4711, 10.0.0.9:80"}}) ==
          "[2001:db8::7]:4711@2 absent absent absent absent");
}

TEST_CASE("Lines whose order is unknown end the walk") {
    const auto decide_unordered = [](const Trust& trust,
                                     std::initializer_list<HeaderView> headers) {
        return text_of(resolve(BasicViewRequest<false>{headers}, trust));
    };
    CHECK(decide_unordered(counts(1, 2), {{"X-Forwarded-For", "203.0.113.7"},
                                          {"X-Forwarded-For", "10.0.0.9"},
                                          {"X-Forwarded-Proto", "https"}}) ==
          "unordered_lines hop_not_trusted absent absent absent");
    CHECK(decide_unordered(counts(1, all_hops), {{"X-Forwarded-For", "203.0.113.7"},
                                                 {"X-Forwarded-For", "10.0.0.9"},
                                                 {"X-Forwarded-Proto", "https"}}) ==
          "unordered_lines hop_not_trusted absent absent absent");
    CHECK(decide_unordered(counts(2), {{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"},
                                       {"X-Forwarded-Proto", "https"},
                                       {"X-Forwarded-Proto", "https"}}) ==
          "203.0.113.7@2 unordered_lines absent absent absent");
    CHECK(decide_unordered({.forwarded = 1, .proxies = inside},
                           {{"Forwarded", "for=203.0.113.7"}, {"Forwarded", "for=10.0.0.9"}}) ==
          "unordered_lines unordered_lines unordered_lines - -");
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
        {"X-Forwarded-For is not looked at",
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

TEST_CASE("With a header of one address the others are believed of the peer alone") {
    Headers headers = all_five("10.0.0.8, 10.0.0.9");
    headers.push_back({"X-Real-IP", "203.0.113.7"});
    Trust one = counts(1), two = counts(2);
    one.client_header = two.client_header = "X-Real-IP";
    CHECK(decided(one, headers) == "203.0.113.7@1 http a.example 1 /a");
    CHECK(decided(two, headers) ==
          "203.0.113.7@1 hop_not_trusted hop_not_trusted hop_not_trusted hop_not_trusted");
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

TEST_CASE("Thousands of lines are walked to their end") {
    const Trust trust{.x_for = all_hops, .x_proto = 1, .proxies = inside};
    Headers headers = {{"X-Forwarded-For", "203.0.113.7"}};
    for (int i = 0; i < 10'000; ++i) headers.push_back({"X-Forwarded-For", "10.0.0.9"});
    CHECK(decided(trust, headers) == "203.0.113.7@10001 absent - - -");

    ForwardOnly request;
    for (int i = 0; i < 500; ++i) request.headers.push_front({"X-Forwarded-For", "10.0.0.9"});
    request.headers.push_front({"X-Forwarded-For", "203.0.113.7"});
    CHECK(text_of(resolve(request, trust)) == "203.0.113.7@501 absent - - -");
}

TEST_CASE("A decision with networks allocates nothing") {
    Environ env;
    env.remote_addr = "10.0.0.2";
    env.headers = all_five("203.0.113.7, 10.0.0.9");
    env.headers.push_back({"Forwarded", "for=203.0.113.7;proto=https, for=\"[fd00::9]\""});
    Trust by_count = counts(2), by_hops = counts(1, all_hops), forwarded = counts(2);
    forwarded.forwarded = 2;
    for (const Trust* trust : {&by_count, &by_hops, &forwarded}) {
        const std::size_t before = allocation_count();
        const Resolution resolution = resolve(env, *trust);
        CHECK(allocation_count() == before);
        CHECK(resolution.client_position == 2);
    }
}

TEST_CASE("A header with one address has no order of lines that could be lost") {
    const auto client = [](std::initializer_list<HeaderView> headers) {
        return resolve(BasicViewRequest<false>{headers}, {.client_header = "X-Real-IP"}).client;
    };
    CHECK(client({{"X-Real-IP", "203.0.113.7"}}) == parse_endpoint("203.0.113.7"));
    CHECK(client({{"X-Real-IP", "6.6.6.6"}, {"X-Real-IP", "203.0.113.7"}}) == Reason::malformed);
}
