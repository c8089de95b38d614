// SPDX-License-Identifier: MIT
#include "proxyfix/layer.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;

namespace {

/// Middleware with a second parameter that has a default.
template <class Next, class Tag = int> struct Twice {
    std::string operator()(Environ& env) { return next(env) + next(env); }
    Next next;
    Tag tag{};
    explicit Twice(Next handler) : next(std::move(handler)) {}
};

/// Middleware as a class template: writes its mark before and after the handler.
template <class Next> class Mark {
  public:
    Mark(Next next, char mark) : next_(std::move(next)), mark_(mark) {}

    std::string operator()(Environ& env) {
        std::string text = std::string{mark_} + env.remote_addr + ' ';
        text += next_(env);
        return text + ' ' + mark_;
    }

  private:
    Next next_;
    char mark_;
};

/// Middleware as a function from handler to handler.
constexpr auto with_brackets = [](auto next) {
    return [next = std::move(next)](Environ& env) mutable { return '[' + next(env) + ']'; };
};

std::string app(Environ& env) { return "app " + env.remote_addr; }

Environ request() {
    return {.remote_addr = "10.0.0.2", .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
}

}  // namespace

TEST_CASE("A request meets the layers from left to right") {
    Environ env = request();
    auto stack = layer<Mark>('a') | proxy_fix({.x_for = 1}) | layer<Mark>('b') | app;
    CHECK(stack(env) == "a10.0.0.2 b203.0.113.7 app 203.0.113.7 b a");
}

TEST_CASE("A pipe has the type that nesting gives") {
    constexpr Trust trust{.x_for = 1};
    auto piped = proxy_fix(trust) | layer<Mark>('b') | app;
    ProxyFix nested{Mark<std::string (*)(Environ&)>{app, 'b'}, trust};
    static_assert(std::is_same_v<decltype(piped), decltype(nested)>);
    auto grouped = proxy_fix(trust) | (layer<Mark>('b') | app);
    static_assert(std::is_same_v<decltype(grouped), decltype(nested)>);
    auto composed = (proxy_fix(trust) | layer<Mark>('b')) | app;
    static_assert(std::is_same_v<decltype(composed), decltype(nested)>);

    Environ env = request();
    CHECK(piped(env) == nested(env));
}

TEST_CASE("A layer is made of any function from handler to handler") {
    Environ env = request();
    const Layer brackets{with_brackets};
    auto stack = proxy_fix({.x_for = 1}) | brackets | app;
    CHECK(stack(env) == "[app 203.0.113.7]");
    auto twice = brackets | brackets | app;
    CHECK(twice(env) == "[[app 203.0.113.7]]");
}

TEST_CASE("A class template may have more parameters") {
    Environ env = request();
    auto stack = proxy_fix({.x_for = 1}) | layer<Twice>() | app;
    CHECK(stack(env) == "app 203.0.113.7app 203.0.113.7");
}

TEST_CASE("Layers are made once and used for many handlers") {
    Environ env = request();
    const auto front = proxy_fix({.x_for = 1}) | Layer{with_brackets};
    auto first = front | app;
    auto second = front | [](Environ& e) { return "other " + e.remote_addr; };
    CHECK(first(env) == "[app 203.0.113.7]");
    CHECK(second(env) == "[other 203.0.113.7]");
}

TEST_CASE("A layer that can only be moved can be piped") {
    Environ env = request();
    Layer greeter{[word = std::make_unique<std::string>("hello ")](auto next) {
        return [next = std::move(next), greeting = *word](Environ& e) mutable {
            return greeting + next(e);
        };
    }};
    auto stack = (proxy_fix({.x_for = 1}) | std::move(greeter)) | app;
    CHECK(stack(env) == "hello app 203.0.113.7");
}

TEST_CASE("A handler that can only be moved can be piped") {
    Environ env = request();
    auto handler = [word = std::make_unique<std::string>("hello ")](Environ& e) {
        return *word + e.remote_addr;
    };
    auto stack = proxy_fix({.x_for = 1}) | Layer{with_brackets} | std::move(handler);
    CHECK(stack(env) == "[hello 203.0.113.7]");
}
