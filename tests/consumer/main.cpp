// SPDX-License-Identifier: MIT
#include <cstdio>
#include <proxyfix/proxyfix.hpp>

int main() {
    proxyfix::ProxyFix app{[](proxyfix::Environ& env) { return env.remote_addr; }, {.x_for = 1}};
    proxyfix::Environ env{.remote_addr = "10.0.0.2",
                          .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
    std::puts(app(env).c_str());
}
