// SPDX-License-Identifier: MIT
// A server that keeps decisions: in an optional for each connection, in containers, returned and
// sorted.
#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace proxyfix;

namespace {

struct Connection {
    Environ env;
    std::optional<Resolution> decision{};
};

std::optional<Resolution> decided(const Connection& connection, const Policy& policy) {
    if (connection.env.remote_addr.empty()) return std::nullopt;
    return connection.decision ? connection.decision : resolve(connection.env, policy);
}

std::optional<Address> client_of(const std::optional<Resolution>& decision) {
    if (!decision || !decision->client) return std::nullopt;
    return decision->client->address;
}

}  // namespace

int main() {
    const Policy policy = Trust{.x_for = 1, .x_proto = 1, .proxies = {"10.0.0.0/24"}};
    std::vector<Connection> connections;
    for (const char* const peer : {"10.0.0.2", "192.0.2.1", ""}) {
        connections.push_back(
            {{.remote_addr = peer, .headers = {{"X-Forwarded-For", "203.0.113.7"}}}});
    }
    std::map<std::string, std::optional<Resolution>> by_peer;
    std::vector<Result<Endpoint>> clients;
    for (Connection& connection : connections) {
        connection.decision = decided(connection, policy);
        by_peer[connection.env.remote_addr] = connection.decision;
        if (connection.decision) clients.push_back(connection.decision->client);
    }
    std::sort(clients.begin(), clients.end(),
              [](const auto& a, const auto& b) { return a.has_value() < b.has_value(); });
    const bool sorted = clients.size() == 2 && clients[0] == Reason::peer_not_trusted &&
                        clients[1] == *parse_endpoint("203.0.113.7");
    const std::optional<Address> client =
        client_of(std::exchange(by_peer["10.0.0.2"], std::nullopt));
    std::cout << (client ? to_string(*client) : "unknown") << '\n';
    return sorted && client && !client_of(by_peer["192.0.2.1"]) && !by_peer[""] ? 0 : 1;
}
