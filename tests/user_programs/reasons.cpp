// SPDX-License-Identifier: MIT
// A server that counts reasons, and answers by them: a switch over Reason without a default.
#include <array>
#include <iostream>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string_view>

using namespace proxyfix;

namespace {

int status(Reason reason) {
    switch (reason) {
        case Reason::not_configured:
        case Reason::absent: return 200;
        case Reason::peer_not_trusted:
        case Reason::hop_not_trusted: return 403;
        case Reason::too_few_values:
        case Reason::chain_too_long:
        case Reason::unreliable_lines:
        case Reason::malformed:
        case Reason::anonymous:
        case Reason::host_not_allowed: return 400;
    }
    return 500;
}

int status(const Outcome& outcome) { return outcome ? 200 : status(outcome.error()); }

bool is_rejected(const Outcome& outcome) {
    return outcome != Applied{} && outcome != Reason::not_configured && outcome != Reason::absent;
}

std::string_view last_rejected(const ProxyRecord& proxy) {
    Outcome last = Applied{};
    for (const Outcome& outcome : {Outcome(proxy.client), proxy.proto, proxy.host, proxy.port}) {
        if (is_rejected(outcome)) last = outcome;
    }
    return to_string(last);
}

std::string_view first_rejected(const ProxyRecord& proxy) {
    Outcome first = Applied{};
    if (is_rejected(proxy.client)) first = proxy.client;
    else if (is_rejected(proxy.host)) first = proxy.host;
    return to_string(first);
}

std::string_view outcome_of_client(const std::optional<Resolution>& decision) {
    if (!decision) return "no decision";
    const Outcome outcome =
        decision->client ? Outcome(Applied{}) : Outcome(decision->client.error());
    return to_string(outcome);
}

}  // namespace

int main() {
    std::array<unsigned, 256> seen{};
    const ProxyFix app{
        [&seen](const Environ& env) {
            const auto& [client, proto, host, port, prefix, remote_addr, url_scheme, http_host,
                         server_name, script_name, remote_port, server_port, inner_refused,
                         erased] = env.proxy;
            int worst = 200;
            for (const Outcome& outcome : {outcome_of(client), proto, host, port, prefix}) {
                if (!outcome) ++seen[static_cast<unsigned char>(outcome.error())];
                worst = status(outcome) > worst ? status(outcome) : worst;
            }
            if (remote_addr) std::cout << "was " << *remote_addr << '\n';
            return worst;
        },
        {.x_for = 1, .x_proto = 1, .x_host = 1, .allowed_hosts = {"shop.example"}}};
    Environ good{.remote_addr = "10.0.0.2", .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
    Environ bad{.remote_addr = "10.0.0.2", .headers = {{"X-Forwarded-Host", "evil.example"}}};
    const bool right = app(good) == 200 && app(bad) == 400 &&
                       last_rejected(bad.proxy) == "host_not_allowed" &&
                       first_rejected(good.proxy) == "applied" &&
                       outcome_of_client(resolve(bad, Trust{.x_for = 1})) == "absent";
    return right && seen[static_cast<unsigned char>(Reason::host_not_allowed)] == 1 ? 0 : 1;
}
