// SPDX-License-Identifier: MIT
/// \file
/// `Resolution`: what was decided about a request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/base/result.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0 {

namespace detail {

/// The fields that are decided about, as indices.
struct Field {
    /// In the order of `Resolution`, and how many there are. \{
    static constexpr std::size_t client = 0, proto = 1, host = 2, port = 3, prefix = 4, count = 5;
    /// \}
};

/// What happened to each field.
using Outcomes = std::array<Outcome, Field::count>;

/// Was any header present but rejected?
[[nodiscard]] constexpr bool refused(const Outcomes& fields) noexcept {
    bool is_any_refused = false;
    for (const Outcome& field : fields) is_any_refused = is_any_refused || refused(field);
    return is_any_refused;
}

/// Was at least one field applied, and every other one not configured?
[[nodiscard]] constexpr bool complete(const Outcomes& fields) noexcept {
    bool is_any_applied = false;
    for (const Outcome& field : fields) {
        if (!field && field.error() != Reason::not_configured) return false;
        if (field) is_any_applied = true;
    }
    return is_any_applied;
}

}  // namespace detail

/// What was decided about a request: for each of the five fields its value, checked and typed, or
/// the reason why there is none. `host` and `prefix` are views of the request's header lines: use
/// them before these change, and while the request lives.
/// The first three may come from another header: see `Trust::forwarded` and `client_header`.
struct [[nodiscard]] Resolution {
    Result<Endpoint> client = Reason::not_configured;     ///< X-Forwarded-For
    Result<Scheme> proto = Reason::not_configured;        ///< X-Forwarded-Proto
    Result<Authority> host = Reason::not_configured;      ///< X-Forwarded-Host
    Result<std::uint16_t> port = Reason::not_configured;  ///< X-Forwarded-Port: not of the host.
    /// X-Forwarded-Prefix, without a trailing '/'.
    Result<std::string_view> prefix = Reason::not_configured;

    /// A value of a header: its position, its line, and whether it is the first one there.
    using Stop = detail::Stop;
    /// Where reading stopped, for each field in the order above: at the trusted value, or at the
    /// one that made it impossible to reach it. Nothing was read: all is 0.
    std::array<Stop, detail::Field::count> stops{};

    /// Was any header present but rejected?
    [[nodiscard]] constexpr bool refused() const noexcept { return detail::refused(outcomes()); }

    /// Was at least one field applied, and every other one not configured? A Forwarded element
    /// without a host is not complete.
    [[nodiscard]] constexpr bool complete() const noexcept { return detail::complete(outcomes()); }

    /// The fields without their values, in the order above.
    [[nodiscard]] constexpr std::array<Outcome, detail::Field::count> outcomes() const noexcept {
        return {client, proto, host, port, prefix};
    }

    /// The position of the value that names the client, 1 is the rightmost; 0: there is none.
    [[nodiscard]] constexpr unsigned client_position() const noexcept {
        return client ? stops[detail::Field::client].position : 0;
    }

    /// Are all members equal?
    friend constexpr bool operator==(const Resolution& a, const Resolution& b) noexcept {
        // Two std::array are not compared in a constant expression in libstdc++ 12's debug mode.
        for (std::size_t i = 0; i < a.stops.size(); ++i) {
            if (a.stops[i] != b.stops[i]) return false;
        }
        return a.client == b.client && a.proto == b.proto && a.host == b.host && a.port == b.port &&
               a.prefix == b.prefix;
    }
};

/// A field, and what was decided about it, as text.
struct FieldDecision {
    std::string_view field;                    ///< "client", "scheme", "host", "port" or "prefix".
    Outcome outcome = Reason::not_configured;  ///< Applied, or the reason why not.
    std::string value{};                       ///< Empty if it was not applied.

    /// The value, or that the field is unchanged, and why.
    [[nodiscard]] std::string text() const {
        return outcome ? value : "unchanged: " + std::string(to_string(outcome));
    }
};

namespace detail {

/// A resolution without values, for these reasons.
[[nodiscard]] constexpr Resolution unresolved(
    const std::array<Reason, Field::count>& reasons) noexcept {
    const auto& [client, proto, host, port, prefix] = reasons;
    return {client, proto, host, port, prefix};
}

/// The fields of a resolution, in its order.
[[nodiscard]] inline std::array<FieldDecision, Field::count> decisions_of(const Resolution& r) {
    const std::string_view path = !r.prefix ? "" : r.prefix->empty() ? "/" : *r.prefix;
    return std::array{
        FieldDecision{"client", r.client, r.client ? to_string(*r.client) : ""},
        FieldDecision{"scheme", r.proto, std::string(r.proto ? to_string(*r.proto) : "")},
        FieldDecision{"host", r.host, r.host ? to_string(*r.host) : ""},
        FieldDecision{"port", r.port, r.port ? std::to_string(*r.port) : ""},
        FieldDecision{"prefix", r.prefix, std::string(path)}};
}

}  // namespace detail

}  // namespace proxyfix::inline v0
