// SPDX-License-Identifier: MIT
#include "proxyfix/request/environ_of.hpp"

#include <array>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"

using namespace proxyfix;

namespace {

/// A framework's request, which only the framework makes.
struct Message {
    std::string peer = "10.0.0.2";
    std::vector<Header> lines{};
};
/// One that knows no peer, and can be written to.
struct Parcel {
    std::vector<Header> lines{};
};
/// A view of a request.
struct Handle {
    const Message* message;
};
/// One that may hold lines which are none of the peer's.
struct Mixture {
    bool is_doubtful = true, lacks_lines = false;
    std::vector<Header> lines{};
};
struct Unknown {};

}  // namespace

template <> struct proxyfix::Adapter<Message> {
    static constexpr bool lines_in_order = true;
    static const auto& headers(const Message& message) { return message.lines; }
    static void fill(Environ& env, const Message& message) { env.remote_addr = message.peer; }
};
template <> struct proxyfix::Adapter<Parcel> {
    static constexpr bool lines_in_order = false;
    static const auto& headers(const Parcel& parcel) { return parcel.lines; }
    static void fill(Environ& env, const Parcel&, const std::string& peer, bool is_tls = false) {
        env.remote_addr = peer;
        env.url_scheme = is_tls ? "https" : "http";
    }
    static void erase(Parcel& parcel, auto& is_erased) {
        std::erase_if(parcel.lines, [&](const Header& line) { return is_erased(line.name); });
    }
};
template <> struct proxyfix::Adapter<Mixture> {
    static constexpr bool lines_in_order = true;
    static const auto& headers(const Mixture& mixture) { return mixture.lines; }
    static bool has_doubtful_lines(const Mixture& mixture) { return mixture.is_doubtful; }
    static bool may_lack_lines(const Mixture& mixture) { return mixture.lacks_lines; }
    static void fill(Environ& env, const Mixture&) { env.remote_addr = "10.0.0.2"; }
};
template <> struct proxyfix::Adapter<Handle> {
    static constexpr bool lines_in_order = true;
    static const auto& headers(const Handle& handle) { return handle.message->lines; }
    static void fill(Environ& env, const Handle& handle) { env.remote_addr = handle.message->peer; }
};

namespace {

static_assert(FillsEnviron<const Message&> && FillsEnviron<Message&> && FillsEnviron<Message>);
static_assert(FillsEnviron<Parcel&, std::string> && FillsEnviron<Parcel&, std::string, bool>);
static_assert(!FillsEnviron<Parcel&>, "it needs the peer");
static_assert(!FillsEnviron<Unknown&> && !FillsEnviron<int>);
static_assert(!FillsEnviron<Environ&>, "an Environ is rewritten itself");

template <class... Args>
concept Made = requires(Args... args) {
    EnvironOf(args...);
};
static_assert(Made<Message> && Made<Parcel, std::string> && !Made<Parcel> && !Made<Unknown>);

static_assert(Rewritable<EnvironOf<const Message&>> && !Strippable<EnvironOf<const Message&>>);
static_assert(Strippable<EnvironOf<Parcel&>> && !Strippable<EnvironOf<const Parcel&>>);
static_assert(Adapter<EnvironOf<const Message&>>::lines_in_order);
static_assert(!Adapter<EnvironOf<Parcel&>>::lines_in_order);

const Message message{
    .lines = {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.7"}}};

}  // namespace

TEST_CASE("An Environ beside a request reads the request's own lines") {
    EnvironOf env(message);
    static_assert(std::is_same_v<decltype(env), EnvironOf<const Message&>>);
    CHECK(&env.request == &message);
    CHECK(&Adapter<decltype(env)>::headers(env) == &message.lines);
    const auto address = [](const Environ& e) { return e.remote_addr; };
    CHECK(ProxyFix<decltype(address), EnvironOf<const Message&>>(address, {.x_for = 1})(env) ==
          "203.0.113.7");
    CHECK(original(env).remote_addr == "10.0.0.2");
    CHECK(env.proxy.client == *parse_endpoint("203.0.113.7"));
    CHECK(env.headers.empty());
}

TEST_CASE("A request of its own is held, and a handle too") {
    EnvironOf held(Message{.peer = "10.0.0.3"});
    static_assert(std::is_same_v<decltype(held), EnvironOf<Message>>);
    CHECK(held.request.peer == "10.0.0.3");
    CHECK(held.remote_addr == "10.0.0.3");
    const EnvironOf handle(Handle{&message});
    CHECK(to_string(resolve(handle, Trust{.x_for = 2}).client->address) == "6.6.6.6");
    CHECK(explain(handle, {.x_for = 1}).find("client 203.0.113.7") != std::string::npos);
}

TEST_CASE("A copy is the Environ of the same request") {
    EnvironOf env(message);
    EnvironOf copy(env);
    static_assert(std::is_same_v<decltype(copy), EnvironOf<const Message&>>);
    CHECK(&copy.request == &message);
    copy.remote_addr = "10.0.0.9";
    CHECK(env.remote_addr == "10.0.0.2");
}

TEST_CASE("What the request does not know is given") {
    Parcel parcel{{{"X-Forwarded-For", "203.0.113.7"}, {"Accept", "*/*"}}};
    EnvironOf env(parcel, std::string("10.0.0.2"), true);
    CHECK(env.url_scheme == "https");
    ProxyFix app{[](const Environ& e) { return e.remote_addr; }, {.x_for = 1, .strip = Strip::all}};
    CHECK(app(env) == "203.0.113.7");
    CHECK(parcel.lines.size() == 1);
    CHECK(parcel.lines[0].name == "Accept");
}

TEST_CASE("Lines whose order is not known are rejected") {
    Parcel parcel{message.lines};
    const EnvironOf env(parcel, std::string("10.0.0.2"));
    CHECK(resolve(env, Trust{.x_for = 1}).client == Reason::unreliable_lines);
}

TEST_CASE("Of doubtful lines none is trusted") {
    for (const Trust& trust : {Trust{.x_for = 1}, Trust{.x_for = 1, .proxies = {"10.0.0.2"}},
                               Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                               Trust{.client_header = "X-Real-IP"},
                               Trust{.x_for = all_hops, .proxies = {"10.0.0.0/24"}}}) {
        const Policy policy(trust);
        Mixture mixture{.lines = {{"X-Forwarded-For", "203.0.113.7"},
                                  {"Forwarded", "for=203.0.113.7"},
                                  {"X-Real-IP", "203.0.113.7"}}};
        const EnvironOf env(mixture);
        CHECK(resolve(env, policy).client == Reason::unreliable_lines);
        CHECK(resolve(env, policy).refused());
        CHECK(explain(env, trust).find("mixes others among them") != std::string::npos);
        CHECK(explain(env, trust).find("=> 1") == std::string::npos);
        CHECK(resolve(env, Trust{.x_for = 0, .x_proto = 1}).proto == Reason::absent);
        mixture.is_doubtful = false;
        CHECK(resolve(env, policy).client.has_value());
    }
}

TEST_CASE("Where lines may be missing, nothing is absent") {
    for (const Trust& trust : {Trust{.x_for = 1}, Trust{.x_for = 1, .proxies = {"10.0.0.2"}},
                               Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                               Trust{.client_header = "X-Real-IP"},
                               Trust{.x_for = all_hops, .proxies = {"10.0.0.0/24"}}}) {
        const Policy policy(trust);
        Mixture mixture{.is_doubtful = false, .lacks_lines = true};
        const EnvironOf env(mixture);
        for (const bool is_there : {false, true}) {
            if (is_there) {
                mixture.lines = {{"X-Forwarded-For", "203.0.113.7"},
                                 {"Forwarded", "for=203.0.113.7"},
                                 {"X-Real-IP", "203.0.113.7"}};
            }
            CAPTURE(is_there);
            CHECK(resolve(env, policy).client == Reason::unreliable_lines);
            CHECK(resolve(env, policy).refused());
            CHECK(resolve(env, policy).port == Reason::not_configured);
            CHECK(resolve(env, Trust{.x_for = 0, .x_proto = 1}).proto == Reason::unreliable_lines);
            CHECK(explain(env, trust).find("=> 1") == std::string::npos);
            CHECK(explain(env, trust).find("unreliable_lines") != std::string::npos);
        }
        mixture.lines.clear();
        CHECK(resolve(env, Trust{.x_for = 1, .proxies = {"192.0.2.1"}}).client ==
              Reason::peer_not_trusted);
        mixture.lacks_lines = false;
        CHECK(resolve(env, policy).client == Reason::absent);
    }
}

TEST_CASE("proxy_fix_for puts an Environ in front of the arguments") {
    auto app = proxy_fix_for<const Message&>({.x_for = 1}) |
               [calls = 0](Environ& env, const Message& m, int& out) mutable -> int& {
        out = ++calls * 10;
        CHECK(env.remote_addr == "203.0.113.7");
        CHECK(&m == &message);
        return out;
    };
    int out = 0;
    CHECK(&app(message, out) == &out);
    CHECK(out == 10);
    app(message, out);
    CHECK(out == 20);
}

TEST_CASE("proxy_fix_for wraps a handler that only moves, and composes") {
    const Layer shout{[](auto next) {
        return [next = std::move(next)](const Environ& env, const auto& request) {
            return next(env, request) + "!";
        };
    }};
    const auto app =
        proxy_fix_for<const Message&>({.x_for = 1}) | shout |
        [greeting = std::make_unique<std::string>("hello ")](const Environ& env, const Message&) {
            return *greeting + env.remote_addr;
        };
    CHECK(app(message) == "hello 203.0.113.7!");
    CHECK(app(Message{}) == "hello 10.0.0.2!");
}

TEST_CASE("proxy_fix_for takes handles by value") {
    const auto app = proxy_fix_for<Handle>({.x_for = 1}) | [](const Environ& env, Handle handle) {
        return env.remote_addr + " by " + handle.message->peer;
    };
    CHECK(app(Handle{&message}) == "203.0.113.7 by 10.0.0.2");
}

TEST_CASE("proxy_fix_for rejects a Trust that the request cannot hold to") {
    CHECK_THROWS_WITH(
        proxy_fix_for<const Message&>({.strip = Strip::all}) | [](auto&&...) {},
        "proxyfix: strip: this request cannot be erased from");
    CHECK_THROWS_WITH(proxy_fix_for<const Message&>({.x_for = all_hops}),
                      "proxyfix: x_for = all_hops needs a list of proxies");
}

TEST_CASE("A target is split at its first question mark") {
    Environ env;
    set_target(env, "/a%20b?c=d?e");
    CHECK(env.path_info == "/a%20b");
    CHECK(env.query_string == "c=d?e");
    set_target(env, "*");
    CHECK(env.path_info == "*");
    CHECK(env.query_string == "");
}

TEST_CASE("Of an absolute target the path is taken") {
    for (const auto& [target, path, query] : std::initializer_list<std::array<const char*, 3>>{
             {"http://evil.example/admin?a", "/admin", "a"},
             {"https://evil.example", "/", ""},
             {"http://evil.example?a", "", "a"},
             {"http://evil.example/?a/b", "/", "a/b"},
             {"http:///admin", "/admin", ""},
             {"/a?http://b/c", "/a", "http://b/c"},
             {"/http://b/c", "/http://b/c", ""},
             {"a:443", "a:443", ""},
             {"http", "http", ""},
             {"Web+Socket-1.0://b/c", "/c", ""},
             {"w://b/c", "/c", ""},
             {"", "", ""},
             // A scheme has letters, digits, '+', '-' and '.', and begins with a letter. A proxy
             // that has rules for paths does not take these for absolute, and so passes them on.
             {"*?://x/admin", "*", "://x/admin"},
             {"?next=http://x/admin", "", "next=http://x/admin"},
             {"://x/admin", "://x/admin", ""},
             {"1http://x/admin", "1http://x/admin", ""},
             {"ht_tp://x/admin", "ht_tp://x/admin", ""},
             {"http:/x/admin", "http:/x/admin", ""},
             {"a b://x/admin", "a b://x/admin", ""},
             {"a/b://x/admin", "a/b://x/admin", ""}}) {
        CAPTURE(target);
        Environ env;
        set_target(env, target);
        CHECK(env.path_info == path);
        CHECK(env.query_string == query);
    }
}

TEST_CASE("A number that is no port is 0") {
    static_assert(to_port(1) == 1 && to_port(65535) == 65535);
    static_assert(to_port(0) == 0 && to_port(-1) == 0 && to_port(65536) == 0);
    for (const int port : {1, 8080, 65535}) CHECK(to_port(port) == port);
    for (const int number : {0, -1, -65535, 65536, 65537, 0x7fff'ffff}) CHECK(to_port(number) == 0);
}
