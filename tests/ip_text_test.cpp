// SPDX-License-Identifier: MIT
#include "proxyfix/net/address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

constexpr bool v4_is(std::string_view text, std::uint32_t bits) { return parse_ipv4(text) == bits; }
constexpr bool v6_is(std::string_view text, std::uint64_t high, std::uint64_t low) {
    const auto bits = parse_ipv6(text);
    return bits && bits->high == high && bits->low == low;
}
constexpr bool v6_is_malformed(std::string_view text) {
    const auto bits = parse_ipv6(text);
    return !bits && bits.error() == Reason::malformed;
}

std::string v4_text(std::uint32_t bits) {
    std::array<char, 15> text{};
    return {text.data(), write_ipv4(text.data(), bits)};
}
std::string v6_text(std::uint64_t high, std::uint64_t low) {
    std::array<char, 39> text{};
    return {text.data(), write_ipv6(text.data(), {high, low})};
}

}  // namespace

static_assert(v4_is("0.0.0.0", 0) && v4_is("255.255.255.255", 0xffff'ffff));
static_assert(v4_is("1.2.3.4", 0x0102'0304) && v4_is("10.20.100.200", 0x0a14'64c8));
static_assert(!parse_ipv4("") && !parse_ipv4("1.2.3"));
static_assert(!parse_ipv4("1.2.3.") && !parse_ipv4("1.2.3.4."));
static_assert(!parse_ipv4("1.2.3.256") && !parse_ipv4("01.2.3.4"));
static_assert(v6_is("::", 0, 0) && v6_is("::1", 0, 1) && v6_is("1::", 0x0001'0000'0000'0000, 0));
static_assert(v6_is("1:2:3:4:5:6:7:8", 0x0001'0002'0003'0004, 0x0005'0006'0007'0008));
static_assert(v6_is("::ffff:1.2.3.4", 0, 0xffff'0102'0304));
static_assert(v6_is("FFFF:ffff:FFFF:ffff:FFFF:ffff:255.255.255.255", ~std::uint64_t{0},
                    ~std::uint64_t{0}));
static_assert(v6_is_malformed("") && v6_is_malformed(":") && v6_is_malformed("1"));
static_assert(v6_is_malformed("1.2.3.4") && v6_is_malformed("[::1]") && v6_is_malformed("::1::"));
static_assert(noexcept(parse_ipv4({})) && noexcept(parse_ipv6({})));
static_assert(noexcept(write_ipv4(nullptr, 0)) && noexcept(write_ipv6(nullptr, {0, 0})));

TEST_CASE("An octet is a number up to 255 without a leading zero, in each of four places") {
    for (std::uint32_t number = 0; number < 1'200; ++number) {
        const std::string octet = std::to_string(number);
        const std::string texts[] = {octet + ".2.3.4", "1." + octet + ".3.4", "1.2." + octet + ".4",
                                     "1.2.3." + octet};
        for (std::uint32_t place = 0; place < 4; ++place) {
            const std::uint32_t shift = 24 - 8 * place;
            const std::uint32_t expected = (0x0102'0304 & ~(0xffu << shift)) | number << shift;
            CAPTURE(texts[place]);
            if (number < 256) CHECK(parse_ipv4(texts[place]) == expected);
            else CHECK_FALSE(parse_ipv4(texts[place]));
            if (number < 256) CHECK(v4_text(expected) == texts[place]);
            const std::string zero = std::string(texts[place]).insert(2 * place, "0");
            CHECK_FALSE(parse_ipv4(zero));
        }
    }
}

TEST_CASE("Text with any other byte in it is no IPv4 address") {
    const std::string text = "10.20.130.250";
    for (std::size_t place = 0; place < text.size(); ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string other = text;
            other[place] = static_cast<char>(byte);
            CAPTURE(other);
            const bool is_digit = byte >= '0' && byte <= '9';
            if (!is_digit && other != text) CHECK_FALSE(parse_ipv4(other));
            other = std::string(text).insert(place, 1, static_cast<char>(byte));
            if (!is_digit) CHECK_FALSE(parse_ipv4(other));
        }
    }
}

TEST_CASE("Text that ends too early is no IPv4 address, and nothing behind it is read") {
    const GuardedText guarded;
    const std::string text = "123.123.123.123";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::string_view part = guarded.at_end(text.substr(0, size));
        CAPTURE(size);
        CHECK(parse_ipv4(part).has_value() == (size >= 13));
        CHECK(v6_is_malformed(part));
        CHECK(parse_ipv4(guarded.at_begin(text.substr(0, size))).has_value() == (size >= 13));
    }
}

TEST_CASE("Text that ends too early is no IPv6 address, and nothing behind it is read") {
    const GuardedText guarded;
    const std::string full = "1111:2222:3333:4444:5555:6666:7777:8888", mixed = "1::2:192.0.2.133";
    for (std::size_t size = 0; size <= full.size(); ++size) {
        CAPTURE(size);
        const auto bits = parse_ipv6(guarded.at_end(full.substr(0, size)));
        CHECK(bits.has_value() == (size >= 36));
        CHECK_FALSE(parse_ipv4(guarded.at_end(full.substr(0, size))));
    }
    for (std::size_t size = 0; size <= mixed.size(); ++size) {
        CAPTURE(size);
        const auto bits = parse_ipv6(guarded.at_end(mixed.substr(0, size)));
        CHECK(bits.has_value() ==
              (size == 3 || size == 4 || (size >= 6 && size <= 8) || size > 13));
    }
}

TEST_CASE("A group is one to four hexadecimal digits, in each of eight places") {
    for (std::size_t place = 0; place < 8; ++place) {
        for (const std::string_view group :
             {"0", "00", "0000", "f", "F", "aBcD", "ffff", "0001", "9", "1234"}) {
            std::string text;
            std::uint64_t halves[2] = {0, 0}, value = 0;
            for (const char c : group)
                value = value * 16 + static_cast<std::uint64_t>(
                                         std::string_view("0123456789abcdef").find(to_lower(c)));
            for (std::size_t i = 0; i < 8; ++i) {
                text.append(i == 0 ? "" : ":").append(i == place ? group : "5");
                halves[i / 4] = halves[i / 4] << 16 | (i == place ? value : 5);
            }
            CAPTURE(text);
            CHECK(v6_is(text, halves[0], halves[1]));
        }
        for (const std::string_view group : {"", "00000", "fffff", "g", "-1", " 1", "0x1", "1."}) {
            std::string text;
            for (std::size_t i = 0; i < 8; ++i)
                text.append(i == 0 ? "" : ":").append(i == place ? group : "5");
            CAPTURE(text);
            // An empty group is a stray colon at either end, and "::" for one group elsewhere.
            if (group.empty() && place > 0 && place < 7) CHECK(parse_ipv6(text).has_value());
            else CHECK(v6_is_malformed(text));
        }
    }
}

TEST_CASE("What is written is read again") {
    std::uint64_t bits = 1;
    std::size_t longest = 0;
    for (int i = 0; i < 20'000; ++i) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        const auto v4 = static_cast<std::uint32_t>(bits >> 32);
        REQUIRE(parse_ipv4(v4_text(v4)) == v4);
        std::uint64_t halves[2] = {bits, bits * 0x9e37'79b9'7f4a'7c15};
        for (int g = 0; g < 8; ++g) {
            if (bits >> (20 + g) & 1) halves[g / 4] &= ~(std::uint64_t{0xffff} << (g % 4 * 16));
        }
        const std::string text = v6_text(halves[0], halves[1]);
        CAPTURE(text);
        REQUIRE(v6_is(text, halves[0], halves[1]));
        longest = std::max(longest, text.size());
    }
    CHECK(longest == 39);
    CHECK(v4_text(0xffff'ffff).size() == 15);
    CHECK(v4_text(0) == "0.0.0.0");
    CHECK(v4_text(0x0964'0a63) == "9.100.10.99");
    CHECK(v6_text(0, 0) == "::");
    CHECK(v6_text(0x0010'0100'1000'000f, 0) == "10:100:1000:f::");
}
