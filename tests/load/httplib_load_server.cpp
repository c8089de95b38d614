// SPDX-License-Identifier: MIT
// cpp-httplib under load: answers 200 if the client's address is the request's X-Marker, else 500.
// With --without there is no ProxyFix, and the answer is 200.
#include <httplib.h>

#include <iostream>
#include <proxyfix/adapters/httplib.hpp>

#include "marker_handler.hpp"

int main(int argc, char** argv) {
    const LoadOptions options = load_options(argc, argv);

    const auto check = [](const auto& env, const httplib::Request& request,
                          httplib::Response& response) {
        const Answer answer = check_client(env, request.get_header_value("X-Marker"));
        response.status = static_cast<int>(answer.status);
        response.set_content(answer.body, "text/plain");
    };
    const auto accept = [](const httplib::Request& request, httplib::Response& response) {
        response.set_content(request.get_header_value("X-Marker"), "text/plain");
    };

    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(64); };  // one a connection
    server.set_keep_alive_max_count(1000);
    server.set_keep_alive_timeout(120);  // seconds: longer than nginx keeps an idle connection
    server.set_tcp_nodelay(true);
    if (options.checks) {
        const proxyfix::Trust trust{.x_for = options.hops};
        server.Get("/", proxyfix::proxy_fix_for<const httplib::Request&>(trust) | check);
    } else {
        server.Get("/", accept);
    }
    const int port = options.port == 0 ? server.bind_to_any_port("127.0.0.1")
                     : server.bind_to_port("127.0.0.1", options.port) ? options.port
                                                                      : -1;
    if (port < 0) {
        std::cerr << "cannot listen on 127.0.0.1:" << options.port << '\n';
        return 1;
    }
    print_url(port);
    return server.listen_after_bind() ? 0 : 1;
}
