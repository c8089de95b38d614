// SPDX-License-Identifier: MIT
#include "proxyfix/field.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace proxyfix;

namespace {

using Line = std::pair<std::string_view, std::string_view>;

/// Header lines that count how often one of them is looked at.
template <bool backwards> struct Lines {
    struct Iterator {
        const Lines* range;
        std::size_t at;
        const Line& operator*() const {
            ++range->looks;
            return range->lines[at];
        }
        Iterator& operator++() {
            ++at;
            return *this;
        }
        Iterator& operator--() requires backwards {
            --at;
            return *this;
        }
        bool operator==(const Iterator&) const = default;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, lines.size()}; }

    std::vector<Line> lines;
    mutable std::size_t looks = 0;
};

constexpr FieldName a = "A", b = "b", c = "C";

template <class Headers> constexpr FieldLines found(Headers& headers, const FieldName& name) {
    std::array<FieldLines, 1> fields{{{&name}}};
    find_lines(headers, fields, NameFilter(name));
    return fields[0];
}

/// The values of the field A from the right, joined by '|'; before each one that is the first on
/// its line stands the number of lines read so far.
template <class Headers> std::string values_of(const Headers& headers, std::size_t bound = 64) {
    const FieldLines field = found(headers, a);
    FieldValues<const Headers> values(headers, field, bound);
    std::string text;
    for (;;) {
        const Result<std::string_view> value = values.next();
        if (!value) return text + std::string(to_string(value.error()));
        if (values.at_line_start()) text += std::to_string(values.lines_read()) + ':';
        text += std::string(*value) + '|';
    }
}

constexpr std::string_view second_of(std::array<Line, 4> headers, const FieldName& name) {
    const FieldLines field = found(headers, name);
    FieldValues values(headers, field, 64);
    static_cast<void>(values.next());
    return *values.next();
}

}  // namespace

static_assert(second_of({{{"A", "1"}, {"B", "x"}, {"a", "2"}, {"B", "y"}}}, "A") == "1");
static_assert(second_of({{{"A", "1"}, {"A", "2"}, {"B", "x"}, {"A", "3, 4"}}}, "a") == "3");

static_assert(Bidirectional<const std::vector<Line>> && Bidirectional<const std::list<Line>>);
static_assert(Bidirectional<const std::multimap<std::string, std::string>>);
static_assert(Bidirectional<const Line[3]> && Bidirectional<const Lines<true>>);
static_assert(!Bidirectional<const std::forward_list<Line>> && !Bidirectional<const Lines<false>>);

TEST_CASE("The lines of several fields are found in one pass") {
    const Lines<false> headers{
        {{"A", "1"}, {"B", "2"}, {"a", "3"}, {"AB", "4"}, {"", "5"}, {"B", ""}}};
    std::array<FieldLines, 3> fields{{{&a}, {&b}, {&c}}};
    find_lines(headers, fields, NameFilter(a, b, c));
    CHECK(headers.looks == 6);
    CHECK(fields[0].count == 2);
    CHECK(fields[0].last == "3");
    CHECK(fields[1].count == 2);
    CHECK(fields[1].last == "");
    CHECK(fields[2].count == 0);
}

TEST_CASE("The lines of a field are one list, read from the right") {
    struct Case {
        std::string_view why;
        std::vector<Line> lines;
        std::string_view values;
    };
    const Case cases[] = {
        {"one line", {{"A", "1, 2"}}, "2|1:1|too_few_values"},
        {"two lines", {{"A", "1,2"}, {"A", "3,4"}}, "4|1:3|2|2:1|too_few_values"},
        {"three lines", {{"A", "1"}, {"A", "2"}, {"A", "3"}}, "1:3|2:2|3:1|too_few_values"},
        {"other lines around them",
         {{"B", "x"}, {"A", "1"}, {"B", "y"}, {"A", "2"}, {"AA", "z"}, {"A", "3"}, {"B", "0"}},
         "1:3|2:2|3:1|too_few_values"},
        {"any letter case", {{"a", "1"}, {"A", "2"}}, "1:2|2:1|too_few_values"},
        {"empty lines are empty values",
         {{"A", ""}, {"A", "1,"}, {"A", ""}},
         "1:||2:1|3:|too_few_values"},
        {"a value that is too wide",
         {{"A", "1"}, {"A", "2,12345,3"}, {"A", "4"}},
         "1:4|3|malformed"},
        {"a line that is too wide", {{"A", "1"}, {"A", "12345"}, {"A", "4"}}, "1:4|malformed"},
    };
    for (const auto& [why, lines, values] : cases) {
        CAPTURE(why);
        CHECK(values_of(lines, 4) == values);
        CHECK(values_of(std::forward_list<Line>(lines.begin(), lines.end()), 4) == values);
        CHECK(values_of(std::list<Line>(lines.begin(), lines.end()), 4) == values);
    }
}

TEST_CASE("Ten thousand lines are read in one pass from the end") {
    Lines<true> headers;
    for (int i = 0; i < 10'000; ++i) headers.lines.push_back({i % 2 == 0 ? "A" : "B", "x"});
    const FieldLines field = found(headers, a);
    headers.looks = 0;
    FieldValues<const Lines<true>> values(headers, field, 64);
    CHECK(values.next() == "x");
    CHECK(headers.looks == 0);
    CHECK(values.next() == "x");
    CHECK(headers.looks == 4);
    std::size_t count = 2;
    while (values.next()) ++count;
    CHECK(count == 5'000);
    CHECK(values.lines_read() == 5'000);
    CHECK(headers.looks == 10'000);
}

TEST_CASE("Where there is no way back, each line costs one pass") {
    Lines<false> headers;
    for (int i = 0; i < 400; ++i) headers.lines.push_back({i % 2 == 0 ? "A" : "B", "x"});
    const FieldLines field = found(headers, a);
    headers.looks = 0;
    FieldValues<const Lines<false>> values(headers, field, 64);
    CHECK(values.next() == "x");
    CHECK(headers.looks == 0);
    std::size_t count = 1;
    while (values.next()) ++count;
    CHECK(count == 200);
    CHECK(headers.looks <= 200 * 400);
}

// As of a stream, which an Adapter must not give.
TEST_CASE("A line that is gone at the second pass is an empty value, and not another's") {
    std::forward_list<Line> headers = {{"A", "1"}, {"B", "x"}, {"A", "2"}};
    const FieldLines field = found(headers, a);
    CHECK(field.count == 2);
    headers = {{"B", "x"}};
    FieldValues<const std::forward_list<Line>> values(headers, field, 64);
    CHECK(values.next() == "2");
    CHECK(values.next() == "");
    CHECK(values.next() == Reason::too_few_values);
}

TEST_CASE("A copy of the values goes on by itself") {
    const std::vector<Line> headers = {{"A", "1"}, {"A", "2"}, {"A", "3, 4"}};
    const FieldLines field = found(headers, a);
    FieldValues values(headers, field, 64);
    CHECK(nth_of(values, 3) == "2");
    CHECK(nth_of(values, 1) == "4");
    CHECK(values.next() == "4");
    auto copy = values;
    CHECK(nth_of(copy, 3) == "1");
    for (const std::string_view value : {"3", "2", "1"}) CHECK(copy.next() == value);
    CHECK(copy.next() == Reason::too_few_values);
    CHECK(values.next() == "3");
}

TEST_CASE("The first reason that holds says why a value may not be read") {
    struct Case {
        std::string_view why;
        unsigned n;
        std::uint32_t lines;
        bool peer_is_trusted;
        unsigned believed;
        Outcome in_order, unordered;
    };
    const Reason few = Reason::absent, peer = Reason::peer_not_trusted;
    const Reason hop = Reason::hop_not_trusted, lost = Reason::unordered_lines;
    const Case cases[] = {
        {"one line", 1, 1, true, 1, Applied{}, Applied{}},
        {"no limit", 1000, 1, true, unlimited, Applied{}, Applied{}},
        {"two lines", 1, 2, true, 1, Applied{}, lost},
        {"as far as is believed", 3, 1, true, 3, Applied{}, Applied{}},
        {"one further", 3, 1, true, 2, hop, hop},
        {"nothing is believed", 1, 1, true, 0, hop, hop},
        {"one further, on two lines", 3, 2, true, 2, hop, hop},
        {"another peer", 3, 2, false, 2, peer, peer},
        {"another peer, no limit", 1, 1, false, unlimited, peer, peer},
        {"no line", 3, 0, false, 2, few, few},
        {"not asked for", 0, 2, false, 0, Reason::not_configured, Reason::not_configured},
        {"not asked for and not there", 0, 0, true, 1, Reason::not_configured,
         Reason::not_configured},
    };
    for (const Case& one : cases) {
        CAPTURE(one.why);
        const std::vector<Line> headers;
        const FieldLines field{.name = &a, .count = one.lines};
        const FieldReader<const std::vector<Line>, true> in_order{headers, one.peer_is_trusted};
        const FieldReader<const std::vector<Line>, false> unordered{headers, one.peer_is_trusted};
        CHECK(in_order.may_read(field, one.n, one.believed) == one.in_order);
        CHECK(unordered.may_read(field, one.n, one.believed) == one.unordered);
    }
}
