// SPDX-License-Identifier: MIT
#include "proxyfix/http/forwarded.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "decision_text.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"
#include "view_request.hpp"

using namespace proxyfix;
using namespace std::string_view_literals;

namespace {

using Headers = std::vector<Header>;

constexpr Endpoint at(std::string_view text) { return *parse_endpoint(text); }

constexpr Result<Endpoint> client_of(std::string_view element) {
    return ForwardedElement::parse(element).and_then(
        [](const ForwardedElement& e) { return e.client(); });
}
constexpr Result<Scheme> scheme_of(std::string_view element) {
    return ForwardedElement::parse(element).and_then(
        [](const ForwardedElement& e) { return e.scheme(); });
}
constexpr Result<Authority> authority_of(std::string_view element) {
    return ForwardedElement::parse(element).and_then(
        [](const ForwardedElement& e) { return e.authority(); });
}
constexpr bool is_sound(std::string_view element) {
    return ForwardedElement::parse(element).has_value();
}

/// Forwarded on these lines.
Headers forwarded(std::initializer_list<std::string> lines) {
    Headers headers;
    for (const std::string& line : lines) headers.push_back({"Forwarded", line});
    return headers;
}

/// A text as a proxy quotes it (RFC 9110, 5.6.4).
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// Calls `check` with every text of up to `length` of these pieces, one after the other.
template <class Check> void for_each_text(std::size_t length, const Check& check) {
    constexpr std::string_view pieces[] = {"6",   " ", ",", "\"", "\\", ";", "=", ",for=6.6.6.6",
                                           ";by="};
    std::vector<std::string> texts = {""};
    for (std::size_t begin = 0, round = 0; round <= length; ++round) {
        const std::size_t end = texts.size();
        for (; begin < end; ++begin) {
            check(texts[begin]);
            if (round == length) continue;
            for (const std::string_view piece : pieces)
                texts.push_back(texts[begin] + std::string(piece));
        }
    }
}

/// Left of `text` and of seven bytes more stand bytes that the compiler would not let a constant
/// expression read.
template <std::size_t size>
constexpr bool reads_only(const char (&text)[size], const Trust& trust) {
    for (const char loaded : {',', '"', '\\', '6', '\0', '\xff'}) {
        char line[size + 99];
        for (std::size_t i = 93; i < 100; ++i) line[i] = loaded;
        for (std::size_t i = 0; i + 1 < size; ++i) line[100 + i] = text[i];
        const std::string_view readable(line + 100, size - 1), all(line, size + 99);
        if (decided_about(trust, {{"Forwarded", all}}) !=
            decided_about(trust, {{"Forwarded", readable}})) {
            return false;
        }
    }
    return true;
}

}  // namespace

static_assert(client_of("for=192.0.2.60;proto=http;by=203.0.113.43") == at("192.0.2.60"));
static_assert(scheme_of("for=192.0.2.60;proto=http;by=203.0.113.43") == Scheme::http);
static_assert(client_of("For=\"[2001:db8:cafe::17]:4711\"") == at("[2001:db8:cafe::17]:4711"));
static_assert(client_of("for=\"_gazonk\"") == Reason::anonymous);
static_assert(authority_of("host=\"shop.example:80\"") == Authority{"shop.example", 80});
static_assert(client_of("by=\"") == Reason::malformed);

static_assert(reads_only(",for=203.0.113.7;proto=https",
                         {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}));
static_assert(reads_only(",for=203.0.113.7;proto=https,for=10.0.0.9",
                         {.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true}));
static_assert(reads_only(
    ",for=203.0.113.7,for=10.0.0.9",
    {.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true, .proxies = {"10.0.0.0/24"_net}}));
static_assert(reads_only(",for=203.0.113.7,for=10.0.0.9", {.x_for = all_hops,
                                                           .x_proto = all_hops,
                                                           .x_host = all_hops,
                                                           .forwarded = true,
                                                           .proxies = {"10.0.0.0/24"_net}}));

TEST_CASE("The parameter for names a client, nobody, or is malformed") {
    struct Case {
        std::string_view element;
        Result<Endpoint> client;
    };
    const Reason bad = Reason::malformed, anonymous = Reason::anonymous, none = Reason::absent;
    const Case cases[] = {
        {"for=203.0.113.7", at("203.0.113.7")},
        {"FOR=203.0.113.7", at("203.0.113.7")},
        {"fOr=203.0.113.7;x=y", at("203.0.113.7")},
        {"x=y;for=203.0.113.7", at("203.0.113.7")},
        {"for=\"203.0.113.7\"", at("203.0.113.7")},
        {"for=\"203.0.113.7:4711\"", at("203.0.113.7:4711")},
        {"for=\"2\\03.0.113.\\7\"", at("203.0.113.7")},
        {"for=\"[2001:db8::7]\"", at("2001:db8::7")},
        {"for=\"[2001:DB8:0::7]\"", at("2001:db8::7")},
        {"for=\"[2001:db8::7]:4711\"", at("[2001:db8::7]:4711")},
        {"for=\"\\[2001\\:db8::7\\]\\:4711\"", at("[2001:db8::7]:4711")},
        {"for=\"[::ffff:203.0.113.7]\"", at("203.0.113.7")},
        {"for=\"203.0.113.7:_port\"", at("203.0.113.7")},
        {"for=\"[2001:db8::7]:_a.b-c_1\"", at("2001:db8::7")},
        // What senders do not quote.
        {"for=2001:db8::7", at("2001:db8::7")},
        {"for=\"2001:db8::7\"", at("2001:db8::7")},
        {"for=[2001:db8::7]:80", at("[2001:db8::7]:80")},
        {"for=[2001:db8::7]", at("2001:db8::7")},
        {"for=203.0.113.7:4711", at("203.0.113.7:4711")},
        {"for=203.0.113.7:_port", at("203.0.113.7")},
        {"for=[2001:db8::7]:_port", at("2001:db8::7")},
        {"for=::ffff:203.0.113.7:4711", at("203.0.113.7:4711")},
        {"for=::ffff:203.0.113.7:_port", at("203.0.113.7")},
        {"for=fe80::1%eth0", at("fe80::1")},
        {"for=\"[fe80::1%eth0]\"", at("fe80::1")},
        {"for=\"[fe80::1%eth0]:4711\"", at("[fe80::1]:4711")},
        {"for=\"[fe80::1%eth0]:_port\"", at("fe80::1")},
        {"for=_hidden:80", anonymous},
        {"for=unknown:_port", anonymous},
        {"for=203.0.113.7;by=192.0.2.1:443", at("203.0.113.7")},
        {"for=203.0.113.7;by=[::1]:443;by=unknown", at("203.0.113.7")},
        {"for=203.0.113.7; proto=https ;x=y\t;\tby=_b", at("203.0.113.7")},
        {"for=203.0.113.7;connection=http/1.1;proto-version=", at("203.0.113.7")},
        {"proto=https", none},
        {"host=a;by=_b", none},
        {";", none},
        // Nobody: unknown, and names that the proxy made up.
        {"for=unknown", anonymous},
        {"for=UnKnown", anonymous},
        {"for=\"unknown\"", anonymous},
        {"for=\"unknown:4711\"", anonymous},
        {"for=\"unknown:_port\"", anonymous},
        {"for=_hidden", anonymous},
        {"for=\"_hidden\"", anonymous},
        {"for=_a", anonymous},
        {"for=__", anonymous},
        {"for=_S.E-C_2", anonymous},
        {"for=\"_hidden:80\"", anonymous},
        {"for=\"_hidden:_port\"", anonymous},
        // What is none of these.
        {"for=_", bad},
        {"for=_a!", bad},
        {"for=\"_a b\"", bad},
        {"for=\"_a\\\"\"", bad},
        {"for=\"_a:99999\"", bad},
        {"for=\"_a:\"", bad},
        {"for=\"unknown:\"", bad},
        {"for=\"unknown:0\"", bad},
        {"for=unknown2", bad},
        {"for=hidden", bad},
        {"for=\"[unknown]\"", bad},
        {"for=\"[_hidden]\"", bad},
        {"for=\"203.0.113.7:_\"", bad},
        {"for=\"203.0.113.7:_a:_b\"", bad},
        {"for=\"203.0.113.7:_a:80\"", bad},
        {"for=\"203.0.113.7:80:_a\"", bad},
        {"for=\"[2001:db8::7]:80:_a\"", bad},
        {"for=\"_a:80:_a\"", bad},
        {"for=\"unknown:80:_a\"", bad},
        {"for=\"203.0.113.7:_a!\"", bad},
        {"for=\"203.0.113.7:0\"", bad},
        {"for=\"203.0.113.7:65536\"", bad},
        {"for=\"203.0.113.7:\"", bad},
        {"for=\"203.0.113.7 \"", bad},
        {"for=\" 203.0.113.7\"", bad},
        {"for=\"2001:db8::7:_port\"", bad},
        {"for=2001:db8::7:_port", bad},
        {"for=\"2001:db8::_a\"", bad},
        {"for=\"[2001:db8::7\"", bad},
        {"for=\"2001:db8::7]\"", bad},
        {"for=\"[203.0.113.7]\"", bad},
        {"for=\"[2001:db8::7]x\"", bad},
        {"for=\"[2001:db8::7]:_p]\"", bad},
        {"for=\"[2001:db8::7%eth0]\"", bad},
        {"for=\"[fe80::1%]:_port\"", bad},
        {"for=010.0.0.5", bad},
        {"for=127.1", bad},
        {"for=0.0.0.0", bad},
        {"for=\"[::]\"", bad},
        {"for=\"\"", bad},
        {"for=", bad},
        {"for=localhost", bad},
        {"for='203.0.113.7'", bad},
        {"for=203.0.113.7\\", bad},
        {"for=2\\03.0.113.7", bad},
        {"for=[::]:80", bad},
        {"for=0.0.0.0:_port", bad},
        {"for=203.0.113.7:80:_port", bad},
        {"for=\"203.0.113.7\\\\\"", bad},
        {"for=\"\\\"203.0.113.7\\\"\"", bad},
        {"for=\"203.0.113.7, 10.0.0.9\"", bad},
    };
    for (const auto& [element, client] : cases) {
        CAPTURE(element);
        CHECK(is_sound(element));
        CHECK(client_of(element) == client);
    }
    const std::string wide = "for=\"" + std::string(53, '0') + "203.0.113.7\"";
    CHECK(client_of("for=\"[" + std::string(61, ':') + "]\"") == bad);
    CHECK(client_of("for=\"_" + std::string(63, 'a') + "\"") == anonymous);
    CHECK(client_of("for=\"_" + std::string(64, 'a') + "\"") == bad);
    CHECK(client_of("for=_" + std::string(1000, 'a')) == bad);
    CHECK(client_of("for=\"_" + std::string(62, 'a') + "\\a\"") == anonymous);
}

TEST_CASE("The parameters proto and host have the grammar of their headers") {
    struct Case {
        std::string_view element;
        Result<Scheme> scheme;
        Result<Authority> authority;
    };
    const Reason bad = Reason::malformed, none = Reason::absent;
    const Case cases[] = {
        {"for=203.0.113.7", none, none},
        {"proto=https;host=shop.example", Scheme::https, Authority{"shop.example"}},
        {"HOST=shop.example;PROTO=HTTPS", Scheme::https, Authority{"shop.example"}},
        {"Host=Shop.Example;Proto=wss", Scheme::wss, Authority{"Shop.Example"}},
        {"proto=\"https\";host=\"shop.example\"", Scheme::https, Authority{"shop.example"}},
        {"proto=\"ht\\tps\"", Scheme::https, none},
        {"host=\"shop.example:8443\"", none, Authority{"shop.example", 8443}},
        {"host=\"[2001:db8::1]:80\"", none, Authority{"[2001:db8::1]", 80}},
        {"host=192.0.2.1", none, Authority{"192.0.2.1"}},
        {"host=\"shop\\.example\"", none, bad},
        {"host=\"shop.example\\:80\"", none, bad},
        {"host=shop.example:8443;proto=https", Scheme::https, Authority{"shop.example", 8443}},
        {"host=[2001:db8::1]:80", none, Authority{"[2001:db8::1]", 80}},
        {"proto=https;for=x", Scheme::https, none},
        {"proto=on", bad, none},
        {"proto=;host=", bad, bad},
        {"proto=https;host=", Scheme::https, bad},
        {"proto=https://;host=a@b", bad, bad},
        {"proto=gopher;host=-a", bad, bad},
        {"proto=\"\";host=\"\"", bad, bad},
        {"proto=\"https \";host=\"a b\"", bad, bad},
        {"host=\"evil.example/?\"", none, bad},
        {"host=\"a, b\"", none, bad},
        {"xproto=http;hosts=a;protoc=http;hos=a", none, none},
        {"x=\"proto=http;host=a\"", none, none},
    };
    for (const auto& [element, scheme, authority] : cases) {
        CAPTURE(element);
        CHECK(is_sound(element));
        CHECK(scheme_of(element) == scheme);
        CHECK(authority_of(element) == authority);
    }
    CHECK(scheme_of("proto=\"" + std::string(64, '\\') + "https\"") == bad);
    CHECK(scheme_of("proto=" + std::string(65, 'a')) == bad);
    CHECK(scheme_of("proto=\"" + std::string(600, 'a') + "https\"") == bad);
    CHECK(authority_of("host=" + std::string(600, 'a')) == bad);
}

TEST_CASE("An element is pairs of a token and a value with a semicolon between them") {
    struct Case {
        std::string_view element;
        bool sound;
        std::string_view why;
    };
    const Case cases[] = {
        {"a=b", true, "one pair"},
        {"a=b;c=\"d\";e=f", true, "three pairs"},
        {"a!#$%&'*+-.^_`|~=b!#$%&'*+-.^_`|~", true, "every character of a token"},
        {"a=\"\"", true, "an empty quoted-string"},
        {"a=\" b;c=d \"", true, "separators in quotes"},
        {"a=\"b=\\\"c\\\\\\d\"", true, "quoted-pairs"},
        {"a=\"\t\"", true, "a tab in quotes"},
        {"a=\"\\\t\"", true, "a quoted tab"},
        {"a=\"\x80\xff\"", true, "bytes above ASCII in quotes (obs-text)"},
        {"a=\"\\\xff\"", true, "a quoted byte above ASCII"},
        {";a=b", true, "an empty pair is allowed: [ pair ] *( \";\" [ pair ] )"},
        {"a=b;", true, "a trailing semicolon"},
        {"a=b;;c=d", true, "two semicolons"},
        {";;;;;;;;;;;;", true, "nothing but empty pairs"},
        {"", false, "an empty element"},
        {" ", false, "a blank alone"},
        {"a", false, "no value"},
        {"a;b=c", false, "no value, and another pair"},
        {"a=", true, "an empty value"},
        {"a=;b=c", true, "an empty value, and another pair"},
        {"=b", false, "no name"},
        {"a==b", true, "a value that begins with ="},
        {"a=b=c", true, "= in a value"},
        {"\"a\"=b", false, "a quoted name"},
        {"a=b c", false, "a blank in a token"},
        {"a =b", false, "a blank before ="},
        {"a= b", false, "a blank after ="},
        {"a= \"b\"", false, "a blank before a quote"},
        {"a=b ;c=d", true, "a blank before ;"},
        {"a=b; c=d", true, "a blank after ;"},
        {"a=\"b\" ;c=d", true, "a blank after a quote"},
        {"a=b \t ;\t c=d", true, "blanks and tabs around ;"},
        {"a= ;c=d", true, "an empty value and a blank"},
        {" a=b ", true, "blanks at both ends"},
        {"a=b; ", true, "a blank at the end"},
        {" ; ; ", true, "blanks around empty pairs"},
        {"a=[::1]", true, "brackets without quotes"},
        {"a=b:80", true, "a colon without quotes"},
        {"a=b/c", true, "a slash without quotes"},
        {"a=!#$%&'()*+-./:<=>?@[\\]^_`{|}~", true, "all other visible characters"},
        {"a='b'", true, "single quotes are ordinary characters"},
        {"a=\\b", true, "a backslash is an ordinary character"},
        {"a=\\", true, "a backslash alone"},
        {"a=b;a=c;A=d", true, "a parameter that is repeated"},
        {"a=b c=d", false, "a blank instead of ;"},
        {"a=b\tc", false, "a tab in a value"},
        {"a=b\n;c=d", false, "a line end before ;"},
        {"a=b,c", false, "a comma"},
        {"a=\"", false, "an unbalanced quote"},
        {"a=\"b", false, "an unbalanced quote and text"},
        {"a=b\"", false, "a quote behind a token"},
        {"a=\"b\"c", false, "text behind a quoted-string"},
        {"a=\"b\"\"c\"", false, "two quoted-strings"},
        {"a=\"b\"c=d", false, "no semicolon behind a quoted-string"},
        {"a=\"b\\\"", false, "the closing quote is escaped"},
        {"a=\"\\", false, "a backslash at the end"},
        {"a\\=b", false, "a backslash in a name"},
        {"a=\"b\\\";c=d", false, "an escaped quote swallows the rest"},
        {"a='b,c'", false, "a comma in single quotes"},
        {"a=b\"c\"", false, "a quoted-string behind other characters"},
        {"a=\\\"b\"", false, "a quote behind a backslash, without quotes"},
        {"a=\"b\";c=d\"", false, "a quote at the end of a value without quotes"},
        {"a=\x80", false, "a byte above ASCII without quotes"},
        {"\xff=b", false, "a byte above ASCII in a name"},
        {"a=\"\0\""sv, false, "NUL in quotes"},
        {"a=\"\\\0\""sv, false, "a quoted NUL"},
        {"a=\"\r\n\"", false, "a line end in quotes"},
        {"a=\"\x7f\"", false, "DEL in quotes"},
        {"a=\"\\\x7f\"", false, "a quoted DEL"},
        {"a=\"\x1f\"", false, "a control character in quotes"},
        {"a=\x01", false, "a control character"},
        {"a=b\0"sv, false, "NUL at the end"},
    };
    for (const auto& [element, sound, why] : cases) {
        CAPTURE(why, element);
        CHECK(is_sound(element) == sound);
        if (!sound) {
            const bool is_empty = element.find_first_not_of(' ') == element.npos;
            const Result<Endpoint> with_more =
                is_empty ? Result<Endpoint>(at("6.6.6.6")) : Reason::malformed;
            CHECK(client_of("for=6.6.6.6;" + std::string(element)) == with_more);
            CHECK(client_of(std::string(element) + ";for=6.6.6.6") == with_more);
        }
    }
}

TEST_CASE("An element with for, proto or host twice is malformed, and others may repeat") {
    for (const std::string_view name : {"for", "proto", "host", "by", "x", "secret"}) {
        std::string upper(name);
        std::transform(upper.begin(), upper.end(), upper.begin(),
                       [](char c) { return static_cast<char>(c - 'a' + 'A'); });
        const bool is_known = name == "for" || name == "proto" || name == "host";
        const std::string again = upper + "=a";
        for (const std::string& element :
             {std::string(name) + "=a;" + again, again + ";z=b;" + std::string(name) + "=a",
              std::string(name) + "=\"a\";;" + std::string(name) + "=\"b\"",
              std::string(name) + "=;" + std::string(name) + "="}) {
            CAPTURE(element);
            CHECK(is_sound(element) == !is_known);
        }
    }
    CHECK(is_sound("for=a;fo=a;form=a;f=a"));
}

TEST_CASE("An element may have any number of other parameters") {
    CHECK(client_of("a=1;b=1;c=1;d=1;e=1;f=1;g=1;for=1.2.3.4") == at("1.2.3.4"));
    std::string others;
    for (int i = 0; i < 200; ++i) others += "a=1;";
    CHECK(client_of(others + "for=1.2.3.4") == at("1.2.3.4"));
    CHECK(client_of("for=1.2.3.4;" + others) == at("1.2.3.4"));
    CHECK(client_of(";;;;;;;;for=1.2.3.4;;;;;;;;") == at("1.2.3.4"));
}

TEST_CASE("Address, scheme and host come from the same element") {
    const Headers headers = forwarded({"for=6.6.6.6;proto=ws;host=evil.example",
                                       "for=203.0.113.7;proto=https;host=\"shop.example:8443\", "
                                       "For=10.0.0.9;HOST=inner.example",
                                       "for=\"[fd00::8]:80\";proto=http"});
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, headers) ==
          "[fd00::8]:80@1 http absent - -");
    CHECK(decided({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true}, headers) ==
          "10.0.0.9@2 absent inner.example - -");
    CHECK(decided({.x_for = 3, .x_proto = 3, .x_host = 3, .forwarded = true}, headers) ==
          "203.0.113.7@3 https shop.example:8443 - -");
    CHECK(decided({.x_for = 4, .x_proto = 4, .x_host = 4, .forwarded = true}, headers) ==
          "6.6.6.6@4 ws evil.example - -");
    CHECK(decided({.x_for = 5, .x_proto = 5, .x_host = 5, .forwarded = true}, headers) ==
          "too_few_values too_few_values too_few_values - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, {}) ==
          "absent absent absent - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, forwarded({""})) ==
          "malformed malformed malformed - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                  forwarded({"for=203.0.113.7, "})) == "malformed malformed malformed - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                  forwarded({"for=6.6.6.6", "for=_x;proto=https;host=a"})) ==
          "anonymous https a - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                  forwarded({"for=6.6.6.6;proto=ws;host=b", "by=_x"})) ==
          "absent absent absent - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                  forwarded({"for=junk;proto=https;host=-a"})) == "malformed https malformed - -");
    // The elements right of the chosen one must be sound, too.
    CHECK(decided({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                  forwarded({"for=203.0.113.7, for=1;for=1"})) ==
          "malformed malformed malformed - -");
    CHECK(decided({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                  forwarded({"for=203.0.113.7, by=_x"})) == "203.0.113.7@2 absent absent - -");
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                  {{"fORWARDED", "for=203.0.113.7"}}) == "203.0.113.7@1 absent absent - -");
}

TEST_CASE("Forwarded and X-Forwarded-For never stand in for each other") {
    const Headers x_headers = {{"X-Forwarded-For", "7.7.7.7"},
                               {"X-Forwarded-Proto", "ws"},
                               {"X-Forwarded-Host", "x.example"},
                               {"X-Forwarded-Port", "1"},
                               {"X-Forwarded-Prefix", "/x"}};
    const auto both = [&x_headers](std::string_view element) {
        Headers headers = x_headers;
        headers.insert(headers.begin() + 2, {"Forwarded", std::string(element)});
        return headers;
    };
    const std::string_view element = "for=203.0.113.7;proto=https;host=shop.example";
    const Trust by_forwarded{
        .x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1, .forwarded = true};
    const Trust by_x{.x_host = 1, .x_port = 1, .x_prefix = 1};
    CHECK(decided(by_forwarded, both(element)) == "203.0.113.7@1 https shop.example 1 /x");
    CHECK(decided(by_x, both(element)) == "7.7.7.7@1 ws x.example 1 /x");
    // Not where the header is absent, malformed, or too short, nor parameter by parameter.
    CHECK(decided(by_forwarded, x_headers) == "absent absent absent 1 /x");
    CHECK(decided(by_forwarded, both("")) == "malformed malformed malformed 1 /x");
    CHECK(decided(by_forwarded, both("for=203.0.113.7")) == "203.0.113.7@1 absent absent 1 /x");
    CHECK(decided(by_forwarded, both("host=a;proto=http")) == "absent http a 1 /x");
    CHECK(decided(by_forwarded, both("for=unknown;proto=junk;host=-")) ==
          "anonymous malformed malformed 1 /x");
    Trust two = by_forwarded;
    two.x_for = two.x_proto = two.x_host = 2;
    CHECK(decided(two, both(element)) == "too_few_values too_few_values too_few_values 1 /x");
    CHECK(decided(by_x, {{"Forwarded", std::string(element)}}) ==
          "absent absent absent absent absent");
    CHECK(decided({}, {{"Forwarded", std::string(element)}, {"X-Forwarded-For", "junk"}}) ==
          "malformed absent - - -");
    // The counts of the X-headers that are replaced do not matter.
    CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, both(element)) ==
          "203.0.113.7@1 https shop.example - -");
}

TEST_CASE("Forwarded is followed through the networks as X-Forwarded-For is") {
    const auto proxies = [](unsigned n) {
        return Trust{.x_for = n,
                     .x_proto = n,
                     .x_host = n,
                     .x_port = 1,
                     .forwarded = true,
                     .proxies = {"10.0.0.0/24"_net, "fd00::/8"_net}};
    };
    struct Case {
        std::string_view why;
        unsigned n;
        std::string value;
        std::string_view decision;
    };
    const std::string forged = "for=6.6.6.6;proto=ws;host=evil.example, ";
    const std::string client = "for=203.0.113.7;proto=https;host=shop.example";
    const Case cases[] = {
        {"one", 1, forged + client, "203.0.113.7@1 https shop.example 1 -"},
        {"two", 2, forged + client + ", for=\"10.0.0.9:80\"",
         "203.0.113.7@2 https shop.example 1 -"},
        {"three", 3, forged + client + ",for=\"[fd00::9]:_p\",for=10.0.0.9;proto=http",
         "203.0.113.7@3 https shop.example 1 -"},
        {"a mapped proxy", 2, forged + client + ", for=\"[::ffff:10.0.0.9]\"",
         "203.0.113.7@2 https shop.example 1 -"},
        {"the client is inside", 2, forged + "for=10.0.0.8;proto=https, for=10.0.0.9",
         "10.0.0.8@2 https absent 1 -"},
        {"bypass: what the client may have written is not believed", 2,
         forged + "for=203.0.113.7;proto=https;host=shop.example",
         "203.0.113.7@1 hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"bypass of the outermost of three", 3, forged + client + ", for=10.0.0.9",
         "203.0.113.7@2 hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"an anonymous hop", 2, client + ", for=_hidden",
         "anonymous hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"a hop without for", 2, client + ", proto=https",
         "absent hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"a malformed address on the way", 2, client + ", for=010.0.0.5",
         "malformed hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"a malformed element on the way", 2, client + ", for=10.0.0.9;for=10.0.0.9",
         "malformed malformed malformed hop_not_trusted -"},
        {"a missing element on the way", 3, "for=10.0.0.9",
         "too_few_values too_few_values too_few_values hop_not_trusted -"},
        {"the chosen one is missing", 2, "for=10.0.0.9",
         "too_few_values too_few_values too_few_values 1 -"},
        {"the chosen one is anonymous", 2, "for=unknown;proto=https, for=10.0.0.9",
         "anonymous https absent 1 -"},
        {"the chosen one is malformed", 2, "for=1;proto=https, for=10.0.0.9",
         "malformed https absent 1 -"},
        {"an empty header", 1, "", "malformed malformed malformed 1 -"},
        {"an empty header, two", 2, "", "malformed malformed malformed hop_not_trusted -"},
        {"all: the first", all_hops, forged + client, "203.0.113.7@1 https shop.example 1 -"},
        {"all: the first outside", all_hops, forged + client + ", for=10.0.0.8, for=10.0.0.9",
         "203.0.113.7@3 https shop.example 1 -"},
        {"all: every one is inside", all_hops, "for=10.0.0.8;proto=https, for=10.0.0.9;proto=http",
         "10.0.0.8@2 https absent 1 -"},
        {"all: one, inside", all_hops, "for=10.0.0.9;proto=http", "10.0.0.9@1 http absent 1 -"},
        {"all: anonymous", all_hops, client + ", for=unknown;proto=https, for=10.0.0.9",
         "anonymous https absent 1 -"},
        {"all: a malformed address", all_hops, client + ", for=1;proto=https, for=10.0.0.9",
         "malformed hop_not_trusted hop_not_trusted hop_not_trusted -"},
        {"all: a malformed element", all_hops, client + ", by=\", for=10.0.0.9",
         "malformed malformed malformed hop_not_trusted -"},
        {"all: an empty element", all_hops, client + ",, for=10.0.0.9",
         "malformed malformed malformed hop_not_trusted -"},
    };
    for (const auto& [why, n, value, decision] : cases) {
        CAPTURE(why);
        Headers headers = forwarded({value});
        headers.push_back({"X-Forwarded-Port", "1"});
        CHECK(decided(proxies(n), headers) == decision);
        // The same on several lines.
        headers.pop_back();
        for (std::string left = value; left.find(',') != left.npos; left.resize(left.rfind(','))) {
            headers.front().value = left.substr(0, left.rfind(','));
            headers.insert(headers.begin() + 1, {"forwarded", left.substr(left.rfind(',') + 1)});
        }
        headers.push_back({"X-Forwarded-Port", "1"});
        CHECK(decided(proxies(n), headers) == decision);
    }
}

TEST_CASE("Quotes that a client leaves open swallow nothing") {
    const std::string trusted = "for=203.0.113.7;proto=https";
    for (const std::string sent : {"for=x;by=\"",
                                   "for=\"6.6.6.6, for=A",
                                   "\"",
                                   "\\",
                                   "\"\\",
                                   "by=\"\\",
                                   "for=6.6.6.6;by=\"a\\",
                                   "for=6.6.6.6;x=\"\\\"",
                                   "\"\"\"",
                                   "for=\"",
                                   "for=\"6.6.6.6\"",
                                   "=\"",
                                   ";\"",
                                   "'",
                                   "for='6.6.6.6",
                                   "(",
                                   "<",
                                   "[",
                                   "for=\"[",
                                   "for=6.6.6.6;",
                                   "for=6.6.6.6;by=",
                                   "for=6.6.6.6;host=\"a,b",
                                   ",\"",
                                   "\",",
                                   "",
                                   " ",
                                   "\t\"",
                                   "for=6.6.6.6;x=\"\r\n",
                                   "\x80\"",
                                   "\"\xff"}) {
        CAPTURE(sent);
        const std::string_view all = "203.0.113.7@1 https absent - -";
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({sent + "," + trusted})) == all);
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({sent + ", " + trusted})) == all);
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({sent, trusted})) == all);
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({sent, sent, trusted})) == all);
        for (const unsigned n : {2u, all_hops}) {
            const Trust trust{.x_for = n,
                              .x_proto = n,
                              .x_host = n,
                              .forwarded = true,
                              .proxies = {"10.0.0.0/24"_net}};
            const std::string_view two = "203.0.113.7@2 https absent - -";
            CHECK(decided(trust, forwarded({sent + "," + trusted + ", for=10.0.0.9"})) == two);
            CHECK(decided(trust, forwarded({sent + "," + trusted, "for=10.0.0.9"})) == two);
            CHECK(decided(trust, forwarded({sent, trusted, "for=10.0.0.9"})) == two);
        }
    }
}

TEST_CASE("An element that quotes a comma is refused, whatever a client writes there") {
    const auto proxy = [](std::string_view text) {
        return "for=203.0.113.7;host=" + in_quotes(text) + ";proto=https";
    };
    const auto client = [](unsigned n, const std::string& value) {
        return decided_about({.x_for = n, .x_proto = n, .x_host = n, .forwarded = true},
                             {{"Forwarded", value}})
            .client;
    };
    std::size_t refused = 0, let_through = 0, wrong = 0;
    for_each_text(5, [&](const std::string& text) {
        // Without a comma the element is whole, and its address is the client's.
        const bool whole = text.find(',') == text.npos;
        const Result<Endpoint> expected =
            whole ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed;
        ++(whole ? let_through : refused);
        const std::string element = proxy(text);
        const bool as_expected =
            client(1, "for=6.6.6.6, " + element) == expected &&
            client(2, "for=6.6.6.6, " + element + ", for=10.0.0.9") == expected &&
            client(2, "for=203.0.113.7, " + element) == expected &&
            client(3, "for=203.0.113.7," + element + ",for=10.0.0.9;by=" + in_quotes(text)) ==
                expected;
        if (!as_expected && ++wrong < 10) FAIL_CHECK(element);
    });
    CHECK(wrong == 0);
    CHECK(refused > 40'000);
    CHECK(let_through > 15'000);
}

TEST_CASE("An element that quotes two texts of a client is refused if one has a comma") {
    std::vector<std::string> texts;
    for_each_text(2, [&](const std::string& text) { texts.push_back(text); });
    std::size_t wrong = 0;
    for (const std::string& first : texts) {
        for (const std::string& second : texts) {
            const std::string element = "for=203.0.113.7;host=" + in_quotes(first + ";by=") +
                                        ";x=" + in_quotes(second) + ";proto=https";
            const bool whole = element.find(',') == element.npos;
            const Result<Endpoint> client =
                decided_about({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                              {{"Forwarded", element}})
                    .client;
            const bool as_expected =
                client == (whole ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed);
            if (!as_expected && ++wrong < 10) FAIL_CHECK(element);
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("An element of 1024 bytes is read and one of 1025 is not") {
    const std::string_view client = "for=203.0.113.7;x=";
    for (const std::string left : {"", "for=6.6.6.6,"}) {
        const std::string fits = std::string(client) + std::string(1024 - client.size(), 'a');
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({left + fits})) == "203.0.113.7@1 absent absent - -");
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({left + fits + 'a'})) == "malformed malformed malformed - -");
        CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true},
                      forwarded({left + ' ' + fits})) == "malformed malformed malformed - -");
        CHECK(decided({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                      forwarded({left + "for=203.0.113.7," + fits + 'a'})) ==
              "malformed malformed malformed - -");
    }
}

TEST_CASE("A Forwarded header of 64 KB is decided as a short one is") {
    constexpr std::size_t size = 64 * 1024;
    const Networks inside{"10.0.0.0/24"_net};
    for (const std::string_view text : {"a", "\"", "\\", ",", ";", " ", "for=6.6.6.6,",
                                        "for=\"6.6.6.6, ", "by=\"\\", "for=10.0.0.9;x=\""}) {
        CAPTURE(text);
        std::string sent;
        while (sent.size() < size) sent.append(text);
        for (const auto& headers :
             {forwarded({sent + ",for=203.0.113.7"}), forwarded({sent, "for=203.0.113.7"})}) {
            CHECK(decided({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, headers) ==
                  "203.0.113.7@1 absent absent - -");
            CHECK(decided({.x_for = all_hops,
                           .x_proto = all_hops,
                           .x_host = all_hops,
                           .forwarded = true,
                           .proxies = inside},
                          headers) == "203.0.113.7@1 absent absent - -");
        }
        CHECK(decided({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                      forwarded({"for=6.6.6.6,for=203.0.113.7;by=\"" + sent + '"',
                                 "for=10.0.0.9"})) == "malformed malformed malformed - -");
    }
    std::string proxies;
    std::size_t count = 0;
    for (; proxies.size() < size; ++count) proxies += ",for=10.0.0.9";
    CHECK(decided({.x_for = all_hops,
                   .x_proto = all_hops,
                   .x_host = all_hops,
                   .forwarded = true,
                   .proxies = inside},
                  forwarded({"for=203.0.113.7" + proxies})) ==
          "203.0.113.7@" + std::to_string(count + 1) + " absent absent - -");
}

TEST_CASE("A forwarded host that is not allowed is not taken, and what else there is applies") {
    const Headers headers = {{"X-Forwarded-For", "203.0.113.7"},
                             {"X-Forwarded-Host", "evil.example, Shop.Example:8443"},
                             {"X-Forwarded-Port", "443"},
                             {"Forwarded", "for=203.0.113.7;host=evil.example"},
                             {"Forwarded", "for=203.0.113.8;proto=https;host=\"a.shop.example\""}};
    const auto trust = [](unsigned x_host, unsigned element, Hosts hosts) {
        Trust result{
            .x_proto = 0, .x_host = x_host, .x_port = 1, .allowed_hosts = std::move(hosts)};
        if (element != 0) result.x_for = result.x_proto = result.x_host = element;
        result.forwarded = element != 0;
        return result;
    };
    const Hosts apex{"shop.example"}, below{"*.shop.example"};
    CHECK(decided(trust(1, 0, Hosts::any()), headers) == "203.0.113.7@1 - Shop.Example:8443 443 -");
    CHECK(decided(trust(1, 0, apex), headers) == "203.0.113.7@1 - Shop.Example:8443 443 -");
    CHECK(decided(trust(1, 0, below), headers) == "203.0.113.7@1 - host_not_allowed 443 -");
    CHECK(decided(trust(1, 0, {}), headers) == "203.0.113.7@1 - host_not_allowed 443 -");
    CHECK(decided(trust(2, 0, apex), headers) == "203.0.113.7@1 - host_not_allowed 443 -");
    CHECK(decided(trust(3, 0, {}), headers) == "203.0.113.7@1 - too_few_values 443 -");
    CHECK(decided(trust(0, 0, {}), headers) == "203.0.113.7@1 - - 443 -");
    CHECK(decided(trust(1, 0, {}), {{"X-Forwarded-Host", "a b"}}) == "absent - malformed absent -");
    CHECK(decided(trust(1, 0, {}), {}) == "absent - absent absent -");
    CHECK(decided(trust(0, 1, below), headers) == "203.0.113.8@1 https a.shop.example 443 -");
    CHECK(decided(trust(0, 1, apex), headers) == "203.0.113.8@1 https host_not_allowed 443 -");
    CHECK(decided(trust(0, 2, apex), headers) == "203.0.113.7@2 absent host_not_allowed 443 -");
}

TEST_CASE("A value that is not said to be quoted has no quoted-pairs") {
    ForwardedElement element;
    element.proto = {.text = "\\https", .given = true};
    CHECK(element.scheme() == Reason::malformed);
    element.proto.quoted = true;
    CHECK(element.scheme() == Scheme::https);
}

TEST_CASE("Of Forwarded, address, scheme and host have counts of their own") {
    // A CDN before an API gateway, which writes scheme and host.
    const Headers gateway =
        forwarded({"for=6.6.6.6;proto=ws;host=evil.example",
                   "for=203.0.113.7,for=192.0.2.139;host=api.example;proto=https"});
    CHECK(decided({.x_for = 2, .x_proto = 1, .x_host = 1, .forwarded = true}, gateway) ==
          "203.0.113.7@2 https api.example - -");
    CHECK(decided({.x_for = 1, .x_proto = 2, .x_host = 3, .forwarded = true}, gateway) ==
          "192.0.2.139@1 absent evil.example - -");
    CHECK(decided({.x_for = 0, .x_proto = 3, .forwarded = true}, gateway) == "- ws - - -");
    CHECK(decided({.x_for = 0, .x_proto = 0, .x_host = 1, .forwarded = true}, gateway) ==
          "- - api.example - -");
    CHECK(decided({.x_for = 4, .x_proto = 1, .forwarded = true}, gateway) ==
          "too_few_values https - - -");
    CHECK(decided({.x_for = 1, .x_proto = 4, .forwarded = true}, gateway) ==
          "192.0.2.139@1 too_few_values - - -");
    CHECK(decided({.x_for = 0, .x_proto = 0, .forwarded = true}, gateway) == "- - - - -");
    CHECK(decided({.x_for = 0, .x_proto = 1, .x_host = 1, .forwarded = true}, {}) ==
          "- absent absent - -");

    // What has no count is not configured, whatever is wrong with the header.
    CHECK(decided({.x_for = 1, .x_proto = 0, .x_port = 1, .forwarded = true},
                  {{"X-Forwarded-Port", "1"}}) == "absent - - 1 -");
    CHECK(decided({.x_for = 0, .x_proto = 1, .forwarded = true, .proxies = {"192.0.2.1"}},
                  gateway) == "- peer_not_trusted - - -");

    // A malformed element spoils what is at its position and left of it, and nothing else.
    const Headers piece = forwarded({"for=203.0.113.7;proto=https, x, for=10.0.0.9;proto=http"});
    CHECK(decided({.x_for = 1, .x_proto = 1, .forwarded = true}, piece) == "10.0.0.9@1 http - - -");
    CHECK(decided({.x_for = 2, .x_proto = 1, .forwarded = true}, piece) == "malformed http - - -");
    CHECK(decided({.x_for = 3, .x_proto = 1, .forwarded = true}, piece) == "malformed http - - -");
    CHECK(decided({.x_for = 1, .x_proto = 2, .x_host = 3, .forwarded = true}, piece) ==
          "10.0.0.9@1 malformed malformed - -");
    // Too wide is malformed, too.
    const Headers wide = forwarded(
        {"for=203.0.113.7;proto=https, a=" + std::string(1022, 'a') + ", for=10.0.0.9;proto=http"});
    CHECK(decided({.x_for = 1, .x_proto = 3, .forwarded = true}, wide) ==
          "10.0.0.9@1 malformed - - -");
}

TEST_CASE("With a list of proxies, scheme and host are trusted as far as the chain of elements") {
    const Networks inside{"10.0.0.0/24"};
    const auto by_list = [&inside](unsigned x_for, unsigned x_proto, unsigned x_host,
                                   std::string_view list) {
        return decided({.x_for = x_for,
                        .x_proto = x_proto,
                        .x_host = x_host,
                        .forwarded = true,
                        .proxies = inside},
                       {{"Forwarded", std::string(list)}});
    };
    const std::string_view two =
        "for=6.6.6.6;proto=ws;host=evil.example, "
        "for=203.0.113.7;proto=https;host=shop.example, "
        "for=10.0.0.9;proto=http;host=inner.example";
    CHECK(by_list(2, 1, 2, two) == "203.0.113.7@2 http shop.example - -");
    CHECK(by_list(2, 3, 0, two) == "203.0.113.7@2 hop_not_trusted - - -");
    CHECK(by_list(1, 2, 3, two) == "10.0.0.9@1 https hop_not_trusted - -");
    // An outsider before the count is the client, and writes nothing else.
    CHECK(by_list(3, 1, 2, two) == "203.0.113.7@2 hop_not_trusted hop_not_trusted - -");
    // Without x_for there is no walk, so that only the peer's own element is read.
    CHECK(by_list(0, 1, 1, two) == "- http inner.example - -");
    CHECK(by_list(0, 1, 0, "x, for=203.0.113.7;proto=https") == "- https - - -");
    CHECK(by_list(0, 1, 0, "for=203.0.113.7;proto=https, x") == "- malformed - - -");
    // With all_hops: of the element that names the client, or at a count.
    CHECK(by_list(all_hops, all_hops, all_hops, two) == "203.0.113.7@2 https shop.example - -");
    CHECK(by_list(all_hops, all_hops, 1, two) == "203.0.113.7@2 https inner.example - -");
    CHECK(by_list(all_hops, 1, 2, two) == "203.0.113.7@2 http shop.example - -");
    CHECK(by_list(all_hops, 3, 0, two) == "203.0.113.7@2 hop_not_trusted - - -");
    const std::string_view all = "for=10.0.0.8;proto=https, for=10.0.0.9;proto=http";
    CHECK(by_list(all_hops, all_hops, 2, all) == "10.0.0.8@2 https absent - -");
    CHECK(by_list(all_hops, 3, 0, all) == "10.0.0.8@2 too_few_values - - -");
    // A malformed element on the way.
    CHECK(by_list(2, 1, 2, "for=203.0.113.7;proto=https, x, for=10.0.0.9;proto=http") ==
          "malformed http malformed - -");
    CHECK(by_list(2, 1, 0, "for=203.0.113.7;proto=https, x") == "malformed malformed - - -");
    CHECK(by_list(all_hops, 1, all_hops, "for=203.0.113.7, x, for=10.0.0.9;proto=http") ==
          "malformed hop_not_trusted malformed - -");
    CHECK(by_list(1, 1, 0, "for=203.0.113.7;proto=https") == "203.0.113.7@1 https - - -");
}
