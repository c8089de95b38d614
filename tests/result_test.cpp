// SPDX-License-Identifier: MIT
#include "proxyfix/base/result.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

struct Point {
    int x, y;
};

constexpr Result<int> half(int n) {
    if (n % 2 != 0) return Reason::malformed;
    return n / 2;
}

}  // namespace

namespace elsewhere {

struct Own {
    friend bool operator==(Own, Own) = default;
};
/// A program's own function of this name.
template <class T> constexpr int outcome_of(const T&) { return 0; }
static_assert(outcome_of(Own{}) == 0);

}  // namespace elsewhere

static_assert(Result<elsewhere::Own>(elsewhere::Own{}) != Reason::malformed,
              "a program's own outcome_of is not called");
static_assert(half(4).has_value() && half(4) && *half(4) == 2);
static_assert(!half(3).has_value() && !half(3) && half(3).error() == Reason::malformed);
static_assert(!Result<int>(Reason{}) && !Outcome(Reason{}));  // no Reason is a success
static_assert(Result<Point>(Point{1, 2})->y == 2);
static_assert(half(4) == 2 && half(4) != 3 && half(4) != Reason::malformed);
static_assert(half(3) == Reason::malformed && half(3) != Reason::absent && half(3) != 1);
static_assert(half(12).and_then(half) == 3 && half(6).and_then(half) == Reason::malformed);
static_assert(Result<int>(Reason::absent).and_then(half) == Reason::absent);
static_assert(std::is_trivially_copyable_v<Result<int>>);
static_assert(!std::equality_comparable<Result<Point>> && std::equality_comparable<Result<int>>);
static_assert(Result<std::string_view>("a") == "a" && Result<std::string_view>("a") != "b");
static_assert(Result<std::string_view>(Reason::absent) != "absent");
static_assert(!std::is_default_constructible_v<Result<int>>);
static_assert(!std::is_convertible_v<Result<int>, bool>,
              "a Result<int> is not a number by accident");

// Refused: something was present but rejected.
static_assert(!refused(half(4)) && refused(half(3)));
static_assert(!refused(Applied{}) && !refused(Reason::absent));
static_assert(!refused(Result<std::string_view>("")) &&
              !refused(Result<std::string_view>(Reason::not_configured)));
static_assert(outcome_of(half(4)) == Applied{} && outcome_of(half(3)) == Reason::malformed);

TEST_CASE("Every reason has a name of its own") {
    CHECK(to_string(Reason::not_configured) == "not_configured");
    CHECK(to_string(Reason::absent) == "absent");
    CHECK(to_string(Reason::peer_not_trusted) == "peer_not_trusted");
    CHECK(to_string(Reason::hop_not_trusted) == "hop_not_trusted");
    CHECK(to_string(Reason::too_few_values) == "too_few_values");
    CHECK(to_string(Reason::chain_too_long) == "chain_too_long");
    CHECK(to_string(Reason::unreliable_lines) == "unreliable_lines");
    CHECK(to_string(Reason::malformed) == "malformed");
    CHECK(to_string(Reason::anonymous) == "anonymous");
    CHECK(to_string(Reason::host_not_allowed) == "host_not_allowed");
    CHECK(to_string(static_cast<Reason>(200)) == "unknown");
}

TEST_CASE("An outcome is applied or a reason") {
    CHECK(to_string(Outcome(Applied{})) == "applied");
    CHECK(to_string(Outcome(Reason::absent)) == "absent");
    CHECK(Outcome(Applied{}) != Reason::absent);
    CHECK(Outcome(Applied{}) == Applied{});
}

TEST_CASE("A result is equal to a value if it holds an equal one") {
    const Result<int> two = half(4), none = half(3);
    CHECK(two == 2);
    CHECK(two != 3);
    CHECK(two != none);
    CHECK(two == half(8).and_then(half));
    CHECK(none != 0);
    CHECK(none == Reason::malformed);
    CHECK(none != Reason::absent);
}

TEST_CASE("What was applied, absent or not configured is not refused, everything else is") {
    CHECK_FALSE(refused(Applied{}));
    CHECK_FALSE(refused(Reason::not_configured));
    CHECK_FALSE(refused(Reason::absent));
    for (const Reason reason :
         {Reason::peer_not_trusted, Reason::hop_not_trusted, Reason::too_few_values,
          Reason::chain_too_long, Reason::unreliable_lines, Reason::malformed, Reason::anonymous,
          Reason::host_not_allowed}) {
        CAPTURE(to_string(reason));
        CHECK(refused(reason));
        CHECK(refused(Result<int>(reason)));
    }
    CHECK_FALSE(refused(Result<int>(0)));
}
