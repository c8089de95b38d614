// SPDX-License-Identifier: MIT
#include "proxyfix/base/parsed.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

constexpr std::string_view first_word(std::string_view text) { return take_word(text); }

constexpr std::string_view behind_first_word(std::string_view text) {
    static_cast<void>(take_word(text));
    return text;
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> all;
    for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
        all.push_back(word);
    }
    return all;
}

Parsed<std::string> without_x(std::string_view text) {
    if (text.find('x') != text.npos) return Fault{std::string(text) + ": has an x"};
    return std::string(text);
}

/// What `refuse` or `value()` throws.
template <class F> std::string thrown_by(F&& f) {
    try {
        f();
    } catch (const std::invalid_argument& fault) {
        return fault.what();
    }
    return "nothing";
}

}  // namespace

static_assert(first_word("") == "" && first_word(" ,\t\r\n") == "" && first_word("a") == "a");
static_assert(first_word("\r\n, a,b") == "a" && behind_first_word("\r\n, a,b") == ",b");
static_assert(behind_first_word("a") == "" && behind_first_word(" , ") == "");
static_assert(!std::is_convertible_v<Parsed<int>, bool>,
              "a Parsed<int> is not a number by accident");

TEST_CASE("A list is halved between two words") {
    using Halves = std::pair<std::string_view, std::string_view>;
    CHECK(halve_words("") == Halves{"", ""});
    CHECK(halve_words(" ,\t\r\n") == Halves{"", ""});
    CHECK(halve_words(" one\n") == Halves{"one", ""});
    CHECK(halve_words("a b") == Halves{"a", " b"});
    CHECK(halve_words(",a,b,c,d,") == Halves{"a,b", ",c,d"});
    CHECK(halve_words("a longer-word") == Halves{"a", " longer-word"});
    CHECK(halve_words("longer-word a") == Halves{"longer-word", " a"});
    std::string many;
    for (int i = 0; i < 1000; ++i) many += std::to_string(i) + ", ";
    const auto [left, right] = halve_words(many);
    CHECK(words(left).size() + words(right).size() == 1000);
    CHECK(left.size() < right.size() + 10);
    CHECK(right.size() < left.size() + 10);
}

TEST_CASE("Words have commas, blanks or line ends between them, any number of each") {
    using Words = std::vector<std::string_view>;
    CHECK(words("") == Words{});
    CHECK(words(", \t\r\n,,") == Words{});
    CHECK(words("one") == Words{"one"});
    CHECK(words("a,b c\td\re\nf") == Words{"a", "b", "c", "d", "e", "f"});
    CHECK(words(",, a ,\t,b\r\n\r\n\tc, ") == Words{"a", "b", "c"});
}

TEST_CASE("No other character separates words") {
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        const bool separates = std::string_view(", \t\r\n").find(c) != std::string_view::npos;
        CHECK(words(std::string("a") + c + "b").size() == (separates ? 2u : 1u));
    }
}

TEST_CASE("A configuration that was read has a value and no error") {
    const Parsed<std::string> parsed = without_x("abc");
    CHECK(parsed.has_value());
    CHECK(static_cast<bool>(parsed));
    CHECK(*parsed == "abc");
    CHECK(parsed->size() == 3);
    CHECK(parsed.value() == "abc");
    CHECK(parsed.error() == "");
}

TEST_CASE("What a temporary holds is moved out") {
    const std::string text(100, 'a');
    const std::string value = *without_x(text);
    CHECK(value == text);
    const std::string error = without_x("axc").error();
    CHECK(error == "axc: has an x");
    Parsed<std::string> parsed = without_x(text);
    const char* const held = parsed->data();
    const std::string moved = *std::move(parsed);
    CHECK(moved.data() == held);
}

TEST_CASE("A faulty configuration has an error, which value() throws") {
    const Parsed<std::string> parsed = without_x("axc");
    CHECK_FALSE(parsed.has_value());
    CHECK_FALSE(static_cast<bool>(parsed));
    CHECK(parsed.error() == "axc: has an x");
    CHECK(thrown_by([&] { static_cast<void>(parsed.value()); }) == "proxyfix: axc: has an x");
    CHECK(thrown_by([] { static_cast<void>(without_x("abc").value()); }) == "nothing");
}

TEST_CASE("A refusal throws std::invalid_argument and names the library") {
    CHECK(thrown_by([] { refuse("out of range"); }) == "proxyfix: out of range");
}
