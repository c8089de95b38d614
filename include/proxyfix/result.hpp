// SPDX-License-Identifier: MIT
/// \file
/// `Result<T>`: a value, or the `Reason` why there is none.
#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace proxyfix {

/// Why a forwarded value was not taken. The field is then left as it was.
enum class Reason : std::uint8_t {
    not_configured,  ///< The count of trusted hops for this header is 0.
    absent,          ///< The request has no such header, or a Forwarded element no such parameter.
    peer_not_trusted,  ///< The TCP peer is not one of the trusted proxies.
    hop_not_trusted,   ///< An address on the way from the peer to this value is not one of them.
    too_few_values,    ///< The header has fewer values than there are trusted hops.
    unordered_lines,   ///< The server loses the order of lines, drops some, or mixes others in.
    malformed,         ///< The text does not match the grammar, or is wider than its bound.
    anonymous,  ///< Forwarded only: "unknown" or "_hidden" keeps the address secret (RFC 7239, 6).
    host_not_allowed,  ///< The host is not one of `Trust::allowed_hosts`.
};

/// The enumerator's name, for logs.
[[nodiscard]] constexpr std::string_view to_string(Reason reason) noexcept {
    switch (reason) {
        case Reason::not_configured: return "not_configured";
        case Reason::absent: return "absent";
        case Reason::peer_not_trusted: return "peer_not_trusted";
        case Reason::hop_not_trusted: return "hop_not_trusted";
        case Reason::too_few_values: return "too_few_values";
        case Reason::unordered_lines: return "unordered_lines";
        case Reason::malformed: return "malformed";
        case Reason::anonymous: return "anonymous";
        case Reason::host_not_allowed: return "host_not_allowed";
    }
    return "unknown";
}

/// A `T`, or the `Reason` why not. Used like C++23's `std::expected<T, Reason>`; converts from
/// either. `T` is a small value: a number, an address, a view. A view is one of the text that was
/// parsed, which must live as long.
template <class T> class [[nodiscard]] Result {
    static_assert(std::is_trivially_copyable_v<T>, "Result<T> holds small values");

  public:
    /// A value. Implicit, as is the next one, so that a function can return either.
    constexpr Result(T value) noexcept : value_(value) {}
    /// No value, and why.
    constexpr Result(Reason reason) noexcept : nothing_(), reason_(reason) {}

    /// Is there a value?
    [[nodiscard]] constexpr bool has_value() const noexcept { return reason_ == none; }
    /// The same, for a condition.
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return has_value(); }

    /// The value. Precondition: `has_value()`.
    [[nodiscard]] constexpr const T& operator*() const noexcept {
        assert(has_value());
        return value_;
    }
    /// Access to the value's members. Precondition: `has_value()`.
    [[nodiscard]] constexpr const T* operator->() const noexcept { return &**this; }

    /// The reason why there is no value. Precondition: `!has_value()`.
    [[nodiscard]] constexpr Reason error() const noexcept {
        assert(!has_value());
        return reason_;
    }

    /// `next(value)`, which returns a `Result` too; or the reason, passed on.
    template <class F> constexpr auto and_then(F&& next) const -> decltype(next(**this)) {
        if (has_value()) return next(value_);
        return reason_;
    }

// Where a program chooses a Result by ?: and compares it, g++ does not see that a value is read
// only if there is one.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    /// Equal values, or equal reasons.
    friend constexpr bool operator==(
        const Result& a, const Result& b) noexcept requires std::equality_comparable<T> {
        return a.reason_ == b.reason_ && (!a.has_value() || a.value_ == b.value_);
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
    /// Is there a value, and is it equal to `value`?
    friend constexpr bool operator==(const Result& a,
                                     const T& value) noexcept requires std::equality_comparable<T> {
        return a.has_value() && a.value_ == value;
    }

  private:
    // Were there a flag instead, and the reason in the union, g++ would warn of a reason that is
    // not initialized, in programs that copy an Outcome.
    static constexpr Reason none{255};  // no enumerator, and no Reason that a program sees

    union {
        T value_;
        char nothing_;
    };
    Reason reason_ = none;
};

/// Was something there, and not believed? So any `Reason` but `not_configured` and `absent`.
template <class T> [[nodiscard]] constexpr bool refused(const Result<T>& result) noexcept {
    return !result && result.error() != Reason::not_configured && result.error() != Reason::absent;
}

/// Was it asked for, and not applied? Unlike what is `refused`, it may be absent.
template <class T> [[nodiscard]] constexpr bool lacking(const Result<T>& result) noexcept {
    return !result && result.error() != Reason::not_configured;
}

/// See `Resolution::complete` and `ProxyRecord::complete`.
template <class Record> [[nodiscard]] constexpr bool complete(const Record& r) noexcept {
    const bool is_any_applied = r.client || r.proto || r.host || r.port || r.prefix;
    return is_any_applied && !lacking(r.client) && !lacking(r.proto) && !lacking(r.host) &&
           !lacking(r.port) && !lacking(r.prefix);
}

/// The value of an `Outcome` that is not a `Reason`.
struct Applied {
    /// True: all of them are alike.
    friend constexpr bool operator==(Applied, Applied) noexcept = default;
};

/// What became of a header: applied, or the reason why not.
using Outcome = Result<Applied>;

/// What became of a header whose value is, or is not, there.
template <class T> constexpr Outcome outcome_of(const Result<T>& result) noexcept {
    if (!result) return result.error();
    return Applied{};
}

/// "applied", or the reason's name.
[[nodiscard]] constexpr std::string_view to_string(const Outcome& outcome) noexcept {
    return outcome ? std::string_view("applied") : to_string(outcome.error());
}

}  // namespace proxyfix
