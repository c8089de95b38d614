// SPDX-License-Identifier: MIT
// Every attack is decided twice: by the compiler, and by a ProxyFix at run time.
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

#include "attack_cases.hpp"
#include "catch.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

constexpr Trust trust_of(const AttackCase& attack) {
    const auto count = [&attack](std::string_view header) {
        return attack.header == header ? attack.n : 0;
    };
    return {.x_for = count("X-Forwarded-For"),
            .x_proto = count("X-Forwarded-Proto"),
            .x_host = count("X-Forwarded-Host"),
            .x_port = count("X-Forwarded-Port"),
            .x_prefix = count("X-Forwarded-Prefix")};
}

constexpr Resolution decide_case(const AttackCase& attack) {
    const auto& [header, n, lines, line_count, outcome, expected] = attack;
    const Trust trust = trust_of(attack);
    if (line_count == 0) return decided_about(trust, {{"Via", "1.1 a"}});
    if (line_count == 1) return decided_about(trust, {{header, lines[0]}});
    if (line_count == 2) return decided_about(trust, {{header, lines[0]}, {header, lines[1]}});
    return decided_about(trust, {{header, lines[0]}, {header, lines[1]}, {header, lines[2]}});
}

/// The outcome of the case's own header is the expected one, and all others are not configured.
constexpr bool outcome_is_expected(const AttackCase& attack) {
    const Resolution r = decide_case(attack);
    const auto as_expected = [&attack](std::string_view header, const auto& result) {
        const Outcome expected = attack.header == header ? attack.outcome : Reason::not_configured;
        return result ? expected.has_value() : expected == result.error();
    };
    return as_expected("X-Forwarded-For", r.client) && as_expected("X-Forwarded-Proto", r.proto) &&
           as_expected("X-Forwarded-Host", r.host) && as_expected("X-Forwarded-Port", r.port) &&
           as_expected("X-Forwarded-Prefix", r.prefix);
}

/// Each case is a constant expression of its own, within the limits of every compiler.
template <std::size_t i> constexpr bool holds = outcome_is_expected(attack_cases[i]);

template <std::size_t... i> constexpr bool all_hold(std::index_sequence<i...>) {
    return (holds<i> && ...);
}

}  // namespace

static_assert(all_hold(std::make_index_sequence<std::size(attack_cases)>()));

TEST_CASE("No attack wins") {
    REQUIRE(std::size(attack_cases) == 158);
    for (const AttackCase& attack : attack_cases) {
        Environ env = seen_by_server();
        env.url_scheme = "ws";
        for (const std::string_view line : std::span(attack.lines).first(attack.line_count)) {
            env.headers.push_back({std::string(attack.header), std::string(line)});
        }
        CAPTURE(attack.header, attack.n, attack.lines);
        const Environ before = env;
        int runs = 0;
        ProxyFix{[&runs](Environ&) { ++runs; }, trust_of(attack)}(env);
        CHECK(runs == 1);
        CHECK(outcome_is_expected(attack));
        const Expected& want = attack.expected;
        CHECK(rewritten(env) == Rewritten(want.remote_addr, want.remote_port, want.url_scheme,
                                          want.http_host, want.server_name, want.server_port,
                                          want.script_name));
        CHECK(rewritten(original(env)) == rewritten(before));
    }
}
