// SPDX-License-Identifier: MIT
#include <cstdio>

#include "headers.hpp"

bool is_private(const proxyfix::Environ& env);

int main() {
    proxyfix::ProxyFix app{[](proxyfix::Environ& env) { return env.remote_addr; }, {.x_for = 1}};
    proxyfix::Environ env{.remote_addr = "10.0.0.2",
                          .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
    if (is_private(env)) std::puts(app(env).c_str());
}
