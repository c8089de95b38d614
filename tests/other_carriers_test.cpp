// SPDX-License-Identifier: MIT
#include "proxyfix/explain/other_carriers.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

/// The hints about lines of these names.
std::string hints_of(const std::vector<std::string>& names, std::size_t field,
                     std::string_view wanted) {
    std::vector<Header> lines;
    for (const std::string& name : names) lines.push_back({name, "1"});
    return hints(lines, field, wanted);
}

/// What a hint says, which ends in `use`.
std::string hint(std::string_view name, std::string_view use) {
    return ' ' + std::string(name) +
           " is there: if a proxy of yours overwrites it on every request, " + std::string(use) +
           '.';
}

/// The advice about a header that is absent, in a request with these lines.
std::string advice_on_absent(const Trust& trust, const std::vector<Header>& lines) {
    const Explanation found = explanation_of(Environ{.headers = lines}, trust);
    for (const HeaderExplanation& header : found.headers) {
        if (header.n != 0 && header.lines.empty()) return header.verdicts[0].advice;
    }
    return "every header that is asked for is there";
}

}  // namespace

TEST_CASE("A hint says which header is there, on what condition it is read, and how") {
    CHECK(hints_of({"X-Real-IP"}, Field::client, "X-Forwarded-For") ==
          " X-Real-IP is there: if a proxy of yours overwrites it on every request, set "
          "client_header = X-Real-IP.");
    CHECK(hints_of({"Via", "Host"}, Field::client, "X-Forwarded-For").empty());
    CHECK(hints_of({}, Field::client, "X-Forwarded-For").empty());
}

TEST_CASE("Each header that carries the same is used in the words of a text of a Trust") {
    struct Case {
        std::size_t field;
        std::string_view name, use;
    };
    for (const auto& [field, name, use] : {
             Case{Field::client, "X-Real-IP", "set client_header = X-Real-IP"},
             Case{Field::client, "CF-Connecting-IP", "set client_header = CF-Connecting-IP"},
             Case{Field::client, "CF-Connecting-IPv6", "set client_header = CF-Connecting-IPv6"},
             Case{Field::client, "True-Client-IP", "set client_header = True-Client-IP"},
             Case{Field::client, "Fastly-Client-IP", "set client_header = Fastly-Client-IP"},
             Case{Field::client, "Fly-Client-IP", "set client_header = Fly-Client-IP"},
             Case{Field::client, "X-Client-IP", "set client_header = X-Client-IP"},
             Case{Field::client, "X-Cluster-Client-IP", "set client_header = X-Cluster-Client-IP"},
             Case{Field::client, "X-Azure-ClientIP", "set client_header = X-Azure-ClientIP"},
             Case{Field::client, "X-Envoy-External-Address",
                  "set client_header = X-Envoy-External-Address"},
             Case{Field::client, "CloudFront-Viewer-Address",
                  "set client_header = CloudFront-Viewer-Address and client_has_port"},
             Case{Field::client, "X-Original-Forwarded-For",
                  "set names.x_for = X-Original-Forwarded-For"},
             Case{Field::proto, "X-Forwarded-Ssl", "set names.x_proto = X-Forwarded-Ssl"},
             Case{Field::proto, "Front-End-Https", "set names.x_proto = Front-End-Https"},
             Case{Field::proto, "X-Scheme", "set names.x_proto = X-Scheme"},
             Case{Field::proto, "X-Forwarded-Scheme", "set names.x_proto = X-Forwarded-Scheme"},
             Case{Field::proto, "X-Forwarded-Protocol", "set names.x_proto = X-Forwarded-Protocol"},
             Case{Field::proto, "X-Url-Scheme", "set names.x_proto = X-Url-Scheme"},
             Case{Field::proto, "CloudFront-Forwarded-Proto",
                  "set names.x_proto = CloudFront-Forwarded-Proto"},
             Case{Field::host, "X-Original-Host", "set names.x_host = X-Original-Host"},
             Case{Field::prefix, "X-Script-Name", "set names.x_prefix = X-Script-Name"},
             Case{Field::prefix, "X-Forwarded-Path", "set names.x_prefix = X-Forwarded-Path"},
             Case{Field::prefix, "X-Forwarded-Context", "set names.x_prefix = X-Forwarded-Context"},
         }) {
        CAPTURE(name);
        for (std::size_t other = 0; other < Field::count; ++other) {
            const std::string_view wanted = forwarding_headers[other].usual_name.view();
            CHECK(use_of(name, other, wanted) == (other == field ? use : ""));
        }
    }
    CHECK(other_carriers.size() == 23);
}

TEST_CASE("The name of a line is written as it came, and found in any letter case") {
    CHECK(use_of("x-real-ip", Field::client, "X-Forwarded-For") == "set client_header = x-real-ip");
    CHECK(use_of("X-Real-IP2", Field::client, "X-Forwarded-For").empty());
    CHECK(use_of("X-Real-I", Field::client, "X-Forwarded-For").empty());
    CHECK(use_of("", Field::client, "X-Forwarded-For").empty());
}

TEST_CASE("Forwarded carries the client, the scheme and the host") {
    for (const std::size_t field : {Field::client, Field::proto, Field::host}) {
        const std::string_view wanted = forwarding_headers[field].usual_name.view();
        CHECK(use_of("Forwarded", field, wanted) == "set forwarded = yes");
        CHECK(use_of("forwarded", field, wanted) == "set forwarded = yes");
        CHECK(use_of("Forwarded", field, "forwarded").empty());
    }
    CHECK(use_of("Forwarded", Field::port, "X-Forwarded-Port").empty());
    CHECK(use_of("Forwarded", Field::prefix, "X-Forwarded-Prefix").empty());
}

TEST_CASE("The usual name carries the same as another one that is configured") {
    for (const std::size_t field : {Field::client, Field::proto, Field::host}) {
        const std::string_view usual = forwarding_headers[field].usual_name.view();
        CHECK(use_of(usual, field, "Forwarded") == "leave forwarded out");
    }
    CHECK(use_of("X-Forwarded-For", Field::client, "X-Real-IP") ==
          "leave names.x_for and client_header out");
    CHECK(use_of("x-forwarded-proto", Field::proto, "X-Scheme") == "leave names.x_proto out");
    CHECK(use_of("X-Forwarded-Host", Field::host, "X-Original-Host") == "leave names.x_host out");
    CHECK(use_of("X-Forwarded-Port", Field::port, "X-Port") == "leave names.x_port out");
    CHECK(use_of("X-Forwarded-Prefix", Field::prefix, "X-Path") == "leave names.x_prefix out");
    CHECK(use_of("X-Forwarded-Proto", Field::client, "X-Forwarded-For").empty());
}

TEST_CASE("A name may differ in '-' and '_' alone") {
    CHECK(use_of("X_Forwarded_For", Field::client, "X-Forwarded-For") ==
          "set names.x_for = X_Forwarded_For");
    CHECK(use_of("X-Forwarded_Proto", Field::proto, "X-Forwarded-Proto") ==
          "set names.x_proto = X-Forwarded_Proto");
    CHECK(use_of("x_forwarded_port", Field::port, "X-Forwarded-Port") ==
          "set names.x_port = x_forwarded_port");
    CHECK(differ_in_underscores("a-b", "a_b"));
    CHECK(differ_in_underscores("a_b", "A-B"));
    CHECK_FALSE(differ_in_underscores("a-b", "a-b"));
    CHECK_FALSE(differ_in_underscores("a-b", "A-B"));
    CHECK_FALSE(differ_in_underscores("a-b", "a b"));
    CHECK_FALSE(differ_in_underscores("a.b", "a_b"));
    CHECK_FALSE(differ_in_underscores("a-b", "a_c"));
    CHECK_FALSE(differ_in_underscores("a-b", "a_bc"));
    CHECK_FALSE(differ_in_underscores("", ""));
}

TEST_CASE("There are at most three hints, and none of the same line twice") {
    const std::string real_ip = hint("X-Real-IP", "set client_header = X-Real-IP"),
                      client_ip = hint("X-Client-IP", "set client_header = X-Client-IP"),
                      forwarded = hint("Forwarded", "set forwarded = yes");
    CHECK(hints_of({"X-Real-IP", "Via", "X-Client-IP", "X-Real-IP", "Forwarded", "X-Client-IP",
                    "True-Client-IP"},
                   Field::client, "X-Forwarded-For") == real_ip + client_ip + forwarded);
    CHECK(hints_of({"X-Client-IP", "X-Cluster-Client-IP"}, Field::client, "X-Forwarded-For") ==
          client_ip + hint("X-Cluster-Client-IP", "set client_header = X-Cluster-Client-IP"));
}

TEST_CASE("Where a header is absent, explain adds the hints, and else what to do without it") {
    const std::string absent = "No proxy sent it, or the request came past your proxies.";
    CHECK(advice_on_absent({.x_proto = 0}, {}) ==
          absent + " If none of them sets it, set x_for to 0.");
    CHECK(advice_on_absent({.x_for = 0, .forwarded = true}, {}) ==
          absent + " If none of them sets it, set x_proto to 0.");
    CHECK(advice_on_absent({.x_proto = 0, .client_header = "X-Real-IP"}, {}) ==
          absent + " If none of them sets it, leave client_header out.");
    CHECK(advice_on_absent({.x_proto = 0}, {{"CF-Connecting-IP", "203.0.113.7"}}) ==
          absent + hint("CF-Connecting-IP", "set client_header = CF-Connecting-IP"));
    CHECK(advice_on_absent({.x_for = 0}, {{"X-Forwarded-Ssl", "on"}, {"X-Scheme", "https"}}) ==
          absent + hint("X-Forwarded-Ssl", "set names.x_proto = X-Forwarded-Ssl") +
              hint("X-Scheme", "set names.x_proto = X-Scheme"));
    CHECK(advice_on_absent({.x_proto = 0}, {{"X_Forwarded_For", "203.0.113.7"}}) ==
          absent + hint("X_Forwarded_For", "set names.x_for = X_Forwarded_For"));
    CHECK(advice_on_absent({.x_for = 0, .names = {.x_proto = "X-Scheme"}},
                           {{"X-Forwarded-Proto", "https"}}) ==
          absent + hint("X-Forwarded-Proto", "leave names.x_proto out"));
    CHECK(advice_on_absent({.x_proto = 0, .forwarded = true}, {{"X-Forwarded-For", "1.2.3.4"}}) ==
          absent + hint("X-Forwarded-For", "leave forwarded out"));
}

TEST_CASE("There are hints only where the header that is asked for is absent") {
    const std::vector<Header> others = {{"X-Real-IP", "203.0.113.7"},
                                        {"Forwarded", "for=203.0.113.7"},
                                        {"X_Forwarded_For", "203.0.113.7"}};
    for (const char* value : {"203.0.113.7", "6.6.6.6, 203.0.113.7", "localhost", ""}) {
        std::vector<Header> lines = others;
        lines.push_back({"X-Forwarded-For", value});
        for (const Trust& trust : {Trust{.x_proto = 0}, Trust{.x_for = 0, .x_proto = 0},
                                   Trust{.x_for = 3, .x_proto = 0}}) {
            const std::string text = explain(Environ{.headers = lines}, trust);
            CAPTURE(text);
            CHECK(text.find("is there:") == text.npos);
        }
    }
    REQUIRE(explain(Environ{.headers = others}, {.x_proto = 0}).find("is there:") !=
            std::string::npos);
    CHECK(explain(Environ{.headers = others}, {.x_for = 0, .x_proto = 0}).find("is there:") ==
          std::string::npos);
}

TEST_CASE("An element of Forwarded without a parameter is no reason for a hint") {
    const Environ env{.headers = {{"Forwarded", "proto=https"}, {"X-Real-IP", "203.0.113.7"}}};
    const std::string text = explain(env, {.forwarded = true});
    CAPTURE(text);
    CHECK(text.find("client unchanged: absent\n   scheme https\n") != text.npos);
    CHECK(text.find("is there:") == text.npos);
}
