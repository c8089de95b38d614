// SPDX-License-Identifier: MIT
/// \file
/// `ProxyFix`: the middleware. It wraps a handler, which then sees the client, not the proxy.
#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "proxyfix/adapter.hpp"
#include "proxyfix/config.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/strip.hpp"
#include "proxyfix/trust.hpp"

/// The attribute that lets an empty handler take no room. MSVC's ABI ignores the standard spelling.
#ifdef _MSC_VER
#define PROXYFIX_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#else
#define PROXYFIX_NO_UNIQUE_ADDRESS [[no_unique_address]]
#endif

namespace proxyfix {

/// Can a `ProxyFix` for `Request` rewrite an `R`? If no `Request` is named, any will do.
template <class R, class Request>
concept RewritableAs = Rewritable<R> &&(std::is_void_v<Request> || std::same_as<R, Request>);

/// The trust, if it does not contradict itself. Else refuses it: throws `std::invalid_argument`
/// with its `fault`, or where exceptions are switched off prints it and aborts.
[[nodiscard]] constexpr Trust checked(Trust trust) {
    if (!fault(trust).empty()) refuse(std::string(fault(trust)));
    return trust;
}

/// Wraps `Next`, which is whatever `std::invoke` can call with a request: a lambda, a function, a
/// functor that may be move-only, another `ProxyFix`, a pointer to a member of the request.
///
/// A call rewrites the request, calls `Next` once with it and all further arguments, and returns
/// what `Next` returns. It throws what `Next` or `Adapter::apply` throws: for an `Environ`, what an
/// allocation throws.
///
/// A `const ProxyFix` may be called by many threads at once if a `const Next` may be, each with a
/// request of its own: a call changes only the request.
///
/// `Request` is named only if its `Adapter` cannot erase header lines, so that a `Trust` that asks
/// for it is refused: `ProxyFix<Handler, my::Request>`, or `proxy_fix<my::Request>(trust)`.
template <class Next, class Request = void> class ProxyFix {
  public:
    /// Trust is said aloud: it has no default here. Refuses one that contradicts itself
    /// (`checked`).
    constexpr ProxyFix(Next next, Trust trust)
        : next_(std::move(next)), trust_(checked(std::move(trust))) {
        if constexpr (!std::is_void_v<Request> && !Strippable<Request>) {
            if (trust_.strip != Strip::keep) refuse("strip: this request cannot be erased from");
        }
    }

    explicit ProxyFix(Next) = delete;  ///< a Trust is missing: ProxyFix{handler, {.x_for = 1}}

    /// Rewrites `request` and calls `Next`. Takes part in overload resolution only if the request
    /// is `Rewritable` (so it is not const, and has an `Adapter`) and `Next` can be called.
    template <class R, class... Args>
    requires RewritableAs<std::remove_reference_t<R>, Request> && std::invocable<Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

    /// The same, for a `const ProxyFix`.
    template <class R, class... Args>
    requires RewritableAs<std::remove_reference_t<R>, Request> &&
        std::invocable<const Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) const {
        return pass(next_, trust_, std::forward<R>(request), std::forward<Args>(args)...);
    }

  private:
    template <class N, class R, class... Args>
    static constexpr decltype(auto) pass(N& next, const Trust& trust, R&& request, Args&&... args) {
        rewrite<std::remove_reference_t<R>>(request, trust);
        // This is std::invoke, without <functional>, which costs more to compile than this library.
        return std::apply(
            next, std::forward_as_tuple(std::forward<R>(request), std::forward<Args>(args)...));
    }

    template <class R> static constexpr void rewrite(R& request, const Trust& trust) {
        static_assert(Strippable<R> || std::same_as<R, Request>,
                      "Adapter<R> has no erase(R&, auto& is_erased), which Trust::strip needs. Add "
                      "it, or name the request's type, so that strip is refused at construction: "
                      "proxy_fix<R>(trust) | handler, where R may be an EnvironOf<const Message&>");
        const Resolution resolution = proxyfix::resolve<R>(request, trust);
        if constexpr (Strippable<R>) {
            if (trust.strip != Strip::keep) {
                Stripping is_erased(Adapter<R>::headers(request), trust, resolution);
                Adapter<R>::apply(request, resolution);
                Adapter<R>::erase(request, is_erased);
                return;
            }
        }
        Adapter<R>::apply(request, resolution);
    }

    PROXYFIX_NO_UNIQUE_ADDRESS Next next_;
    Trust trust_;
};

/// For any request.
template <class Next> ProxyFix(Next, Trust) -> ProxyFix<Next>;

/// Left of '|' stands a handler already: middleware on the way to it must be a `Layer`.
template <class N, class R, class H>
void operator|(ProxyFix<N, R>, H) = delete;  // make it a Layer{...}

/// `ProxyFix` as a layer: `proxy_fix({.x_for = 1}) | logger | app`. Refuses a trust that
/// contradicts itself (`checked`).
template <class Request = void> [[nodiscard]] constexpr auto proxy_fix(Trust trust) {
    return Layer{[trust = checked(std::move(trust))]<class Handler>(Handler handler) {
        return ProxyFix<Handler, Request>(std::move(handler), trust);
    }};
}

}  // namespace proxyfix
