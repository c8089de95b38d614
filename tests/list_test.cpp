// SPDX-License-Identifier: MIT
#include "proxyfix/http/list.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

/// A list on one line.
constexpr Lines on_one_line(std::string_view list) {
    Lines lines{};
    lines.add(list);
    return lines;
}

/// The n-th value of a list without blanks, found in the plainest way.
Result<std::string_view> plainly(std::string_view list, unsigned n, std::size_t bound) {
    std::size_t end = list.size();
    for (;;) {
        std::size_t begin = end;
        while (begin > 0 && list[begin - 1] != ',') --begin;
        if (end - begin > bound) return Reason::malformed;
        if (--n == 0) return list.substr(begin, end - begin);
        if (begin == 0) return Reason::too_few_values;
        end = begin - 1;
    }
}

/// The same by `ValuesFromRight`.
Result<std::string_view> one_by_one(std::string_view list, unsigned n, std::size_t bound) {
    const Lines lines = on_one_line(list);
    ValuesFromRight values(lines, bound);
    return values.nth(n);
}

/// Letters, and commas at some places.
std::string list_of(std::size_t size, const std::vector<std::size_t>& commas) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    for (const std::size_t comma : commas) {
        if (comma < size) text[comma] = ',';
    }
    return text;
}

constexpr std::size_t no_bound = std::string_view::npos;

}  // namespace

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

static_assert(begin_of_last("", 64) == 0 && begin_of_last("abc", 64) == 0);
static_assert(begin_of_last(",", 64) == 1 && begin_of_last("a,b,c", 64) == 4);
static_assert(begin_of_last("a,bcdefghi", 64) == 2 && begin_of_last(",abcdefghijklmnop", 64) == 1);
static_assert(begin_of_last("a,bcdefghi", 8) == 2 && begin_of_last("a,bcdefghij", 8) == 2);

TEST_CASE("Values come from the right, one at a time, until there are no more") {
    const Lines lines = on_one_line("a, , c");
    ValuesFromRight values(lines, 64);
    CHECK(values.nth(1) == "c");
    CHECK(values.nth(1) == "");
    CHECK_FALSE(values.stop.at_line_start);
    CHECK(values.nth(1) == "a");
    CHECK(values.stop.at_line_start);
    CHECK(values.nth(1) == Reason::too_few_values);
    CHECK(values.nth(1) == Reason::too_few_values);
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
    const Lines lines = on_one_line("a,bbbbb,c");
    ValuesFromRight values(lines, 4);
    CHECK(values.nth(1) == "c");
    CHECK(values.nth(1) == Reason::malformed);
    CHECK(values.nth(1) == Reason::malformed);
    CHECK_FALSE(values.stop.at_line_start);
}

TEST_CASE("A value is found wherever its commas stand in a word, and no byte outside is read") {
    const GuardedText guarded;
    std::size_t wrong = 0;
    for (std::size_t size = 0; size <= 36; ++size) {
        for (std::size_t first = 0; first <= size; ++first) {
            for (std::size_t second = first; second <= size; ++second) {
                const std::string text = list_of(size, {first, second});
                const std::string_view at_end = guarded.at_end(text);
                for (unsigned n = 1; n <= 4; ++n) {
                    for (const std::size_t bound : {0u, 1u, 6u, 7u, 8u, 9u, 15u, 16u, 17u, 64u}) {
                        const auto expected = plainly(text, n, bound);
                        if (nth_from_right(at_end, n, bound) != expected) ++wrong;
                        if (one_by_one(at_end, n, bound) != expected) ++wrong;
                    }
                    if (nth_from_right(at_end, n) != plainly(text, n, no_bound)) ++wrong;
                }
                const std::string_view at_begin = guarded.at_begin(text);
                for (unsigned n = 1; n <= 4; ++n) {
                    const auto expected = plainly(text, n, no_bound);
                    if (nth_from_right(at_begin, n) != expected) ++wrong;
                    if (one_by_one(at_begin, n, no_bound) != expected) ++wrong;
                }
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("No more than seven bytes left of the comma in front of the chosen value are loaded") {
    const GuardedText guarded;
    std::size_t wrong = 0;
    for (std::size_t width = 0; width <= 40; ++width) {
        for (std::size_t right = 0; right <= 17; ++right) {
            const std::string value = list_of(width, {}), right_of_it = list_of(right, {});
            for (const std::string_view loaded :
                 {",,,,,,,", "-------", "a,b,c,d", "\x01\xff,-\xac,+"}) {
                const std::string end = std::string(loaded) + ',' + value;
                for (const std::size_t bound : {width, width + 1, std::size_t{64}, no_bound}) {
                    const std::string_view one = guarded.before(end);
                    if (nth_from_right(one, 1, bound) != std::string_view(value)) ++wrong;
                    if (one_by_one(one, 1, bound) != std::string_view(value)) ++wrong;
                    if (right > bound) continue;
                    const std::string_view two = guarded.before(end + ',' + right_of_it);
                    if (nth_from_right(two, 2, bound) != std::string_view(value)) ++wrong;
                    if (one_by_one(two, 2, bound) != std::string_view(value)) ++wrong;
                }
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("Of a value that is wider than its bound one byte more is read") {
    const GuardedText guarded;
    for (std::size_t bound = 0; bound <= 40; ++bound) {
        CAPTURE(bound);
        const std::string wide = list_of(bound + 1, {});
        CHECK(nth_from_right(guarded.before(wide), 1, bound) == Reason::malformed);
        CHECK(one_by_one(guarded.before(wide), 1, bound) == Reason::malformed);
        CHECK(nth_from_right(guarded.before(wide + ','), 2, bound) == Reason::malformed);
        CHECK(one_by_one(guarded.before(wide + ','), 2, bound) == Reason::malformed);
        // As wide as the bound, and the comma is the byte more.
        const std::string value = list_of(bound, {});
        CHECK(nth_from_right(guarded.before(',' + value), 1, bound) == std::string_view(value));
        CHECK(one_by_one(guarded.before(',' + value), 1, bound) == std::string_view(value));
    }
}

TEST_CASE("No byte but a comma separates, in whatever place") {
    for (std::size_t size = 1; size <= 25; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, byte % 2 == 0 ? '-' : '+');  // neighbours of the comma
                text[place] = static_cast<char>(byte);
                const bool separates = nth_from_right(text, 2) != Reason::too_few_values;
                if (separates != (byte == ',')) FAIL(text);
            }
        }
    }
}
