// SPDX-License-Identifier: MIT
// Boost.Beast: a request does not know its connection, so the Environ beside it is made of both.
// There are no time-outs: put it behind a proxy, or add them.
//
//     c++ -std=c++20 -Iinclude examples/beast_server.cpp -o beast_server -pthread
//     ./beast_server --port 8000 --x-for 1 --x-proto 1
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <proxyfix/adapters/beast.hpp>
#include <string>
#include <thread>
#include <utility>

#include "environ_text.hpp"
#include "server_options.hpp"

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

void serve(tcp::socket socket, const auto& app) {
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;  // the client has gone already
    const tcp::endpoint local = socket.local_endpoint(error);
    socket.set_option(tcp::no_delay(true), error);
    boost::beast::flat_buffer buffer;
    for (bool keep_alive = true; keep_alive && !error;) {
        http::request_parser<http::string_body> parser;
        http::read_header(socket, buffer, parser, error);
        if (error == http::error::end_of_stream) break;
        // Before the body: Beast puts its trailers among the header lines.
        std::string text = error ? "" : app(proxyfix::EnvironOf(parser, peer, local));
        if (!error) http::read(socket, buffer, parser, error);

        // A proxy relays all that follows a 2xx to CONNECT as it is, forged headers and all.
        const bool is_connect = parser.get().method() == http::verb::connect;
        const auto status = error        ? http::status::bad_request
                            : is_connect ? http::status::method_not_allowed
                                         : http::status::ok;
        http::response<http::string_body> response(status, parser.get().version(), std::move(text));
        keep_alive = status == http::status::ok && parser.get().keep_alive();
        response.set(http::field::content_type, "text/plain");
        response.keep_alive(keep_alive);
        response.prepare_payload();
        http::write(socket, response, error);
    }
    socket.shutdown(tcp::socket::shutdown_send, error);
}

int main(int argc, char** argv) {
    const ServerOptions options = server_options(argc, argv);
    const proxyfix::ProxyFix app{[](const auto& env) { return to_text(env); }, options.trust};

    boost::asio::io_context context;
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), options.port});
    print_url(acceptor.local_endpoint().port());
    for (boost::system::error_code error;;) {
        tcp::socket socket = acceptor.accept(error);
        if (error) continue;  // the client has gone, or there are too many
        std::thread([&](tcp::socket s) { serve(std::move(s), app); }, std::move(socket)).detach();
    }
}
