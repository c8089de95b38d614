// SPDX-License-Identifier: MIT
#include "proxyfix/base/byte_set.hpp"

#include <string_view>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

constexpr std::string_view letters_and_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

static_assert(alphanumeric.contains('0') && alphanumeric.contains('z') &&
              alphanumeric.contains('A'));
static_assert(!alphanumeric.contains('-') && !alphanumeric.contains('\xe9') &&
              !alphanumeric.contains('\0'));

TEST_CASE("A set holds letters, digits and its own bytes, and no others") {
    for (const ByteSetRow& row : {ByteSetRow{alphanumeric, ""},
                                  {label_bytes, "-_"},
                                  {zone_bytes, "-._~"},
                                  {obfuscated_bytes, "-._"},
                                  {scheme_bytes, "+-."},
                                  {prefix_bytes, "!$&*+-.:=@_~"},
                                  {token_bytes, "!#$%&'*+-.^_`|~"},
                                  {unquoted_bytes, "!#$%&'()*+-./:<=>?@[\\]^_`{|}~"}}) {
        for (int i = 0; i < 256; ++i) {
            const char c = static_cast<char>(i);
            CAPTURE(row.bytes, i);
            const bool is_one = letters_and_digits.find(c) != std::string_view::npos ||
                                row.bytes.find(c) != std::string_view::npos;
            CHECK(row.set.contains(c) == is_one);
        }
    }
}
