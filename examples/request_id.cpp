// SPDX-License-Identifier: MIT
// Another header under the same trust: the id that the proxy gave the request, for a log. This
// proxy appends it; of one that overwrites the header, ask trusted_line.
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

using proxyfix::Environ;

int main() {
    const proxyfix::ProxyFix app{[](const Environ& env) { return "hello " + env.remote_addr; },
                                 {.x_for = 1, .x_proto = 0, .proxies = {"10.0.0.2"}}};
    const auto respond = [&](Environ& env) {
        // Before ProxyFix erases lines, if it does; and copied, as it is a view of one.
        const auto id = trusted_value(env, "X-Request-ID", 1, app.policy());
        const std::string entry(id ? *id : to_string(id));
        const std::string body = app(env);
        std::cout << entry << ' ' << env.remote_addr << ' ' << env.path_info << '\n';
        return body;
    };

    struct Example {
        std::string_view peer, id;
    };
    for (const auto& [peer, id] :
         {Example{"10.0.0.2", "f8a1"}, Example{"10.0.0.2", "forged, f8a2"},  // the proxy appends
          Example{"198.51.100.9", "forged"}}) {                              // past the proxy
        Environ env{
            .remote_addr = std::string(peer),
            .path_info = "/cart",
            .headers = {{"X-Forwarded-For", "203.0.113.7"}, {"X-Request-ID", std::string(id)}}};
        respond(env);
    }
}
