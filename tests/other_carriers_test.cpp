// SPDX-License-Identifier: MIT
#include "proxyfix/explain/other_carriers.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

/// All of the headers, under their usual names.
const Trust usual{1, 1, 1, 1, 1};

/// How a line of this name is read instead, by a Trust that is given as text.
std::string use_by(std::string_view trust, std::string_view line, std::size_t field) {
    return use_of(line, field, *parse_trust(trust));
}

/// The hints about lines of these names.
std::string hints_of(const std::vector<std::string>& names, std::size_t field) {
    std::vector<Header> lines;
    for (const std::string& name : names) lines.push_back({name, "1"});
    return hints(lines, field, usual);
}

/// What a hint says.
std::string hint(std::string_view name, std::string_view use) {
    return ' ' + std::string(name) +
           " is present: if one of your proxies overwrites it on every request, read it instead (" +
           std::string(use) + ").";
}

/// The advice about a header that is absent, in a request with these lines.
std::string advice_on_absent(const Trust& trust, const std::vector<Header>& lines) {
    const Explanation found = explanation_of(Environ{.headers = lines}, trust);
    for (const HeaderExplanation& header : found.headers) {
        if (header.n != 0 && header.lines.empty()) return header.verdicts[0].advice;
    }
    return "every header that is asked for is there";
}

/// The text of a Trust, changed as "remove A and B, and C = D; E = F" says.
std::string changed_text(const Trust& trust, const std::string& use) {
    const std::size_t middle = use.starts_with("remove ") ? use.find(", and ") : 0;
    const std::string removed = use.substr(0, middle) + ' ';
    std::string set = use;
    if (use.starts_with("remove ")) set = middle == use.npos ? "" : use.substr(middle + 6);
    std::string text = set;
    const std::string unchanged = "; " + to_string(trust) + "; ";
    for (const std::string_view member : member_names) {
        const std::string name(member);
        const std::size_t begin = unchanged.find("; " + name + '=');
        if (begin == unchanged.npos || removed.find(' ' + name + ' ') != removed.npos) continue;
        if (("; " + set).find("; " + name + " = ") != set.npos) continue;
        text += unchanged.substr(begin, unchanged.find("; ", begin + 2) - begin);
    }
    return text;
}

}  // namespace

TEST_CASE("A hint says which header is there, on what condition it is read, and how") {
    CHECK(hints_of({"X-Real-IP"}, Field::client) ==
          " X-Real-IP is present: if one of your proxies overwrites it on every request, read it "
          "instead (client_header = X-Real-IP).");
    CHECK(hints_of({"Via", "Host"}, Field::client).empty());
    CHECK(hints_of({}, Field::client).empty());
}

TEST_CASE("Each header that carries the same is used in the words of a text of a Trust") {
    struct Case {
        std::size_t field;
        std::string_view name, use;
    };
    for (const auto& [field, name, use] : {
             Case{Field::client, "X-Real-IP", "client_header = X-Real-IP"},
             Case{Field::client, "CF-Connecting-IP", "client_header = CF-Connecting-IP"},
             Case{Field::client, "True-Client-IP", "client_header = True-Client-IP"},
             Case{Field::client, "Fastly-Client-IP", "client_header = Fastly-Client-IP"},
             Case{Field::client, "Fly-Client-IP", "client_header = Fly-Client-IP"},
             Case{Field::client, "X-Client-IP", "client_header = X-Client-IP"},
             Case{Field::client, "X-Cluster-Client-IP", "client_header = X-Cluster-Client-IP"},
             Case{Field::client, "X-Azure-ClientIP", "client_header = X-Azure-ClientIP"},
             Case{Field::client, "X-Envoy-External-Address",
                  "client_header = X-Envoy-External-Address"},
             Case{Field::client, "CloudFront-Viewer-Address",
                  "client_header = CloudFront-Viewer-Address; client_has_port = yes"},
             Case{Field::client, "X-Original-Forwarded-For",
                  "names.x_for = X-Original-Forwarded-For"},
             Case{Field::proto, "X-Forwarded-Ssl", "names.x_proto = X-Forwarded-Ssl"},
             Case{Field::proto, "Front-End-Https", "names.x_proto = Front-End-Https"},
             Case{Field::proto, "X-Scheme", "names.x_proto = X-Scheme"},
             Case{Field::proto, "X-Forwarded-Scheme", "names.x_proto = X-Forwarded-Scheme"},
             Case{Field::proto, "X-Forwarded-Protocol", "names.x_proto = X-Forwarded-Protocol"},
             Case{Field::proto, "X-Url-Scheme", "names.x_proto = X-Url-Scheme"},
             Case{Field::proto, "CloudFront-Forwarded-Proto",
                  "names.x_proto = CloudFront-Forwarded-Proto"},
             Case{Field::host, "X-Original-Host", "names.x_host = X-Original-Host"},
             Case{Field::prefix, "X-Script-Name", "names.x_prefix = X-Script-Name"},
             Case{Field::prefix, "X-Forwarded-Context", "names.x_prefix = X-Forwarded-Context"},
         }) {
        CAPTURE(name);
        for (std::size_t other = 0; other < Field::count; ++other) {
            CHECK(use_of(name, other, usual) == (other == field ? use : ""));
        }
    }
    CHECK(other_carriers.size() == 21);
}

TEST_CASE("The name of a line is written as it came, and found in any letter case") {
    CHECK(use_of("x-real-ip", Field::client, usual) == "client_header = x-real-ip");
    CHECK(use_of("X-Real-IP2", Field::client, usual).empty());
    CHECK(use_of("X-Real-I", Field::client, usual).empty());
    CHECK(use_of("", Field::client, usual).empty());
}

TEST_CASE("Forwarded carries the client, the scheme and the host") {
    for (const std::size_t field : {Field::client, Field::proto, Field::host}) {
        CHECK(use_of("Forwarded", field, usual) == "forwarded = yes");
        CHECK(use_of("forwarded", field, usual) == "forwarded = yes");
    }
    CHECK(use_of("Forwarded", Field::port, usual).empty());
    CHECK(use_of("Forwarded", Field::prefix, usual).empty());
}

TEST_CASE("A header that is read already is no other one") {
    CHECK(use_by("x_for=1; forwarded=yes", "Forwarded", Field::client).empty());
    CHECK(use_by("client_header=X-Real-IP", "X-Real-IP", Field::client) == "");
    CHECK(use_by("x_proto=1; names.x_proto=X-Scheme", "X-Scheme", Field::proto) == "");
    for (std::size_t field = 0; field < Field::count; ++field) {
        CHECK(use_of(forwarding_headers[field].usual_name.view(), field, usual) == "");
    }
}

TEST_CASE("The usual name carries the same as another one that is configured") {
    const std::string_view forwarded = "x_for=1; x_proto=1; x_host=1; forwarded=yes";
    CHECK(use_by(forwarded, "X-Forwarded-For", Field::client) == "remove forwarded");
    CHECK(use_by(forwarded, "x-forwarded-proto", Field::proto) == "remove forwarded");
    CHECK(use_by(forwarded, "X-Forwarded-Host", Field::host) == "remove forwarded");
    const std::string_view named =
        "x_for=1; x_proto=1; x_host=1; x_port=1; x_prefix=1; names.x_for=X-A; names.x_proto=X-B; "
        "names.x_host=X-C; names.x_port=X-D; names.x_prefix=X-E";
    CHECK(use_by(named, "X-Forwarded-For", Field::client) == "remove names.x_for");
    CHECK(use_by(named, "x-forwarded-proto", Field::proto) == "remove names.x_proto");
    CHECK(use_by(named, "X-Forwarded-Host", Field::host) == "remove names.x_host");
    CHECK(use_by(named, "X-Forwarded-Port", Field::port) == "remove names.x_port");
    CHECK(use_by(named, "X-Forwarded-Prefix", Field::prefix) == "remove names.x_prefix");
    CHECK(use_by(named, "X-Forwarded-Proto", Field::client).empty());
    CHECK(use_by("x_for=2; client_header=X-Real-IP", "X-Forwarded-For", Field::client) ==
          "remove client_header");
}

TEST_CASE("A name may differ in '-' and '_' alone") {
    CHECK(use_of("X_Forwarded_For", Field::client, usual) == "names.x_for = X_Forwarded_For");
    CHECK(use_of("X-Forwarded_Proto", Field::proto, usual) == "names.x_proto = X-Forwarded_Proto");
    CHECK(use_of("x_forwarded_port", Field::port, usual) == "names.x_port = x_forwarded_port");
    CHECK(use_by("x_port=1; names.x_port=X-Port", "X_Port", Field::port) ==
          "names.x_port = X_Port");
    CHECK(use_by("x_port=1; names.x_port=X_Forwarded_Port", "X-Forwarded-Port", Field::port) ==
          "remove names.x_port");
    CHECK(use_by("client_header=X-Real-IP", "X_Real_IP", Field::client) ==
          "client_header = X_Real_IP");
    CHECK(use_by("client_header=A-B; client_has_port=yes", "A_B", Field::client) ==
          "client_header = A_B");
    CHECK(use_by("x_for=1; client_header=X-Real-IP", "X_Forwarded_For", Field::client).empty());
    CHECK(differ_in_underscores("a-b", "a_b"));
    CHECK(differ_in_underscores("a_b", "A-B"));
    CHECK_FALSE(differ_in_underscores("a-b", "a-b"));
    CHECK_FALSE(differ_in_underscores("a-b", "A-B"));
    CHECK_FALSE(differ_in_underscores("a-b", "a b"));
    CHECK_FALSE(differ_in_underscores("a b", "a-b"));
    CHECK_FALSE(differ_in_underscores("a.b", "a_b"));
    CHECK_FALSE(differ_in_underscores("a-b", "a_c"));
    CHECK_FALSE(differ_in_underscores("a-b", "a_bc"));
    CHECK_FALSE(differ_in_underscores("a-b", "c_b"));
    CHECK_FALSE(differ_in_underscores("", ""));
}

TEST_CASE("Where another header than the usual one is read, a hint says what to remove too") {
    struct Case {
        std::string_view trust, line, use;
    };
    for (const auto& [trust, line, use] : {
             Case{"x_for=1; forwarded=yes", "CloudFront-Viewer-Address",
                  "remove forwarded, and client_header = CloudFront-Viewer-Address; "
                  "client_has_port = yes"},
             Case{"x_for=1; forwarded=yes", "X-Original-Forwarded-For",
                  "remove forwarded, and names.x_for = X-Original-Forwarded-For"},
             Case{"x_for=1; names.x_for=X-A", "X-Real-IP",
                  "remove names.x_for, and client_header = X-Real-IP"},
             Case{"x_for=1; names.x_for=X-A", "Forwarded",
                  "remove names.x_for, and forwarded = yes"},
             Case{"x_for=1; names.x_for=X-A", "X-Original-Forwarded-For",
                  "names.x_for = X-Original-Forwarded-For"},
             Case{"x_for=1; client_header=X-Real-IP", "True-Client-IP",
                  "client_header = True-Client-IP"},
             Case{"x_for=1; client_header=X-A; client_has_port=yes", "X-Real-IP",
                  "remove client_has_port, and client_header = X-Real-IP"},
             Case{"x_for=1; client_header=X-A; client_has_port=yes", "X-Forwarded-For",
                  "remove client_header and client_has_port"},
             Case{"x_for=1; client_header=X-A; client_has_port=yes", "Forwarded",
                  "remove client_header and client_has_port, and forwarded = yes"},
             Case{"x_for=1; client_header=X-A; client_has_port=yes", "X-Original-Forwarded-For",
                  "remove client_header and client_has_port, and names.x_for = "
                  "X-Original-Forwarded-For"},
             // A client_header needs no count. What is read instead does.
             Case{"client_header=X-Real-IP", "True-Client-IP", "client_header = True-Client-IP"},
             Case{"client_header=X-Real-IP", "X-Forwarded-For",
                  "remove client_header, and x_for = 1"},
             Case{"client_header=X-Real-IP", "Forwarded",
                  "remove client_header, and x_for = 1; forwarded = yes"},
         }) {
        CAPTURE(trust, line);
        CHECK(use_by(trust, line, Field::client) == use);
    }
}

TEST_CASE("There is no hint that contradicts the rest of a Trust") {
    CHECK(use_by("x_for=2; x_proto=2; proxies=10.0.0.2", "X-Real-IP", Field::client).empty());
    CHECK(use_by("x_proto=1; client_header=X-A", "Forwarded", Field::proto).empty());
    CHECK(use_by("x_for=1; x_host=1; names.x_host=X-A", "Forwarded", Field::client).empty());
    CHECK(use_by("x_for=1; x_host=1; names.x_host=X-Real-IP", "X-Real-IP", Field::client).empty());
    CHECK(use_by("x_for=all; x_proto=all; forwarded=yes; proxies=10.0.0.2", "X-Forwarded-For",
                 Field::client)
              .empty());
}

TEST_CASE("The Trust that a hint leads to has no fault, and reads the line") {
    const std::string counts = "x_for=1; x_proto=1; x_host=1; x_port=1; x_prefix=1; ";
    std::size_t hinted = 0;
    for (const std::string& text : {
             counts,
             counts + "forwarded=yes",
             counts + "client_header=A-B; client_has_port=yes",
             counts + "names.x_for=A-B; names.x_proto=A-C; names.x_host=A-D; names.x_port=A-E; "
                      "names.x_prefix=A-F",
             counts + "forwarded=yes; names.x_port=A-E; names.x_prefix=A-F",
             std::string("client_header=A-B; x_proto=1; names.x_proto=A-C"),
             std::string("x_for=2; x_proto=2; x_host=1; proxies=10.0.0.2"),
             std::string("x_for=all; x_proto=all; x_host=1; forwarded=yes; proxies=10.0.0.2"),
         }) {
        const Trust trust = *parse_trust(text);
        const Policy policy(trust);
        std::vector<std::string> lines = {"Forwarded", "A_B", "A_C", "A_D", "A_E", "A_F", "Via"};
        for (const OtherCarrier& other : other_carriers) lines.emplace_back(other.name);
        for (const ForwardingHeader& header : forwarding_headers) {
            lines.emplace_back(header.usual_name.view());
        }
        const std::vector<std::string> values = {"203.0.113.7:4711", "https", "shop.example", "443",
                                                 "/app"};
        for (const std::string& line : lines) {
            for (std::size_t field = 0; field < Field::count; ++field) {
                if (policy.table().fields[field].count == 0) continue;
                const std::string use = use_of(line, field, trust);
                if (use.empty()) continue;
                ++hinted;
                const std::string changed = changed_text(trust, use);
                CAPTURE(text, line, use, changed);
                const auto parsed = parse_trust(changed);
                REQUIRE(parsed.error() == "");
                const bool forwarded = line == "Forwarded";
                const std::string value =
                    forwarded ? "for=\"203.0.113.7:4711\";proto=https;host=shop.example"
                              : values[field];
                const Environ env{.remote_addr = "10.0.0.2", .headers = {{line, value}}};
                const Outcome outcome = explanation_of(env, *parsed).decision[field].outcome;
                CHECK(outcome != Reason::absent);
                CHECK(outcome != Reason::not_configured);
                if (trust.proxies.is_any()) CHECK(outcome);
            }
        }
    }
    CHECK(hinted > 150);
}

TEST_CASE("There are at most three hints, and none of the same line twice") {
    const std::string real_ip = hint("X-Real-IP", "client_header = X-Real-IP"),
                      client_ip = hint("X-Client-IP", "client_header = X-Client-IP"),
                      forwarded = hint("Forwarded", "forwarded = yes");
    CHECK(hints_of({"X-Real-IP", "Via", "X-Client-IP", "X-Real-IP", "Forwarded", "X-Client-IP",
                    "True-Client-IP"},
                   Field::client) == real_ip + client_ip + forwarded);
    CHECK(hints_of({"X-Real-IP", "x-real-ip", "X-REAL-IP", "X-Client-IP", "x-real-IP"},
                   Field::client) == real_ip + client_ip);
    CHECK(hints_of({"X-Client-IP", "X-Cluster-Client-IP"}, Field::client) ==
          client_ip + hint("X-Cluster-Client-IP", "client_header = X-Cluster-Client-IP"));
}

TEST_CASE("Where a header is absent, explain adds the hints, and else what to do without it") {
    const std::string absent = "No proxy sent it, or the request bypassed your proxies.";
    CHECK(advice_on_absent({.x_proto = 0}, {}) ==
          absent + " If none of them sets it, set x_for to 0.");
    CHECK(advice_on_absent({.x_for = 0, .forwarded = true}, {}) ==
          absent + " If none of them sets it, set x_proto to 0.");
    CHECK(advice_on_absent({.x_proto = 0, .client_header = "X-Real-IP"}, {}) ==
          absent + " If none of them sets it, leave client_header out.");
    CHECK(advice_on_absent({.x_proto = 0}, {{"CF-Connecting-IP", "203.0.113.7"}}) ==
          absent + hint("CF-Connecting-IP", "client_header = CF-Connecting-IP"));
    CHECK(advice_on_absent({.x_for = 0}, {{"X-Forwarded-Ssl", "on"}, {"X-Scheme", "https"}}) ==
          absent + hint("X-Forwarded-Ssl", "names.x_proto = X-Forwarded-Ssl") +
              hint("X-Scheme", "names.x_proto = X-Scheme"));
    CHECK(advice_on_absent({.x_proto = 0}, {{"X_Forwarded_For", "203.0.113.7"}}) ==
          absent + hint("X_Forwarded_For", "names.x_for = X_Forwarded_For"));
    CHECK(advice_on_absent({.x_for = 0, .names = {.x_proto = "X-Scheme"}},
                           {{"X-Forwarded-Proto", "https"}}) ==
          absent + hint("X-Forwarded-Proto", "remove names.x_proto"));
    CHECK(advice_on_absent({.x_proto = 0, .forwarded = true}, {{"X-Forwarded-For", "1.2.3.4"}}) ==
          absent + hint("X-Forwarded-For", "remove forwarded"));
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
            CHECK(text.find("is present:") == text.npos);
        }
    }
    REQUIRE(explain(Environ{.headers = others}, {.x_proto = 0}).find("is present:") !=
            std::string::npos);
    CHECK(explain(Environ{.headers = others}, {.x_for = 0, .x_proto = 0}).find("is present:") ==
          std::string::npos);
}

TEST_CASE("An element of Forwarded without a parameter is no reason for a hint") {
    const Environ env{.headers = {{"Forwarded", "proto=https"}, {"X-Real-IP", "203.0.113.7"}}};
    const std::string text = explain(env, {.forwarded = true});
    CAPTURE(text);
    CHECK(text.find("client unchanged: absent\n   scheme https\n") != text.npos);
    CHECK(text.find("is present:") == text.npos);
}
