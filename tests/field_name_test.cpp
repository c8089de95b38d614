// SPDX-License-Identifier: MIT
#include "proxyfix/http/field_name.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;

namespace {

template <class T>
concept HasView = requires(T&& name) {
    std::forward<T>(name).view();
};

constexpr FieldName cf = "CF-Connecting-IP";

constexpr std::string_view token_bytes_in_order =
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

constexpr char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// A table of these names.
template <class... Names> constexpr detail::NameTable table_of(const Names&... names) {
    detail::NameTable table;
    (table.add(names), ...);
    return table;
}

/// Does the name match, as it is and in a table?
bool is_matched(const FieldName& name, std::string_view text) {
    const bool matches = name.matches(text);
    if (name.empty()) return matches;
    if ((table_of(name).find(text) == 0) != matches) FAIL("in a table, it is another: " << text);
    return matches;
}

}  // namespace

static_assert(cf.view() == "CF-Connecting-IP" && !cf.empty());
static_assert(FieldName().empty() && FieldName() == FieldName(""));
static_assert(cf == FieldName("cf-connecting-ip") && cf == "CF-CONNECTING-IP");
static_assert(cf != FieldName("CF-Connecting-I") && cf != FieldName() && cf != "CF_Connecting_IP");
static_assert(cf.matches("CF-Connecting-IP") && cf.matches("cf-cONNECTING-ip"));
static_assert(!cf.matches("CF\rConnecting-IP") && !cf.matches("CF-Connecting-I"));
static_assert(table_of(cf).find("cf-cONNECTING-ip") == 0 && table_of(cf).size() == 1);
static_assert(table_of(cf).find("cf-cONNECTING-iq") == detail::NameTable::most);
static_assert(detail::NameTable().find("") == detail::NameTable::most);
static_assert(detail::NameTable().find("x") == detail::NameTable::most);
static_assert(!cf.matches("") && FieldName().matches("") && !FieldName().matches("x"));
static_assert(cf.size() == 16 && FieldName().size() == 0);
static_assert(std::is_trivially_copyable_v<FieldName>);
static_assert(HasView<const FieldName&> && !HasView<FieldName>,
              "the view of a temporary would dangle");

TEST_CASE("The name of a field is a literal or read from text") {
    FieldName name;
    CHECK(name.empty());
    CHECK(name.view() == "");
    name = "X-Real-IP";
    CHECK_FALSE(name.empty());
    CHECK(name.view() == "X-Real-IP");

    const auto parsed = FieldName::parse("True-Client-IP");
    REQUIRE(parsed.has_value());
    CHECK(parsed->view() == "True-Client-IP");
    CHECK(*parsed == FieldName("true-client-ip"));
    CHECK(parsed.error() == "");
    CHECK(FieldName::parse("x")->view() == "x");
}

TEST_CASE("The name of a field is held, not viewed") {
    std::string text = "X-Real-IP";
    const auto parsed = FieldName::parse(text);
    text = "Y-Fake-IP";
    CHECK(parsed->view() == "X-Real-IP");
}

TEST_CASE("An empty text is a fault, and holds no name") {
    const auto parsed = FieldName::parse("");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error() == "'': not the name of a header field");
    CHECK(parsed->empty());
    CHECK(*parsed == FieldName());
    CHECK(*parsed == FieldName(""));
}

TEST_CASE("Names of fields are equal whatever their letter case") {
    const FieldName name = "X-Real-IP";
    CHECK(name == FieldName("x-rEAL-iP"));
    CHECK(name != FieldName("X-Real-IQ"));
    CHECK(name != FieldName("X-Real-I"));
    CHECK(name != FieldName("X-Real-IPs"));
    CHECK(name != FieldName("X_Real_IP"));
    CHECK(name != FieldName());
}

TEST_CASE("The name of a field has at most 63 bytes") {
    const std::string longest(63, 'x');
    const auto parsed = FieldName::parse(longest);
    REQUIRE(parsed.has_value());
    CHECK(parsed->view() == longest);
    const auto longer = FieldName::parse(longest + 'x');
    CHECK_FALSE(longer.has_value());
    CHECK(longer.error() == longest + "x: not the name of a header field");
    CHECK_FALSE(FieldName::parse(std::string(100'000, 'x')).has_value());
}

TEST_CASE("Text that is no token is not the name of a field") {
    for (const std::string_view text :
         {" ", "X Real IP", "X-Real-IP ", " X-Real-IP", "X-Real-IP:", "X-Real-IP\r\n", "X/Y", "(x)",
          "\"x\"", "x,y", "x;y", "x=y", "x@y", "[x]", "{x}", "\x7f", "caf\xe9", "\xc3\xa9"}) {
        CAPTURE(text);
        const auto parsed = FieldName::parse(text);
        CHECK_FALSE(parsed.has_value());
        CHECK(parsed.error() == std::string(text) + ": not the name of a header field");
    }
    CHECK_FALSE(FieldName::parse(std::string_view("X\0Y", 3)).has_value());
    CHECK(FieldName::parse("x!#$%&'*+-.^_`|~9Z")->view() == "x!#$%&'*+-.^_`|~9Z");
}

TEST_CASE("The name of a field matches a name of its length, whatever the letter case") {
    for (std::size_t size = 1; size <= 63; ++size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += token_bytes_in_order[i * 5 % 77];
        const FieldName field = *FieldName::parse(text);
        std::string lower = text, upper = text;
        for (char& c : lower) c = lower_of(c);
        for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        CAPTURE(text);
        CHECK(field.size() == size);
        CHECK(is_matched(field, text));
        CHECK(is_matched(field, lower));
        CHECK(is_matched(field, upper));
        CHECK(is_matched(*FieldName::parse(lower), text));
        CHECK(is_matched(*FieldName::parse(upper), text));
        CHECK_FALSE(is_matched(field, text + 'x'));
        CHECK_FALSE(is_matched(field, 'x' + text));
        CHECK_FALSE(is_matched(field, text.substr(1)));
        CHECK_FALSE(is_matched(field, text.substr(0, size - 1)));
    }
}

TEST_CASE("A name with one other byte matches only if that is the letter in its other case") {
    std::size_t matched = 0, wrong = 0;
    for (const std::size_t size :
         {1u, 2u, 7u, 8u, 9u, 15u, 16u, 17u, 23u, 24u, 25u, 31u, 32u, 33u, 63u}) {
        for (std::size_t place = 0; place < size; ++place) {
            for (const char in_place : token_bytes_in_order) {
                std::string text(size, '-');
                text[place] = in_place;
                const FieldName field = *FieldName::parse(text);
                const detail::NameTable table = table_of(field);
                const bool is_tabled = std::string_view("-_aZ~|`^09").find(in_place) != text.npos;
                for (int byte = 0; byte < 256; ++byte) {
                    text[place] = static_cast<char>(byte);
                    const bool expected = lower_of(text[place]) == lower_of(in_place);
                    if (field.matches(text) != expected) ++wrong;
                    if (is_tabled && (table.find(text) == 0) != expected) ++wrong;
                    matched += expected ? 1 : 0;
                }
            }
        }
    }
    CHECK(wrong == 0);
    CHECK(matched == 306 * (77 + 52));
}

TEST_CASE("In a table of five names each is found, whatever its letter case, and no other one") {
    constexpr std::size_t most = detail::NameTable::most;
    // Of one length, or with one last letter, or both, or neither.
    for (const std::array<FieldName, most>& names :
         {std::array<FieldName, most>{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
                                      "X-Forwarded-Port", "X-Forwarded-Prefix"},
          {"aT", "bt", "Ct", "dT", "et"},
          {"a", "b", "c", "d", "e"},
          {"t", "tt", "ttt", "tttt", "ttttt"},
          {"X-Real-IP", "a", "X-Scheme", "b", "~"}}) {
        detail::NameTable table;
        for (std::size_t i = 0; i < most; ++i) {
            CHECK(table.find(names[i].view()) == most);
            table.add(names[i]);
            CHECK(table.size() == i + 1);
            for (std::size_t j = 0; j <= i; ++j) {
                std::string lower(names[j].view()), upper = lower;
                for (char& c : lower) c = lower_of(c);
                for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
                CAPTURE(lower, i);
                CHECK(table.find(lower) == j);
                CHECK(table.find(upper) == j);
                CHECK(table.find('y' + lower) == most);
                lower.front() = '!';
                CHECK(table.find(lower) == most);
            }
        }
        CHECK(table.find("") == most);
    }
}

TEST_CASE("A name of more than 63 bytes is none of a table, whatever its length") {
    for (std::size_t size = 1; size <= 63; ++size) {
        const detail::NameTable table = table_of(*FieldName::parse(std::string(size, 'r')));
        CHECK(table.find(std::string(size, 'R')) == 0);
        for (const std::size_t longer : {size + 64, size + 128, size + 65'536}) {
            CHECK(table.find(std::string(longer, 'r')) == detail::NameTable::most);
        }
        CHECK(table.find(std::string(64, 'r')) == detail::NameTable::most);
    }
}

TEST_CASE("Bytes that differ in the bit that makes letters lower case are others") {
    for (const std::size_t size : {1u, 8u, 12u, 20u, 24u, 25u}) {
        for (const auto& [in_name, in_line] : {std::pair('-', '\r'),
                                               {'`', '@'},
                                               {'_', '\x7f'},
                                               {'~', '^'},
                                               {'^', '~'},
                                               {'|', '\\'},
                                               {'0', '\x10'},
                                               {'!', '\1'},
                                               {'a', '\xc1'},
                                               {'A', '\1'}}) {
            for (std::size_t place = 0; place < size; ++place) {
                std::string text(size, 'x');
                text[place] = in_name;
                const FieldName field = *FieldName::parse(text);
                text[place] = in_line;
                CAPTURE(text, place);
                CHECK_FALSE(is_matched(field, text));
            }
        }
    }
}

TEST_CASE("To match a name, no byte outside of it is read") {
    const GuardedText guarded;
    for (std::size_t size = 0; size <= 63; ++size) {
        const std::string text(size, 'x');
        const FieldName field = *FieldName::parse(text);
        CAPTURE(size);
        CHECK(is_matched(field, guarded.at_end(text)));
        CHECK(is_matched(field, guarded.at_begin(text)));
        if (size == 0) continue;
        std::string first = text, last = text;
        first.front() = last.back() = 'y';
        CHECK_FALSE(is_matched(field, guarded.at_end(last)));
        CHECK_FALSE(is_matched(field, guarded.at_end(std::string(size - 1, 'x'))));
        CHECK_FALSE(is_matched(field, guarded.at_begin(first)));
        CHECK_FALSE(is_matched(field, std::string_view()));
    }
}
