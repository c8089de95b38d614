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
    CHECK(x_for.verdicts[0].advice == "If 198.51.100.9 is a proxy of yours, add it to proxies.");

    const HeaderExplanation& x_port = found.headers[2];
    CHECK(x_port.option == "x_port");
    CHECK(x_port.n == 0);
    CHECK(x_port.values.rows.empty());
    CHECK(x_port.values.values == 1);
    CHECK(x_port.verdicts[0].advice.starts_with("Any client can send it."));
}

TEST_CASE("An explanation says what replaces a header") {
    const Environ env{.headers = {{"X-Forwarded-For", "6.6.6.6"}, {"Forwarded", "for=1.2.3.4"}}};
    const Explanation found = explanation_of(env, {.x_host = 1, .forwarded = 1});
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
        env, {.forwarded = 1, .proxies = {"10.0.0.0/24"}, .client_header = "X-Real-IP"});
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
    const Explanation found = explanation_of(Environ{}, {.x_for = 0, .forwarded = 1});
    REQUIRE(found.headers.size() == 1);
    REQUIRE(found.headers[0].verdicts.size() == 3);
    CHECK_FALSE(found.headers[0].verdicts[0].advice.empty());
    CHECK(found.headers[0].verdicts[1].advice.empty());
    CHECK(found.headers[0].verdicts[2].advice.empty());
}

TEST_CASE("An explanation that nobody filled in counts, hides and erases nothing") {
    const proxyfix::HeaderExplanation header{};
    CHECK(header.n == 0);
    CHECK(header.hidden == 0);
    CHECK_FALSE(proxyfix::LineRow{}.erased);
}
