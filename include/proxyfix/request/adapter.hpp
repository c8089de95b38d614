// SPDX-License-Identifier: MIT
/// \file
/// `Adapter<R>`: how a request of type `R` is read, and rewritten with a `Resolution`.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>

#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"

namespace proxyfix::inline v0 {

/// How a request of type `R` is read and rewritten: the one customisation point. Specialise it for
/// the request type of your server, with the static members
///
/// - `constexpr bool lines_in_order`: do the header lines of one name, whatever its letter case,
///   keep their order of arrival? If not, set it to false: a header on several lines is then
///   rejected. A `std::multimap` keeps it only if it compares names case-insensitively.
/// - `peer(const R&)`: the address of the TCP peer as text, even if it was replaced; for a
///   unix-domain socket "unix:", and "" if it is not known, as when the connection is gone. It is
///   looked at if `Trust::proxies` is a list. Return a reference, a view or a `const char*`.
/// - `headers(const R&)`: a range of `{name, value}`, one element a header line, that can be passed
///   over more than once. Return a reference or a view: the text must live until `apply` returns.
/// - `apply(R&, const Resolution&)`: writes the values that there are. Make it all or nothing:
///   compute first, then commit by what does not throw. Copy the values before touching the
///   headers' storage. It may throw; the others, and going over the headers, must not.
/// - `erase(R&, auto& is_erased)`, for `Trust::strip`: erases the header lines for whose name
///   `is_erased(name)` is true. Ask once for each line, in order of arrival: it counts. Without
///   `erase`, a `ProxyFix` must be told the type of the request. If it throws, the handler is not
///   called, and the request may be rewritten already.
/// - `has_doubtful_lines(const R&)`, optional: may there be lines that the peer did not send as
///   header lines, like trailers? Then none is trusted (`unreliable_lines`). A header that is not
///   there stays `absent`, or each chunked request of a health check would be rejected.
/// - `may_lack_lines(const R&)`, optional: may the server have dropped lines that the peer sent, as
///   those above a limit? Then none is trusted, and a header that a trusted peer did not send is
///   `unreliable_lines` too.
template <class R> struct Adapter;

namespace detail {

/// A reference, or a trivially destructible value. Rejects containers and strings by value, views
/// of which would dangle; text stored inside such a value is not detected.
template <class T>
concept ReferenceOrView = std::is_reference_v<T> || std::is_trivially_destructible_v<T>;

/// A reference, a `const char*` or a `std::string_view`. Rejects every value that may hold the text
/// itself, a view of which would dangle.
template <class T>
concept ReferenceOrText =
    std::is_reference_v<T> || std::is_pointer_v<T> || std::same_as<T, std::string_view>;

/// Is `Adapter<R>` specialised?
template <class R>
concept HasAdapter = requires {
    sizeof(Adapter<R>);
};

/// Like what `erase` gets: it may count how often it is asked.
struct ErasesNothing {
    /// Is this line erased?
    constexpr bool operator()(std::string_view) noexcept { return false; }
};

}  // namespace detail

/// Has `Adapter<R>` what it takes to read the request?
template <class R>
concept Readable = detail::HasAdapter<R> && requires(const R& request) {
    typename std::bool_constant<Adapter<R>::lines_in_order>;
    { Adapter<R>::peer(request) } -> std::convertible_to<std::string_view>;
    { Adapter<R>::peer(request) } -> detail::ReferenceOrText;
    { Adapter<R>::headers(request) } -> detail::ReferenceOrView;
} && requires(decltype(Adapter<R>::headers(std::declval<const R&>()))&& headers) {
    { *std::begin(headers) } -> detail::ReferenceOrView;
    { std::begin(headers) != std::end(headers) } -> std::convertible_to<bool>;
};

/// Has `Adapter<R>` what it takes to read the request and to rewrite it?
template <class R>
concept Rewritable = Readable<R> && requires(R& request, const Resolution& resolution) {
    Adapter<R>::apply(request, resolution);
};

/// Can `Adapter<R>` erase header lines?
template <class R>
concept Strippable = Rewritable<R> && requires(R& request, detail::ErasesNothing& is_erased) {
    Adapter<R>::erase(request, is_erased);
};

namespace detail {

/// Adds the lines of the headers with these names to `found`, which is in the same order: the one
/// loop over the header lines of a request. Returns whether there are any.
template <class R>
constexpr bool find_lines(const R& request, const NameTable& names, Lines* found) noexcept {
    bool is_any = false;
    for (auto&& [name, value] : Adapter<R>::headers(request)) {
        const std::size_t header = names.find(std::string_view(name));
        if (header == NameTable::most) continue;
        found[header].add(std::string_view(value));
        is_any = true;
    }
    return is_any;
}

/// Reads all of a request that a decision looks at.
template <class R>
constexpr void receive(const R& request, const Table& table, Received& received) noexcept {
    received.has_lines = find_lines<R>(request, table.names, received.headers.data());
    received.lines_in_order = Adapter<R>::lines_in_order;
    constexpr bool tells_doubtful = requires { bool{Adapter<R>::has_doubtful_lines(request)}; };
    constexpr bool tells_lacking = requires { bool{Adapter<R>::may_lack_lines(request)}; };
    static_assert(
        tells_doubtful || !requires(R & r) { Adapter<R>::has_doubtful_lines(r); },
        "Adapter<R>::has_doubtful_lines has to take a const R& and to return a bool");
    static_assert(
        tells_lacking || !requires(R & r) { Adapter<R>::may_lack_lines(r); },
        "Adapter<R>::may_lack_lines has to take a const R& and to return a bool");
    if constexpr (tells_doubtful) {
        if (Adapter<R>::has_doubtful_lines(request)) received.quality = LineQuality::doubtful;
    }
    if constexpr (tells_lacking) {
        if (Adapter<R>::may_lack_lines(request)) received.quality = LineQuality::may_lack;
    }
    if (!table.trusts_any_peer) received.peer = Adapter<R>::peer(request);
}

}  // namespace detail

}  // namespace proxyfix::inline v0
