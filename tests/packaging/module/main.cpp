// SPDX-License-Identifier: MIT
#include <iostream>
#include <span>
#include <string>

import proxyfix;

using namespace proxyfix::literals;

struct Line {
    std::string name, value;
};
struct Request {
    std::string peer;
    std::span<const Line> lines;
};

template <> struct proxyfix::Adapter<Request> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Request& request) { return request.peer; }
    static std::span<const Line> headers(const Request& request) { return request.lines; }
    static void apply(Request& request, const Resolution& resolution) {
        if (resolution.client) request.peer = to_string(resolution.client->address);
    }
};

int main() {
    const proxyfix::Trust trust{.x_for = 1, .proxies = {"10.0.0.0/8"}};
    const Line lines[] = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}};

    const proxyfix::Layer greeter{
        [](auto next) { return [next](Request& request) { return "hello " + next(request); }; }};
    auto app = proxyfix::proxy_fix<Request>(trust) | greeter |
               [](const Request& request) { return request.peer; };
    Request request{"10.0.0.2", lines};
    std::cout << app(request) << '\n';

    proxyfix::ProxyFix hello{[](proxyfix::Environ& env) { return "hello " + env.remote_addr; },
                             trust};
    proxyfix::Environ env{.remote_addr = "10.0.0.2",
                          .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
    std::cout << hello(env) << ", " << to_string(env.proxy.client) << '\n';

    std::cout << "10.0.0.0/8"_net.contains("10.0.0.2"_ip) << '\n';
}
