// SPDX-License-Identifier: MIT
#include "proxyfix/proxy_fix.hpp"

#include <concepts>
#include <coroutine>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"

using namespace proxyfix;

namespace {

constexpr Trust one{.x_for = 1};

Environ request() {
    Environ env = seen_by_server();
    env.headers = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}};
    return env;
}

std::string address_of(Environ& env) { return env.remote_addr; }

template <class Fix>
concept HandsOutItsPolicy = requires(Fix&& fix) {
    std::forward<Fix>(fix).policy();
};

/// A handler that tells which of its call operators ran.
struct Both {
    std::string operator()(Environ& env) { return "mutable " + env.remote_addr; }
    std::string operator()(Environ& env) const { return "const " + env.remote_addr; }
};

/// A request with a handler of its own.
struct Greeting : Environ {
    std::string greet(const std::string& word) { return word + ' ' + remote_addr; }
};

}  // namespace

namespace theirs {

struct Field : Header {};

/// A request of another library, behind a pointer that the handler gets as const.
struct Request {
    std::string peer, client;
    std::vector<Field> fields;
    std::string whose() const { return client; }
};
using RequestPtr = std::shared_ptr<Request>;

/// What an unqualified call would find first: the decision must not be theirs.
void resolve(const RequestPtr&, const Policy&);
void receive(const RequestPtr&, const detail::Table&, detail::Received&);

}  // namespace theirs

template <> struct proxyfix::Adapter<const theirs::RequestPtr> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const theirs::RequestPtr& request) { return request->peer; }
    static const auto& headers(const theirs::RequestPtr& request) { return request->fields; }
    static void apply(const theirs::RequestPtr& request, const Resolution& resolution) {
        if (resolution.client) request->client = to_string(resolution.client->address);
    }
    static void erase(const theirs::RequestPtr& request, auto& is_erased) {
        std::erase_if(request->fields, [&](const theirs::Field& f) { return is_erased(f.name); });
    }
};

namespace {

/// A request whose Adapter cannot erase header lines.
struct Unerasable {
    std::string client;
    std::vector<Header> headers;
};

}  // namespace

template <> struct proxyfix::Adapter<Unerasable> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Unerasable&) { return "10.0.0.2"; }
    static const auto& headers(const Unerasable& request) { return request.headers; }
    static void apply(Unerasable& request, const Resolution& resolution) {
        if (resolution.client) request.client = to_string(resolution.client->address);
    }
};

// What can be called and constructed, and what cannot.
using Fixed = ProxyFix<std::string (*)(Environ&)>;
static_assert(std::invocable<Fixed&, Environ&> && std::invocable<const Fixed&, Environ&>);
static_assert(!std::invocable<Fixed&, const Environ&>, "a const request");
static_assert(!std::invocable<Fixed&, Environ>, "the handler takes no temporary");
static_assert(!std::invocable<Fixed&, Environ&, int>, "an argument too many");
static_assert(!std::invocable<Fixed&, std::string&> && !std::invocable<Fixed&, int>);
static_assert(!std::is_constructible_v<Fixed, std::string (*)(Environ&)>, "a missing Trust");
static_assert(!std::is_default_constructible_v<Fixed>);
static_assert(std::is_constructible_v<Fixed, std::string (*)(Environ&), Trust>);
static_assert(std::is_constructible_v<Fixed, std::string (*)(Environ&), Policy>);
static_assert(sizeof(ProxyFix<Both>) == sizeof(Policy), "an empty handler takes no room");
static_assert(HandsOutItsPolicy<Fixed&> && HandsOutItsPolicy<const Fixed&>);
static_assert(!HandsOutItsPolicy<Fixed> && !HandsOutItsPolicy<const Fixed>, "it would dangle");

// A ProxyFix for one type of request takes no other.
using ForUnerasable = ProxyFix<std::string (*)(Unerasable&), Unerasable>;
static_assert(std::invocable<ForUnerasable&, Unerasable&>);
static_assert(!std::invocable<ForUnerasable&, const Unerasable&>);
using ForEnviron = ProxyFix<std::string (*)(Environ&), Environ>;
static_assert(std::invocable<ForEnviron&, Environ&> && !std::invocable<ForEnviron&, Greeting&>);
static_assert(std::invocable<Fixed&, Greeting&>);

TEST_CASE("The handler sees the client") {
    Environ env = request();
    ProxyFix app{[](Environ& e) { return "hello " + e.remote_addr; }, {.x_for = 1, .x_proto = 1}};
    CHECK(app(env) == "hello 203.0.113.7");
}

TEST_CASE("A second call with the same request changes nothing more") {
    Environ env = request();
    ProxyFix app{address_of, one};
    CHECK(app(env) == "203.0.113.7");
    CHECK(app(env) == "203.0.113.7");
    CHECK(original(env).remote_addr == "10.0.0.2");
}

TEST_CASE("Any callable is a handler") {
    Environ env = request();
    SECTION("a function") { CHECK(ProxyFix{address_of, one}(env) == "203.0.113.7"); }
    SECTION("a pointer to a function") { CHECK(ProxyFix{&address_of, one}(env) == "203.0.113.7"); }
    SECTION("a functor that can only be moved") {
        ProxyFix app{[word = std::make_unique<std::string>("hello ")](Environ& e) {
                         return *word + e.remote_addr;
                     },
                     one};
        ProxyFix moved = std::move(app);
        CHECK(moved(env) == "hello 203.0.113.7");
    }
    SECTION("std::function, and std::function of a ProxyFix") {
        const std::function<std::string(Environ&)> app =
            ProxyFix{std::function<std::string(Environ&)>(address_of), one};
        CHECK(app(env) == "203.0.113.7");
    }
    SECTION("std::reference_wrapper") {
        Both both;
        CHECK(ProxyFix{std::ref(both), one}(env) == "mutable 203.0.113.7");
    }
    SECTION("another ProxyFix") {
        CHECK(ProxyFix{ProxyFix{address_of, one}, one}(env) == "203.0.113.7");
    }
    SECTION("a member function or a member of the request") {
        Greeting greeting{request()};
        CHECK(ProxyFix{&Greeting::greet, one}(greeting, "hello") == "hello 203.0.113.7");
        CHECK(ProxyFix{&Greeting::remote_addr, one}(greeting) == "203.0.113.7");
    }
    SECTION("a member function of what a pointer to const points to") {
        const auto pointer = std::make_shared<theirs::Request>();
        pointer->fields = {{{"X-Forwarded-For", "203.0.113.7"}}};
        CHECK(ProxyFix{&theirs::Request::whose, one}(pointer) == "203.0.113.7");
        CHECK(ProxyFix{[](const auto& r) { return r->client; }, one}(pointer) == "203.0.113.7");
    }
    SECTION("a functor with state") {
        ProxyFix counter{[n = 0](Environ&) mutable { return ++n; }, one};
        CHECK(counter(env) == 1);
        CHECK(counter(env) == 2);
    }
}

TEST_CASE("A const ProxyFix calls a const handler") {
    Environ env = request();
    ProxyFix app{Both{}, one};
    CHECK(app(env) == "mutable 203.0.113.7");
    CHECK(std::as_const(app)(env) == "const 203.0.113.7");
    auto counter = [n = 0](Environ&) mutable { return ++n; };
    static_assert(!std::invocable<const ProxyFix<decltype(counter)>&, Environ&>);
    static_assert(std::invocable<ProxyFix<decltype(counter)>&, Environ&>);
}

TEST_CASE("Further arguments are forwarded as they are") {
    Environ env = request();
    std::string log;
    auto handler = [](Environ& e, std::string& out, std::unique_ptr<int> n, const int& m) {
        out = e.remote_addr;
        return *n + m;
    };
    CHECK(ProxyFix{handler, one}(env, log, std::make_unique<int>(40), 2) == 42);
    CHECK(log == "203.0.113.7");
}

TEST_CASE("The request is forwarded as it is") {
    ProxyFix app{[](Environ&& env) { return std::move(env).remote_addr; }, one};
    CHECK(app(request()) == "203.0.113.7");
}

TEST_CASE("Whatever the handler returns is returned") {
    Environ env = request();
    static int number = 0;
    SECTION("a reference") {
        ProxyFix app{[](Environ&) -> int& { return number; }, one};
        static_assert(std::is_same_v<decltype(app(env)), int&>);
        CHECK(&app(env) == &number);
    }
    SECTION("an rvalue reference") {
        ProxyFix app{[](Environ& e) -> std::string&& { return std::move(e.remote_addr); }, one};
        static_assert(std::is_same_v<decltype(app(env)), std::string&&>);
        CHECK(app(env) == "203.0.113.7");
    }
    SECTION("nothing") {
        ProxyFix app{[](Environ&) {}, one};
        static_assert(std::is_void_v<decltype(app(env))>);
        app(env);
        CHECK(env.remote_addr == "203.0.113.7");
    }
    SECTION("a value that can only be moved") {
        ProxyFix app{[](Environ& e) { return std::make_unique<std::string>(e.remote_addr); }, one};
        CHECK(*app(env) == "203.0.113.7");
    }
    SECTION("a value that cannot even be moved") {
        struct Pinned {
            explicit Pinned(int n) : value(n) {}
            Pinned(const Pinned&) = delete;
            int value;
        };
        ProxyFix app{[](Environ&) { return Pinned{7}; }, one};
        CHECK(app(env).value == 7);
    }
}

namespace {

/// The least coroutine type that can be awaited.
struct Task {
    struct promise_type {
        std::string value;
        Task get_return_object() {
            return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_value(std::string text) { value = std::move(text); }
        void unhandled_exception() { std::terminate(); }
    };
    explicit Task(std::coroutine_handle<promise_type> coroutine) : handle(coroutine) {}
    Task(Task&& other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
    ~Task() {
        if (handle) handle.destroy();
    }
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const { handle.resume(); }
    std::string await_resume() const { return handle.promise().value; }
    std::coroutine_handle<promise_type> handle;
};

Task slow_address_of(Environ& env) { co_return env.remote_addr; }

}  // namespace

TEST_CASE("A coroutine's awaitable is returned and runs later") {
    Environ env = request();
    ProxyFix app{slow_address_of, one};
    const Task task = app(env);
    CHECK_FALSE(task.handle.done());
    task.handle.resume();
    CHECK(task.handle.done());
    CHECK(task.await_resume() == "203.0.113.7");
}

TEST_CASE("The handler runs exactly once per call") {
    Environ env = request();
    int runs = 0;
    ProxyFix app{[&runs](Environ&) { ++runs; }, one};
    app(env);
    CHECK(runs == 1);
    env.headers = {{"X-Forwarded-For", "junk"}};
    app(env);
    CHECK(runs == 2);
    ProxyFix thrower{[&runs](Environ&) {
                         ++runs;
                         throw std::runtime_error("from the handler");
                     },
                     one};
    CHECK_THROWS_AS(thrower(env), std::runtime_error);
    CHECK(runs == 3);
}

TEST_CASE("A const ProxyFix serves many threads") {
    const ProxyFix app{[](Environ& env) { return env.remote_addr; }, one};
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([&app, &wrong, t] {
            for (int i = 0; i < 1000; ++i) {
                const std::string client =
                    "10." + std::to_string(t) + ".0." + std::to_string(i % 256);
                Environ env{.remote_addr = "127.0.0.1", .headers = {{"X-Forwarded-For", client}}};
                if (app(env) != client) ++wrong[t];
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const int n : wrong) CHECK(n == 0);
}

TEST_CASE("A request whose lines cannot be erased is served if they are kept") {
    Unerasable lines{"10.0.0.2", {{"X-Forwarded-For", "203.0.113.7"}}};
    const auto client = [](Unerasable& request) { return request.client; };
    CHECK(ProxyFix<decltype(client), Unerasable>{client, {.x_for = 1}}(lines) == "203.0.113.7");
    lines.headers[0].value = "203.0.113.8";
    auto app = proxy_fix<Unerasable>({.x_for = 1}) | client;
    CHECK(app(lines) == "203.0.113.8");
    CHECK(std::as_const(app)(lines) == "203.0.113.8");
}

TEST_CASE("A Trust that strips is rejected for a request whose lines cannot be erased") {
    const auto client = [](Unerasable& request) { return request.client; };
    using Fix = ProxyFix<decltype(client), Unerasable>;
    for (const Strip strip : {Strip::untrusted, Strip::all}) {
        std::string message;
        try {
            Fix{client, Trust{.strip = strip}};
        } catch (const std::invalid_argument& error) {
            message = error.what();
        }
        CHECK(message == "proxyfix: strip: this request cannot be erased from");
        CHECK_THROWS_AS(Fix(client, Policy(Trust{.strip = strip})), std::invalid_argument);
        CHECK_THROWS_AS(proxy_fix<Unerasable>({.strip = strip}) | client, std::invalid_argument);
        const auto address = [](Environ& env) { return env.remote_addr; };
        CHECK_NOTHROW(ProxyFix<decltype(address), Environ>{address, Trust{.strip = strip}});
    }
}

TEST_CASE("A ProxyFix strips any request that lets it") {
    const auto pointer = std::make_shared<theirs::Request>();
    pointer->fields = {{{"X-Forwarded-For", "6.6.6.6"}}, {{"X-Forwarded-For", "203.0.113.7"}}};
    const auto count = [](const theirs::RequestPtr& request) { return request->fields.size(); };
    CHECK(ProxyFix{count, {.strip = Strip::keep}}(pointer) == 2);
    CHECK(ProxyFix{count, {.strip = Strip::untrusted}}(pointer) == 1);
    CHECK(pointer->fields[0].value == "203.0.113.7");
    CHECK((proxy_fix({.strip = Strip::all}) | count)(pointer) == 0);
    CHECK(pointer->client == "203.0.113.7");
}

TEST_CASE("A ProxyFix is made of a Trust or of a Policy, and hands out its policy") {
    const Trust trust{.x_for = 2,
                      .x_proto = 0,
                      .x_host = 1,
                      .proxies = {"10.0.0.0/24"_net},
                      .allowed_hosts = {"shop.example"},
                      .strip = Strip::untrusted};
    ProxyFix of_trust{address_of, trust};
    ProxyFix of_policy{address_of, Policy(trust)};
    static_assert(std::is_same_v<decltype(of_trust), Fixed>);
    static_assert(std::is_same_v<decltype(of_policy), Fixed>);
    static_assert(std::is_same_v<decltype(of_trust.policy()), const Policy&>);
    static_assert(std::is_same_v<decltype(ProxyFix{address_of, {.x_for = 1}}), Fixed>);
    CHECK(of_trust.policy().trust() == trust);
    CHECK(of_policy.policy().trust() == trust);
    CHECK_FALSE(of_policy.policy().trust() == Trust{});
    CHECK(&of_trust.policy() == &std::as_const(of_trust).policy());

    Environ env = request();
    env.headers = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}, {"X-Forwarded-For", "10.0.0.9"}};
    CHECK(resolve(env, of_trust.policy()).client == *parse_endpoint("203.0.113.7"));
    Environ same = env;
    CHECK(of_trust(env) == "203.0.113.7");
    CHECK(of_policy(same) == "203.0.113.7");
    CHECK(env.headers.size() == same.headers.size());
}

TEST_CASE("A ProxyFix for one type of request is made of a Policy too") {
    const Policy policy = Trust{.x_for = 1};
    Unerasable lines{"10.0.0.2", {{"X-Forwarded-For", "203.0.113.7"}}};
    const auto client = [](Unerasable& request) { return request.client; };
    CHECK(ProxyFix<decltype(client), Unerasable>(client, policy)(lines) == "203.0.113.7");
}

TEST_CASE("A layer makes its policy once, for each of its handlers") {
    const Trust trust{.x_for = 2, .x_port = 1, .proxies = {"10.0.0.0/24"_net}};
    const auto layer = proxy_fix(trust);
    static_assert(std::is_same_v<decltype(layer.wrap.policy), Policy>);
    CHECK(layer.wrap.policy.trust() == trust);
    for (const auto& app : {layer | &address_of, layer | &address_of}) {
        CHECK(app.policy().trust() == trust);
    }
    auto unerasable = proxy_fix<Unerasable>(trust);
    CHECK(unerasable.wrap.policy.trust() == trust);
    Environ env = request();
    env.headers = {{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"}};
    CHECK(resolve(env, layer.wrap.policy).client == *parse_endpoint("203.0.113.7"));
}
