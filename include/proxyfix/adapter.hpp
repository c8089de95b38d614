// SPDX-License-Identifier: MIT
/// \file
/// `Adapter<R>`: how a request of type `R` is read, and rewritten with a `Resolution`.
#pragma once

#include <concepts>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

#include "proxyfix/authority.hpp"
#include "proxyfix/endpoint.hpp"
#include "proxyfix/grammar.hpp"
#include "proxyfix/result.hpp"

namespace proxyfix {

/// What was decided about a request: for each of the five headers its value, checked and typed, or
/// the reason why there is none. `host` and `prefix` are views of the request's header lines: use
/// them before these change, and while the request lives.
/// The first three may come from another header: see `Trust::forwarded` and `client_header`.
struct [[nodiscard]] Resolution {
    Result<Endpoint> client;          ///< X-Forwarded-For
    Result<Scheme> proto;             ///< X-Forwarded-Proto
    Result<Authority> host;           ///< X-Forwarded-Host
    Result<std::uint16_t> port;       ///< X-Forwarded-Port: overrides the port of the host.
    Result<std::string_view> prefix;  ///< X-Forwarded-Prefix, without a trailing '/'.

    /// The position of the value that decided about the client, 1 is the rightmost; 0: none did.
    unsigned client_position = 0;

    /// Was something there that the `Trust` asks for, and not believed?
    [[nodiscard]] constexpr bool refused() const noexcept {
        using proxyfix::refused;
        return refused(client) || refused(proto) || refused(host) || refused(port) ||
               refused(prefix);
    }

    /// Was at least one value applied, and none that the `Trust` asks for not? A Forwarded element
    /// without a host is asked for one.
    [[nodiscard]] constexpr bool complete() const noexcept { return proxyfix::complete(*this); }

    /// Are all members equal?
    friend constexpr bool operator==(const Resolution&, const Resolution&) noexcept = default;
};

/// How a request of type `R` is read and rewritten: the one customisation point. Specialise it for
/// the request type of your server, with the static members
///
/// - `constexpr bool lines_in_order`: do the header lines of one name, whatever its letter case,
///   keep their order of arrival? If not, say false: a header on several lines is then refused. A
///   `std::multimap` keeps it only if it compares names case-insensitively.
/// - `peer(const R&)`: the address of the TCP peer as text, even if it was replaced; for a
///   unix-domain socket "unix:", and "" if it is not known, as when the connection is gone. It is
///   looked at if `Trust::proxies` is a list.
/// - `headers(const R&)`: a range of `{name, value}`, one element a header line, that can be passed
///   over more than once. Return a reference or a view: the text must live until `apply` returns.
///   If it cannot be passed over backwards too, many lines of one name cost quadratic time.
/// - `apply(R&, const Resolution&)`: writes the values that there are. Make it all or nothing:
///   compute first, then commit by what does not throw. Copy the values before touching the
///   headers' storage. It may throw; the others, and going over the headers, must not.
/// - `erase(R&, auto& is_erased)`, for `Trust::strip`: erases the header lines for whose name
///   `is_erased(name)` is true. Ask once for each line, in order of arrival: it counts. Without
///   `erase`, a `ProxyFix` must be told the type of the request. If it throws, the handler is not
///   called, and the request may be rewritten already.
/// - `has_doubtful_lines(const R&)`, optional: may there be lines that the peer did not send as
///   header lines, like trailers? Then none is believed (`unordered_lines`); what is not there is
///   `absent`, or each chunked request of a health check were refused.
/// - `may_lack_lines(const R&)`, optional: may the server have dropped lines that the peer sent, as
///   those above a limit? Then none is believed, and what a trusted peer did not send is
///   `unordered_lines`, too.
template <class R> struct Adapter;

/// A reference, or a trivially destructible value. Refuses containers and strings by value, views
/// of which would dangle; text stored inside such a value is not detected.
template <class T>
concept ReferenceOrView = std::is_reference_v<T> || std::is_trivially_destructible_v<T>;

/// Is `Adapter<R>` specialised?
template <class R>
concept HasAdapter = requires {
    sizeof(Adapter<R>);
};

/// Does `Adapter<R>` say that the lines of this request are doubtful?
template <HasAdapter R> [[nodiscard]] constexpr bool has_doubtful_lines(const R& request) noexcept {
    if constexpr (requires { Adapter<R>::has_doubtful_lines(request); }) {
        return Adapter<R>::has_doubtful_lines(request);
    } else {
        return false;
    }
}

/// Does `Adapter<R>` say that lines of this request may be missing?
template <HasAdapter R> [[nodiscard]] constexpr bool may_lack_lines(const R& request) noexcept {
    if constexpr (requires { Adapter<R>::may_lack_lines(request); }) {
        return Adapter<R>::may_lack_lines(request);
    } else {
        return false;
    }
}

/// Has `Adapter<R>` what it takes to read the request?
template <class R>
concept Readable = HasAdapter<R> && requires(const R& request) {
    typename std::bool_constant<Adapter<R>::lines_in_order>;
    { Adapter<R>::peer(request) } -> std::convertible_to<std::string_view>;
    { Adapter<R>::headers(request) } -> ReferenceOrView;
} && requires(decltype(Adapter<R>::headers(std::declval<const R&>()))&& headers) {
    { *std::begin(headers) } -> ReferenceOrView;
    { std::begin(headers) != std::end(headers) } -> std::convertible_to<bool>;
};

/// Has `Adapter<R>` what it takes to read the request and to rewrite it?
template <class R>
concept Rewritable = Readable<R> && requires(R& request, const Resolution& resolution) {
    Adapter<R>::apply(request, resolution);
};

/// Like what `erase` gets: it may count how often it is asked.
struct ErasesNothing {
    /// Is this line erased?
    constexpr bool operator()(std::string_view) noexcept { return false; }
};

/// Can `Adapter<R>` erase header lines?
template <class R>
concept Strippable = Rewritable<R> && requires(R& request, ErasesNothing& is_erased) {
    Adapter<R>::erase(request, is_erased);
};

}  // namespace proxyfix
