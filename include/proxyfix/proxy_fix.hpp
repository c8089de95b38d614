// SPDX-License-Identifier: MIT
/// \file
/// `ProxyFix`: the middleware. It wraps a handler, which then sees the client, not the proxy.
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

#include "proxyfix/base/parsed.hpp"
#include "proxyfix/decision/decide.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/strip.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/request/adapter.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/request/environ_of.hpp"

/// The attribute that lets an empty handler take no room. MSVC's ABI ignores the standard spelling.
#ifdef _MSC_VER
#define PROXYFIX_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#else
#define PROXYFIX_NO_UNIQUE_ADDRESS [[no_unique_address]]
#endif

namespace proxyfix::inline v0 {

namespace detail {

/// Can a `ProxyFix` for `Request` rewrite an `R`? If no `Request` is named, any will do.
template <class R, class Request>
concept RewritableAs = Rewritable<R> &&(std::is_void_v<Request> || std::same_as<R, Request>);

}  // namespace detail

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
/// for it is rejected: `ProxyFix<Handler, my::Request>`, or `proxy_fix<my::Request>(trust)`.
template <class Next, class Request = void> class ProxyFix {
  public:
    /// Of a handler and a trust, which must be given explicitly: it has no default here. Rejects a
    /// trust that contradicts itself, as `Policy` does.
    constexpr ProxyFix(Next next, Trust trust) : next_(std::move(next)), policy_(std::move(trust)) {
        check_strip();
    }
    /// Of a handler and a policy.
    constexpr ProxyFix(Next next, Policy policy)
        : next_(std::move(next)), policy_(std::move(policy)) {
        check_strip();
    }

    explicit ProxyFix(Next) = delete;  ///< a Trust is missing: ProxyFix{handler, {.x_for = 1}}

    /// Rewrites `request` and calls `Next`. Takes part in overload resolution only if the request
    /// is `Rewritable` (so it is not const, and has an `Adapter`) and `Next` can be called.
    template <class R, class... Args>
    requires detail::RewritableAs<std::remove_reference_t<R>, Request> &&
        std::invocable<Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) {
        rewrite<std::remove_reference_t<R>>(request);
        // This is std::invoke, without <functional>, which costs more to compile than this library.
        return std::apply(
            next_, std::forward_as_tuple(std::forward<R>(request), std::forward<Args>(args)...));
    }

    /// The same, for a `const ProxyFix`.
    template <class R, class... Args>
    requires detail::RewritableAs<std::remove_reference_t<R>, Request> &&
        std::invocable<const Next&, R, Args...>
    constexpr decltype(auto) operator()(R&& request, Args&&... args) const {
        rewrite<std::remove_reference_t<R>>(request);
        return std::apply(
            next_, std::forward_as_tuple(std::forward<R>(request), std::forward<Args>(args)...));
    }

    /// Whom it trusts, as `resolve` takes it.
    [[nodiscard]] constexpr const Policy& policy() const& noexcept { return policy_; }
    const Policy& policy() const&& = delete;  ///< Of a temporary, the reference would dangle.

  private:
    constexpr void check_strip() const {
        if constexpr (!std::is_void_v<Request> && !Strippable<Request>) {
            if (policy_.trust().strip != Strip::keep) {
                detail::refuse("strip: this request cannot be erased from");
            }
        }
    }

    template <class R> constexpr void rewrite(R& request) const {
        static_assert(Strippable<R> || std::same_as<R, Request>,
                      "Adapter<R> has no erase(R&, auto& is_erased), which Trust::strip needs. Add "
                      "it, or name the request's type, so that strip is rejected at construction: "
                      "proxy_fix<R>(trust) | handler, where R may be an EnvironOf<const Message&>");
        const detail::Table& table = policy_.table();
        detail::Received received;
        detail::receive<R>(request, table, received);
        const Resolution resolution = detail::decide(received, table);
        if constexpr (Strippable<R>) {
            if (table.trust.strip != Strip::keep) {
                detail::Stripping is_erased(table, received, resolution);
                Adapter<R>::apply(request, resolution);
                Adapter<R>::erase(request, is_erased);
                return;
            }
        }
        Adapter<R>::apply(request, resolution);
    }

    PROXYFIX_NO_UNIQUE_ADDRESS Next next_;
    Policy policy_;
};

/// For any request.
template <class Next> ProxyFix(Next, Trust) -> ProxyFix<Next>;
/// For any request.
template <class Next> ProxyFix(Next, Policy) -> ProxyFix<Next>;

/// What is left of '|' is a handler already: middleware on the way to it must be a `Layer`.
template <class N, class R, class H>
void operator|(ProxyFix<N, R>, H) = delete;  // make it a Layer{...}

namespace detail {

/// Wraps handlers in a `ProxyFix`, for `proxy_fix`.
template <class Request> struct WrapInProxyFix {
    Policy policy;  ///< Whom each of them trusts.

    /// The handler, wrapped.
    template <class Handler> constexpr auto operator()(Handler handler) const {
        return ProxyFix<Handler, Request>(std::move(handler), policy);
    }
};

}  // namespace detail

/// `ProxyFix` as a layer: `proxy_fix({.x_for = 1}) | logger | app`. Rejects a trust that
/// contradicts itself. The policy is made once, for all handlers: `proxy_fix(trust).wrap.policy`.
template <class Request = void> [[nodiscard]] constexpr auto proxy_fix(Trust trust) {
    return Layer{detail::WrapInProxyFix<Request>{Policy(std::move(trust))}};
}

namespace detail {

/// Can `Next` be called with an `Environ` as an extra first argument?
template <class Next, class R, class... Args>
concept TakesEnviron = requires(Next& next, EnvironOf<R>& env, Args&&... args) {
    next(env, env.request, std::forward<Args>(args)...);
};

/// Wraps `Next`, which takes an `Environ` as an extra first argument of a call; the next one is the
/// request. The `Environ` lives until `Next` returns: what goes on later takes it by value.
template <class R, class Next> class WithEnviron {
  public:
    /// Around this handler.
    constexpr explicit WithEnviron(Next next) : next_(std::move(next)) {}

    /// Makes the `Environ` and calls `Next`. Returns what it returns.
    template <class... Args>
    requires TakesEnviron<Next, R, Args...>
    decltype(auto) operator()(R request, Args&&... args) {
        EnvironOf<R> env(std::forward<R>(request));
        return next_(env, env.request, std::forward<Args>(args)...);
    }
    /// The same, for a constant handler.
    template <class... Args>
    requires TakesEnviron<const Next, R, Args...>
    decltype(auto) operator()(R request, Args&&... args) const {
        EnvironOf<R> env(std::forward<R>(request));
        return next_(env, env.request, std::forward<Args>(args)...);
    }

  private:
    PROXYFIX_NO_UNIQUE_ADDRESS Next next_;
};

/// What is left of '|' is a handler already: middleware on the way to it must be a `Layer`.
template <class R, class N, class H>
void operator|(WithEnviron<R, N>, H) = delete;  // make it a Layer{...}

}  // namespace detail

/// `proxy_fix` for a framework whose handlers get the request as an `R`, such as
/// `const httplib::Request&`. The handler gets an `Environ` as an extra first argument:
///
///     server.Get("/", proxyfix::proxy_fix_for<const httplib::Request&>({.x_for = 1}) | handler);
///     // calls handler(environ, request, response)
template <class R> [[nodiscard]] constexpr auto proxy_fix_for(Trust trust) {
    static_assert(FillsEnviron<R>,
                  "No Adapter fills an Environ from this request alone: include one of "
                  "proxyfix/adapters/, or write one, or use EnvironOf(request, more...)");
    static_assert(detail::ReferenceOrView<R>,
                  "Each call would copy the request: name it as a reference, like const Request&");
    return Layer{[]<class Fix>(Fix fix) { return detail::WithEnviron<R, Fix>(std::move(fix)); }} |
           proxy_fix<EnvironOf<R>>(std::move(trust));
}

}  // namespace proxyfix::inline v0

#undef PROXYFIX_NO_UNIQUE_ADDRESS
