// SPDX-License-Identifier: MIT
/// \file
/// `Result<T>`: a value, or the `Reason` why there is none.
#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace proxyfix::inline v0 {

/// Why a forwarded value was not applied. The field is then left as it was.
enum class Reason : std::uint8_t {
    not_configured,  ///< The count of trusted hops for this header is 0, or there is no name.
    /// The request has no such header, or a Forwarded element no such parameter. For
    /// `trusted_value` and `trusted_line` also: the value is empty.
    absent,
    peer_not_trusted,  ///< The TCP peer is not one of the trusted proxies.
    hop_not_trusted,   ///< An address between the peer and this value is not one of them.
    too_few_values,    ///< The header has fewer values than there are trusted hops.
    chain_too_long,    ///< A walk along the chain needs more than the last 16 lines of the header.
    unreliable_lines,  ///< The server loses the order of lines, drops some, or mixes others in.
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
        case Reason::chain_too_long: return "chain_too_long";
        case Reason::unreliable_lines: return "unreliable_lines";
        case Reason::malformed: return "malformed";
        case Reason::anonymous: return "anonymous";
        case Reason::host_not_allowed: return "host_not_allowed";
    }
    return "unknown";
}

/// The value of an `Outcome` that is not a `Reason`.
struct Applied {};

/// What happened to a field: it was applied, or the reason why not. A `Result` without its value.
class [[nodiscard]] Outcome {
  public:
    /// Applied. Implicit, as is the next one, so that a function can return either.
    constexpr Outcome(Applied) noexcept : reason_(none) {}
    /// Not applied, and why.
    constexpr Outcome(Reason reason) noexcept : reason_(reason) {}

    /// Is it applied; has a `Result` a value?
    [[nodiscard]] constexpr bool has_value() const noexcept { return reason_ == none; }
    /// The same, for a condition.
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return reason_ == none; }

    /// The reason why not. Precondition: `!has_value()`.
    [[nodiscard]] constexpr Reason error() const noexcept {
        assert(reason_ != none);
        return reason_;
    }

    /// Are both applied, or not for the same reason? A `Result`, which has a value as well, is
    /// compared by `outcome_of(result)`.
    template <std::same_as<Outcome> A, class B>
    requires std::same_as<B, Outcome> || std::same_as<B, Reason> || std::same_as<B, Applied>
    friend constexpr bool operator==(const A& a, const B& b) noexcept {
        return a.reason_ == Outcome(b).reason_;
    }

  private:
    // Were there a flag instead, and the reason in the union of Result, g++ would warn of a reason
    // that is not initialized, in programs that copy an Outcome.
    static constexpr Reason none{255};  // no enumerator, and no Reason that a program sees

    Reason reason_;
};

/// What happened to a field: its `Result` without the value.
[[nodiscard]] constexpr Outcome outcome_of(const Outcome& result) noexcept { return result; }

/// "applied", or the reason's name.
[[nodiscard]] constexpr std::string_view to_string(const Outcome& outcome) noexcept {
    return outcome ? std::string_view("applied") : to_string(outcome.error());
}

/// A `T`, or the `Reason` why not. Used like C++23's `std::expected<T, Reason>`; converts from
/// either. `T` is a small value: a number, an address, a view. A view is one of the text that was
/// parsed, which must live as long.
template <class T> class [[nodiscard]] Result : public Outcome {
    static_assert(std::is_trivially_copyable_v<T>, "Result<T> holds small values");

  public:
    /// A value. Implicit, as is the next one, so that a function can return either.
    constexpr Result(T value) noexcept : Outcome(Applied{}), value_(value) {}
    /// No value, and why.
    constexpr Result(Reason reason) noexcept : Outcome(reason), nothing_() {}

    /// The value. Precondition: `has_value()`.
    [[nodiscard]] constexpr const T& operator*() const noexcept {
        assert(*this);
        return value_;
    }
    /// Access to the value's members. Precondition: `has_value()`.
    [[nodiscard]] constexpr const T* operator->() const noexcept { return &**this; }

    /// `next(value)`, which returns a `Result` too; or the reason, passed on.
    template <class F> constexpr auto and_then(F&& next) const -> decltype(next(**this)) {
        if (*this) return next(value_);
        return error();
    }

// Where a program chooses a Result by ?: and compares it, g++ does not see that a value is read
// only if there is one.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    /// Are there equal values, or is none there for the same reason?
    friend constexpr bool operator==(
        const Result& a, const Result& b) noexcept requires std::equality_comparable<T> {
        const Outcome of_a = a, of_b = b;
        return of_a == of_b && (!a || a.value_ == b.value_);
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
    /// Is there a value, and is it equal to `value`?
    friend constexpr bool operator==(const Result& a,
                                     const T& value) noexcept requires std::equality_comparable<T> {
        return a && a.value_ == value;
    }

  private:
    union {
        T value_;
        char nothing_;
    };
};

namespace detail {

/// Was a field's header present but rejected? So any `Reason` but `not_configured` and `absent`.
[[nodiscard]] constexpr bool refused(const Outcome& field) noexcept {
    if (field || field.error() == Reason::absent) return false;
    return field.error() != Reason::not_configured;
}

}  // namespace detail

}  // namespace proxyfix::inline v0
