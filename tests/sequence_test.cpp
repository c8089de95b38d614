// SPDX-License-Identifier: MIT
#include "proxyfix/sequence.hpp"

#include <new>
#include <type_traits>
#include <utility>

#include "allocation.hpp"
#include "catch.hpp"

using proxyfix::Sequence;

namespace {

constexpr int sum(const Sequence<int>& values) {
    int total = 0;
    for (const int value : values) total += value;
    return total;
}

constexpr Sequence<int> replaced(std::size_t from, std::size_t to) {
    Sequence<int> values{1, 2, 3};
    values.replace(from, to, 9);
    return values;
}

}  // namespace

// Memory that is lost or used after its end does not compile.
static_assert(sum({}) == 0 && sum({1, 2, 3}) == 6);
static_assert(replaced(0, 0) == Sequence<int>{9, 1, 2, 3});
static_assert(replaced(1, 2) == Sequence<int>{1, 9, 3});
static_assert(replaced(0, 3) == Sequence<int>{9});
static_assert(replaced(3, 3) == Sequence<int>{1, 2, 3, 9});
static_assert(Sequence<int>{1, 2} != Sequence<int>{1} && Sequence<int>{1} != Sequence<int>{2});
static_assert(std::is_nothrow_move_constructible_v<Sequence<int>>);

TEST_CASE("A sequence is copied, moved and assigned like any value") {
    Sequence<int> values{1, 2, 3};
    Sequence<int> copy = values;
    copy.replace(0, 1, 7);
    CHECK(values == Sequence<int>{1, 2, 3});
    CHECK(copy == Sequence<int>{7, 2, 3});
    Sequence<int> moved = std::move(values);
    CHECK(moved.size() == 3);
    CHECK(values.empty());
    const Sequence<int>& same = moved;
    moved = same;
    CHECK(moved == Sequence<int>{1, 2, 3});
    copy = std::move(moved);
    CHECK(copy[2] == 3);
    copy = {};
    CHECK(copy.begin() == copy.end());
}

TEST_CASE("Sequences are equal if they hold equal values in the same order") {
    const Sequence<int> values{1, 2, 3};
    CHECK(values == Sequence<int>{1, 2, 3});
    CHECK(values != Sequence<int>{9, 2, 3});
    CHECK(values != Sequence<int>{1, 2, 9});
    CHECK(values != Sequence<int>{3, 2, 1});
    CHECK(values != Sequence<int>{1, 2});
    CHECK(values != Sequence<int>{});
    CHECK(Sequence<int>{} == Sequence<int>{});
}

// AddressSanitizer would report a leak.
TEST_CASE("A sequence for which there is no memory leaves nothing behind") {
    int failures = 0;
    for (std::size_t n = 0; n < 3; ++n) {
        try {
            const FailingAllocations failing(n);
            const Sequence<int> values{1, 2, 3};
        } catch (const std::bad_alloc&) {
            ++failures;
        }
    }
    CHECK(failures == 3);
}
