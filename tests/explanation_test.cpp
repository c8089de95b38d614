// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;

TEST_CASE("An explanation has a part for each header, with its lines, values and verdicts") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"x-forwarded-for", "6.6.6.6"},
                                  {"X-Forwarded-For", "198.51.100.9, 10.0.0.3"},
                                  {"X-Forwarded-Proto", "https"},
                                  {"X-Forwarded-Port", "1"}}};
    const Explanation found = explanation_of(
        env, {.x_for = 3, .proxies = {"10.0.0.0/24"_net}, .strip = Strip::untrusted});
    CHECK(found.fault.empty());
    CHECK(found.peer == "10.0.0.2");
    CHECK_FALSE(found.any_peer);
    CHECK(found.peer_is_trusted);
    CHECK(found.refused);
    CHECK(found.decision[0].text() == "198.51.100.9");
    CHECK(found.decision[1].text() == "unchanged: hop_not_trusted");

    REQUIRE(found.headers.size() == 3);
    const HeaderExplanation& x_for = found.headers[0];
    CHECK(x_for.name == "X-Forwarded-For");
    CHECK(x_for.option == "x_for");
    CHECK(x_for.n == 3);
    CHECK(x_for.replaced_by.empty());
    REQUIRE(x_for.lines.size() == 2);
    CHECK(x_for.lines[0].name == "x-forwarded-for");
    CHECK(x_for.lines[0].erased);
    CHECK_FALSE(x_for.lines[1].erased);
    REQUIRE(x_for.values.rows.size() == 3);
    REQUIRE(x_for.verdicts.size() == 1);
    CHECK(x_for.verdicts[0].decision.value == "198.51.100.9");
    CHECK(x_for.verdicts[0].advice == "If 198.51.100.9 is one of your proxies, add it to proxies.");

    const HeaderExplanation& x_port = found.headers[2];
    CHECK(x_port.option == "x_port");
    CHECK(x_port.n == 0);
    CHECK(x_port.values.rows.empty());
    CHECK(x_port.values.values == 1);
    CHECK(x_port.verdicts[0].advice.starts_with("Any client can send it."));
}

TEST_CASE("An explanation says what replaces a header") {
    const Environ env{.headers = {{"X-Forwarded-For", "6.6.6.6"}, {"Forwarded", "for=1.2.3.4"}}};
    const Explanation found = explanation_of(env, {.x_host = 1, .forwarded = true});
    CHECK(found.fault.empty());
    CHECK(found.any_peer);
    CHECK_FALSE(found.refused);
    REQUIRE(found.headers.size() == 2);
    CHECK(found.headers[0].name == "Forwarded");
    CHECK(found.headers[0].verdicts.size() == 3);
    CHECK(found.headers[1].replaced_by == "Forwarded");
    CHECK(found.headers[1].verdicts.empty());
}

TEST_CASE("Of a Trust that contradicts itself an explanation has the fault and the peer") {
    const Environ env{.remote_addr = "10.0.0.2\x1b",
                      .headers = {{"X-Forwarded-For", "6.6.6.6"}, {"Forwarded", "for=1.2.3.4"}}};
    const Explanation found = explanation_of(
        env, {.forwarded = true, .proxies = {"10.0.0.0/24"}, .client_header = "X-Real-IP"});
    CHECK(found.fault == "forwarded and client_header both replace X-Forwarded-For");
    CHECK(found.peer == "10.0.0.2\\x1b");
    CHECK_FALSE(found.any_peer);
    CHECK_FALSE(found.peer_is_trusted);
    CHECK(found.headers.empty());
    CHECK_FALSE(found.refused);
    for (const FieldDecision& decision : found.decision) {
        CHECK(decision.text() == "unchanged: not_configured");
    }
}

TEST_CASE("Advice that is the same for all that a header says is given once") {
    const Environ env{.headers = {{"Forwarded", "for=203.0.113.7"}}};
    const Explanation found = explanation_of(env, {});
    REQUIRE(found.headers[0].name == "Forwarded");
    REQUIRE(found.headers[0].verdicts.size() == 3);
    CHECK_FALSE(found.headers[0].verdicts[0].advice.empty());
    CHECK(found.headers[0].verdicts[1].advice.empty());
    CHECK(found.headers[0].verdicts[2].advice.empty());
}

TEST_CASE("All that a header has to be told once is told once") {
    const std::string chain =
        "for=6.6.6.6, for=203.0.113.7;proto=https;host=shop.example, for=10.0.0.3;proto=http";
    const Environ env{.headers = {{"Forwarded", chain}}};
    const std::string client_wrote =
        "The client wrote what is left of it, unless one more of your proxies is in front on every "
        "request (3 values seen, ";
    // Said of the first one of the fields whose count is the highest.
    const auto two = explanation_of(env, {2, 2, 2, 0, 0, true}).headers[0].verdicts;
    REQUIRE(two.size() == 3);
    CHECK(two[0].advice == client_wrote + "x_for is 2).");
    CHECK(two[1].advice.empty());
    CHECK(two[2].advice.empty());
    const auto host = explanation_of(env, {1, 1, 2, 0, 0, true}).headers[0].verdicts;
    REQUIRE(host.size() == 3);
    CHECK(host[0].advice.empty());
    CHECK(host[1].advice.empty());
    CHECK(host[2].advice == client_wrote + "x_host is 2).");

    // The same advice is not repeated, whatever is between.
    const Environ malformed{.headers = {{"Forwarded", "for=x;host=-"}}};
    const auto verdicts = explanation_of(malformed, {1, 1, 1, 0, 0, true}).headers[0].verdicts;
    REQUIRE(verdicts.size() == 3);
    CHECK(verdicts[0].advice ==
          "A proxy passed on what the client sent, or writes a different format.");
    CHECK(verdicts[1].decision.outcome == Reason::absent);
    CHECK(verdicts[1].advice.empty());
    CHECK(verdicts[2].fault == "host: a label begins or ends with '-'");
    CHECK(verdicts[2].advice.empty());
}

TEST_CASE("Of Forwarded without a count the advice is about the counts") {
    const Environ env{.headers = {{"Forwarded", "for=203.0.113.7"}}};
    const HeaderExplanation header =
        explanation_of(env, {.x_for = 0, .x_proto = 0, .forwarded = true}).headers[0];
    CHECK(header.n == 0);
    CHECK(header.counts == "forwarded = yes");
    REQUIRE(header.verdicts.size() == 3);
    const std::string set =
        "Any client can send it. If one of your proxies sets it on every request, set ";
    CHECK(header.verdicts[0].advice == set + "x_for.");
    CHECK(header.verdicts[1].advice == set + "x_proto.");
    CHECK(header.verdicts[2].advice == set + "x_host.");
    CHECK(explanation_of(Environ{}, {.x_for = 0, .x_proto = 0, .forwarded = true}).headers.empty());
}

TEST_CASE("Of Forwarded an explanation has a verdict for each field that has a count") {
    const Environ env{.headers = {{"Forwarded", "for=203.0.113.7;proto=https"}}};
    const HeaderExplanation both = explanation_of(env, {.forwarded = true}).headers[0];
    CHECK(both.option == "forwarded");
    CHECK(both.n == 1);
    CHECK(both.counts == "forwarded = yes, x_for = 1, x_proto = 1");
    REQUIRE(both.verdicts.size() == 2);
    CHECK(both.verdicts[0].decision.field == "client");
    CHECK(both.verdicts[1].decision.field == "scheme");

    const HeaderExplanation host =
        explanation_of(env, {.x_for = 0, .x_proto = 0, .x_host = 2, .forwarded = true}).headers[0];
    CHECK(host.n == 2);
    CHECK(host.counts == "forwarded = yes, x_host = 2");
    REQUIRE(host.verdicts.size() == 1);
    CHECK(host.verdicts[0].decision.field == "host");

    const HeaderExplanation ignored = explanation_of(env, {}).headers[0];
    CHECK(ignored.n == 0);
    CHECK(ignored.counts == "forwarded = no");
    CHECK(ignored.values.rows.empty());
    REQUIRE(ignored.verdicts.size() == 3);
    CHECK(ignored.verdicts[0].advice ==
          "Any client can send it. If one of your proxies sets it on every request, set forwarded "
          "= yes and the counts.");
}

TEST_CASE(
    "A header under another name is explained under that name, and the usual one as ignored") {
    const Environ env{.headers = {{"X-Scheme", "on"}, {"x-forwarded-proto", "https"}}};
    const Explanation found = explanation_of(env, {.x_for = 0, .names = {.x_proto = "x-scheme"}});
    REQUIRE(found.headers.size() == 2);
    CHECK(found.headers[0].name == "x-scheme");
    CHECK(found.headers[0].option == "x_proto");
    CHECK(found.headers[0].counts == "x_proto = 1");
    CHECK(found.headers[0].replaced_by.empty());
    REQUIRE(found.headers[0].verdicts.size() == 1);
    CHECK(found.headers[0].verdicts[0].decision.value == "https");
    CHECK(found.headers[1].name == "X-Forwarded-Proto");
    CHECK(found.headers[1].option == "x_proto");
    CHECK(found.headers[1].n == 0);
    CHECK(found.headers[1].replaced_by == "x-scheme");
    CHECK(found.headers[1].verdicts.empty());
}

TEST_CASE("A verdict on a malformed value has the fault, and the others have none") {
    const Environ env{
        .headers = {{"Forwarded", "for=2001:db8::7:47110;proto=https;host=\"a\\.b\""}}};
    const HeaderExplanation header =
        explanation_of(env, {.x_host = 1, .forwarded = true}).headers[0];
    REQUIRE(header.verdicts.size() == 3);
    CHECK(header.verdicts[0].fault == "for: IPv6 with a port needs brackets");
    CHECK(header.verdicts[0].decision.outcome == Reason::malformed);
    CHECK(header.verdicts[0].decision.value.empty());
    CHECK(header.verdicts[1].fault.empty());
    CHECK(header.verdicts[1].decision.value == "https");
    CHECK(header.verdicts[2].fault == "host: a backslash in quotes");
    CHECK(header.values.rows[0].remark == "malformed: for: IPv6 with a port needs brackets");
    CHECK(proxyfix::Verdict{}.fault.empty());
}

TEST_CASE("An explanation that nobody filled in counts, hides and erases nothing") {
    const proxyfix::HeaderExplanation header{};
    CHECK(header.n == 0);
    CHECK(header.hidden == 0);
    CHECK_FALSE(proxyfix::LineRow{}.erased);
}

TEST_CASE("The fault of a field of Forwarded is its own, whichever fields have a count") {
    const Environ env{.headers = {{"Forwarded", "for=x;proto=ftp;host="}}};
    const HeaderExplanation proto = explanation_of(env, {.x_for = 0, .forwarded = true}).headers[0];
    REQUIRE(proto.verdicts.size() == 1);
    CHECK(proto.verdicts[0].fault == "proto: the scheme is not http, https, ws or wss");
    CHECK(proto.values.rows[0].remark ==
          "malformed: proto: the scheme is not http, https, ws or wss");
    const HeaderExplanation host =
        explanation_of(env, {.x_proto = 0, .x_host = 1, .forwarded = true}).headers[0];
    REQUIRE(host.verdicts.size() == 2);
    CHECK(host.verdicts[0].fault == "for: not an IP address");
    CHECK(host.verdicts[1].fault == "host: an empty value");
}

TEST_CASE("The fault is that of the value by which a field was rejected") {
    const auto fault_of = [](const Trust& trust, std::vector<Header> headers, std::size_t header) {
        Environ env;
        env.headers = std::move(headers);
        const Explanation found = explanation_of(env, trust);
        REQUIRE(found.headers.size() > header);
        return found.headers[header].verdicts.at(0).fault;
    };
    CHECK(fault_of({.x_for = 2, .x_proto = 0}, {{"X-Forwarded-For", "junk, 10.0.0.9"}}, 0) ==
          "not an IP address");
    CHECK(fault_of({.client_header = "X-Real-IP"},
                   {{"X-Real-IP", "203.0.113.7"},
                    {"X-Forwarded-Proto", "ws"},
                    {"X-Forwarded-Proto", "junk"}},
                   1) == "the scheme is not http, https, ws or wss");
    CHECK(fault_of({.x_proto = 0, .client_header = "X-Real-IP"},
                   {{"X-Real-IP", "2001:db8::1:99999"}}, 0) == "not an IP address");
    CHECK(fault_of({.x_proto = 0, .client_header = "X-Real-IP", .client_has_port = true},
                   {{"X-Real-IP", "2001:db8::1:99999"}},
                   0) == "the port is not a number from 1 to 65535");
}
