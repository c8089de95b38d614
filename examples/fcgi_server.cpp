// SPDX-License-Identifier: MIT
// FastCGI with libfcgi: the web server in front hands its own client on as REMOTE_ADDR, so it is no
// hop. Count only the proxies in front of the web server.
//
//     c++ -std=c++20 -Iinclude examples/fcgi_server.cpp -o fcgi_server -lfcgi
//     ./fcgi_server --unix /run/shop.sock
#include <fcgiapp.h>
#include <sys/stat.h>

#include <proxyfix/adapters/cgi.hpp>
#include <string>

#include "environ_text.hpp"
#include "server_options.hpp"

using proxyfix::CgiVariables;

int main(int argc, char** argv) {
    const ServerOptions options = server_options(argc, argv);
    const auto hello = [](const auto& env, CgiVariables, FCGX_Stream* out) {
        // A proxy relays all that follows a 2xx to CONNECT as it is, forged headers and all.
        if (env.request_method == "CONNECT") {
            FCGX_PutS("Status: 405 Method Not Allowed\r\n\r\n", out);
            return;
        }
        const std::string text = "Content-Type: text/plain\r\n\r\n" + to_text(env);
        FCGX_PutStr(text.data(), static_cast<int>(text.size()), out);
    };
    const auto app = proxyfix::proxy_fix_for<CgiVariables>(options.trust) | hello;

    FCGX_Init();
    const std::string port = "127.0.0.1:" + std::to_string(options.port);
    const std::string& where = options.unix_path.empty() ? port : options.unix_path;
    if (options.unix_path.empty() && options.port == 0) {
        std::cerr << "--unix PATH or --port N is needed\n";
        return 2;
    }
    const int listener = FCGX_OpenSocket(where.c_str(), 128);
    FCGX_Request request;
    if (listener < 0 || FCGX_InitRequest(&request, listener, 0) != 0) {
        std::cerr << "cannot listen on " << where << '\n';
        return 1;
    }
    std::cout << where << '\n' << std::flush;
    while (FCGX_Accept_r(&request) == 0) {
        app(CgiVariables{request.envp}, request.out);
        FCGX_Finish_r(&request);
    }
}
