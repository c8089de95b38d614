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

TEST_CASE("Values come from the right, one at a time, until there are no more") {
    ValuesFromRight values("a, , c", 64);
    CHECK(values.next() == "c");
    CHECK(values.next() == "");
    CHECK_FALSE(values.at_end());
    CHECK(values.next() == "a");
    CHECK(values.at_end());
    CHECK(values.next() == Reason::too_few_values);
    CHECK(values.next() == Reason::too_few_values);
}

TEST_CASE("The n-th value is counted from the right") {
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 0) == Reason::not_configured);
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 1) == "10.0.0.9");
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 2) == "203.0.113.7");
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 3) == "6.6.6.6");
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 4) == Reason::too_few_values);
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 2, 12) == "203.0.113.7");
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 2, 11) == Reason::malformed);
    CHECK(nth_from_right("6.6.6.6, 203.0.113.7,10.0.0.9", 3, 11) == Reason::malformed);
}

TEST_CASE("What is left of a value wider than its bound stays out of reach") {
    ValuesFromRight values("a,bbbbb,c", 4);
    CHECK(values.next() == "c");
    CHECK(values.next() == Reason::malformed);
    CHECK(values.next() == Reason::malformed);
    CHECK_FALSE(values.at_end());
}
