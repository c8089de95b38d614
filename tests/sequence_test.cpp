// SPDX-License-Identifier: MIT
#include "proxyfix/base/sequence.hpp"

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

constexpr Sequence<int> appended(std::size_t count) {
    Sequence<int> values;
    for (std::size_t i = 0; i < count; ++i) values.append(values.empty() ? 1 : values.back() + 1);
    return values;
}

}  // namespace

// Memory that is lost or used after its end does not compile.
static_assert(sum({}) == 0 && sum({1, 2, 3}) == 6);
static_assert(appended(0) == Sequence<int>{} && appended(1) == Sequence<int>{1});
static_assert(appended(5) == Sequence<int>{1, 2, 3, 4, 5});
static_assert(Sequence<int>{1, 2} != Sequence<int>{1} && Sequence<int>{1} != Sequence<int>{2});
static_assert(std::is_nothrow_move_constructible_v<Sequence<int>> &&
              std::is_nothrow_move_assignable_v<Sequence<int>>);
static_assert(!std::is_nothrow_copy_constructible_v<Sequence<int>> &&
                  !std::is_nothrow_copy_assignable_v<Sequence<int>>,
              "a copy takes memory");

TEST_CASE("A sequence is copied, moved and assigned like any value") {
    Sequence<int> values{1, 2, 3};
    Sequence<int> copy = values;
    copy.back() = 7;
    copy.append(copy.back());
    CHECK(values == Sequence<int>{1, 2, 3});
    CHECK(copy == Sequence<int>{1, 2, 7, 7});
    Sequence<int> moved = std::move(values);
    CHECK(moved.size() == 3);
    CHECK(values.empty());
    values.append(4);
    CHECK(values == Sequence<int>{4});
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

TEST_CASE("A sequence to which many values are appended allocates seldom") {
    const std::size_t before = allocation_count();
    appended(1000);
    CHECK(allocation_count() - before == 10);
}

TEST_CASE("A sequence for which there is no memory stays as it was") {
    const Sequence<int> values{1, 2, 3};
    Sequence<int> other{4};
    bool has_failed = false;
    try {
        const FailingAllocations failing(0);
        other = values;
    } catch (const std::bad_alloc&) {
        has_failed = true;
    }
    CHECK(has_failed);
    CHECK(other == Sequence<int>{4});
    has_failed = false;
    try {
        const FailingAllocations failing(0);
        other.append(5);
    } catch (const std::bad_alloc&) {
        has_failed = true;
    }
    CHECK(has_failed);
    CHECK(other == Sequence<int>{4});
}

// AddressSanitizer would report a leak.
TEST_CASE("A sequence for which there is no memory leaves nothing behind") {
    int failures = 0;
    for (std::size_t n = 0; n < 3; ++n) {
        try {
            const FailingAllocations failing(n);
            Sequence<int> values{1};
            for (int value = 2; value < 6; ++value) values.append(value);  // takes memory twice
        } catch (const std::bad_alloc&) {
            ++failures;
        }
    }
    CHECK(failures == 3);
}
