// SPDX-License-Identifier: MIT
// What a client asked for, what the server behind a proxy sees of it, what ProxyFix makes of it.
//
//     c++ -std=c++20 -Iinclude examples/quickstart.cpp -o quickstart && ./quickstart
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>

using proxyfix::Environ, proxyfix::ProxyFix;

// The client 203.0.113.7 asked for https://shop.example/store/. It also sent a forged header. The
// proxy 10.0.0.2 passed the request on to http://app.internal:8000/ and added five lines.
Environ behind_a_proxy() {
    return {.remote_addr = "10.0.0.2",
            .http_host = "app.internal:8000",
            .server_name = "app.internal",
            .server_port = 8000,
            .headers = {{"X-Forwarded-For", "6.6.6.6"},  // the forgery
                        {"X-Forwarded-For", "203.0.113.7"},
                        {"X-Forwarded-Proto", "https"},
                        {"X-Forwarded-Host", "shop.example"},
                        {"X-Forwarded-Port", "443"},
                        {"X-Forwarded-Prefix", "/store"}}};
}

// The application: any callable.
std::string app(const Environ& env) {
    std::string address = env.remote_addr;
    address.resize(15, ' ');
    return address + url_root(env);
}

int main() {
    std::cout << "                        address        URL\n"
              << "the client is           203.0.113.7    https://shop.example/store/\n";

    Environ env = behind_a_proxy();
    std::cout << "without ProxyFix        " << app(env) << '\n';

    // One proxy in front, which sets all five headers.
    ProxyFix fixed{app, {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1}};
    std::cout << "with ProxyFix           " << fixed(env) << '\n';

    // The same, but the proxy forgot about the prefix, so the client's own text comes through.
    Environ spoofed = behind_a_proxy();
    spoofed.headers.back().value = "//evil.example";
    std::cout << "with a spoofed prefix   " << fixed(spoofed) << '\n'
              << "\nWhy? The prefix is " << to_string(spoofed.proxy.prefix) << ".\n";
}
