// SPDX-License-Identifier: MIT
/// \file
/// `EnvironOf`: an `Environ` beside a framework's request, for requests that cannot be rewritten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/request/adapter.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0 {

namespace detail {

/// The `Adapter` of a request that is referred to, or of a view of one.
template <class R> using AdapterOf = Adapter<std::remove_cvref_t<R>>;

}  // namespace detail

/// Can an `Environ` be filled from an `R`, and from `more` that the request itself does not tell?
/// Then `Adapter<R>` has, instead of `peer` and `apply`,
///
/// - `fill(Environ&, const R&, more...)`: writes what the server knows of the connection and of the
///   request line, but not the header lines.
///
/// and `lines_in_order`, `headers`, and perhaps `erase`, `has_doubtful_lines` and `may_lack_lines`,
/// as any `Adapter`.
template <class R, class... More>
concept FillsEnviron = requires(Environ& env, const std::remove_reference_t<R>& request,
                                const More&... more) {
    detail::AdapterOf<R>::fill(env, request, more...);
    detail::AdapterOf<R>::headers(request);
};

/// An `Environ` whose header lines are those of a framework's request: they are not copied, and
/// `headers` is empty. So a `ProxyFix` or `explain` further in must get it as what it is: as an
/// `Environ&` it has no header lines. `R` is a reference, or a view that is held by value. Lives no
/// longer than the request.
template <class R> struct EnvironOf final : Environ {
    /// Filled from the request `r`, and from what `Adapter<R>::fill` takes besides.
    template <class... More>
    requires FillsEnviron<R, More...>
    explicit EnvironOf(R&& r, const More&... more) : request(std::forward<R>(r)) {
        detail::AdapterOf<R>::fill(*this, request, more...);
    }
    R request;  ///< The framework's request: what it refers to must live as long.
};

/// An lvalue is referred to, and a temporary view is held.
template <class R, class... More>
requires FillsEnviron<R, More...> EnvironOf(R&&, const More&...)
->EnvironOf<R>;

/// How `ProxyFix` reads the header lines of the request, and rewrites the `Environ` beside it.
template <class R> struct Adapter<EnvironOf<R>> {
    /// What `Adapter` asks for: of the request, but for `peer` and `apply`. \{
    static constexpr bool lines_in_order = detail::AdapterOf<R>::lines_in_order;

    static std::string_view peer(const Environ& env) noexcept { return original(env).remote_addr; }

    static decltype(auto) headers(const EnvironOf<R>& env) noexcept {
        return detail::AdapterOf<R>::headers(env.request);
    }

    static bool has_doubtful_lines(const EnvironOf<R>& env) noexcept requires requires {
        detail::AdapterOf<R>::has_doubtful_lines(env.request);
    }
    { return detail::AdapterOf<R>::has_doubtful_lines(env.request); }
    static bool may_lack_lines(const EnvironOf<R>& env) noexcept requires requires {
        detail::AdapterOf<R>::may_lack_lines(env.request);
    }
    { return detail::AdapterOf<R>::may_lack_lines(env.request); }

    static void apply(Environ& env, const Resolution& r) { Adapter<Environ>::apply(env, r); }

    template <class IsErased>
    requires requires(EnvironOf<R>& env, IsErased& is_erased) {
        detail::AdapterOf<R>::erase(env.request, is_erased);
    }
    static void erase(EnvironOf<R>& env, IsErased& is_erased) {
        detail::AdapterOf<R>::erase(env.request, is_erased);
        detail::note_erased(env.proxy, is_erased);
    }
    /// \}
};

/// A port number as C libraries have it, if it is one of 1 to 65535; else 0.
[[nodiscard]] constexpr std::uint16_t to_port(int number) noexcept {
    return number > 0 && number <= 65535 ? static_cast<std::uint16_t>(number) : 0;
}

/// Sets `path_info` and `query_string` from a request target (RFC 9112, 3.2), split at its '?'. Of
/// absolute-form, "http://host/path", scheme and authority are left out.
inline void set_target(Environ& env, std::string_view target) {
    // A scheme (RFC 3986, 3.1) is all that may stand before "://": a proxy compares the path of
    // "?next=http://host/path" with its rules as it is written.
    std::size_t scheme = 0;
    if (!target.empty() && detail::is_letter(target[0])) {
        while (scheme < target.size() && detail::scheme_bytes.contains(target[scheme])) ++scheme;
    }
    if (scheme > 0 && target.substr(scheme).starts_with("://")) {
        const std::size_t path = target.find_first_of("/?", scheme + 3);
        target = path == target.npos ? "/" : target.substr(path);
    }
    const std::size_t end_of_path = target.find('?');
    env.path_info = target.substr(0, end_of_path);
    env.query_string = end_of_path == target.npos ? "" : target.substr(end_of_path + 1);
}

}  // namespace proxyfix::inline v0
