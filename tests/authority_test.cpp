// SPDX-License-Identifier: MIT
#include "proxyfix/net/host.hpp"

#include <cstdint>
#include <string>

#include "catch.hpp"
#include "proxyfix/net/endpoint.hpp"

using namespace proxyfix;

namespace {

constexpr bool is_malformed(std::string_view text) {
    return Authority::parse(text) == Reason::malformed;
}

constexpr bool is(std::string_view text, std::string_view host, std::uint16_t port = 0) {
    return Authority::parse(text) == Authority{host, port};
}

}  // namespace

static_assert(is("example.com", "example.com") && is("example.com:8080", "example.com", 8080));
static_assert(is("Example.COM", "Example.COM"), "the letter case is kept");
static_assert(is("a", "a") && is("a_b-c.d", "a_b-c.d") && is("_dmarc.a", "_dmarc.a"));
static_assert(is("good.com.", "good.com.") && is("good.com.:80", "good.com.", 80));
static_assert(is("1.2.3.4", "1.2.3.4") && is("1.2.3.4:80", "1.2.3.4", 80));
static_assert(is("[::1]", "[::1]") && is("[::1]:443", "[::1]", 443));
static_assert(is("[2001:DB8::A]:1", "[2001:DB8::A]", 1) &&
              is("[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"));
static_assert(is("1.2.3.com", "1.2.3.com") && is("3com", "3com"));

static_assert(is_malformed("") && is_malformed(".") && is_malformed(":80") && is_malformed("a:"));
static_assert(is_malformed("a:0") && is_malformed("a:65536") && is_malformed("a:080"));
static_assert(is_malformed("a:80:90") && is_malformed("a:-1") && is_malformed("a:b"));
static_assert(is_malformed("::1") && is_malformed("2001:db8::1") && is_malformed("[::1"));
static_assert(is_malformed("::1]") && is_malformed("[]") && is_malformed("[1.2.3.4]"));
static_assert(is_malformed("[::1]:") && is_malformed("[::1]x") && is_malformed("[::1]x:80"));
static_assert(is_malformed("[::1]]") && is_malformed("[[::1]]") && is_malformed("[::1%25eth0]"));
static_assert(is_malformed("[v1.a]") && is_malformed("[::1].") && is_malformed("[") &&
              is_malformed("]"));
static_assert(is_malformed("good..com") && is_malformed(".com") && is_malformed("a.."));
static_assert(is_malformed("-a.com") && is_malformed("a-.com") && is_malformed("a.-"));
static_assert(is_malformed("user@a.com") && is_malformed("a.com/") && is_malformed("a b"));
static_assert(is_malformed("*.a.com") && is_malformed("a%61") && is_malformed("a,b"));

// A name whose last label is a number is an IPv4 address to a browser, or nothing.
static_assert(is_malformed("1.2.3") && is_malformed("1.2.3.4.5") && is_malformed("a.1"));
static_assert(is_malformed("1.2.3.4.") && is_malformed("010.0.0.5") && is_malformed("127"));
static_assert(is_malformed("0x7f.1") && is_malformed("0x7f") && is_malformed("a.0XfF"));
static_assert(is_malformed("a.0x") && is_malformed("0X") && is_malformed("a.0x."));
static_assert(is("a.0xg", "a.0xg") && is("a.7f", "a.7f"));

static_assert(Authority{"1.2.3.4", 80}.address() == Address::v4(0x01020304));
static_assert(Authority{"[::1]", 0}.address() == Address(0, 1));
static_assert(Authority{"[1.2.3.4]", 0}.address() == Reason::malformed);
static_assert(Authority{"example.com", 0}.address() == Reason::malformed);
static_assert(Authority{"[", 0}.address() == Reason::malformed);
static_assert(Authority{"", 0}.address() == Reason::malformed);

TEST_CASE("A label has at most 63 bytes, a host 253") {
    const std::string label(63, 'a');
    CHECK(Authority::parse(label).has_value());
    CHECK(Authority::parse(label + 'a') == Reason::malformed);
    CHECK(Authority::parse(label + "a.com") == Reason::malformed);
    const std::string host = label + '.' + label + '.' + label + '.' + std::string(61, 'a');
    REQUIRE(host.size() == 253);
    CHECK(Authority::parse(host).has_value());
    CHECK(Authority::parse(host + 'a') == Reason::malformed);
    CHECK(Authority::parse(host + '.') == Reason::malformed);
    CHECK(Authority::parse(host + ":65535").has_value());
}

TEST_CASE("A name holds letters, digits, hyphen and underscore") {
    const std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        CAPTURE(i);
        const std::string host = std::string("x") + c + "y";
        CHECK(Authority::parse(host).has_value() == (allowed.find(c) != std::string_view::npos));
    }
}

TEST_CASE("A name that ends in a number is none, since a browser takes it for an address") {
    for (const std::string_view text : {"1", "a.1", "a.9", "a.1.", "1.2.3.4.5", "256.1.1.1", "0x7f",
                                        "0X7F", "a.0x", "a.0X", "a.0XfF", "a.0xfF."}) {
        CAPTURE(text);
        CHECK(Authority::parse(text) == Reason::malformed);
    }
    for (const std::string_view text :
         {"1.a", "0x7f.a", "a.7f", "a.0xg", "a.0XG", "a.x1", "a.1_"}) {
        CAPTURE(text);
        CHECK(Authority::parse(text) == Authority{text});
    }
}

TEST_CASE("A port may end in any digit") {
    for (const char digit : std::string_view("0123456789")) {
        for (const std::string_view host : {"shop.example", "192.0.2.1", "[2001:db8::1]"}) {
            const std::string text = std::string(host) + ":8" + digit;
            CAPTURE(text);
            const auto port = static_cast<std::uint16_t>(80 + (digit - '0'));
            CHECK(Authority::parse(text) == Authority{host, port});
        }
    }
}

TEST_CASE("A text is split at its port, whatever its host") {
    CHECK(Authority::split("a b:80") == Authority{"a b", 80});
    CHECK(Authority::split(":80") == Authority{"", 80});
    CHECK(Authority::split("") == Authority{""});
    CHECK(Authority::split("[::1]:80") == Authority{"[::1]", 80});
    CHECK(Authority::split("[::1") == Authority{"[::1"});
    CHECK(Authority::split("[::1]") == Authority{"[::1]"});
    CHECK(Authority::split("[") == Authority{"["});
    CHECK(Authority::split("a") == Authority{"a"});
    CHECK(Authority::split("80") == Authority{"80"});
    CHECK(Authority::split("a80") == Authority{"a80"});
    CHECK(Authority::split("unknown:65535") == Authority{"unknown", 65535});
}

TEST_CASE("The port of a text is all that follows its first colon behind a bracket") {
    CHECK(Authority::split("[::1]x:80") == Authority{"[::1]x", 80});
    CHECK(Authority::split("[::1:80") == Authority{"[::1:80"});
    for (const std::string_view text :
         {"a:", ":", "[::1]:", "a:b", "a:80b", "a:b80", "a:1:2", "::1", "[::1]:1:2", "a:0", "a:080",
          "a:65536", "[::1]:0", "a:99999999999999999999"}) {
        CAPTURE(text);
        CHECK(Authority::split(text) == Reason::malformed);
    }
}

TEST_CASE("A last label with a letter in it is not numeric") {
    for (const std::string_view text : {"1a", "9f", "x.1a", "x.0a1", "0xg", "x.1-1"}) {
        CAPTURE(text);
        CHECK(Authority::parse(text) == Authority{text});
    }
}

TEST_CASE("No host has a colon outside of brackets") {
    for (const std::string_view text : {"a:b", "a:80b", "a:b80", "a:1:2", "::1", "[::1]:1:2",
                                        "[::1]x:80", "[::1:80", "1.2.3.4:a", "1.2.3.4:5:6"}) {
        CAPTURE(text);
        CHECK(Authority::parse(text) == Reason::malformed);
    }
}

TEST_CASE("Authorities are equal if host and port are") {
    const Authority authority{"shop.example", 80};
    CHECK(authority == Authority{"shop.example", 80});
    CHECK(authority != Authority{"shop.example", 81});
    CHECK(authority != Authority{"Shop.Example", 80});
}

TEST_CASE("An authority as a string leaves out a port that is not given") {
    CHECK(to_string(Authority{"example.com", 0}) == "example.com");
    CHECK(to_string(Authority{"[::1]", 65535}) == "[::1]:65535");
}

TEST_CASE("The text of an authority ends in its port, of one to five digits") {
    CHECK(to_string(Authority{"a"}) == "a");
    for (const int number : {1, 9, 10, 99, 100, 999, 1000, 9999, 10000, 10001, 65535}) {
        const auto port = static_cast<std::uint16_t>(number);
        CHECK(to_string(Authority{"a", port}) == "a:" + std::to_string(port));
        CHECK(to_string(Endpoint{Address::v4(1), port}) == "0.0.0.1:" + std::to_string(port));
    }
}
