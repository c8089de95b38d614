// SPDX-License-Identifier: MIT
// Built with -fno-exceptions -fno-rtti; exits with 0 if the handler sees the client. With an
// argument it makes a Trust that contradicts itself, which prints the fault and aborts.
#include <proxyfix/proxyfix.hpp>

int main(int argc, char**) {
    proxyfix::Trust faulty{.x_for = argc > 1 ? proxyfix::all_hops : 1};
    proxyfix::ProxyFix unused{[](const proxyfix::Environ&) {}, faulty};
    auto app = proxyfix::proxy_fix({.x_for = 1, .x_host = 1}) | [](const proxyfix::Environ& env) {
        return env.remote_addr == "203.0.113.7" && url_root(env) == "http://shop.example/";
    };
    proxyfix::Environ env{
        .remote_addr = "10.0.0.2",
        .headers = {{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Host", "shop.example"}}};
    return app(env) ? 0 : 1;
}
