// SPDX-License-Identifier: MIT
#include "proxyfix/decision/trust_text.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"

using namespace proxyfix;

namespace {

/// The fault of a text; empty if there is none.
std::string fault_of(std::string_view text) { return parse_trust(text).error(); }

}  // namespace

TEST_CASE("A text sets each member of a Trust") {
    struct Case {
        std::string_view text;
        Trust trust;
    };
    const Case cases[] = {
        {"", {.x_for = 0, .x_proto = 0}},
        {"x_for=1", {.x_proto = 0}},
        {"x_for=1;x_proto=1", {}},
        {"x_for=16; x_proto=2; x_host=3; x_port=4; x_prefix=5", {16, 2, 3, 4, 5}},
        {"x_for=0;x_port=0", {.x_for = 0, .x_proto = 0}},
        {"x_for=all; proxies=10.0.0.2", {.x_for = all_hops, .x_proto = 0, .proxies = {"10.0.0.2"}}},
        {"x_for=all; x_proto=all; x_host=all; forwarded=yes; proxies=10.0.0.2",
         {.x_for = all_hops,
          .x_proto = all_hops,
          .x_host = all_hops,
          .forwarded = true,
          .proxies = {"10.0.0.2"}}},
        {"x_for=2; forwarded=yes", {.x_for = 2, .x_proto = 0, .forwarded = true}},
        {"forwarded=no", {.x_for = 0, .x_proto = 0}},
        {"proxies=10.0.0.2, loopback",
         {.x_for = 0, .x_proto = 0, .proxies = Networks{"10.0.0.2"} | Networks::loopback()}},
        {"proxies=unix: shared",
         {.x_for = 0, .x_proto = 0, .proxies = Networks::shared() | Networks::unix_domain()}},
        {"proxies=", {.x_for = 0, .x_proto = 0, .proxies = {}}},
        {"proxies=any", {.x_for = 0, .x_proto = 0}},
        {"allowed_hosts=shop.example, *.shop.example",
         {.x_for = 0, .x_proto = 0, .allowed_hosts = {"shop.example", "*.shop.example"}}},
        {"allowed_hosts=", {.x_for = 0, .x_proto = 0, .allowed_hosts = {}}},
        {"allowed_hosts=*", {.x_for = 0, .x_proto = 0}},
        {"x_for=1; names.x_for=X-Original-Forwarded-For",
         {.x_proto = 0, .names = {.x_for = "X-Original-Forwarded-For"}}},
        {"x_proto=1; names.x_proto=X-Scheme", {.x_for = 0, .names = {.x_proto = "X-Scheme"}}},
        {"x_host=1; names.x_host=X-Original-Host",
         {.x_for = 0, .x_proto = 0, .x_host = 1, .names = {.x_host = "X-Original-Host"}}},
        {"x_port=1; names.x_port=X-Port",
         {.x_for = 0, .x_proto = 0, .x_port = 1, .names = {.x_port = "X-Port"}}},
        {"x_prefix=1; names.x_prefix=X-Script-Name",
         {.x_for = 0, .x_proto = 0, .x_prefix = 1, .names = {.x_prefix = "X-Script-Name"}}},
        {"client_header=CF-Connecting-IP",
         {.x_for = 0, .x_proto = 0, .client_header = "CF-Connecting-IP"}},
        {"client_header=CloudFront-Viewer-Address; client_has_port=yes",
         {.x_for = 0,
          .x_proto = 0,
          .client_header = "CloudFront-Viewer-Address",
          .client_has_port = true}},
        {"client_has_port=no", {.x_for = 0, .x_proto = 0}},
        {"strip=keep", {.x_for = 0, .x_proto = 0}},
        {"strip=untrusted", {.x_for = 0, .x_proto = 0, .strip = Strip::untrusted}},
        {"strip=all", {.x_for = 0, .x_proto = 0, .strip = Strip::all}},
    };
    for (const auto& [text, trust] : cases) {
        CAPTURE(text);
        const auto parsed = parse_trust(text);
        CHECK(parsed.error() == "");
        CHECK(*parsed == trust);
        const auto again = parse_trust(to_string(trust));
        CHECK(again.error() == "");
        CHECK(*again == trust);
    }
}

TEST_CASE("Blanks, line ends and empty words around the words of a Trust are ignored") {
    const Trust trust{.x_for = 2, .proxies = {"10.0.0.2", "10.0.0.9"}};
    for (const std::string_view text : {
             "x_for=2;x_proto=1;proxies=10.0.0.2,10.0.0.9",
             "  x_for = 2 ; x_proto\t=\t1 ; proxies = 10.0.0.2 10.0.0.9  ",
             ";;x_for=2;;x_proto=1; ;proxies=10.0.0.9, 10.0.0.2;",
             "x_for=2\nx_proto=1\nproxies=10.0.0.2, 10.0.0.9\n",
             "x_for=2\r\nx_proto=1\r\n\r\nproxies=10.0.0.2, 10.0.0.9\r\n",
             "proxies=10.0.0.2 10.0.0.9\rx_proto=1;\nx_for=2",
         }) {
        CAPTURE(text);
        const auto parsed = parse_trust(text);
        CHECK(parsed.error() == "");
        CHECK(*parsed == trust);
    }
    for (const std::string_view text : {"", ";", " ", "\t;\r\n ; "}) {
        CAPTURE(text);
        CHECK(*parse_trust(text) == Trust{.x_for = 0, .x_proto = 0});
        CHECK(parse_trust(text).has_value());
    }
}

TEST_CASE("A fault in the text of a Trust names the word that is wrong") {
    struct Case {
        std::string_view text, fault;
    };
    const Case cases[] = {
        {"x_for", "x_for: not name=value"},
        {"x_for=1; 10.0.0.2", "10.0.0.2: not name=value"},
        {"x_four=1", "x_four=1: there is no such name"},
        {"X_FOR=1", "X_FOR=1: there is no such name"},
        {"names=1", "names=1: there is no such name"},
        {"names.=X", "names.=X: there is no such name"},
        {"names.x_four=X", "names.x_four=X: there is no such name"},
        {"namesx_for=X", "namesx_for=X: there is no such name"},
        {"=1", "=1: there is no such name"},
        {"x_for=1;x_for=1", "x_for=1: given twice"},
        {"strip=all; x_for=1 ; strip = keep", "strip = keep: given twice"},
        {"x_for=", "x_for=: not a number of 0 to 16, or all"},
        {"x_for=-1", "x_for=-1: not a number of 0 to 16, or all"},
        {"x_for=+1", "x_for=+1: not a number of 0 to 16, or all"},
        {"x_for=01", "x_for=01: not a number of 0 to 16, or all"},
        {"x_for=17", "x_for=17: not a number of 0 to 16, or all"},
        {"x_for=1.0", "x_for=1.0: not a number of 0 to 16, or all"},
        {"x_for=ALL", "x_for=ALL: not a number of 0 to 16, or all"},
        {"x_for=all_hops", "x_for=all_hops: not a number of 0 to 16, or all"},
        {"x_for=99999999999999999999",
         "x_for=99999999999999999999: not a number of 0 to 16, or all"},
        {"forwarded=1", "forwarded=1: not yes or no"},
        {"forwarded=", "forwarded=: not yes or no"},
        {"client_has_port=true", "client_has_port=true: not yes or no"},
        {"strip=some", "strip=some: not keep, untrusted or all"},
        {"proxies=10.0.0.1/8", "proxies=10.0.0.1/8: 10.0.0.1/8: bits set after the prefix"},
        {"proxies=any, 10.0.0.2",
         "proxies=any, 10.0.0.2: any: as the only word of a list it is everybody, like "
         "Networks::any()"},
        {"allowed_hosts=a, *",
         "allowed_hosts=a, *: *: as the only word of a list it is every host, like Hosts::any()"},
        {"allowed_hosts=a:80",
         "allowed_hosts=a:80: a:80: a pattern has no port, and an IPv6 address has brackets"},
        {"client_header=", "client_header=: '': not the name of a header field"},
        {"client_header=X Real IP",
         "client_header=X Real IP: X Real IP: not the name of a header field"},
        {"names.x_proto=", "names.x_proto=: '': not the name of a header field"},
        {"names.x_proto=X-Scheme",
         "names.x_proto=X-Scheme: names.x_proto is given, but x_proto is 0"},
        {" x_for=all ; x_proto=1 ",
         "x_for=all ; x_proto=1: x_for = all_hops needs a list of proxies"},
        {"x_port=all; proxies=10.0.0.2",
         "x_port=all; proxies=10.0.0.2: all_hops is only for x_for; with forwarded and "
         "x_for = all_hops, also for x_proto and x_host"},
        {"client_has_port=yes", "client_has_port=yes: client_has_port needs client_header"},
    };
    for (const auto& [text, fault] : cases) {
        CAPTURE(text);
        CHECK(fault_of(text) == fault);
        CHECK(*parse_trust(text) == Trust{});
    }
}

TEST_CASE("The text of a Trust has what is not as usual, and nothing else") {
    CHECK(to_string(Trust{.x_for = 0, .x_proto = 0}) == "");
    CHECK(to_string(Trust{}) == "x_for=1; x_proto=1");
    CHECK(to_string(Trust{.x_for = all_hops,
                          .x_host = 2,
                          .x_port = 3,
                          .x_prefix = 4,
                          .forwarded = true,
                          .proxies = {"10.0.0.2", "2001:db8::/32"},
                          .allowed_hosts = {"shop.example", "*.shop.example"},
                          .names = {.x_port = "X-Port"},
                          .client_header = "X-Real-IP",
                          .client_has_port = true,
                          .strip = Strip::untrusted}) ==
          "x_for=all; x_proto=1; x_host=2; x_port=3; x_prefix=4; forwarded=yes; "
          "proxies=10.0.0.2, 2001:db8::/32; allowed_hosts=shop.example, *.shop.example; "
          "names.x_port=X-Port; client_header=X-Real-IP; client_has_port=yes; strip=untrusted");
    CHECK(to_string(Trust{.proxies = {}, .allowed_hosts = {}, .strip = Strip::all}) ==
          "x_for=1; x_proto=1; proxies=; allowed_hosts=; strip=all");
    CHECK(
        to_string(Trust{.x_host = 1,
                        .x_prefix = 1,
                        .names = {.x_for = "A", .x_proto = "B", .x_host = "C", .x_prefix = "E"}}) ==
        "x_for=1; x_proto=1; x_host=1; x_prefix=1; names.x_for=A; names.x_proto=B; "
        "names.x_host=C; names.x_prefix=E");
}
