// SPDX-License-Identifier: MIT
/// \file
/// `Adapter<R>`: how a request of type `R` is read, and rewritten with a `Resolution`.
#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>

#include "proxyfix/authority.hpp"
#include "proxyfix/endpoint.hpp"
#include "proxyfix/grammar.hpp"
#include "proxyfix/result.hpp"

namespace proxyfix {

/// What was decided about a request: for each of the five headers its value, checked and typed, or
/// the reason why there is none. Holds views of the request's headers: use it before they change.
struct [[nodiscard]] Resolution {
    Result<Endpoint> client;          ///< X-Forwarded-For
    Result<Scheme> proto;             ///< X-Forwarded-Proto
    Result<Authority> host;           ///< X-Forwarded-Host
    Result<std::uint16_t> port;       ///< X-Forwarded-Port: overrides the port of the host.
    Result<std::string_view> prefix;  ///< X-Forwarded-Prefix, without a trailing '/'.

    friend constexpr bool operator==(const Resolution&, const Resolution&) noexcept = default;
};

/// The one customisation point. Specialise it for the request type of your server, with the static
/// members
///
/// - `constexpr bool lines_in_order`: do the header lines of one name keep their order of arrival?
///   If the framework loses it, say false: a header on several lines is then refused.
/// - `peer(const R&)`: the address of the TCP peer as text, even if it was replaced.
/// - `headers(const R&)`: a range of `{name, value}`, one element a header line. Return a reference
///   or a view: the values are used until `apply` returns.
/// - `apply(R&, const Resolution&)`: writes the values that there are. Make it all or nothing:
///   compute first, then commit by what does not throw. Copy the values before touching the
///   headers' storage.
template <class R> struct Adapter;

/// Does what `T` refers to outlive it: a reference, or a value that owns nothing?
template <class T>
concept ReferenceOrView = std::is_reference_v<T> || std::is_trivially_destructible_v<T>;

/// Is the request not const, so that it can be rewritten?
template <class R>
concept NotConst = !std::is_const_v<R>;

/// Has `Adapter<R>` what it takes to read the request?
template <class R>
concept Readable = requires(const R& request) {
    { Adapter<R>::lines_in_order } -> std::convertible_to<bool>;
    { Adapter<R>::peer(request) } -> std::convertible_to<std::string_view>;
    { Adapter<R>::headers(request) } -> ReferenceOrView;
    { *std::begin(Adapter<R>::headers(request)) } -> ReferenceOrView;
};

/// Has `Adapter<R>` what it takes to read the request and to rewrite it?
template <class R>
concept Rewritable = NotConst<R> && Readable<R> &&
    requires(R& request, const Resolution& resolution) {
    Adapter<R>::apply(request, resolution);
};

}  // namespace proxyfix
