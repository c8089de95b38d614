// SPDX-License-Identifier: MIT
// The trust from an environment variable, so that the same program runs behind any proxies.
//
//     c++ -std=c++20 -Iinclude examples/from_environment.cpp -o from_environment
//     PROXYFIX_TRUST='x_for=1; x_proto=1; proxies=10.0.0.2' ./from_environment
#include <cstdlib>
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>

using proxyfix::Environ;

std::string app(const Environ& env) { return "hello " + env.remote_addr; }

int main() {
    const char* variable = std::getenv("PROXYFIX_TRUST");  // null if there is none
    const std::string text(variable ? variable : "");
    const auto trust = proxyfix::parse_trust(text);
    if (!trust) {
        // Do not go on without it: the application would take the proxy for the client.
        std::cerr << "PROXYFIX_TRUST: " << trust.error() << '\n';
        return 2;
    }
    // So that a text which a shell has cut off at a ';' is seen.
    if (text.empty()) std::cout << "PROXYFIX_TRUST is not set: no header is trusted\n";
    else std::cout << "trust: " << to_string(*trust) << '\n';
    const proxyfix::ProxyFix fixed{app, *trust};

    Environ env{.remote_addr = "10.0.0.2",
                .headers = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}}};
    std::cout << fixed(env) << '\n';
}
