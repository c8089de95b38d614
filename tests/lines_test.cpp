// SPDX-License-Identifier: MIT
// The values on several lines of a header. Those on one line: list_test.cpp.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"

using namespace proxyfix;
using detail::Lines, detail::Stop, detail::ValuesFromRight;

namespace {

using Line = std::pair<std::string_view, std::string_view>;

/// The lines with this name.
Lines lines_of(const FieldName& name, const std::vector<Line>& headers) {
    Lines lines;
    lines.count = 0;
    for (const auto& [line_name, value] : headers) {
        if (name.matches(line_name)) lines.add(value);
    }
    return lines;
}

/// The values of the header A from the right, with a '|' behind each; before each one that is the
/// first on its line stands the number of this line. Then the reason why there is no other.
std::string values_of(const std::vector<Line>& headers, std::size_t bound = 64) {
    const Lines lines = lines_of("A", headers);
    ValuesFromRight values(lines, bound);
    std::string text;
    for (unsigned position = 1;; ++position) {
        const Result<std::string_view> value = values.nth(1);
        CHECK(values.stop.position == position);
        if (!value) return text + std::string(to_string(value.error()));
        if (values.stop.at_line_start) text += std::to_string(values.stop.line) + ':';
        text += std::string(*value) + '|';
    }
}

/// The second value of the header A.
std::string_view second_of(const std::vector<Line>& headers) {
    const Lines lines = lines_of("A", headers);
    return *ValuesFromRight(lines, 64).nth(2);
}

/// As many lines "1", "2", "3" and so on.
std::vector<std::string> numbers(std::size_t count) {
    std::vector<std::string> texts;
    for (std::size_t i = 1; i <= count; ++i) texts.push_back(std::to_string(i));
    return texts;
}
Lines lines_of(const std::vector<std::string>& texts) {
    Lines lines;
    lines.count = 0;
    for (const std::string& text : texts) lines.add(text);
    return lines;
}

}  // namespace

TEST_CASE("The lines of a header are one list, read from the right") {
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
    }
    CHECK(second_of({{"A", "1"}, {"B", "x"}, {"a", "2"}, {"B", "y"}}) == "1");
    CHECK(second_of({{"a", "1"}, {"a", "2"}, {"B", "x"}, {"A", "3, 4"}}) == "3");
}

TEST_CASE("The last 16 lines are kept") {
    for (std::size_t count = 1; count <= 70; ++count) {
        CAPTURE(count);
        const std::vector<std::string> texts = numbers(count);
        const Lines lines = lines_of(texts);
        CHECK(lines.count == count);
        for (std::size_t n = 1; n <= count && n <= Lines::most; ++n) {
            CHECK(lines.from_last(n) == texts[count - n]);
            CHECK(lines.from_last(n).data() == texts[count - n].data());
        }
    }
    static_assert(Lines::most == 16);
}

TEST_CASE("Values on the last 16 lines are read, and those left of them are too far") {
    for (const std::size_t count : {1u, 2u, 15u, 16u, 17u, 18u, 31u, 32u, 33u, 1000u}) {
        CAPTURE(count);
        const std::vector<std::string> texts = numbers(count);
        const Lines lines = lines_of(texts);
        for (unsigned n = 1; n <= 16; ++n) {
            ValuesFromRight values(lines, 64);
            const Result<std::string_view> value = values.nth(n);
            const unsigned last = n < count ? n : static_cast<unsigned>(count);
            if (n <= count) CHECK(value == texts[count - n]);
            else CHECK(value == Reason::too_few_values);
            CHECK(values.stop == Stop{n <= count ? n : last + 1, last, true});
        }
        const Reason end = count > 16 ? Reason::chain_too_long : Reason::too_few_values;
        ValuesFromRight values(lines, 64);
        CHECK(values.nth(17) == end);
        CHECK(values.stop == Stop{static_cast<unsigned>(count < 16 ? count : 16) + 1,
                                  static_cast<unsigned>(count < 16 ? count : 16), true});
    }
}

TEST_CASE("Lines are too many, and not values") {
    const std::vector<std::string> sixteen(16, "1, 2, 3"), seventeen(17, "1, 2, 3");
    const Lines few = lines_of(sixteen), many = lines_of(seventeen);
    for (const Lines* lines : {&few, &many}) {
        ValuesFromRight values(*lines, 64);
        CHECK(values.nth(48) == "1");
        CHECK(values.stop == Stop{48, 16, true});
        CHECK(values.nth(1) == (lines == &few ? Reason::too_few_values : Reason::chain_too_long));
        CHECK(ValuesFromRight(*lines, 64).nth(47) == "2");
    }
    // A value that is too wide on the 16th line comes before what would be too far.
    std::vector<std::string> wide(17, "1");
    wide[1] = std::string(65, '1');
    const Lines with_wide = lines_of(wide);
    CHECK(ValuesFromRight(with_wide, 64).nth(16) == Reason::malformed);
    CHECK(ValuesFromRight(with_wide, 64).nth(17) == Reason::malformed);
    CHECK(ValuesFromRight(with_wide, 65).nth(17) == Reason::chain_too_long);
}

TEST_CASE("Of ten thousand lines the last 16 are read") {
    std::vector<Line> headers;
    for (int i = 0; i < 10'000; ++i) headers.push_back({i % 2 == 0 ? "A" : "B", "x"});
    const Lines lines = lines_of("A", headers);
    CHECK(lines.count == 5'000);
    ValuesFromRight values(lines, 64);
    unsigned count = 0;
    while (values.nth(1)) ++count;
    CHECK(count == 16);
    CHECK(values.stop.line == 16);
    CHECK(ValuesFromRight(lines, 64).nth(17) == Reason::chain_too_long);
}

TEST_CASE("Where reading stopped is the place of the value, or of the one that is missing") {
    const std::vector<std::string> texts = {"1", "2, 3", "45678, 9"};
    const Lines lines = lines_of(texts);
    const auto stop = [&](unsigned n, std::size_t bound = 64) {
        ValuesFromRight values(lines, bound);
        static_cast<void>(values.nth(n));
        return values.stop;
    };
    CHECK(stop(1) == Stop{1, 1, false});
    CHECK(stop(2) == Stop{2, 1, true});
    CHECK(stop(3) == Stop{3, 2, false});
    CHECK(stop(4) == Stop{4, 2, true});
    CHECK(stop(5) == Stop{5, 3, true});
    CHECK(stop(6) == Stop{6, 3, true});
    CHECK(stop(7) == Stop{6, 3, true});
    CHECK(stop(2, 4) == Stop{2, 1, false});  // too wide, so that its begin is not looked for
    CHECK(stop(3, 4) == Stop{2, 1, false});
}

TEST_CASE("A copy of the values goes on by itself") {
    const std::vector<std::string> texts = {"1", "2", "3, 4"};
    const Lines lines = lines_of(texts);
    ValuesFromRight values(lines, 64);
    ValuesFromRight third = values, first = values;
    CHECK(third.nth(3) == "2");
    CHECK(first.nth(1) == "4");
    CHECK(values.nth(1) == "4");
    ValuesFromRight copy = values, other = values;
    CHECK(other.nth(3) == "1");
    for (const std::string_view value : {"3", "2", "1"}) CHECK(copy.nth(1) == value);
    CHECK(copy.nth(1) == Reason::too_few_values);
    CHECK(values.nth(1) == "3");
}

namespace {

constexpr std::string_view third_at_compile_time() {
    Lines lines;
    lines.count = 0;
    for (const std::string_view text : {"1, 2", "3", "4"}) lines.add(text);
    return *ValuesFromRight(lines, 64).nth(3);
}
static_assert(third_at_compile_time() == "2");

}  // namespace
