// SPDX-License-Identifier: MIT
/// \file
/// `resolve`: the decision about a request, without rewriting it. `trusted_value` and
/// `trusted_line`: other headers under the same trust.
#pragma once

#include <string_view>
#include <type_traits>

#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/decide.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"
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

namespace detail {

/// The lines that are needed to read another header.
struct OtherHeader {
    Received received;  ///< The headers of the policy.
    Lines lines;        ///< Those of the other one.

    /// Of a request.
    template <Readable R>
    constexpr OtherHeader(const R& request, const FieldName& name, const Table& table) noexcept {
        NameTable names;
        names.add(name);
        lines.count = 0;
        receive(request, table, received);
        find_lines<R>(request, names, &lines);
    }
};

}  // namespace detail

/// The `n`-th value from the right of any other header that is a list, such as a chain of request
/// ids, under the same trust: `n` proxies add to it on every request. Without the blanks around it;
/// a view of the request's header line.
///
/// Fails with `not_configured` if there is no name or `n` is 0; `absent` if the header is not
/// there, or the value is empty; `malformed` if a value up to the n-th is wider than 1,024 bytes,
/// or the n-th has bytes other than visible ASCII, SP and HTAB; and as the fields of a
/// `Resolution`. With a list of proxies, `n` is at most the number of proxies in a row, the peer
/// included. A `Trust` without any count, and without a list, trusts nobody: `not_configured`.
///
/// Ask before `ProxyFix` erases lines (`Trust::strip`): the chain of addresses tells who is
/// trusted.
template <Readable R>
constexpr Result<std::string_view> trusted_value(const R& request, const FieldName& name,
                                                 unsigned n, const Policy& policy) noexcept {
    if (name.empty() || n == 0) return Reason::not_configured;
    const detail::OtherHeader other(request, name, policy.table());
    return detail::read_value(other.received, policy.table(), other.lines, n);
}

/// The whole text of any other header that the peer overwrites on every request, where commas are
/// no separators: a client certificate that the proxy checked (Client-Cert, RFC 9440), a country.
/// As `trusted_value`, but there must be exactly one line, of at most 16,384 bytes: else
/// `malformed`. A server that joins lines, as CGI does, hides that there were two.
template <Readable R>
constexpr Result<std::string_view> trusted_line(const R& request, const FieldName& name,
                                                const Policy& policy) noexcept {
    if (name.empty()) return Reason::not_configured;
    const detail::OtherHeader other(request, name, policy.table());
    return detail::read_line(other.received, policy.table(), other.lines);
}

/// A request that owns its headers must live as long as the text. \{
template <Readable R>
requires(!std::is_trivially_destructible_v<R>) constexpr Result<std::string_view> trusted_value(
    const R&& request, const FieldName& name, unsigned n,
    const Policy& policy) = delete;  // the view would dangle
template <Readable R>
requires(!std::is_trivially_destructible_v<R>) constexpr Result<std::string_view> trusted_line(
    const R&& request, const FieldName& name, const Policy& policy) = delete;
/// \}

}  // namespace proxyfix::inline v0
