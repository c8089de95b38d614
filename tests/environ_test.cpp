// SPDX-License-Identifier: MIT
#include "proxyfix/request/environ.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "allocation.hpp"
#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"

using namespace proxyfix;

namespace {

constexpr Trust one_each{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};

Environ fixed(Environ env, const Trust& trust = one_each) {
    ProxyFix{[](Environ&) {}, trust}(env);
    return env;
}

Environ with(std::vector<Header> headers) {
    Environ env = seen_by_server();
    env.headers = std::move(headers);
    return env;
}

template <class T>
concept HasOriginal = requires(T&& env) {
    original(std::forward<T>(env));
};

}  // namespace

static_assert(std::is_aggregate_v<Environ> && std::is_aggregate_v<Header>);
static_assert(std::is_nothrow_move_constructible_v<Environ>);
static_assert(Strippable<Environ>);
static_assert(HasOriginal<Environ&> && HasOriginal<const Environ&>);
static_assert(!HasOriginal<Environ> && !HasOriginal<const Environ>, "its views would dangle");

TEST_CASE("Each header sets its own members") {
    const Environ env = fixed(with({{"X-Forwarded-For", "[2001:DB8::7]:51000"},
                                    {"X-Forwarded-Proto", "HTTPS"},
                                    {"X-Forwarded-Host", "shop.example:8443"},
                                    {"X-Forwarded-Prefix", "/store/"}}));
    CHECK(env.remote_addr == "2001:db8::7");
    CHECK(env.remote_port == 51000);
    CHECK(env.url_scheme == "https");
    CHECK(env.http_host == "shop.example:8443");
    CHECK(env.server_name == "shop.example");
    CHECK(env.server_port == 8443);
    CHECK(env.script_name == "/store");
    CHECK(url_root(env) == "https://shop.example:8443/store/");
}

TEST_CASE("A client whose port is not given has none") {
    CHECK(fixed(with({{"X-Forwarded-For", "203.0.113.7"}})).remote_port == 0);
}

TEST_CASE("The server's port stays where the forwarded host has none") {
    const Environ env = fixed(with({{"X-Forwarded-Host", "shop.example"}}));
    CHECK(env.http_host == "shop.example");
    CHECK(env.server_port == 8000);
}

TEST_CASE("A forwarded port overrides the port of a forwarded host") {
    const Environ env =
        fixed(with({{"X-Forwarded-Port", "443"}, {"X-Forwarded-Host", "shop.example:8443"}}));
    CHECK(env.http_host == "shop.example:443");
    CHECK(env.server_name == "shop.example");
    CHECK(env.server_port == 443);
}

TEST_CASE("A forwarded port replaces the port of the Host field") {
    const auto host_after = [](std::string host) {
        Environ env = with({{"X-Forwarded-Port", "443"}});
        env.http_host = std::move(host);
        env = fixed(std::move(env));
        CHECK(env.server_port == 443);
        CHECK(env.server_name == "app.internal");
        return env.http_host;
    };
    CHECK(host_after("app.internal") == "app.internal:443");
    CHECK(host_after("app.internal:8000") == "app.internal:443");
    CHECK(host_after("[::1]") == "[::1]:443");
    CHECK(host_after("[::1]:8000") == "[::1]:443");
    CHECK(host_after("") == "");
    CHECK(host_after("not a host\"") == "not a host\"");
}

TEST_CASE("An IPv6 host keeps its brackets") {
    const Environ env = fixed(with({{"X-Forwarded-Host", "[::1]:39101"}}));
    CHECK(env.http_host == "[::1]:39101");
    CHECK(env.server_name == "[::1]");
}

TEST_CASE("The path and the header lines stay as they were") {
    Environ env = with({{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Prefix", "/store"}});
    env.path_info = "/store/cart";
    env.query_string = "a=b";
    env.request_method = "POST";
    env = fixed(std::move(env));
    CHECK(env.path_info == "/store/cart");
    CHECK(env.query_string == "a=b");
    CHECK(env.request_method == "POST");
    REQUIRE(env.headers.size() == 2);
    CHECK(env.headers[0].value == "203.0.113.7");
}

TEST_CASE("The record tells what happened to each field") {
    const Environ env = fixed(with({{"X-Forwarded-For", "203.0.113.7"},
                                    {"X-Forwarded-Proto", "gopher"},
                                    {"X-Forwarded-Host", "shop.example"}}),
                              {.x_for = 1, .x_proto = 1, .x_host = 2, .x_port = 1});
    CHECK(outcome_of(env.proxy.client) == Applied{});
    CHECK(env.proxy.proto == Reason::malformed);
    CHECK(env.proxy.host == Reason::too_few_values);
    CHECK(env.proxy.port == Reason::absent);
    CHECK(env.proxy.prefix == Reason::not_configured);
    CHECK(to_string(env.proxy) ==
          "client applied, proto malformed, host too_few_values, port absent, "
          "prefix not_configured");
}

TEST_CASE("The record is one line of text") {
    CHECK(to_string(ProxyRecord{}) ==
          "client not_configured, proto not_configured, host not_configured, "
          "port not_configured, prefix not_configured");
    CHECK(to_string(fixed(with({{"X-Forwarded-For", "203.0.113.7:4711"}}), {}).proxy) ==
          "client applied, proto absent, host not_configured, port not_configured, "
          "prefix not_configured");
    const std::vector<Header> all = {{"X-Forwarded-For", "junk"},
                                     {"X-Forwarded-Proto", "https"},
                                     {"X-Forwarded-Host", "shop.example"},
                                     {"X-Forwarded-Port", "443"},
                                     {"X-Forwarded-Prefix", "/store"}};
    CHECK(to_string(fixed(with(all)).proxy) ==
          "client malformed, proto applied, host applied, port applied, prefix applied");
}

TEST_CASE("The record has the client, with its port if that is known") {
    const auto client = [](std::string x_for) {
        return fixed(with({{"X-Forwarded-For", std::move(x_for)}})).proxy.client;
    };
    CHECK(client("203.0.113.7") == Endpoint{Address::v4(0xcb00'7107)});
    CHECK(client("203.0.113.7:4711") == Endpoint{Address::v4(0xcb00'7107), 4711});
    CHECK(client("6.6.6.6, [2001:db8::7]:51000") == *parse_endpoint("[2001:db8::7]:51000"));
    CHECK(client("junk") == Reason::malformed);
    CHECK(client("203.0.113.7, junk") == Reason::malformed);
    CHECK(fixed(with({})).proxy.client == Reason::absent);
    CHECK(ProxyRecord{}.client == Reason::not_configured);
    const Environ forwarded = fixed(with({{"Forwarded", "for=\"203.0.113.7:4711\""}}),
                                    {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true});
    CHECK(forwarded.proxy.client == *parse_endpoint("203.0.113.7:4711"));
}

TEST_CASE("The record keeps the client until an inner ProxyFix applies another one") {
    const auto nested = [](const Trust& outer, const Trust& inner) {
        Environ env = with({{"X-Forwarded-For", "203.0.113.7:4711, 10.0.0.9"},
                            {"X-Real-IP", "[2001:db8::7]:80"},
                            {"X-Junk", "junk"}});
        ProxyFix inner_fix{[](Environ&) {}, inner};
        ProxyFix{inner_fix, outer}(env);
        CHECK(original(env).remote_addr == "10.0.0.2");
        CHECK(original(env).remote_port == 40000);
        return env;
    };
    const Endpoint first = *parse_endpoint("203.0.113.7:4711");
    const auto keeps_first = [&](const Trust& inner) {
        const Environ env = nested({.x_for = 2}, inner);
        return env.proxy.client == first && env.remote_addr == "203.0.113.7" &&
               env.remote_port == 4711;
    };
    CHECK(keeps_first({.x_for = 0}));  // not configured
    CHECK(keeps_first({.x_for = 3}));  // too few values
    CHECK(keeps_first({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}));  // absent
    CHECK(keeps_first({.client_header = "X-Junk"}));                                 // malformed
    CHECK(keeps_first({.x_for = 1, .proxies = {}}));                                 // another peer

    const Environ replaced = nested({.x_for = 2}, {.client_header = "X-Real-IP"});
    CHECK(replaced.proxy.client == *parse_endpoint("[2001:db8::7]:80"));
    CHECK(replaced.remote_addr == "2001:db8::7");
    CHECK(replaced.remote_port == 80);

    // What the outer one rejected is replaced too, and is not forgotten before that.
    CHECK(nested({.client_header = "X-Junk"}, {.x_for = 2}).proxy.client == first);
    CHECK(nested({.client_header = "X-Junk"}, {.x_for = 0}).proxy.client == Reason::malformed);
    CHECK(nested({.client_header = "X-Junk"}, {.x_for = 3}).proxy.client == Reason::too_few_values);
    CHECK(nested({.x_for = 0}, {.x_for = 2}).proxy.client == first);
}

TEST_CASE("The original of every member can be asked for") {
    const Environ before = seen_by_server();
    CHECK(rewritten(original(before)) == rewritten(before));
    const Environ after = fixed(with({{"X-Forwarded-For", "203.0.113.7:1"},
                                      {"X-Forwarded-Proto", "https"},
                                      {"X-Forwarded-Host", "shop.example"},
                                      {"X-Forwarded-Port", "1"},
                                      {"X-Forwarded-Prefix", "/store"}}));
    CHECK(rewritten(after) == Rewritten("203.0.113.7", std::uint16_t{1}, "https", "shop.example:1",
                                        "shop.example", std::uint16_t{1}, "/store"));
    CHECK(rewritten(original(after)) == rewritten(before));
}

TEST_CASE("Only what was replaced is kept, and nothing that was rejected") {
    const Environ env =
        fixed(with({{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Host", "<script>"}}));
    CHECK(env.proxy.remote_addr == "10.0.0.2");
    CHECK(env.proxy.remote_port == 40000);
    CHECK_FALSE(env.proxy.url_scheme);
    CHECK_FALSE(env.proxy.http_host);
    CHECK_FALSE(env.proxy.server_name);
    CHECK_FALSE(env.proxy.server_port);
    CHECK_FALSE(env.proxy.script_name);
}

TEST_CASE("The original is moved and not copied") {
    Environ env = with({{"X-Forwarded-For", "203.0.113.7"}});
    env.remote_addr = "2001:db8:1111:2222:3333:4444:5555:6666";
    const char* const text = env.remote_addr.data();
    ProxyFix{[](Environ&) {}, Trust{.x_for = 1}}(env);
    CHECK(original(env).remote_addr.data() == text);
}

TEST_CASE("A nested ProxyFix asks for the original peer") {
    const Environ env = fixed(with({{"X-Forwarded-For", "203.0.113.7"}}));
    CHECK(env.remote_addr == "203.0.113.7");
    CHECK(Adapter<Environ>::peer(env) == "10.0.0.2");
}

TEST_CASE("Of an empty environment no port is known") {
    CHECK(Environ{}.remote_port == 0);
    CHECK(Environ{}.server_port == 0);
}

TEST_CASE("The URL of the root") {
    const auto root = [](std::string scheme, std::string host, std::string prefix = "") {
        return url_root({.url_scheme = std::move(scheme),
                         .http_host = std::move(host),
                         .server_name = "app.internal",
                         .server_port = 8000,
                         .script_name = std::move(prefix)});
    };
    SECTION("leaves out the default port of the scheme") {
        CHECK(root("http", "shop.example:80") == "http://shop.example/");
        CHECK(root("ws", "shop.example:80") == "ws://shop.example/");
        CHECK(root("https", "shop.example:443") == "https://shop.example/");
        CHECK(root("wss", "shop.example:443") == "wss://shop.example/");
        CHECK(root("http", "shop.example:443") == "http://shop.example:443/");
        CHECK(root("https", "[::1]:443") == "https://[::1]/");
        CHECK(root("gopher", "shop.example:80") == "gopher://shop.example:80/");
    }
    SECTION("falls back on the server where there is no valid Host field") {
        CHECK(root("http", "") == "http://app.internal:8000/");
        CHECK(root("http", "evil.example/path?") == "http://app.internal:8000/");
        CHECK(url_root({.server_name = "::1", .server_port = 8000}) == "http://[::1]:8000/");
        CHECK(url_root({.server_name = "[::1]", .server_port = 80}) == "http://[::1]/");
        CHECK(url_root({.server_name = "app.internal"}) == "http://app.internal/");
        CHECK(url_root({.http_host = "a\r\nb", .server_name = "a\r\nb", .server_port = 80}) == "/");
    }
    SECTION("is a path where no host is known") {
        CHECK(url_root({}) == "/");
        CHECK(url_root({.script_name = "/store"}) == "/store/");
        CHECK(url_root({.script_name = "//evil.example"}) == "/evil.example/");
    }
    SECTION("ends in one slash") {
        CHECK(root("http", "a", "/store") == "http://a/store/");
        CHECK(root("http", "a", "/store/") == "http://a/store/");
        CHECK(root("http", "a", "/store//") == "http://a/store/");
        CHECK(root("http", "a", "/") == "http://a/");
        CHECK(root("http", "a", "store") == "http://a/store/");
    }
    SECTION("encodes what a path cannot hold") {
        CHECK(root("http", "a", "/a b\r\n\"<?#%\xff") == "http://a/a%20b%0D%0A%22%3C%3F%23%25%FF/");
        CHECK(root("http", "a", "/-._~!$&*+=:@") == "http://a/-._~!$&*+=:@/");
    }
}

TEST_CASE("The record tells whether all that is configured was applied") {
    CHECK_FALSE(Environ{}.proxy.complete());  // no ProxyFix saw it
    CHECK_FALSE(fixed(with({}), {.x_for = 0, .x_proto = 0}).proxy.complete());
    CHECK_FALSE(fixed(with({}), {.x_for = 1, .x_proto = 0}).proxy.complete());
    const std::vector<Header> client = {{"X-Forwarded-For", "203.0.113.7"}};
    CHECK(fixed(with(client), {.x_for = 1, .x_proto = 0}).proxy.complete());
    CHECK_FALSE(fixed(with(client), {.x_for = 1, .x_proto = 1}).proxy.complete());
    const Environ env = with(client);
    CHECK(resolve(env, Trust{.x_for = 1, .x_proto = 0}).complete());
    CHECK_FALSE(resolve(env, Trust{.x_for = 1, .x_proto = 1}).complete());
    const Trust forwarded{.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true};
    CHECK(fixed(with({{"Forwarded", "for=203.0.113.7;proto=https;host=a.example"}}), forwarded)
              .proxy.complete());
    CHECK_FALSE(
        fixed(with({{"Forwarded", "for=203.0.113.7;proto=https"}}), forwarded).proxy.complete());
    const Trust each{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
    const std::vector<Header> all = {{"X-Forwarded-For", "203.0.113.7"},
                                     {"X-Forwarded-Proto", "https"},
                                     {"X-Forwarded-Host", "shop.example"},
                                     {"X-Forwarded-Port", "443"},
                                     {"X-Forwarded-Prefix", "/shop"}};
    CHECK(fixed(with(all), each).proxy.complete());
    for (const Trust& one :
         {Trust{.x_for = 0, .x_proto = 1}, Trust{.x_for = 0, .x_proto = 0, .x_host = 1},
          Trust{.x_for = 0, .x_proto = 0, .x_port = 1},
          Trust{.x_for = 0, .x_proto = 0, .x_prefix = 1}}) {
        CHECK(fixed(with(all), one).proxy.complete());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        std::vector<Header> changed = all;
        changed[i].value = "\x01";
        CHECK_FALSE(fixed(with(changed), each).proxy.complete());
    }
}

TEST_CASE("The record tells whether a header that was there was rejected") {
    const Trust trust{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
    CHECK_FALSE(Environ{}.proxy.refused());
    CHECK_FALSE(fixed(with({}), trust).proxy.refused());
    CHECK_FALSE(
        fixed(with({{"X-Forwarded-For", "junk"}}), {.x_for = 0, .x_proto = 0}).proxy.refused());
    const std::vector<Header> good = {{"X-Forwarded-For", "203.0.113.7"},
                                      {"X-Forwarded-Proto", "https"},
                                      {"X-Forwarded-Host", "shop.example"},
                                      {"X-Forwarded-Port", "443"},
                                      {"X-Forwarded-Prefix", "/store"}};
    CHECK_FALSE(fixed(with(good), trust).proxy.refused());
    for (std::size_t i = 0; i < good.size(); ++i) {
        CAPTURE(good[i].name);
        CHECK_FALSE(fixed(with({good[i]}), trust).proxy.refused());
        CHECK(fixed(with({{good[i].name, "\""}}), trust).proxy.refused());
        std::vector<Header> one_faulty = good;
        one_faulty[i].value = "\"";
        CHECK(fixed(with(one_faulty), trust).proxy.refused());
    }
}

TEST_CASE("The record has the reasons that networks, hosts and Forwarded give") {
    const std::vector<Header> headers = {{"X-Forwarded-For", "203.0.113.7"},
                                         {"X-Forwarded-Proto", "https"},
                                         {"X-Forwarded-Host", "evil.example"},
                                         {"Forwarded", "for=_hidden"}};
    const Environ outside = fixed(with(headers), {.proxies = {"10.0.1.0/24"_net}});
    CHECK(outside.proxy.client == Reason::peer_not_trusted);
    CHECK(outside.proxy.proto == Reason::peer_not_trusted);
    CHECK(outside.proxy.host == Reason::not_configured);
    CHECK(rewritten(outside) == rewritten(seen_by_server()));

    const Environ bypass = fixed(with(headers), {.x_for = 2, .proxies = {"10.0.0.0/24"_net}});
    CHECK(bypass.remote_addr == "203.0.113.7");
    CHECK(bypass.url_scheme == "http");
    CHECK(bypass.proxy.client == *parse_endpoint("203.0.113.7"));
    CHECK(bypass.proxy.proto == Reason::hop_not_trusted);
    CHECK(bypass.proxy.refused());

    const Environ anonymous =
        fixed(with(headers), {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true});
    CHECK(anonymous.remote_addr == "10.0.0.2");
    CHECK(anonymous.proxy.client == Reason::anonymous);
    CHECK(anonymous.proxy.proto == Reason::absent);
    CHECK(anonymous.proxy.refused());
}

TEST_CASE("A host that is not allowed stays, and a forwarded port applies") {
    const std::vector<Header> headers = {{"X-Forwarded-Host", "evil.example:1"},
                                         {"X-Forwarded-Port", "443"}};
    Environ env = fixed(with(headers), {.x_host = 1, .allowed_hosts = {"*.shop.example"}});
    CHECK(env.proxy.host == Reason::host_not_allowed);
    CHECK(rewritten(env) == rewritten(seen_by_server()));
    CHECK_FALSE(env.proxy.http_host);
    env = fixed(with(headers), {.x_host = 1, .x_port = 1, .allowed_hosts = {"*.shop.example"}});
    CHECK(env.http_host == "app.internal:443");
    CHECK(env.server_name == "app.internal");
    CHECK(env.server_port == 443);
    CHECK(env.proxy.refused());
}

TEST_CASE("A nested ProxyFix asks the networks about the original peer") {
    Environ env = with({{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Proto", "https"}});
    const Networks proxies{"10.0.0.0/24"_net};
    ProxyFix inner{[](Environ&) {}, {.x_for = 0, .x_proto = 1, .proxies = proxies}};
    ProxyFix{inner, {.x_for = 1, .x_proto = 0, .proxies = proxies}}(env);
    CHECK(env.remote_addr == "203.0.113.7");
    CHECK(env.url_scheme == "https");
}

TEST_CASE("With networks too, a header that an inner ProxyFix ignores keeps its record") {
    Environ env = with({{"X-Forwarded-For", "junk"}});
    const Networks proxies{"10.0.0.0/24"_net};
    ProxyFix inner{[](Environ&) {}, {.x_for = 0, .x_proto = 0, .proxies = proxies}};
    ProxyFix{inner, {.x_for = 1, .proxies = proxies}}(env);
    CHECK(env.proxy.client == Reason::malformed);
    CHECK(env.proxy.proto == Reason::absent);
    CHECK(env.proxy.refused());
}

TEST_CASE("A forwarded port overrides the port of a host that an inner ProxyFix applies") {
    const auto nested = [](std::string host) {
        Environ env = with({{"X-Forwarded-Port", "443"}, {"X-Forwarded-Host", std::move(host)}});
        ProxyFix inner{[](Environ&) {}, {.x_host = 1}};
        ProxyFix{inner, {.x_port = 1}}(env);
        CHECK(env.server_port == 443);
        return env.http_host;
    };
    CHECK(nested("shop.example") == "shop.example:443");
    CHECK(nested("shop.example:8443") == "shop.example:443");
}

TEST_CASE("Header lines are erased one by one, in order of arrival") {
    Environ env = with({{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"A", "5"}});
    std::string asked;
    int erased = 0;
    const auto first_two = [&](std::string_view name) {
        asked += name;
        return (name == "A" || name == "a") && ++erased <= 2;
    };
    Adapter<Environ>::erase(env, first_two);
    CHECK(asked == "ABaCA");
    REQUIRE(env.headers.size() == 3);
    CHECK(env.headers[0].value == "2");
    CHECK(env.headers[1].value == "4");
    CHECK(env.headers[2].value == "5");
}

#if !(defined(__clang__) && __clang_major__ < 16 && __cplusplus > 202002L)
// In that mode libstdc++'s strings allocate for short texts as well.
TEST_CASE("To rewrite a request allocates only for texts that do not fit in place, once for each") {
    const std::string longest(std::string().capacity(), 'a'), longer = longest + 'a';
    const std::size_t size = longest.size();
    struct Case {
        std::string why;
        std::vector<Header> headers;
        std::size_t allocations;
    };
    const Case cases[] = {
        {"nothing is written", {}, 0},
        {"the longest IPv4 address", {{"X-Forwarded-For", "123.123.123.123"}}, 0},
        {"an IPv6 address", {{"X-Forwarded-For", "1111:2222:3333:4444:5555:6666:7777:8888"}}, 1},
        {"a scheme", {{"X-Forwarded-Proto", "https"}}, 0},
        {"a host that fits", {{"X-Forwarded-Host", longest}}, 0},
        {"a host that fits with its port", {{"X-Forwarded-Host", longest.substr(3) + ":80"}}, 0},
        {"a host that fits without its port", {{"X-Forwarded-Host", longest + ":80"}}, 1},
        {"a longer host: http_host and server_name", {{"X-Forwarded-Host", longer}}, 2},
        {"a longer host with a port", {{"X-Forwarded-Host", longer + ":80"}}, 2},
        {"a port, which the host gets too",
         {{"X-Forwarded-Port", "8443"}},
         std::string("app.internal:8443").size() > size ? 1u : 0u},
        {"a prefix that fits", {{"X-Forwarded-Prefix", '/' + longest.substr(1)}}, 0},
        {"a longer prefix", {{"X-Forwarded-Prefix", '/' + longest}}, 1},
        {"all of them",
         {{"X-Forwarded-For", "2001:db8:1111:2222:3333:4444:5555:6666"},
          {"X-Forwarded-Proto", "https"},
          {"X-Forwarded-Host", longer},
          {"X-Forwarded-Port", "8443"},
          {"X-Forwarded-Prefix", '/' + longest}},
         4}};
    for (const auto& [why, headers, allocations] : cases) {
        CAPTURE(why);
        Environ env = with(headers), long_before = with(headers);
        for (std::string* member : {&long_before.remote_addr, &long_before.url_scheme,
                                    &long_before.server_name, &long_before.script_name}) {
            *member = std::string(100, 'x');
        }
        ProxyFix app{[](Environ&) {}, one_each};
        const std::size_t before = allocation_count();
        app(env);
        const std::size_t between = allocation_count();
        app(long_before);
        const std::size_t after = allocation_count();
        CHECK(between - before == allocations);
        CHECK(after - between == allocations);
    }
}
#endif

TEST_CASE("A host that is rewritten for its port alone is one that was there before") {
    Environ env = with({{"X-Forwarded-Port", "8443"}});
    env.http_host = "a-host-that-does-not-fit.into-a-string.example:1";
    ProxyFix{[](Environ&) {}, one_each}(env);
    CHECK(env.http_host == "a-host-that-does-not-fit.into-a-string.example:8443");
    CHECK(original(env).http_host == "a-host-that-does-not-fit.into-a-string.example:1");
    env = with({{"X-Forwarded-Port", "1"}});
    env.http_host = "a";
    ProxyFix{[](Environ&) {}, one_each}(env);
    CHECK(env.http_host == "a:1");
    CHECK(original(env).http_host == "a");
}

TEST_CASE("The host is that of the Host field without the scheme's default port") {
    struct Case {
        std::string_view scheme, http_host, server_name;
        std::uint16_t server_port;
        std::string_view host;
    };
    const Case cases[] = {
        {"https", "www.example:443", "x", 1, "www.example"},
        {"http", "www.example:80", "x", 1, "www.example"},
        {"wss", "www.example:443", "x", 1, "www.example"},
        {"ws", "www.example:80", "x", 1, "www.example"},
        {"http", "www.example:443", "x", 1, "www.example:443"},
        {"https", "www.example:80", "x", 1, "www.example:80"},
        {"https", "www.example", "x", 8000, "www.example"},
        {"https", "www.example:8443", "x", 1, "www.example:8443"},
        {"HTTPS", "Www.Example:443", "x", 1, "Www.Example"},
        {"gopher", "www.example:70", "x", 1, "www.example:70"},
        {"https", "[2001:db8::1]:443", "x", 1, "[2001:db8::1]"},
        {"https", "[2001:db8::1]:8443", "x", 1, "[2001:db8::1]:8443"},
        // Without a valid Host field, the server's name and port.
        {"https", "", "www.example", 443, "www.example"},
        {"https", "", "www.example", 8443, "www.example:8443"},
        {"https", "", "www.example", 0, "www.example"},
        {"https", "", "2001:db8::1", 8443, "[2001:db8::1]:8443"},
        {"https", "", "[2001:db8::1]", 443, "[2001:db8::1]"},
        {"https", "", "192.0.2.1", 80, "192.0.2.1:80"},
        {"http", "evil.example/?", "www.example", 80, "www.example"},
        {"http", "www.example:0", "app", 8000, "app:8000"},
        {"http", "a b", "c d", 80, ""},
        {"http", "", "", 80, ""},
    };
    for (const auto& [scheme, http_host, server_name, server_port, expected] : cases) {
        CAPTURE(scheme, http_host, server_name, server_port);
        Environ env;
        env.url_scheme = scheme;
        env.http_host = http_host;
        env.server_name = server_name;
        env.server_port = server_port;
        CHECK(host(env) == expected);
        const std::string root =
            expected.empty() ? "/" : std::string(scheme) + "://" + std::string(expected) + '/';
        CHECK(url_root(env) == root);
    }
    // What X-Forwarded-Port adds to http_host, it takes away again.
    const Environ env = fixed(with({{"X-Forwarded-Proto", "https"},
                                    {"X-Forwarded-Port", "443"},
                                    {"X-Forwarded-Host", "www.example"}}));
    CHECK(env.http_host == "www.example:443");
    CHECK(host(env) == "www.example");
}

TEST_CASE("What an inner ProxyFix rejects counts, although an outer one applied it") {
    const Trust outer{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
    const std::vector<Header> headers = {{"X-Forwarded-For", "203.0.113.7"},
                                         {"X-Forwarded-Proto", "https"},
                                         {"X-Forwarded-Host", "shop.example"},
                                         {"X-Forwarded-Port", "8443"},
                                         {"X-Forwarded-Prefix", "/store"}};
    const auto nested = [&](const Trust& inner, const Trust& first) {
        Environ env = with(headers);
        ProxyFix{ProxyFix{[](Environ&) {}, inner}, first}(env);
        return env;
    };
    // Wrapped twice is wrapped once.
    CHECK_FALSE(nested(outer, outer).proxy.inner_refused);
    CHECK_FALSE(nested(outer, outer).proxy.refused());
    CHECK(nested(outer, outer).proxy.complete());
    CHECK(to_string(nested(outer, outer).proxy) ==
          "client applied, proto applied, host applied, port applied, prefix applied");

    for (const Trust& inner :
         {Trust{.x_for = 2, .x_proto = 0}, Trust{.x_for = 0, .x_proto = 2},
          Trust{.x_for = 0, .x_proto = 0, .x_host = 2},
          Trust{.x_for = 0, .x_proto = 0, .x_port = 2},
          Trust{.x_for = 0, .x_proto = 0, .x_prefix = 2},
          Trust{.x_for = 0, .x_proto = 0, .x_host = 1, .allowed_hosts = {"other.example"}},
          Trust{.x_for = 0, .x_proto = 1, .proxies = {"192.0.2.1"}}}) {
        CAPTURE(to_string(inner));
        const Environ env = nested(inner, outer);
        CHECK(env.proxy.inner_refused);
        CHECK(env.proxy.refused());
        CHECK_FALSE(env.proxy.complete());
        // What the outer one applied stays.
        CHECK(env.remote_addr == "203.0.113.7");
        CHECK(env.http_host == "shop.example:8443");
        CHECK((env.proxy.client && env.proxy.proto && env.proxy.host));
        CHECK(to_string(env.proxy) ==
              "client applied, proto applied, host applied, port applied, "
              "prefix applied, inner refused");
    }
    // What is absent, or has no count further in, is not rejected.
    CHECK_FALSE(nested({.x_for = 0, .x_proto = 0}, outer).proxy.refused());
    CHECK_FALSE(nested({.x_for = 1, .x_proto = 1, .forwarded = true}, outer).proxy.refused());
    // What no outer one applied has its own record.
    const Environ only = nested({.x_for = 2, .x_proto = 0}, {.x_for = 0, .x_proto = 0});
    CHECK_FALSE(only.proxy.inner_refused);
    CHECK(only.proxy.refused());
    CHECK(only.proxy.client == Reason::too_few_values);
}

TEST_CASE("Where an outer ProxyFix erased lines, an inner one does not spoil an honest request") {
    const Networks ours{"10.0.0.0/24"};
    const Trust list{
        .x_for = all_hops, .x_proto = 1, .x_host = 1, .proxies = ours, .strip = Strip::untrusted};
    const auto nested = [](const Trust& outer, const Trust& inner, std::vector<Header> headers) {
        Environ env = with(std::move(headers));
        ProxyFix{ProxyFix{[](Environ&) {}, inner}, outer}(env);
        return env;
    };
    // The whole line goes, and with it the chain by which the inner one would know the hops.
    const std::vector<Header> honest = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.9"},
                                        {"X-Forwarded-Proto", "https"},
                                        {"X-Forwarded-Host", "evil.example, shop.example"}};
    Trust two = list;
    two.x_for = 2;
    for (const Trust& inner : {list, two}) {
        const Environ env = nested(inner, inner, honest);
        CAPTURE(to_string(inner));
        CHECK(env.remote_addr == "203.0.113.7");
        // Without the chain, the inner one cannot keep the scheme's line.
        CHECK(env.proxy.erased == std::array{true, inner.x_for == 2, true, false, false});
        CHECK_FALSE(env.proxy.refused());
        CHECK(env.proxy.complete());
    }
    // Another header than the one that lost lines, and no line of the chain was lost.
    Trust other = list;
    other.x_proto = 2;
    const Environ rejected =
        nested({.x_for = 1, .x_proto = 1, .x_host = 1, .proxies = ours, .strip = Strip::untrusted},
               {.x_for = 1, .x_proto = 2, .proxies = ours},
               {{"X-Forwarded-For", "203.0.113.7"},
                {"X-Forwarded-Proto", "https"},
                {"X-Forwarded-Host", "evil.example, shop.example"}});
    CHECK(rejected.proxy.erased == std::array{false, false, true, false, false});
    CHECK(rejected.proxy.refused());
    const Environ same =
        nested({.x_for = 1, .x_proto = 1, .x_host = 1, .proxies = ours, .strip = Strip::untrusted},
               {.x_for = 1, .x_proto = 1, .x_host = 2, .proxies = ours},
               {{"X-Forwarded-For", "203.0.113.7"},
                {"X-Forwarded-Proto", "https"},
                {"X-Forwarded-Host", "evil.example"},
                {"X-Forwarded-Host", "shop.example"}});
    CHECK_FALSE(same.proxy.refused());
    // Without a list of proxies, a line that went leaves too few values. They do not count, and
    // take nothing back that does: here, that the scheme's are too few, whose only line was kept.
    const std::vector<Header> hosts = {{"X-Forwarded-Proto", "https"},
                                       {"X-Forwarded-Host", "evil.example"},
                                       {"X-Forwarded-Host", "shop.example"}};
    const Trust first{.x_for = 0, .x_proto = 1, .x_host = 1, .strip = Strip::untrusted};
    for (const unsigned inner_x_proto : {1u, 2u}) {
        const Environ fewer =
            nested(first, {.x_for = 0, .x_proto = inner_x_proto, .x_host = 2}, hosts);
        CHECK(fewer.proxy.erased == std::array{false, false, true, false, false});
        CHECK(fewer.http_host == "shop.example");
        CHECK(fewer.proxy.refused() == (inner_x_proto == 2));
    }
    // Junk lines that go excuse nothing but what they can have caused.
    const Header evil{"X-Forwarded-Host", "evil.example"};
    const Trust outer{.x_for = 0, .x_proto = 0, .x_host = 1, .strip = Strip::untrusted};
    Trust strict = outer;
    strict.allowed_hosts = {"shop.example"};
    for (const Header& junk :
         {Header{"Via", "a"}, Header{"Forwarded", "a"}, Header{"X-Forwarded-For", "a"},
          Header{"X-Forwarded-Host", "junk"}}) {
        CAPTURE(junk.name);
        CHECK(nested(outer, strict, {junk, evil}).proxy.refused());
        CHECK_FALSE(nested(outer, outer, {junk, evil}).proxy.refused());
    }
    const Trust walk{.x_for = 2, .x_proto = 0, .x_host = 1, .proxies = ours};
    for (const Header& junk : {Header{"Via", "a"}, Header{"Forwarded", "a"}}) {
        CAPTURE(junk.name);
        const Environ bypassed =
            nested({.x_for = 1, .x_proto = 0, .x_host = 1, .strip = Strip::untrusted}, walk,
                   {junk, {"X-Forwarded-For", "203.0.113.7"}, evil});
        CHECK(bypassed.proxy.refused());
    }
    // Forwarded carries three fields; headers that are ignored are noted as well.
    const Environ forwarded =
        nested({.x_for = 1, .x_proto = 1, .forwarded = true, .strip = Strip::all}, {},
               {{"Forwarded", "for=203.0.113.7;proto=https"}, {"X-Forwarded-Prefix", "/a"}});
    CHECK(forwarded.proxy.erased == std::array{true, true, true, false, true});
    const Environ unread = nested({.strip = Strip::all}, {}, {{"Forwarded", "for=203.0.113.7"}});
    CHECK(unread.proxy.erased == std::array{false, false, false, false, false});
    const Environ kept = nested({}, {}, honest);
    CHECK(kept.proxy.erased == std::array{false, false, false, false, false});
}
