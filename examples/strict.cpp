// SPDX-License-Identifier: MIT
// Answers 400 to a request with a forwarding header that was rejected.
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <utility>

using proxyfix::Environ;
using namespace proxyfix::literals;

// Middleware that stands behind ProxyFix.
template <class Next> class Strict {
  public:
    explicit Strict(Next next) : next_(std::move(next)) {}

    std::string operator()(Environ& env) const {
        if (env.proxy.refused()) return "400 Bad Request";
        return next_(env);
    }

  private:
    Next next_;
};

std::string app(Environ& env) { return "200 OK, hello " + env.remote_addr; }

int main() {
    const auto stack = proxyfix::proxy_fix({.x_for = 1,
                                            .x_proto = 1,
                                            .x_host = 1,
                                            .proxies = {"10.0.0.0/24"_net},
                                            .allowed_hosts = {"shop.example"}}) |
                       proxyfix::layer<Strict>() | app;

    struct Example {
        const char *what, *peer, *client, *host;
    };
    for (const auto& [what, peer, client, host] :
         {Example{"behind the proxy", "10.0.0.2", "203.0.113.7", "shop.example"},
          Example{"not an address", "10.0.0.2", "unknown", "shop.example"},
          Example{"another host", "10.0.0.2", "203.0.113.7", "evil.example"},
          Example{"past the proxy", "198.51.100.9", "203.0.113.7", "shop.example"}}) {
        Environ env{.remote_addr = peer,
                    .headers = {{"X-Forwarded-For", client}, {"X-Forwarded-Host", host}}};
        std::cout << what << ": " << stack(env) << '\n';
    }
}
