// SPDX-License-Identifier: MIT
// A CGI program: the request is the environment of the process.
//
//     c++ -std=c++20 -Iinclude examples/cgi_program.cpp -o cgi_program
//     REMOTE_ADDR=10.0.0.2 HTTP_X_FORWARDED_FOR=203.0.113.7 ./cgi_program
#include <iostream>
#include <proxyfix/adapters/cgi.hpp>

int main(int, char**, char** variables) {
    // One proxy in front of the web server. The web server itself is no hop: it hands its client
    // on.
    const auto app = proxyfix::proxy_fix_for<proxyfix::CgiVariables>({.x_for = 1, .x_proto = 1}) |
                     [](const proxyfix::Environ& env, proxyfix::CgiVariables) {
                         // A proxy relays all that follows a 2xx to CONNECT as it is.
                         if (env.request_method == "CONNECT") {
                             std::cout << "Status: 405 Method Not Allowed\n\n";
                             return;
                         }
                         std::cout << "Content-Type: text/plain\n\nhello " << env.remote_addr
                                   << '\n';
                     };
    app(proxyfix::CgiVariables{variables});
}
