// SPDX-License-Identifier: MIT
#include "proxyfix/explain/fault.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "proxyfix/http/prefix.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

/// A value, and what is wrong with it.
struct Faulty {
    std::string value;
    std::string_view fault;
};

/// What is wrong with a value of X-Forwarded-For, -Proto, -Host, -Port or -Prefix.
std::string fault_in(std::size_t field, std::string_view value) {
    return fault_of_value(field, value, false, false);
}

/// What is wrong with an element of Forwarded that a field is read from.
std::string fault_in_element(std::size_t field, std::string_view element) {
    return fault_of_value(field, element, true, false);
}

/// `count` labels of `size` bytes, with a '.' between them.
std::string labels(std::size_t count, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ".") + std::string(size, 'a');
    return text;
}

constexpr std::string_view zone_fault =
    "a '%' in an address: only a link-local address has a zone, of 1 to 15 letters, digits, '.', "
    "'_', '~' and '-'";

}  // namespace

TEST_CASE("The fault of any value is a part of it that no value has") {
    for (const auto& [value, fault] : {
             Faulty{"", "an empty value"},
             Faulty{"a b", "a blank in the value"},
             Faulty{"a\tb", "a blank in the value"},
             Faulty{"a\x01", "a byte outside visible ASCII"},
             Faulty{"a\x1f", "a byte outside visible ASCII"},
             Faulty{"a\x7f", "a byte outside visible ASCII"},
             Faulty{"a\x80", "a byte outside visible ASCII"},
             Faulty{"a\xff", "a byte outside visible ASCII"},
             Faulty{std::string("a\0", 2), "a byte outside visible ASCII"},
             Faulty{"\"a b", "a blank in the value"},
             Faulty{"\"a\"", "a quote in the value"},
             Faulty{"!~", ""},
         }) {
        CAPTURE(value);
        CHECK(fault_of_text(value) == fault);
    }
}

TEST_CASE("What any value may be faulty in is looked for in each") {
    for (const std::size_t field : {Field::client, Field::proto, Field::host, Field::prefix}) {
        CHECK(fault_in(field, "a b") == "a blank in the value");
        CHECK(fault_in(field, "\"a\"") == "a quote in the value");
    }
    for (const std::size_t field : {Field::client, Field::proto, Field::host, Field::port}) {
        CHECK(fault_in(field, "") == "an empty value");
    }
}

TEST_CASE("The fault of an address is named") {
    for (const auto& [value, fault] : {
             Faulty{"2001:db8::7%eth0", zone_fault},
             Faulty{"203.0.113.7%eth0", zone_fault},
             Faulty{"203.0.113.7%eth0:80", zone_fault},
             Faulty{"[::1%1]:80", zone_fault},
             Faulty{"[fe80::1%]", zone_fault},
             Faulty{"fe80::1%:80", zone_fault},
             Faulty{"fe80::1%", zone_fault},
             Faulty{"fe80::1%eth0123456789abc", zone_fault},
             Faulty{"unknown", "a name instead of an address"},
             Faulty{"Unknown", "a name instead of an address"},
             Faulty{"_hidden", "a name instead of an address"},
             Faulty{"0.0.0.0", "no client has the address 0.0.0.0 or ::"},
             Faulty{"0.0.0.0:80", "no client has the address 0.0.0.0 or ::"},
             Faulty{"0.0.0.0:x", "no client has the address 0.0.0.0 or ::"},
             Faulty{"::ffff:0:0", "no client has the address 0.0.0.0 or ::"},
             Faulty{"::ffff:0.0.0.0:80", "no client has the address 0.0.0.0 or ::"},
             Faulty{"::%eth0", "no client has the address 0.0.0.0 or ::"},
             Faulty{"::", "no client has the address 0.0.0.0 or ::"},
             Faulty{"[::]", "no client has the address 0.0.0.0 or ::"},
             Faulty{"[::]:80", "no client has the address 0.0.0.0 or ::"},
             Faulty{"[203.0.113.7]", "the text in brackets is not an IPv6 address"},
             Faulty{"[203.0.113.7]:80", "the text in brackets is not an IPv6 address"},
             Faulty{"[]", "the text in brackets is not an IPv6 address"},
             Faulty{"[2001:db8::7", "an unclosed bracket"},
             Faulty{"[2001:db8::7:80", "an unclosed bracket"},
             Faulty{"2001:db8::7]", "not an IP address"},
             Faulty{"client.example", "not an IP address"},
             Faulty{"client.example:80", "not an IP address"},
             Faulty{"203.0.113.07", "not an IP address"},
             Faulty{":80", "not an IP address"},
             Faulty{"::1:", "not an IP address"},
             Faulty{"::1:99999", "not an IP address"},
             Faulty{"fe80::1%eth0:99999", "not an IP address"},
             Faulty{"fe80::1.2.3.4%eth0:99999", "not an IP address"},
             Faulty{"203.0.113.7, 203.0.113.8", "a list instead of one address"},
             Faulty{",", "a list instead of one address"},
             Faulty{"[::1]80", "text after the closing bracket"},
             Faulty{"[::1]x:80", "text after the closing bracket"},
             Faulty{"[::]x", "text after the closing bracket"},
             Faulty{"[fe80::1%eth0]x", "text after the closing bracket"},
             Faulty{"[fe80::1%eth0]:99999", "the port is not a number from 1 to 65535"},
             Faulty{"[::1]:80:80", "the port is not a number from 1 to 65535"},
             Faulty{"::ffff:203.0.113.7:99999", "the port is not a number from 1 to 65535"},
             Faulty{"203.0.113.7:", "the port is not a number from 1 to 65535"},
             Faulty{"203.0.113.7:0", "the port is not a number from 1 to 65535"},
             Faulty{"203.0.113.7:65536", "the port is not a number from 1 to 65535"},
             Faulty{"203.0.113.7:_p", "the port is not a number from 1 to 65535"},
             Faulty{"[2001:db8::7]:x", "the port is not a number from 1 to 65535"},
             Faulty{"2001:db8::7:47110", "IPv6 with a port needs brackets"},
             Faulty{"1:2:3:4:5:6:7:8:80", "IPv6 with a port needs brackets"},
             Faulty{"fe80::1%eth0:80", "IPv6 with a port needs brackets"},
         }) {
        CAPTURE(value);
        REQUIRE_FALSE(parse_endpoint(value));
        CHECK(fault_in(Field::client, value) == fault);
    }
}

TEST_CASE("The fault of an address that always has a port may be that it has none") {
    for (const auto& [value, fault] : {
             Faulty{"203.0.113.7", "the port is missing"},
             Faulty{"2001:db8::7", "the port is missing"},
             Faulty{"[2001:db8::7]", "the port is missing"},
             Faulty{"fe80::1%eth0", "the port is missing"},
             Faulty{"fe80::1%eth0:99999", "the port is not a number from 1 to 65535"},
             Faulty{"fe80::1%eth0:", "the port is not a number from 1 to 65535"},
             Faulty{"203.0.113.7:%0", "not an IP address"},
             Faulty{"[::1]80", "text after the closing bracket"},
             Faulty{"203.0.113.7:x", "the port is not a number from 1 to 65535"},
             Faulty{"2001:db8::7:99999", "the port is not a number from 1 to 65535"},
             Faulty{"unknown", "a name instead of an address"},
             Faulty{"0.0.0.0:80", "no client has the address 0.0.0.0 or ::"},
         }) {
        CAPTURE(value);
        REQUIRE_FALSE(parse_endpoint_and_port(value));
        CHECK(fault_of_value(Field::client, value, false, true) == fault);
    }
}

TEST_CASE("The fault of a scheme is named") {
    for (const auto& [value, fault] : {
             Faulty{"on", "'on' and 'off' are read only with names.x_proto"},
             Faulty{"OFF", "'on' and 'off' are read only with names.x_proto"},
             Faulty{"ftp", "the scheme is not http, https, ws or wss"},
             Faulty{"https:", "the scheme is not http, https, ws or wss"},
         }) {
        CAPTURE(value);
        CHECK(fault_in(Field::proto, value) == fault);
    }
}

TEST_CASE("The fault of a host is named") {
    const std::string longest = labels(3, 63) + '.' + std::string(61, 'a');
    REQUIRE(longest.size() == 253);
    REQUIRE(Authority::parse(longest));
    REQUIRE(Authority::parse(labels(2, 63)));
    for (const auto& [value, fault] : {
             Faulty{"2001:db8::7", "an IPv6 host needs brackets"},
             Faulty{"2001:db8::7:47110", "an IPv6 host needs brackets"},
             Faulty{"1:2:3:4:5:6:7:8:80", "an IPv6 host needs brackets"},
             Faulty{"[::1", "an unclosed bracket"},
             Faulty{"[::1]x", "text after the closing bracket"},
             Faulty{"[::1]80", "text after the closing bracket"},
             Faulty{"shop.example:", "the port is not a number from 1 to 65535"},
             Faulty{":", "the port is not a number from 1 to 65535"},
             Faulty{"shop.example:65536", "the port is not a number from 1 to 65535"},
             Faulty{"[2001:db8::7]:0", "the port is not a number from 1 to 65535"},
             Faulty{"[203.0.113.7]", "the text in brackets is not an IPv6 address"},
             Faulty{"[203.0.113.7]:80", "the text in brackets is not an IPv6 address"},
             Faulty{"user@shop.example", "a character not allowed in a host"},
             Faulty{"shop.example/", "a character not allowed in a host"},
             Faulty{"shop%2eexample:80", "a character not allowed in a host"},
             Faulty{longest + 'a', "a host of more than 253 bytes"},
             Faulty{longest + '.', "a host of more than 253 bytes"},
             Faulty{labels(2, 64), "a label of the host is empty or longer than 63 bytes"},
             Faulty{"shop..example", "a label of the host is empty or longer than 63 bytes"},
             Faulty{".example", "a label of the host is empty or longer than 63 bytes"},
             Faulty{".1", "a label of the host is empty or longer than 63 bytes"},
             Faulty{".", "a label of the host is empty or longer than 63 bytes"},
             Faulty{"..", "a label of the host is empty or longer than 63 bytes"},
             Faulty{"a..", "a label of the host is empty or longer than 63 bytes"},
             Faulty{":80", "a label of the host is empty or longer than 63 bytes"},
             Faulty{"-shop.example", "a label begins or ends with '-'"},
             Faulty{"shop-.example", "a label begins or ends with '-'"},
             Faulty{"shop.-.example:80", "a label begins or ends with '-'"},
             Faulty{"192.0.2", "the host ends in a number but is not an IPv4 address"},
             Faulty{"shop.0x1f.", "the host ends in a number but is not an IPv4 address"},
             Faulty{longest.substr(0, 251) + ".1",
                    "the host ends in a number but is not an IPv4 address"},
             Faulty{labels(1, 63) + ".1", "the host ends in a number but is not an IPv4 address"},
         }) {
        CAPTURE(value);
        REQUIRE_FALSE(Authority::parse(value));
        CHECK(fault_in(Field::host, value) == fault);
    }
}

TEST_CASE("The fault of a port is named") {
    for (const char* value : {"0", "65536", "080", "+80", "8 0", "http"}) {
        CAPTURE(value);
        CHECK(fault_in(Field::port, value) == "the port is not a number from 1 to 65535");
    }
}

TEST_CASE("The fault of a prefix is named") {
    REQUIRE(parse_prefix('/' + std::string(1023, 'a')));
    for (const auto& [value, fault] : {
             Faulty{"app", "the prefix does not begin with '/'"},
             Faulty{'/' + std::string(1024, 'a'), "a prefix of more than 1024 bytes"},
             Faulty{"/caf%C3%A9", "a '%' in a prefix: percent-encoding is not supported"},
             Faulty{"//evil.example", "an empty segment, '//'"},
             Faulty{"/app//", "an empty segment, '//'"},
             Faulty{"/app?q", "a character not allowed in a prefix"},
             Faulty{"/./app", "a '.' or '..' segment"},
             Faulty{"/app/..", "a '.' or '..' segment"},
             Faulty{'/' + std::string(1020, 'a') + "/..", "a '.' or '..' segment"},
         }) {
        CAPTURE(value);
        REQUIRE_FALSE(parse_prefix(value));
        CHECK(fault_in(Field::prefix, value) == fault);
    }
}

TEST_CASE("The fault of an element of Forwarded is named") {
    const std::string quote_fault = "a quote, or a byte outside visible ASCII, in a value";
    for (const auto& [value, fault] : {
             Faulty{"", "an empty element"},
             Faulty{"for=\"203.0.113.7", "an unclosed quote"},
             Faulty{"for=203.0.113.7\"", "an unclosed quote"},
             Faulty{"by=\"a\\\"", "an unclosed quote"},
             Faulty{"by=\"a\\\\\";host=b\"", "an unclosed quote"},
             Faulty{"for", "a parameter without '='"},
             Faulty{"proto=https; secret", "a parameter without '='"},
             Faulty{"for;proto=https", "a parameter without '='"},
             Faulty{"for =203.0.113.7", "a parameter whose name is not a token"},
             Faulty{"=203.0.113.7", "a parameter whose name is not a token"},
             Faulty{"for=203.0.113.7;f(r=b", "a parameter whose name is not a token"},
             Faulty{"for=203.0.113.7;For=203.0.113.8", "for, proto or host is given twice"},
             Faulty{"proto=https;by=a;PROTO=https", "for, proto or host is given twice"},
             Faulty{"host=a;;host=", "for, proto or host is given twice"},
             Faulty{"by=\"a\x01\"", "a control byte in quotes"},
             Faulty{"by=\"a\\\x7f\"", "a control byte in quotes"},
             Faulty{"by=a\"b\"", quote_fault},
             Faulty{"by=\\\"a\"", quote_fault},
             Faulty{"by=caf\xc3\xa9", quote_fault},
             Faulty{"by=a\x01", quote_fault},
             Faulty{"by=\"a\"b", "text after the closing quote"},
             Faulty{"by=\"a\" b", "text after the closing quote"},
             Faulty{"by=a b", "a blank in a value"},
             Faulty{"for=203.0.113.7 proto=https", "a blank in a value"},
         }) {
        CAPTURE(value);
        REQUIRE_FALSE(ForwardedElement::parse(value));
        CHECK(fault_of_element(value) == fault);
        for (const std::size_t field : {Field::client, Field::proto, Field::host}) {
            CHECK(fault_in_element(field, value) == fault);
        }
    }
}

TEST_CASE("Nothing is wrong with a sound element of Forwarded") {
    for (const char* value : {"for=203.0.113.7", ";", "by=a;by=b;BY=c", " for=a ; ; proto=b ;",
                              "for=a; ", "host=\"a\\\"b\";for=", "by=\"\tcaf\xc3\xa9;x=\""}) {
        CAPTURE(value);
        REQUIRE(ForwardedElement::parse(value));
        CHECK(fault_of_element(value).empty());
    }
}

TEST_CASE("Of a sound element the parameter is named that is malformed") {
    for (const auto& [value, fault] : {
             Faulty{"for=;proto=https", "for: an empty value"},
             Faulty{"for=\"\";proto=https", "for: an empty value"},
             Faulty{"proto=https;for=client", "for: not an IP address"},
             Faulty{"for=\" 203.0.113.7\"", "for: a blank in the value"},
             Faulty{"for=2001:db8::7:47110", "for: IPv6 with a port needs brackets"},
             Faulty{"for=\"\\x\"", "for: not an IP address"},
             Faulty{"for=\"unkno\\wn:80\"", "for: not an IP address"},
             Faulty{"for=\"203.0.113.7\\:x\"", "for: the port is not a number from 1 to 65535"},
             Faulty{"for=\"0.0.0.\\0\"", "for: no client has the address 0.0.0.0 or ::"},
             Faulty{"for=203.0.113.\\7", "for: not an IP address"},
             Faulty{"for=\"" + std::string(65, '1') + '"', "for: more than 64 bytes"},
             Faulty{"for=" + std::string(65, '1'), "for: more than 64 bytes"},
             // 64 bytes without the backslash
             Faulty{"for=\"\\" + std::string(64, '1') + '"', "for: not an IP address"},
         }) {
        CAPTURE(value);
        CHECK(fault_in_element(Field::client, value) == fault);
    }
    CHECK(fault_in_element(Field::proto, "for=a;proto=ftp;host=") ==
          "proto: the scheme is not http, https, ws or wss");
    CHECK(fault_in_element(Field::proto, "proto=\"o\\n\"") ==
          "proto: the scheme is not http, https, ws or wss");
    CHECK(fault_in_element(Field::proto, "proto=on") ==
          "proto: the scheme is not http, https, ws or wss");
    CHECK(fault_in_element(Field::proto, "proto=" + std::string(65, 'h')) ==
          "proto: more than 64 bytes");
    CHECK(fault_in_element(Field::proto, "proto=" + std::string(64, 'h')) ==
          "proto: the scheme is not http, https, ws or wss");
    CHECK(fault_in_element(Field::host, "host=" + std::string(254, 'a')) ==
          "host: a host of more than 253 bytes");
    CHECK(fault_in_element(Field::host, "for=a;proto=ftp;host=") == "host: an empty value");
    CHECK(fault_in_element(Field::host, "host=\"shop\\.example\"") ==
          "host: a backslash in quotes");
    CHECK(fault_in_element(Field::host, "host=shop\\example") ==
          "host: a character not allowed in a host");
}

TEST_CASE("With Forwarded the port and the prefix have headers of their own") {
    CHECK(fault_in_element(Field::port, "0") == "the port is not a number from 1 to 65535");
    CHECK(fault_in_element(Field::prefix, "app") == "the prefix does not begin with '/'");
}

TEST_CASE("A fault is found at the first byte, and behind any number of quotes") {
    CHECK(fault_of_value(Field::client, "\"", true, false) == "an unclosed quote");
    CHECK(fault_of_value(Field::client, "\"=", true, false) == "an unclosed quote");
    CHECK(fault_of_value(Field::client, R"(a="b";c="d\")", true, false) == "an unclosed quote");
    CHECK(fault_of_value(Field::client, R"(a="b";c="d\"";e)", true, false) ==
          "a parameter without '='");
    CHECK(fault_of_value(Field::client, "a=b\"c\"", true, false) ==
          "a quote, or a byte outside visible ASCII, in a value");
    CHECK(fault_of_value(Field::client, "a=b\tc", true, false) == "a blank in a value");
    CHECK(fault_of_value(Field::host, R"(host="a b")", true, false) ==
          "host: a blank in the value");
    CHECK(fault_of_value(Field::host, R"(host=a\b)", true, false) ==
          "host: a character not allowed in a host");
    CHECK(fault_of_value(Field::proto, "a!b", false, false) ==
          "the scheme is not http, https, ws or wss");
    CHECK(fault_of_value(Field::client, "2001:db8::1:99999", false, false) == "not an IP address");
}
