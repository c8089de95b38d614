// SPDX-License-Identifier: MIT
// Middleware of your own before and behind ProxyFix: a request flows from left to right.
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <utility>

using proxyfix::Environ, proxyfix::Network;
using namespace proxyfix::literals;

// Middleware as a function from handler to handler.
const proxyfix::Layer logger{[](auto next) {
    return [next = std::move(next)](Environ& env) {
        std::string response = next(env);
        std::cout << env.remote_addr << " -> " << response << '\n';
        return response;
    };
}};

// Middleware as a class template: clients of one network only.
template <class Next> class Allow {
  public:
    Allow(Next next, Network network) : next_(std::move(next)), network_(network) {}

    std::string operator()(Environ& env) const {
        const auto& client = env.proxy.client;
        if (!client || !network_.contains(client->address)) return "403 Forbidden";
        return next_(env);
    }

  private:
    Next next_;
    Network network_;
};

std::string app(Environ&) { return "200 OK"; }

int main() {
    // The logger and the rule see the client. To the left of proxy_fix they would see the proxy.
    const auto stack = proxyfix::proxy_fix({.x_for = 1, .x_proto = 0}) | logger |
                       proxyfix::layer<Allow>("203.0.113.0/24"_net) | app;

    for (const char* client : {"203.0.113.7", "198.51.100.9", "203.0.113.7, 198.51.100.9"}) {
        Environ env{.remote_addr = "10.0.0.2", .headers = {{"X-Forwarded-For", client}}};
        stack(env);
    }
}
