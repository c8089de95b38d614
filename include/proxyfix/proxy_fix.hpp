// SPDX-License-Identifier: MIT
/// \file
/// `ProxyFix`: the middleware. It wraps a handler, which then sees the client, not the proxy.
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

#include "proxyfix/adapter.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// Wraps `Next`, which is whatever `std::invoke` can call with a request: a lambda, a function, a
/// functor that may be move-only, another `ProxyFix`, a pointer to a member of the request.
///
/// A call rewrites the request, calls `Next` once with it and all further arguments, and returns
/// what `Next` returns. It throws what `Next` or `Adapter::apply` throws: for an `Environ`, what an
/// allocation throws.
///
/// A `const ProxyFix` may be shared between threads if a `const Next` may be.
template <class Next> class ProxyFix {
  public:
    /// Trust is said aloud: it has no default here.
    constexpr ProxyFix(Next next, Trust trust) noexcept(std::is_nothrow_move_constructible_v<Next>)
        : next_(std::move(next)), trust_(trust) {}

    explicit ProxyFix(Next) = delete;  // a Trust is missing: ProxyFix{handler, {.x_for = 1}}

    /// Rewrites `request` and calls `Next`. Takes part in overload resolution only if the request
    /// is `Rewritable` (so it is not const, and has an `Adapter`) and `Next` can be called.
    template <class R, class... Args>
    requires Rewritable<std::remove_reference_t<R>> && std::invocable<Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

    /// The same, for a `const ProxyFix`.
    template <class R, class... Args>
    requires Rewritable<std::remove_reference_t<R>> && std::invocable<const Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) const {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

  private:
    template <class N, class R, class... Args>
    static constexpr decltype(auto) pass(N& next, const Trust& trust, R&& request, Args&&... args) {
        using Request = std::remove_reference_t<R>;
        Adapter<Request>::apply(request, proxyfix::resolve<Request>(request, trust));
        // This is std::invoke, without <functional>, which costs more to compile than this library.
        return std::apply(
            next, std::forward_as_tuple(std::forward<R>(request), std::forward<Args>(args)...));
    }

    [[no_unique_address]] Next next_;
    Trust trust_;
};

template <class Next> ProxyFix(Next, Trust) -> ProxyFix<Next>;

/// Left of '|' stands a handler already: middleware on the way to it must be a `Layer`.
template <class N, class H> void operator|(ProxyFix<N>, H) = delete;  // make it a Layer{...}

/// `ProxyFix` as a layer: `proxy_fix({.x_for = 1}) | logger | app`.
[[nodiscard]] constexpr auto proxy_fix(Trust trust) { return layer<ProxyFix>(trust); }

}  // namespace proxyfix
