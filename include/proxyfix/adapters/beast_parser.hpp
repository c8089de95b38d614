// SPDX-License-Identifier: MIT
/// \file
/// Boost.Beast: `EnvironOf(parser, peer)`, between `http::read_header` and the reading of the body.
/// Include boost/beast/http.hpp before it.
#include "proxyfix/adapters/beast.hpp"

#ifdef BOOST_BEAST_HTTP_PARSER_HPP
#pragma once

/// A request whose body may be chunked. Of one that has been read to its end nothing is believed if
/// it was chunked: its trailers, which the client writes, are then among its header lines. From
/// Boost 1.87 on they are there before the end, so nothing is believed at any time; from 1.90 on,
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
    static constexpr bool merges_early(int version) { return version >= 108700; }

    /// As for a request.
    static void fill(Environ& env, const Parser& parser, const auto& peer, const auto&... local) {
        Message::fill(env, parser.get(), peer, local...);
    }

    template <class IsErased> static void erase(Parser& parser, IsErased& is_erased) {
        Message::erase(parser.get(), is_erased);
    }
    /// \}
};

#endif
