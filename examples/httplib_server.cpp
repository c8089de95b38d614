// SPDX-License-Identifier: MIT
// cpp-httplib: its handlers get the request as constant, so what ProxyFix decides is in an Environ,
// which the handler gets in front of the request and the response.
//
//     flags="$(pkg-config --cflags --libs cpp-httplib) -pthread"
//     c++ -std=c++20 -Iinclude examples/httplib_server.cpp -o httplib_server $flags
//     ./httplib_server --port 8000 --x-for 1 --x-proto 1
#include <httplib.h>
#include <sys/socket.h>

#include <iostream>
#include <proxyfix/adapters/httplib.hpp>

#include "environ_text.hpp"
#include "server_options.hpp"

int main(int argc, char** argv) {
    const ServerOptions options = server_options(argc, argv);

    const auto hello = [](const auto& env, const httplib::Request&, httplib::Response& response) {
        response.set_content(to_text(env), "text/plain");
    };
    const auto app = proxyfix::proxy_fix_for<const httplib::Request&>(options.trust) | hello;

    httplib::Server server;
    // 0.11 leaves the bodies of some requests unread: on a connection that stays open they would be
    // the next request, headers and all.
    server.set_keep_alive_max_count(1);
    // Other methods get a 400. A proxy relays all that follows a 2xx to CONNECT as it is, forged
    // headers and all, so do not answer it in a pre-routing handler either.
    server.Get("/.*", app);
    server.Post("/.*", app);
    if (!options.unix_path.empty()) {
        server.set_address_family(AF_UNIX);
        std::cout << options.unix_path << '\n' << std::flush;
        return server.listen(options.unix_path, 80) ? 0 : 1;  // the port is not used
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
