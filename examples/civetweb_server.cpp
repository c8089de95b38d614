// SPDX-License-Identifier: MIT
// civetweb, as the pattern for servers in C: the handler gets what is behind the pointer.
//
//     c++ -std=c++20 -Iinclude examples/civetweb_server.cpp -o civetweb_server -lcivetweb
//     ./civetweb_server --port 8000 --x-for 1 --x-proto 1
#include <civetweb.h>
#include <unistd.h>

#include <proxyfix/adapters/civetweb.hpp>
#include <string>

#include "environ_text.hpp"
#include "server_options.hpp"

// The handler, as proxyfix calls it: an Environ in front of what it is called with.
int hello(const proxyfix::EnvironOf<const mg_request_info&>& env, const mg_request_info&,
          mg_connection* connection) {
    // A proxy relays all that follows a 2xx to CONNECT as it is, forged headers and all.
    if (env.request_method == "CONNECT") {
        mg_send_http_error(connection, 405, "%s", "");
        return 405;  // handled
    }
    const std::string text = to_text(env);
    mg_send_http_ok(connection, "text/plain", static_cast<long long>(text.size()));
    mg_write(connection, text.data(), text.size());
    return 200;
}

int main(int argc, char** argv) {
    const ServerOptions options = server_options(argc, argv);
    auto app = proxyfix::proxy_fix_for<const mg_request_info&>(options.trust) | hello;

    const std::string port = "127.0.0.1:" + std::to_string(options.port);
    const char* settings[] = {"listening_ports", port.c_str(), nullptr};
    mg_context* const server = mg_start(nullptr, nullptr, settings);
    mg_server_port listening{};
    if (server == nullptr || mg_get_server_ports(server, 1, &listening) != 1) {
        std::cerr << "cannot listen on " << port << '\n';
        return 1;
    }
    // The handler, as civetweb calls it: a function and a pointer. No exception may pass through C.
    const auto handle = [](mg_connection* connection, void* handler) noexcept {
        return (*static_cast<const decltype(app)*>(handler))(*mg_get_request_info(connection),
                                                             connection);
    };
    mg_set_request_handler(server, "**", handle, &app);
    print_url(listening.port);
    pause();
    mg_stop(server);
}
