// SPDX-License-Identifier: MIT
#include "proxyfix/base/byte_set.hpp"

#include <string_view>
#include <type_traits>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

constexpr ByteSet none(""),
    some("a\xff"), more = some.with(std::string_view("\0b", 2)), same = some.with("");

}  // namespace

static_assert(some.contains('a') && some.contains('\xff'));
static_assert(!some.contains('A') && !some.contains('b') && !some.contains('\0'));
static_assert(more.contains('a') && more.contains('\xff') && more.contains('\0'));
static_assert(more.contains('b') && !more.contains('c'));
static_assert(alphanumeric.contains('0') && alphanumeric.contains('z') &&
              alphanumeric.contains('A'));
static_assert(!std::is_default_constructible_v<ByteSet> &&
              !std::is_convertible_v<std::string_view, ByteSet>);

TEST_CASE("A set holds the bytes of its text, and no others") {
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        CHECK_FALSE(none.contains(c));
        CHECK(some.contains(c) == (i == 'a' || i == 0xff));
        CHECK(same.contains(c) == some.contains(c));
        CHECK(more.contains(c) == (i == 'a' || i == 0xff || i == 0 || i == 'b'));
    }
}

TEST_CASE("Letters and digits are those of ASCII") {
    for (int i = 0; i < 256; ++i) {
        CAPTURE(i);
        const bool is_one =
            (i >= '0' && i <= '9') || (i >= 'A' && i <= 'Z') || (i >= 'a' && i <= 'z');
        CHECK(alphanumeric.contains(static_cast<char>(i)) == is_one);
    }
}
