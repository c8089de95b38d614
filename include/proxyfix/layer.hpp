// SPDX-License-Identifier: MIT
/// \file
/// `Layer`: a function from handler to handler, and the pipe that composes them.
#pragma once

#include <utility>

namespace proxyfix::inline v0 {

/// A middleware that waits for its handler: calling `wrap(handler)` gives a new handler.
///
///     proxyfix::Layer logger{[](auto next) {
///         return [next](Environ& env) { log(env.remote_addr); return next(env); };
///     }};
///     auto stack = proxyfix::proxy_fix({.x_for = 1}) | logger | app;
///
/// A request flows from left to right: here `ProxyFix` sees it first, then the logger, then the
/// application. The stack has the type that nesting gives, `ProxyFix<...>` here: a pipe leaves
/// nothing behind at run time.
template <class Wrap> struct Layer {
    Wrap wrap;  ///< Makes a handler of a handler.
};

/// The layer that wraps by this function.
template <class Wrap> Layer(Wrap) -> Layer<Wrap>;

/// Two layers as one: the request meets the left one first.
template <class Left, class Right>
[[nodiscard]] constexpr auto operator|(Layer<Left> left, Layer<Right> right) {
    return Layer{[outer = std::move(left.wrap), inner = std::move(right.wrap)](auto handler) {
        return outer(inner(std::move(handler)));
    }};
}

/// The handler, wrapped: the request meets the layer first.
template <class Wrap, class Handler>
[[nodiscard]] constexpr auto operator|(const Layer<Wrap>& layer, Handler handler) {
    return layer.wrap(std::move(handler));
}

/// A layer from a class template: wraps a handler as `Middleware<Handler>(handler, args...)`. The
/// arguments are copied for each handler.
template <template <class...> class Middleware, class... Args>
[[nodiscard]] constexpr auto layer(Args... args) {
    return Layer{[... copied = std::move(args)]<class Handler>(Handler handler) {
        return Middleware<Handler>(std::move(handler), copied...);
    }};
}

}  // namespace proxyfix::inline v0
