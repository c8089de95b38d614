// SPDX-License-Identifier: MIT
/// \file
/// Boost.Beast: `EnvironOf(request, peer)`, and `EnvironOf(parser, peer)` between
/// `http::read_header` and the reading of the body.
#pragma once

#ifndef BOOST_BEAST_HTTP_HPP
#include <boost/beast/http.hpp>
#endif

#include <iterator>
#include <string_view>
#include <utility>

#include "proxyfix/proxyfix.hpp"

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
    /// last ones: use the parser, below, for chunked requests.
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

/// A request whose body may be chunked. Once it has been read to its end no value is trusted if
/// it was chunked: its trailers, which the client writes, are then among its header lines. From
/// Boost 1.87 on they are there before the end, so no value is trusted at any time; from 1.90 on,
/// that is so only if the parser is to `merge_all_trailers`. A parser does not tell that its
/// reading failed, which may have been behind a trailer: ask `EnvironOf(parser.get(), peer)` then.
template <class Body, class Allocator>
struct proxyfix::Adapter<boost::beast::http::request_parser<Body, Allocator>> {
    /// What `Adapter` and `FillsEnviron` ask for, and its parts: see there. \{
    using Parser = boost::beast::http::request_parser<Body, Allocator>;
    using Message = Adapter<typename Parser::value_type>;

    static constexpr bool lines_in_order = true;

    static auto headers(const Parser& parser) noexcept { return Message::headers(parser.get()); }

    static bool has_doubtful_lines(const Parser& parser) noexcept {
        bool may_hold_trailers = parser.is_done();
        if constexpr (requires { parser.merge_all_trailers(); })
            may_hold_trailers |= parser.merge_all_trailers();
        else may_hold_trailers |= merges_early(BOOST_VERSION);
        return may_hold_trailers && Message::has_doubtful_lines(parser.get());
    }
    /// Does a version of Boost put trailers among the lines before the end, if nobody can choose?
    static constexpr bool merges_early(int boost_version) { return boost_version >= 108700; }

    /// As for a request.
    static void fill(Environ& env, const Parser& parser, const auto& peer, const auto&... local) {
        Message::fill(env, parser.get(), peer, local...);
    }

    template <class IsErased> static void erase(Parser& parser, IsErased& is_erased) {
        Message::erase(parser.get(), is_erased);
    }
    /// \}
};
