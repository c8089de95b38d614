// SPDX-License-Identifier: MIT
/// \file
/// `resolve`: the decision about a request, without rewriting it.
#pragma once

#include <type_traits>

#include "proxyfix/decision/decide.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/request/adapter.hpp"

namespace proxyfix::inline v0 {

/// Decides about a request: takes of each header that the policy counts the value that its
/// outermost trusted proxy wrote, checked and typed. Allocates nothing, and throws nothing. The
/// result has views of the request's header lines, which must live as long.
///
///     const proxyfix::Policy policy = proxyfix::Trust{.x_for = 1};
///     const proxyfix::Resolution r = resolve(request, policy);
///     if (r.client) log(to_string(*r.client));
template <Readable R>
constexpr Resolution resolve(const R& request, const Policy& policy) noexcept {
    detail::Received received;
    detail::receive(request, policy.table(), received);
    return detail::decide(received, policy.table());
}

/// A request that owns its headers must live as long as the `Resolution`.
template <Readable R>
requires(!std::is_trivially_destructible_v<R>) constexpr Resolution
    resolve(const R&& request, const Policy& policy) = delete;  // its views would dangle

}  // namespace proxyfix::inline v0
