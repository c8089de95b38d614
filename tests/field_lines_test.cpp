// SPDX-License-Identifier: MIT
#include "proxyfix/field_lines.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;

namespace {

using Line = std::pair<std::string_view, std::string_view>;

constexpr FieldName x_for = "X-Forwarded-For", x_port = "x-forwarded-port", via = "Via";

constexpr std::string_view token_bytes_in_order =
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The count of lines of a name, among lines of these names.
constexpr std::size_t count_of(const FieldName& name, std::string_view a, std::string_view b = "") {
    const Line headers[] = {{a, "1"}, {b, "2"}};
    std::array<FieldLines, 1> fields{{{&name}}};
    find_lines(headers, fields, NameFilter(name));
    return fields[0].count;
}

}  // namespace

static_assert(FieldLines().name == nullptr && FieldLines().count == 0);
static_assert(FieldLines().bound == std::string_view::npos);
static_assert(NameFilter(x_for).lets_through("X-Forwarded-For"));
static_assert(NameFilter(x_for).lets_through("x-fORWARDED-foR"));
static_assert(!NameFilter(x_for).lets_through("X-Forwarded-Fox"));
static_assert(!NameFilter(x_for).lets_through("X-Forwarded-Four"));
static_assert(!NameFilter(x_for).lets_through("X-Forwarded-or"));
static_assert(!NameFilter(x_for).lets_through("") && !NameFilter().lets_through(""));
static_assert(!NameFilter().lets_through("X-Forwarded-For"));
static_assert(count_of(x_for, "x-forwarded-for") == 1 && count_of(x_for, "x-forwarded-foR") == 1);
static_assert(count_of(x_for, "X-Forwarded-For", "X-FORWARDED-FOR") == 2);
static_assert(count_of(x_for, "", "Y-Forwarded-For") == 0);

TEST_CASE("A filter lets through the names that it was given, in any letter case") {
    std::size_t hidden = 0;
    for (std::size_t size = 1; size <= 63; ++size) {
        for (const char last : token_bytes_in_order) {
            const std::string name = std::string(size - 1, 'x') + last;
            std::string lower = name, upper = name;
            for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            for (const std::string& given : {lower, upper}) {
                NameFilter filter(via);
                filter.add(*FieldName::parse(given));
                for (const std::string& asked : {name, lower, upper, std::string("vIA")})
                    hidden += filter.lets_through(asked) ? 0 : 1;
            }
        }
    }
    CHECK(hidden == 0);
}

TEST_CASE("A filter tells a name of another length, and one that ends in another letter") {
    for (std::size_t size = 1; size <= 63; ++size) {
        const std::string name(size, 'm');
        const NameFilter filter(*FieldName::parse(name));
        for (std::size_t other = 0; other <= 63; ++other) {
            CAPTURE(size, other);
            CHECK(filter.lets_through(std::string(other, 'm')) == (size == other));
        }
        for (const char last : token_bytes_in_order) {
            CAPTURE(size, last);
            const std::string other = name.substr(1) + last;
            CHECK(filter.lets_through(other) == (last == 'm' || last == 'M' || last == '-'));
        }
    }
}

TEST_CASE("A name of more than 63 bytes is none of the fields, whatever the filter says of it") {
    const std::string name = "X-Forwarded-For";
    for (const std::size_t size : {64u, 65u, 78u, 79u, 80u, 127u, 128u, 143u, 65'551u}) {
        CAPTURE(size);
        const std::string filling(size - name.size(), 'r');
        CHECK(count_of(x_for, name + filling, filling + name) == 0);
        // The last place of the filter: 63 bytes.
        const std::string longest(63, 'r');
        CHECK(count_of(*FieldName::parse(longest), longest, std::string(size, 'r')) == 1);
    }
    CHECK(NameFilter(x_for).lets_through(std::string(79, 'r')));
}

TEST_CASE("An empty name is none of the fields") {
    CHECK(count_of(x_for, "", "") == 0);
    const FieldName longest = *FieldName::parse(std::string(63, 'x'));
    CHECK(count_of(longest, "", std::string(64, 'x')) == 0);
    CHECK(count_of(longest, std::string_view(), "\0") == 0);
}

TEST_CASE("Of each field the lines are counted, and the last one is kept") {
    const std::vector<std::pair<std::string, std::string>> headers = {{"Via", "1"},
                                                                      {"X-Forwarded-For", "2"},
                                                                      {"X-Forwarded-Port", "3"},
                                                                      {"X-Forwarded-Foo", "4"},
                                                                      {"via", "5"},
                                                                      {"X_Forwarded_For", "6"},
                                                                      {"x-forwarded-FOR", "7"},
                                                                      {"Vib", "8"},
                                                                      {"VIA", ""},
                                                                      {"V", "9"},
                                                                      {"Via ", "10"},
                                                                      {" Via", "11"},
                                                                      {"X-For", "0"}};
    std::array<FieldLines, 3> fields{{{&via, 7}, {&x_port}, {.name = &x_for, .count = 1}}};
    find_lines(headers, fields, NameFilter(x_for, via, x_port));
    CHECK(fields[0].count == 3);
    CHECK(fields[0].last == "");
    CHECK(fields[0].bound == 7);
    CHECK(fields[1].count == 1);
    CHECK(fields[1].last == "3");
    CHECK(fields[2].count == 3);
    CHECK(fields[2].last == "7");
}

TEST_CASE("Of two fields of one name the first one has its lines") {
    const Line headers[] = {{"Via", "1"}, {"Via", "2"}};
    const FieldName same = "VIA";
    std::array<FieldLines, 2> fields{{{&via}, {&same}}};
    find_lines(headers, fields, NameFilter(via));
    CHECK(fields[0].count == 2);
    CHECK(fields[1].count == 0);
}

TEST_CASE("What the filter does not let through is not found") {
    const Line headers[] = {{"Via", "1"}, {"X-Forwarded-For", "2"}};
    std::array<FieldLines, 2> fields{{{&via}, {&x_for}}};
    find_lines(headers, fields, NameFilter(via));
    CHECK(fields[0].count == 1);
    CHECK(fields[1].count == 0);
}

TEST_CASE("No byte outside of a name is read") {
    const GuardedText guarded;
    for (std::size_t size = 0; size <= 160; ++size) {
        const std::string text(size, 'r');
        FieldName name = *FieldName::parse(text.substr(0, 63));
        const std::size_t expected = size >= 1 && size <= 63 ? 1 : 0;
        if (size == 0) name = x_for;
        CAPTURE(size);
        CHECK(count_of(name, guarded.at_end(text)) == expected);
        CHECK(count_of(name, guarded.at_begin(text)) == expected);
        CHECK(count_of(x_for, guarded.at_end(text)) == 0);
    }
}
