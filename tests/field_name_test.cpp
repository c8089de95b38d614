// SPDX-License-Identifier: MIT
#include "proxyfix/field_name.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace proxyfix;

namespace {

template <class T>
concept HasView = requires(T&& name) {
    std::forward<T>(name).view();
};

constexpr FieldName cf = "CF-Connecting-IP";

}  // namespace

static_assert(cf.view() == "CF-Connecting-IP" && !cf.empty());
static_assert(FieldName().empty() && FieldName() == FieldName(""));
static_assert(cf == FieldName("cf-connecting-ip") && cf == "CF-CONNECTING-IP");
static_assert(cf != FieldName("CF-Connecting-I") && cf != FieldName() && cf != "CF_Connecting_IP");
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

TEST_CASE("An empty text is no name") {
    const auto parsed = FieldName::parse("");
    REQUIRE(parsed.has_value());
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
