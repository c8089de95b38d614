// SPDX-License-Identifier: MIT
/// \file
/// Boost.Beast: `EnvironOf(request, socket.remote_endpoint())`. Include boost/beast/http.hpp and
/// boost/asio/ip/tcp.hpp before it.
#ifdef BOOST_BEAST_HTTP_HPP
#pragma once

#include <string_view>
#include <utility>

#include "proxyfix/environ_of.hpp"
#include "proxyfix/line_view.hpp"

/// The scheme is "http": assign `env.url_scheme = "https"` if the stream is a TLS stream.
template <class Body, class Allocator>
struct proxyfix::Adapter<
    boost::beast::http::request<Body, boost::beast::http::basic_fields<Allocator>>> {
    using Fields = boost::beast::http::basic_fields<Allocator>;
    using Request = boost::beast::http::request<Body, Fields>;
    using TcpEndpoint = boost::asio::ip::tcp::endpoint;

    static constexpr bool lines_in_order = true;

    static std::string_view view(boost::beast::string_view text) noexcept {
        return {text.data(), text.size()};
    }
    static std::pair<std::string_view, std::string_view> to_line(
        const typename Fields::value_type& line) noexcept {
        return {view(line.name_string()), view(line.value())};
    }
    static auto headers(const Request& request) noexcept {
        return LineView<typename Fields::const_iterator, to_line>(request.begin(), request.end());
    }

    /// A Beast request does not know its connection: `peer` is the client's end of it, `local` the
    /// server's, if that is of interest.
    static void fill(Environ& env, const Request& request, const TcpEndpoint& peer,
                     const TcpEndpoint& local = {}) {
        env.remote_addr = peer.address().to_string();
        env.remote_port = peer.port();
        env.http_host = view(request[boost::beast::http::field::host]);
        if (local.port() != 0) env.server_name = local.address().to_string();
        env.server_port = local.port();
        set_target(env, view(request.target()));
        env.request_method = view(request.method_string());
    }

    template <class IsErased> static void erase(Request& request, IsErased& is_erased) {
        for (auto line = request.begin(); line != request.end();) {
            line = is_erased(view(line->name_string())) ? request.erase(line) : std::next(line);
        }
    }
};

#endif
