// SPDX-License-Identifier: MIT
// POCO Net: a request cannot be given another client address, so what ProxyFix decides is in an
// Environ, which the handler gets in front of the request and the response.
//
//     c++ -std=c++20 -Iinclude examples/poco_server.cpp -o poco_server -lPocoNet -lPocoFoundation
//     ./poco_server --port 8000 --x-for 1 --x-proto 1
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <unistd.h>

#include <proxyfix/adapters/poco.hpp>
#include <string>

#include "environ_text.hpp"
#include "server_options.hpp"

namespace net = Poco::Net;

/// Hands each request to `App`, which is made once.
template <class App> struct Handler : net::HTTPRequestHandler {
    explicit Handler(const App& a) : app(a) {}
    void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& to) override {
        app(request, to);
    }
    const App& app;
};
template <class App> struct Factory : net::HTTPRequestHandlerFactory {
    explicit Factory(const App& a) : app(a) {}
    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new Handler<App>(app);  // POCO deletes it
    }
    const App& app;
};

int main(int argc, char** argv) {
    const ServerOptions options = server_options(argc, argv);
    const auto hello = [](const auto& env, net::HTTPServerRequest& request,
                          net::HTTPServerResponse& response) {
        // A proxy relays all that follows a 2xx to CONNECT as it is, forged headers and all.
        if (request.getMethod() == net::HTTPRequest::HTTP_CONNECT) {
            response.setStatusAndReason(net::HTTPResponse::HTTP_METHOD_NOT_ALLOWED);
            response.sendBuffer("", 0);
            return;
        }
        request.stream().ignore(1 << 20);  // the body
        const std::string text = to_text(env);
        response.setContentType("text/plain");
        response.sendBuffer(text.data(), text.size());
    };
    const auto app = proxyfix::proxy_fix_for<net::HTTPServerRequest&>(options.trust) | hello;

    const net::ServerSocket listener(net::SocketAddress("127.0.0.1", options.port));
    // POCO skips no body that is left unread: on a connection that stays open it would be the next
    // request, headers and all.
    net::HTTPServerParams::Ptr parameters = new net::HTTPServerParams;
    parameters->setKeepAlive(false);
    net::HTTPServer server(new Factory<decltype(app)>(app), listener, parameters);
    server.start();
    print_url(listener.address().port());
    pause();
    server.stop();
}
