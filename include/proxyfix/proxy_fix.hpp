// SPDX-License-Identifier: MIT
/// \file
/// `ProxyFix`: the middleware. It wraps a handler, which then sees the client, not the proxy.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "proxyfix/adapter.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// Wraps `Next`, which is anything that can be called with a request: a lambda, a function pointer,
/// a functor that may be move-only, another `ProxyFix`, or a member function of the request.
///
/// A call rewrites the request, calls `Next` once with it and all further arguments, and returns
/// what `Next` returns. It throws what `Next`, or an allocation for the rewritten request, throws.
/// It is refused at compile time unless the request is not const (`NotConst`), has an `Adapter`
/// (`Readable`, `Rewritable`), and `Next` can be called (`std::invocable`).
///
/// A `const ProxyFix` may be shared between threads if a `const Next` may be.
template <class Next> class ProxyFix {
  public:
    constexpr ProxyFix(Next next, Trust trust) noexcept(std::is_nothrow_move_constructible_v<Next>)
        : next_(std::move(next)), trust_(trust) {}

    explicit ProxyFix(Next) = delete;  // a Trust is missing: ProxyFix{handler, {.x_for = 1}}

    template <class R, class... Args>
    requires Rewritable<std::remove_reference_t<R>> && std::invocable<Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

    template <class R, class... Args>
    requires Rewritable<std::remove_reference_t<R>> && std::invocable<const Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) const {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

  private:
    template <class N, class R, class... Args>
    static constexpr decltype(auto) pass(N& next, const Trust& trust, R&& request, Args&&... args) {
        Adapter<std::remove_reference_t<R>>::apply(request, resolve(request, trust));
        if constexpr (std::is_member_function_pointer_v<Next>) {
            return (std::forward<R>(request).*next)(std::forward<Args>(args)...);
        } else if constexpr (std::is_member_object_pointer_v<Next>) {
            return (std::forward<R>(request).*next);
        } else {
            return next(std::forward<R>(request), std::forward<Args>(args)...);
        }
    }

    [[no_unique_address]] Next next_;
    Trust trust_;
};

template <class Next> ProxyFix(Next, Trust) -> ProxyFix<Next>;

/// `ProxyFix` as a layer: `proxy_fix({.x_for = 1}) | logger | app`.
[[nodiscard]] constexpr auto proxy_fix(Trust trust) { return layer<ProxyFix>(trust); }

}  // namespace proxyfix
