// SPDX-License-Identifier: MIT
#include "proxyfix/list.hpp"

#include <string>

#include "catch.hpp"

using namespace proxyfix;

static_assert(nth_from_right("a, b, c", 1) == "c");
static_assert(nth_from_right("a, b, c", 2) == "b");
static_assert(nth_from_right("a, b, c", 3) == "a");
static_assert(nth_from_right("a, b, c", 4) == Reason::too_few_values);
static_assert(nth_from_right("a, b, c", 4'294'967'295) == Reason::too_few_values);
static_assert(nth_from_right("a, b, c", 0) == Reason::not_configured);
static_assert(nth_from_right("a", 1) == "a" && nth_from_right("a", 2) == Reason::too_few_values);
static_assert(nth_from_right("a,b\t , \tc ", 1) == "c" && nth_from_right("a,b\t , \tc ", 2) == "b");

// Empty values are positions.
static_assert(nth_from_right("", 1) == "" && nth_from_right("", 2) == Reason::too_few_values);
static_assert(nth_from_right(",", 1) == "" && nth_from_right(",", 2) == "");
static_assert(nth_from_right(",", 3) == Reason::too_few_values);
static_assert(nth_from_right("a,,c", 2) == "" && nth_from_right("a,,c", 3) == "a");
static_assert(nth_from_right("a, ", 1) == "" && nth_from_right("a, ", 2) == "a");

// A quote is an ordinary character.
static_assert(nth_from_right("\"a, b\"", 1) == "b\"" && nth_from_right("\"a, b", 1) == "b");
static_assert(nth_from_right("\"\\\", b", 1) == "b");

// A value as wide as its bound is taken, a wider one is not, and neither is one left of it.
static_assert(nth_from_right("abcd", 1, 4) == "abcd" && nth_from_right("x,abcd", 1, 4) == "abcd");
static_assert(nth_from_right("abcde", 1, 4) == Reason::malformed);
static_assert(nth_from_right("x,abcde", 1, 4) == Reason::malformed);
static_assert(nth_from_right("x, abcd", 1, 4) == Reason::malformed, "blanks count");
static_assert(nth_from_right("x,abcde", 2, 4) == Reason::malformed);
static_assert(nth_from_right("abcde,x", 1, 4) == "x");
static_assert(nth_from_right("abcde,x", 2, 4) == Reason::malformed);
static_assert(nth_from_right("a", 1, 0) == Reason::malformed && nth_from_right("a,", 1, 0) == "");

namespace {

/// How many values are still wanted after `line`, of `n`.
constexpr unsigned left_after(std::string_view line, unsigned n) {
    static_cast<void>(take_from_right(line, n, 64));
    return n;
}

}  // namespace

static_assert(left_after("a, b", 5) == 3 && left_after("", 5) == 4 && left_after("a, b", 2) == 0);

TEST_CASE("The next line to the left goes on where a line ended") {
    unsigned n = 3;
    CHECK(take_from_right("c, d", n, 64) == Reason::too_few_values);
    CHECK(take_from_right("a, b", n, 64) == "b");
}
