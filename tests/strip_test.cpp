// SPDX-License-Identifier: MIT
#include "proxyfix/decision/strip.hpp"

#include <cstddef>
#include <initializer_list>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocation.hpp"
#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/request/environ.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

using Headers = std::vector<Header>;

/// The header lines as text, one after the other: "Via: a | X-Forwarded-For: 1.2.3.4".
std::string text_of(const Headers& headers) {
    std::string text;
    for (const Header& line : headers) {
        text += (text.empty() ? "" : " | ") + line.name + ": " + line.value;
    }
    return text;
}

Environ request_of(Headers headers) {
    Environ env = seen_by_server();
    env.headers = std::move(headers);
    return env;
}

/// The header lines that the handler sees.
std::string stripped(const Trust& trust, Headers headers) {
    Environ env = request_of(std::move(headers));
    return ProxyFix{[](Environ& e) { return text_of(e.headers); }, trust}(env);
}

/// How many lines of a request are erased.
template <bool in_order>
constexpr int erased_of(const Trust& trust, const BasicViewRequest<in_order>& request) {
    const Policy policy(trust);
    detail::Received received;
    detail::receive(request, policy.table(), received);
    const Resolution resolution = detail::decide(received, policy.table());
    detail::Stripping is_erased(policy.table(), received, resolution);
    int count = 0;
    for (const HeaderView& line : request.headers) count += is_erased(line.name) ? 1 : 0;
    return count;
}

/// How many lines of two X-Forwarded-For are erased.
constexpr int erased(const Trust& trust, std::string_view first, std::string_view second) {
    return erased_of(trust, ViewRequest{{{"X-Forwarded-For", first}, {"X-Forwarded-For", second}}});
}

/// One header of the family, with a Trust that counts it, a good value and a faulty one.
struct Kind {
    std::string name;
    Trust trust;
    std::string good, other, faulty;
};

std::vector<Kind> kinds(Strip strip) {
    return {
        {"X-Forwarded-For",
         {.x_for = 1, .x_proto = 0, .strip = strip},
         "203.0.113.7",
         "6.6.6.6",
         "junk"},
        {"X-Forwarded-Proto", {.x_for = 0, .x_proto = 1, .strip = strip}, "https", "ws", "junk"},
        {"X-Forwarded-Host",
         {.x_for = 0, .x_proto = 0, .x_host = 1, .strip = strip},
         "shop.example",
         "evil.example",
         "a b"},
        {"X-Forwarded-Port",
         {.x_for = 0, .x_proto = 0, .x_port = 1, .strip = strip},
         "443",
         "1",
         "0"},
        {"X-Forwarded-Prefix",
         {.x_for = 0, .x_proto = 0, .x_prefix = 1, .strip = strip},
         "/store",
         "/evil",
         "//"},
        {"Forwarded",
         {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true, .strip = strip},
         "for=203.0.113.7;proto=https",
         "for=6.6.6.6",
         "for=junk"}};
}

constexpr Trust nothing{.x_for = 0, .x_proto = 0};

}  // namespace

static_assert(erased({.strip = Strip::keep}, "6.6.6.6", "203.0.113.7") == 0);
static_assert(erased({.strip = Strip::untrusted}, "6.6.6.6", "203.0.113.7") == 1);
static_assert(erased({.strip = Strip::untrusted}, "6.6.6.6", "junk") == 2);
static_assert(erased({.x_for = 2, .strip = Strip::untrusted}, "203.0.113.7", "10.0.0.9") == 0);
static_assert(erased({.strip = Strip::all}, "6.6.6.6", "203.0.113.7") == 2);

TEST_CASE("Lines are kept unless the Trust says otherwise") {
    CHECK(erased({.strip = Strip::keep}, "6.6.6.6", "203.0.113.7") == 0);
    CHECK(erased({.x_for = 0, .strip = Strip::keep}, "6.6.6.6", "junk") == 0);
    for (const Kind& kind : kinds(Strip::keep)) {
        CAPTURE(kind.name);
        const std::string lines =
            "Via: a | " + kind.name + ": " + kind.other + " | " + kind.name + ": " + kind.faulty;
        const Headers headers = {{"Via", "a"}, {kind.name, kind.other}, {kind.name, kind.faulty}};
        CHECK(stripped(kind.trust, headers) == lines);
        CHECK(stripped(nothing, headers) == lines);
    }
}

TEST_CASE("All lines of the family are erased, and no others") {
    const Headers headers = {{"Host", "app"},
                             {"X-Forwarded-For", "203.0.113.7"},
                             {"Via", "1.1 a"},
                             {"x-forwarded-proto", "https"},
                             {"X-FORWARDED-HOST", "shop.example"},
                             {"X-Forwarded-Port", "443"},
                             {"X-Forwarded-Prefix", "/store"},
                             {"Forwarded", "for=203.0.113.7"},
                             {"X-Real-IP", "203.0.113.7"},
                             {"X-Forwarded-For", ""},
                             {"X-Forwarded-Server", "a"},
                             {"X_Forwarded_For", "b"},
                             {"X-Forwarded-Fo", "c"},
                             {"forwarded", ""},
                             {"Via", "1.1 b"}};
    const std::string others =
        "Host: app | Via: 1.1 a | X-Real-IP: 203.0.113.7 | X-Forwarded-Server: a | "
        "X_Forwarded_For: b | X-Forwarded-Fo: c | Via: 1.1 b";
    const Trust one_each{.x_host = 1, .x_port = 1, .x_prefix = 1, .strip = Strip::all};
    CHECK(stripped(one_each, headers) == others);
    Trust zero = nothing;
    zero.strip = Strip::all;
    CHECK(stripped(zero, headers) == others);
    zero.strip = Strip::untrusted;
    CHECK(stripped(zero, headers) == others);
    Trust single = one_each;
    single.client_header = "x-real-ip";
    CHECK(stripped(single, headers) ==
          "Host: app | Via: 1.1 a | X-Forwarded-Server: a | X_Forwarded_For: b | "
          "X-Forwarded-Fo: c | Via: 1.1 b");
    for (const Kind& kind : kinds(Strip::all)) {
        CHECK(stripped(kind.trust, {{kind.name, kind.good}}).empty());
        CHECK(stripped(kind.trust, {{kind.name, kind.faulty}}).empty());
    }
}

TEST_CASE("Of each header, what is left begins with the trusted value") {
    for (const Kind& kind : kinds(Strip::untrusted)) {
        CAPTURE(kind.name);
        const std::string& good = kind.good;
        const std::string& other = kind.other;
        const std::string& faulty = kind.faulty;
        const auto left = [&kind](std::initializer_list<std::string> lines) {
            Headers headers = {{"Via", "a"}};
            for (const std::string& line : lines) {
                headers.push_back({kind.name, line});
                headers.push_back({"Via", "b"});
            }
            std::string text = stripped(kind.trust, std::move(headers));
            for (std::size_t at; (at = text.find("Via: b | ")) != text.npos;) text.erase(at, 9);
            return text.substr(0, text.rfind(" | Via: b"));
        };
        const std::string good_line = "Via: a | " + kind.name + ": " + good;
        CHECK(left({good}) == good_line);
        CHECK(left({other, good}) == good_line);
        CHECK(left({other, other, good}) == good_line);
        CHECK(left({faulty, good}) == good_line);
        CHECK(left({other + "," + other, good}) == good_line);
        CHECK(left({"", good}) == good_line);
        // A line can only be erased as a whole.
        CHECK(left({other + ", " + good}) == "Via: a");
        CHECK(left({"," + good}) == "Via: a");
        CHECK(left({other, other + ", " + good}) == "Via: a");
        // What was rejected goes.
        CHECK(left({faulty}) == "Via: a");
        CHECK(left({good, faulty}) == "Via: a");
        // An empty prefix is one.
        CHECK(left({good, ""}) ==
              (kind.name == "X-Forwarded-Prefix" ? "Via: a | X-Forwarded-Prefix: " : "Via: a"));
    }
}

TEST_CASE("Of each header, the lines right of the trusted value are kept") {
    for (const Kind& kind : kinds(Strip::untrusted)) {
        CAPTURE(kind.name);
        Trust trust = kind.trust;
        for (unsigned* n :
             {&trust.x_for, &trust.x_proto, &trust.x_host, &trust.x_port, &trust.x_prefix}) {
            *n *= 2;
        }
        const std::string line = kind.name + ": ";
        CHECK(stripped(trust, {{kind.name, kind.other}, {kind.name, kind.good}, {kind.name, ""}}) ==
              (kind.name == "Forwarded" ? "" : line + kind.good + " | " + line));
        CHECK(
            stripped(trust,
                     {{kind.name, kind.other}, {kind.name, kind.good}, {kind.name, kind.other}}) ==
            line + kind.good + " | " + line + kind.other);
        CHECK(
            stripped(trust, {{kind.name, kind.other}, {kind.name, kind.good + "," + kind.other}}) ==
            line + kind.good + "," + kind.other);
        CHECK(stripped(trust, {{kind.name, kind.other + "," + kind.good}, {kind.name, kind.other}})
                  .empty());
        CHECK(stripped(trust, {{kind.name, kind.good}}).empty());
    }
}

TEST_CASE("Where Forwarded is trusted, the headers that it replaces are erased") {
    Headers headers = {{"Forwarded", "for=203.0.113.7;proto=https;host=shop.example"}};
    for (const Kind& kind : kinds(Strip::untrusted)) {
        if (kind.name != "Forwarded") headers.push_back({kind.name, kind.good});
    }
    Trust trust{1, 1, 1, 1, 1, 1};
    trust.strip = Strip::untrusted;
    CHECK(stripped(trust, headers) ==
          "Forwarded: for=203.0.113.7;proto=https;host=shop.example | X-Forwarded-Port: 443 | "
          "X-Forwarded-Prefix: /store");
}

TEST_CASE("A header that is ignored is erased with the untrusted ones") {
    for (const Kind& kind : kinds(Strip::untrusted)) {
        CAPTURE(kind.name);
        Headers headers = {{"Via", "a"}};
        for (const Kind& each : kinds(Strip::untrusted)) headers.push_back({each.name, each.good});
        CHECK(stripped(kind.trust, headers) == "Via: a | " + kind.name + ": " + kind.good);
    }
}

TEST_CASE("The trusted value may stand on any line") {
    struct Case {
        std::string_view why;
        unsigned x_for;
        Headers headers;
        std::string_view left;
    };
    const std::string name = "X-Forwarded-For";
    const Case cases[] = {
        {"two lines",
         2,
         {{name, "6.6.6.6"}, {name, "203.0.113.7"}, {name, "10.0.0.9"}},
         "X-Forwarded-For: 203.0.113.7 | X-Forwarded-For: 10.0.0.9"},
        {"first on its line",
         2,
         {{name, "6.6.6.6"}, {name, "203.0.113.7, 10.0.0.9"}},
         "X-Forwarded-For: 203.0.113.7, 10.0.0.9"},
        {"second on its line",
         2,
         {{name, "7.7.7.7"}, {name, "6.6.6.6, 203.0.113.7"}, {name, "10.0.0.9"}},
         ""},
        {"in the middle of its line", 2, {{name, "6.6.6.6, 203.0.113.7, 10.0.0.9"}}, ""},
        {"first on the only line",
         3,
         {{name, "203.0.113.7, 10.0.0.8, 10.0.0.9"}},
         "X-Forwarded-For: 203.0.113.7, 10.0.0.8, 10.0.0.9"},
        {"first on the first line",
         3,
         {{name, "203.0.113.7, 10.0.0.8"}, {name, "10.0.0.9"}},
         "X-Forwarded-For: 203.0.113.7, 10.0.0.8 | X-Forwarded-For: 10.0.0.9"},
        {"too few values", 3, {{name, "203.0.113.7"}, {name, "10.0.0.9"}}, ""},
        {"other lines between",
         2,
         {{name, "6.6.6.6"}, {"A", "a"}, {name, "203.0.113.7"}, {"B", "b"}, {name, "10.0.0.9"}},
         "A: a | X-Forwarded-For: 203.0.113.7 | B: b | X-Forwarded-For: 10.0.0.9"},
    };
    for (const auto& [why, x_for, headers, left] : cases) {
        CAPTURE(why);
        CHECK(stripped({.x_for = x_for, .strip = Strip::untrusted}, headers) == left);
        const Trust all{
            .x_for = all_hops, .proxies = {"10.0.0.0/24"_net}, .strip = Strip::untrusted};
        if (x_for > 1 && why != "too few values") CHECK(stripped(all, headers) == left);
    }
}

TEST_CASE("With networks the client's line stays and what it may have written goes") {
    const Headers headers = {{"X-Forwarded-For", "6.6.6.6"},
                             {"X-Forwarded-Proto", "https"},
                             {"X-Forwarded-For", "203.0.113.7"},
                             {"Forwarded", "for=6.6.6.6"},
                             {"Forwarded", "for=203.0.113.7;proto=https"}};
    const Networks inside{"10.0.0.0/24"_net};
    CHECK(stripped({.x_for = 2, .proxies = inside, .strip = Strip::untrusted}, headers) ==
          "X-Forwarded-For: 203.0.113.7");
    CHECK(stripped({.x_for = 1, .proxies = inside, .strip = Strip::untrusted}, headers) ==
          "X-Forwarded-Proto: https | X-Forwarded-For: 203.0.113.7");
    CHECK(stripped({.x_for = all_hops, .proxies = inside, .strip = Strip::untrusted}, headers) ==
          "X-Forwarded-Proto: https | X-Forwarded-For: 203.0.113.7");
    CHECK(stripped({.x_for = 1, .proxies = {}, .strip = Strip::untrusted}, headers).empty());
    CHECK(stripped({.x_for = 1,
                    .x_proto = 1,
                    .x_host = 1,
                    .forwarded = true,
                    .proxies = inside,
                    .strip = Strip::untrusted},
                   headers) == "Forwarded: for=203.0.113.7;proto=https");
    CHECK(stripped({.x_for = 2,
                    .x_proto = 2,
                    .x_host = 2,
                    .forwarded = true,
                    .proxies = inside,
                    .strip = Strip::untrusted},
                   headers)
              .empty());
}

TEST_CASE("A Forwarded header is kept only if nothing in its element was rejected") {
    const auto left = [](std::string element) {
        const Trust trust{.x_for = 1,
                          .x_proto = 1,
                          .x_host = 1,
                          .forwarded = true,
                          .allowed_hosts = {"shop.example"},
                          .strip = Strip::untrusted};
        return stripped(trust, {{"X-Forwarded-For", "6.6.6.6"}, {"Forwarded", std::move(element)}});
    };
    CHECK(left("for=203.0.113.7") == "Forwarded: for=203.0.113.7");
    CHECK(left("for=203.0.113.7;proto=https;host=shop.example") ==
          "Forwarded: for=203.0.113.7;proto=https;host=shop.example");
    CHECK(left("for=203.0.113.7;proto=junk").empty());
    CHECK(left("for=203.0.113.7;host=evil.example").empty());
    CHECK(left("for=203.0.113.7;host=-").empty());
    CHECK(left("for=unknown;proto=https").empty());
    CHECK(left("proto=https").empty());
    CHECK(left("for=203.0.113.7;for=203.0.113.7").empty());
}

TEST_CASE("A host that is not allowed is erased with the untrusted") {
    const Headers headers = {{"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-Port", "443"}};
    CHECK(stripped({.x_host = 1,
                    .x_port = 1,
                    .allowed_hosts = {"shop.example"},
                    .strip = Strip::untrusted},
                   headers) == "X-Forwarded-Port: 443");
}

TEST_CASE("A header of one address is erased unless it is trusted") {
    const Trust trust{.client_header = "X-Real-IP", .strip = Strip::untrusted};
    const Header x_for{"X-Forwarded-For", "6.6.6.6"};
    CHECK(stripped(trust, {x_for, {"x-real-ip", "203.0.113.7"}}) == "x-real-ip: 203.0.113.7");
    CHECK(stripped(trust, {x_for, {"X-Real-IP", "6.6.6.6"}, {"X-Real-IP", "203.0.113.7"}}).empty());
    CHECK(stripped(trust, {x_for, {"X-Real-IP", "6.6.6.6, 203.0.113.7"}}).empty());
    CHECK(stripped(trust, {x_for}).empty());
    CHECK(stripped({.strip = Strip::untrusted}, {{"X-Real-IP", "6.6.6.6"}}) ==
          "X-Real-IP: 6.6.6.6");
    CHECK(stripped({.strip = Strip::all}, {{"X-Real-IP", "6.6.6.6"}}) == "X-Real-IP: 6.6.6.6");
}

TEST_CASE("What is erased is decided before anything is rewritten") {
    for (const Strip strip : {Strip::keep, Strip::untrusted, Strip::all}) {
        Environ env =
            request_of({{"X-Forwarded-For", "6.6.6.6"},
                        {"X-Forwarded-For", "203.0.113.7"},
                        {"X-Forwarded-Host", "evil.example, a-long-name-of-the-shop.example"},
                        {"X-Forwarded-Prefix", "/a-long-prefix-of-the-application"},
                        {"Via", "a"}});
        Environ kept = env;
        const Trust trust{.x_for = 1, .x_host = 1, .x_prefix = 1, .strip = strip};
        ProxyFix{[](Environ&) {}, trust}(env);
        ProxyFix{[](Environ&) {}, {.x_for = 1, .x_host = 1, .x_prefix = 1}}(kept);
        CHECK(rewritten(env) == rewritten(kept));
        CHECK(rewritten(original(env)) == rewritten(original(kept)));
    }
}

TEST_CASE("A nested ProxyFix that strips leaves the same request") {
    for (const Strip strip : {Strip::untrusted, Strip::all}) {
        for (const std::string x_for : {"203.0.113.7", "6.6.6.6, 203.0.113.7"}) {
            Environ once = request_of({{"X-Forwarded-For", "6.6.6.6"},
                                       {"X-Forwarded-For", x_for},
                                       {"X-Forwarded-Proto", "ws"},
                                       {"X-Forwarded-Proto", "https"},
                                       {"X-Forwarded-Host", "evil.example,shop.example"},
                                       {"X-Forwarded-Prefix", "/store"},
                                       {"Via", "a"}});
            Environ twice = once;
            const Trust trust{.x_for = 1, .x_proto = 1, .x_host = 1, .strip = strip};
            ProxyFix app{[](Environ&) {}, trust};
            app(once);
            ProxyFix{app, trust}(twice);
            CHECK(text_of(twice.headers) == text_of(once.headers));
            CHECK(rewritten(twice) == rewritten(once));
            CHECK(rewritten(original(twice)) == rewritten(original(once)));
            CHECK(twice.proxy.client == *parse_endpoint("203.0.113.7"));
            CHECK(twice.proxy.proto == Applied{});
            CHECK(twice.proxy.host == Applied{});
            CHECK(twice.proxy.prefix == Reason::not_configured);
        }
    }
}

TEST_CASE("What was rejected and erased stays recorded as rejected") {
    for (const Strip strip : {Strip::untrusted, Strip::all}) {
        Environ env = request_of({{"X-Forwarded-For", "junk"},
                                  {"X-Forwarded-Proto", "https"},
                                  {"X-Forwarded-Host", "evil.example"}});
        const Trust trust{.x_host = 1, .allowed_hosts = {"shop.example"}, .strip = strip};
        ProxyFix app{[](Environ&) {}, trust};
        ProxyFix{app, trust}(env);
        CHECK(env.proxy.client == Reason::malformed);
        CHECK(env.proxy.proto == Applied{});
        CHECK(env.proxy.host == Reason::host_not_allowed);
        CHECK(env.proxy.refused());
    }
}

TEST_CASE("If an allocation fails, no line is erased") {
    const std::string label = "a-label-that-is-longer-than-any-small-string-buffer";
    const Headers headers = {{"X-Forwarded-For", "6.6.6.6"},
                             {"X-Forwarded-For", "2001:db8:1111:2222:3333:4444:5555:6666"},
                             {"X-Forwarded-Host", "evil.example, " + label + ".example"},
                             {"X-Forwarded-Prefix", "/" + label}};
    for (const Strip strip : {Strip::untrusted, Strip::all}) {
        int failures = 0;
        for (std::size_t n = 0;; ++n) {
            Environ env = request_of(headers);
            const Environ before = env;
            ProxyFix app{[](Environ&) {}, {.x_for = 1, .x_host = 1, .x_prefix = 1, .strip = strip}};
            bool failed = false;
            try {
                const FailingAllocations failing(n);
                app(env);
            } catch (const std::bad_alloc&) {
                failed = true;
            }
            if (!failed) {
                CHECK(env.headers.size() == (strip == Strip::all ? 0 : 2));
                break;
            }
            ++failures;
            CHECK(text_of(env.headers) == text_of(before.headers));
            CHECK(rewritten(env) == rewritten(before));
            CHECK(env.proxy.client == Reason::not_configured);
        }
        CHECK(failures >= 3);
    }
}

TEST_CASE("Stripping costs no allocation") {
    const auto cost = [](Strip strip) {
        Environ env = request_of({{"X-Forwarded-For", "6.6.6.6"},
                                  {"X-Forwarded-For", "203.0.113.7"},
                                  {"Via", "a value that is longer than any small string buffer"}});
        ProxyFix app{[](Environ&) {}, {.x_for = 1, .strip = strip}};
        const std::size_t before = allocation_count();
        app(env);
        return allocation_count() - before;
    };
    CHECK(cost(Strip::untrusted) == cost(Strip::keep));
    CHECK(cost(Strip::all) == cost(Strip::keep));
}

TEST_CASE("Where lines lose their order, only a single one is kept") {
    const auto count = [](std::initializer_list<HeaderView> headers) {
        return erased_of({.strip = Strip::untrusted}, BasicViewRequest<false>{headers});
    };
    CHECK(count({{"X-Forwarded-For", "203.0.113.7"}}) == 0);
    CHECK(count({{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-For", "203.0.113.7"}}) == 2);
}

TEST_CASE("Of more lines than are read, the last ones may be kept") {
    const auto left = [](const Trust& trust, std::size_t proxies) {
        Headers headers = {
            {"Via", "a"}, {"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.7"}};
        headers.insert(headers.end(), proxies, {"X-Forwarded-For", "10.0.0.9"});
        headers.push_back({"Via", "b"});
        Environ env = request_of(std::move(headers));
        ProxyFix{[](Environ&) {}, trust}(env);
        CHECK(env.headers.front().value == "a");
        CHECK(env.headers.back().value == "b");
        return env.headers.size() - 2;
    };
    const Networks inside{"10.0.0.0/24"_net};
    const auto by_count = [](unsigned n) { return Trust{.x_for = n, .strip = Strip::untrusted}; };
    const Trust walk{.x_for = all_hops, .proxies = inside, .strip = Strip::untrusted};
    // The client's line is the 16th from the last.
    CHECK(left(by_count(1), 15) == 1);
    CHECK(left(by_count(15), 15) == 15);
    CHECK(left(by_count(16), 15) == 16);
    CHECK(left(walk, 15) == 16);
    // It is the 17th.
    CHECK(left(by_count(1), 16) == 1);
    CHECK(left(by_count(16), 16) == 16);
    CHECK(left(walk, 16) == 0);
    // There are many more.
    CHECK(left(by_count(1), 1000) == 1);
    CHECK(left(by_count(16), 1000) == 16);
    CHECK(left(walk, 1000) == 0);
    CHECK(left({.strip = Strip::keep}, 1000) == 1002);
    CHECK(left({.strip = Strip::all}, 1000) == 0);
}

TEST_CASE("The names that are configured are erased, and the usual ones as well") {
    const Headers headers = {{"X-Scheme", "ws"},
                             {"x-scheme", "https"},
                             {"X-Forwarded-Proto", "ws"},
                             {"X-Script-Name", "/a"},
                             {"X-Forwarded-For", "203.0.113.7"},
                             {"Via", "a"}};
    const Trust trust{.x_for = 1, .names = {.x_proto = "X-Scheme"}, .strip = Strip::all};
    CHECK(stripped(trust, headers) == "X-Script-Name: /a | Via: a");
    Trust untrusted = trust;
    untrusted.strip = Strip::untrusted;
    CHECK(stripped(untrusted, headers) ==
          "x-scheme: https | X-Script-Name: /a | X-Forwarded-For: 203.0.113.7 | Via: a");
    Trust kept = trust;
    kept.strip = Strip::keep;
    CHECK(stripped(kept, {{"X-Scheme", "ws"}, {"X-Forwarded-Proto", "ws"}}) ==
          "X-Scheme: ws | X-Forwarded-Proto: ws");
}

TEST_CASE("Of Forwarded with counts of their own, the lines from the leftmost value on stay") {
    const std::string client = "for=203.0.113.7", gateway = "for=10.0.0.9;proto=https;host=a";
    const auto left = [&](unsigned x_for, unsigned x_proto, unsigned x_host, Headers headers) {
        return stripped({.x_for = x_for,
                         .x_proto = x_proto,
                         .x_host = x_host,
                         .forwarded = true,
                         .strip = Strip::untrusted},
                        std::move(headers));
    };
    const Headers lines = {
        {"Forwarded", "for=6.6.6.6"}, {"Forwarded", client}, {"Forwarded", gateway}};
    const std::string both = "Forwarded: " + client + " | Forwarded: " + gateway;
    CHECK(left(2, 1, 1, lines) == both);
    CHECK(left(1, 1, 1, lines) == "Forwarded: " + gateway);
    // A parameter that is absent is not rejected, and its element is kept.
    CHECK(left(1, 2, 1, lines) == both);
    CHECK(left(1, 1, 2, lines) == both);
    CHECK(left(0, 1, 1, lines) == "Forwarded: " + gateway);
    CHECK(left(0, 2, 1, lines) == "");  // the first that is configured has to be applied
    CHECK(left(2, 4, 0, lines) == "");
    CHECK(left(2, 1, 1, {{"Forwarded", "for=6.6.6.6, " + client}, {"Forwarded", gateway}}) == "");
}
