// SPDX-License-Identifier: MIT
// A log: what was decided is taken apart by structured bindings, and printed.
#include <iostream>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>
#include <sstream>
#include <string>

using namespace proxyfix;

namespace {

std::string log_line(const Environ& env, const Trust& trust) {
    std::ostringstream out;
    const Resolution decision = resolve(env, Policy(trust));
    const auto& [client, proto, host, port, prefix, stops] = decision;
    if (client) {
        const auto [address, client_port] = *client;
        out << to_string(address) << ' ' << client_port << ' ' << decision.client_position();
    } else {
        out << to_string(client.error());
    }
    if (const auto& chosen = host) {
        const auto& [name, host_port] = *chosen;
        out << ' ' << name << ':' << (port ? *port : host_port);
    }
    out << ' ' << (proto ? to_string(*proto) : to_string(proto.error())) << ' '
        << (prefix ? *prefix : to_string(prefix.error()));
    for (const auto& [header, value] : env.headers) out << ' ' << header.size() + value.size();
    return out.str();
}

}  // namespace

int main() {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Forwarded-For", "203.0.113.7:4711"},
                                  {"X-Forwarded-Host", "shop.example:8443"}}};
    const Trust trust{.x_for = 1, .x_proto = 1, .x_host = 1};
    const std::string line = log_line(env, trust);
    std::cout << line << '\n' << explain(env, trust);
    return line == "203.0.113.7 4711 1 shop.example:8443 absent not_configured 31 33" ? 0 : 1;
}
