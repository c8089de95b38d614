// SPDX-License-Identifier: MIT
#include "proxyfix/base/text.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

constexpr FixedText<4> fixed(std::string_view text) {
    FixedText<4> fixed;
    fixed.append(text);
    return fixed;
}
constexpr FixedText<4> abcd = fixed("abcd"), nothing;

template <class T>
concept HasView = requires(T&& text) {
    std::forward<T>(text).view();
};

}  // namespace

static_assert(abcd.view() == "abcd" && nothing.view() == "" && nothing.size == 0);
static_assert(HasView<const FixedText<4>&> && !HasView<FixedText<4>>,
              "the view of a temporary would dangle");
static_assert(std::is_trivially_copyable_v<FixedText<4>>);

static_assert(to_lower('A') == 'a' && to_lower('Z') == 'z' && to_lower('m') == 'm');
static_assert(to_lower('@') == '@' && to_lower('[') == '[' && to_lower('-') == '-');
static_assert(digit_value('0') == 0 && digit_value('9') == 9);
static_assert(digit_value('a') == 10 && digit_value('F') == 15);
static_assert(digit_value('g') == 255 && digit_value('/') == 255 && digit_value(':') == 255);
static_assert(digit_value('`') == 255 && digit_value('@') == 255);
static_assert(alphanumeric.contains('a') && alphanumeric.contains('Z') &&
              alphanumeric.contains('0'));
static_assert(!alphanumeric.contains('-') && !alphanumeric.contains('_') &&
              !alphanumeric.contains('\xe9'));
static_assert(!alphanumeric.contains('`') && !alphanumeric.contains('{') &&
              !alphanumeric.contains('\0'));

static_assert(is_token("X-Real-IP") && is_token("!") && !is_token("") && !is_token("a b"));

static_assert(equals_ignore_case("X-Forwarded-For", "x-fORWARDED-for"));
static_assert(!equals_ignore_case("X_Forwarded_For", "X-Forwarded-For"));
static_assert(!equals_ignore_case("X-Forwarded-Fo", "X-Forwarded-For"));
static_assert(!equals_ignore_case("X\rForwarded\rFor", "X-Forwarded-For"));
static_assert(!equals_ignore_case("X-Forwarded-For ", "X-Forwarded-For"));

static_assert(trim(" \t a b\t ") == "a b");
static_assert(trim("") == "" && trim(" \t") == "");
static_assert(trim("\v\r\na\n") == "\v\r\na\n");

static_assert(parse_digits("0", 10, 8) == 0u && parse_digits("ffff", 16, 4) == 0xffffu);
static_assert(!parse_digits("", 16, 4) && !parse_digits("10000", 16, 4));
static_assert(!parse_digits("g", 16, 4) && !parse_digits("a", 10, 8));
static_assert(!parse_digits("-1", 16, 4) && !parse_digits("+1", 16, 4));
static_assert(parse_digits("99999999", 10, 8) == 99'999'999u);

static_assert(parse_decimal("0", 255) == 0u && parse_decimal("255", 255) == 255u);
static_assert(!parse_decimal("256", 255) && !parse_decimal("00", 255) && !parse_decimal("01", 255));
static_assert(!parse_decimal("", 255) && !parse_decimal(" 1", 255) && !parse_decimal("1 ", 255));
static_assert(!parse_decimal("99999999999999999999", 255) && !parse_decimal("0x1", 255));

TEST_CASE("Only ASCII letters change case") {
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        const bool is_upper = i >= 'A' && i <= 'Z';
        CHECK(to_lower(c) == (is_upper ? static_cast<char>(i + 32) : c));
    }
}

TEST_CASE("What is no digit has the value 255") {
    for (const char c : {'g', 'G', '/', ':', '@', '`', '\0', '\xff'}) CHECK(digit_value(c) == 255);
}

TEST_CASE("A decimal number has eight digits at most") {
    CHECK(parse_decimal("99999999", 99'999'999) == 99'999'999u);
    CHECK_FALSE(parse_decimal("100000000", 99'999'999));
}

TEST_CASE("Only blanks are trimmed") {
    for (int i = 0; i < 256; ++i) {
        const std::string_view text("\0x\0", 3);
        std::string padded(text);
        padded.front() = padded.back() = static_cast<char>(i);
        CHECK(trim(padded).size() == (i == ' ' || i == '\t' ? 1u : 3u));
    }
}

TEST_CASE("A fixed text grows up to its capacity, and a copy is a text of its own") {
    FixedText<4> text;
    CHECK(text.view() == "");
    text.push_back('a');
    text.append("");
    CHECK(text.view() == "a");
    text.append("bc");
    FixedText<4> copy = text;
    text.push_back('d');
    CHECK(text.view() == "abcd");
    CHECK(copy.view() == "abc");
    copy.append(std::string_view("\0", 1));
    CHECK(copy.view() == std::string_view("abc\0", 4));
}

TEST_CASE("A token has one byte or more, all of RFC 9110's kind") {
    const std::string_view allowed =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    CHECK_FALSE(is_token(""));
    CHECK(is_token(allowed));
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        const bool expected = allowed.find(c) != std::string_view::npos;
        CHECK(is_token(std::string(1, c)) == expected);
        CHECK(is_token(std::string("x") + c) == expected);
        CHECK(is_token(c + std::string("x")) == expected);
    }
}

TEST_CASE("Letters are those of ASCII") {
    for (int i = 0; i < 256; ++i) {
        CAPTURE(i);
        const bool is_one = (i >= 'A' && i <= 'Z') || (i >= 'a' && i <= 'z');
        CHECK(is_letter(static_cast<char>(i)) == is_one);
    }
}
