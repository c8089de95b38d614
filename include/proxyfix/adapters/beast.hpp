// SPDX-License-Identifier: MIT
/// \file
/// Boost.Beast: `EnvironOf(request, peer)`. Include boost/beast/http.hpp before it.
#include "proxyfix/environ_of.hpp"

#ifdef BOOST_BEAST_HTTP_MESSAGE_HPP
#pragma once

#include <iterator>
#include <string_view>
#include <utility>

#include "proxyfix/line_view.hpp"

/// A message of Beast. Its header lines are read in place, and can be erased.
template <class Body, class Fields>
struct proxyfix::Adapter<boost::beast::http::request<Body, Fields>> {
    /// What `Adapter` and `FillsEnviron` ask for, and its parts: see there. \{
    using Request = boost::beast::http::request<Body, Fields>;

    static constexpr bool lines_in_order = true;

    static std::string_view view(boost::beast::string_view text) noexcept {
        return {text.data(), text.size()};
    }
    static auto to_line(const typename Fields::value_type& line) noexcept {
        return std::pair{view(line.name_string()), view(line.value())};
    }
    static auto headers(const Request& request) noexcept {
        return LineView<typename Fields::const_iterator, to_line>(request.begin(), request.end());
    }
    /// Beast puts the trailers of a chunked body among the header lines, so a client can write the
    /// last ones: see adapters/beast_parser.hpp for what to do.
    static bool has_doubtful_lines(const Request& request) noexcept {
        return request.count(boost::beast::http::field::transfer_encoding) > 0;
    }

    /// From the endpoints of the connection. For a TLS stream, assign `env.url_scheme` afterwards.
    static void fill(Environ& env, const Request& request, const auto& peer, const auto&... local) {
        put(peer, env.remote_addr, env.remote_port);
        (put(local, env.server_name, env.server_port), ...);
        env.http_host = view(request[boost::beast::http::field::host]);
        set_target(env, view(request.target()));
        env.request_method = view(request.method_string());
    }

    static void erase(Request& request, auto& is_erased) {
        for (auto line = request.begin(); line != request.end();) {
            line = is_erased(view(line->name_string())) ? request.erase(line) : std::next(line);
        }
    }

    static void put(const auto& endpoint, auto& host, auto& port) {
        if constexpr (requires { endpoint.path(); }) host = "unix:" + endpoint.path();
        else host = endpoint.address().to_string(), port = endpoint.port();
    }
    /// \}
};

#endif
