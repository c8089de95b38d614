// SPDX-License-Identifier: MIT
// Boost.Beast under load, a thread a connection: answers 200 if the client's address is the
// request's X-Marker, else 500. With --without there is no ProxyFix, and the answer is 200.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <proxyfix/adapters/beast.hpp>
#include <string>
#include <thread>
#include <utility>

#include "marker_handler.hpp"

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using Request = http::request<http::string_body>;

void serve(tcp::socket socket, const auto& app, bool checks) {
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(tcp::no_delay(true), error);
    boost::beast::flat_buffer buffer;
    for (bool keep_alive = true; keep_alive && !error;) {
        Request request;
        http::read(socket, buffer, request, error);
        if (error) break;
        const std::string marker(request["X-Marker"]);
        Answer answer =
            checks ? app(proxyfix::EnvironOf(request, peer), marker) : Answer{200, marker};
        http::response<http::string_body> response(http::int_to_status(answer.status),
                                                   request.version(), std::move(answer.body));
        response.set(http::field::content_type, "text/plain");
        keep_alive = request.keep_alive();
        response.keep_alive(keep_alive);
        response.prepare_payload();
        http::write(socket, response, error);
    }
    socket.shutdown(tcp::socket::shutdown_send, error);
}

int main(int argc, char** argv) {
    const LoadOptions options = load_options(argc, argv);
    const proxyfix::ProxyFix app{check_client, {.x_for = options.hops}};
    boost::asio::io_context context;
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), options.port});
    print_url(acceptor.local_endpoint().port());
    for (;;) {
        std::thread([&app, &options](tcp::socket s) { serve(std::move(s), app, options.checks); },
                    acceptor.accept())
            .detach();
    }
}
