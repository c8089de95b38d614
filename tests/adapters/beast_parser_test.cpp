// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/beast.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "arrived.hpp"

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

namespace {

using Parser = http::request_parser<http::string_body>;

/// Gives the parser a text; it takes what it can. Returns the rest.
std::string put(Parser& parser, std::string text) {
    boost::system::error_code error;
    while (!text.empty() && !parser.is_done()) {
        const std::size_t taken = parser.put(boost::asio::buffer(text), error);
        text.erase(0, taken);
        if (taken == 0) break;
    }
    return text;
}

struct Framework {
    static constexpr bool keeps_names = true, lines_in_order = true;

    static void with(const Arrived& arrived, const auto& look) {
        Parser parser;
        parser.header_limit(1 << 20);
        put(parser, head_of(arrived));
        const auto peer = boost::asio::ip::make_address(arrived.peer);
        const auto local = boost::asio::ip::make_address("127.0.0.1");
        proxyfix::EnvironOf env(parser, tcp::endpoint(peer, 50000), tcp::endpoint(local, 8000));
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<Parser&>& env) {
        return proxyfix::EnvironOf(env.request, tcp::endpoint());
    }
};

static_assert(proxyfix::Strippable<proxyfix::EnvironOf<Parser&>>);
static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<const Parser&>>);

}  // namespace

#include "cases.hpp"

namespace {

// From Boost 1.87 on, trailers come among the header lines one by one, and from 1.90 on only those
// that the header names in Trailer, if the parser merges all.
template <class P>
concept ChoosesTrailers = requires(P parser) {
    parser.merge_all_trailers(true);
};
constexpr bool chooses_trailers = ChoosesTrailers<Parser>;
constexpr bool merges_early = BOOST_VERSION >= 108700 && !chooses_trailers;

void merge_all_trailers(auto& parser, bool all = true) {
    if constexpr (ChoosesTrailers<decltype(parser)>) parser.merge_all_trailers(all);
}

constexpr char chunked_head[] =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Forwarded-For\r\n"
    "X-Forwarded-For: 203.0.113.7\r\n\r\n";
constexpr char trailers[] = "0\r\nX-Forwarded-For: 6.6.6.6\r\nX-Other: a\r\n";

Outcome client_of(const auto& request) {
    const EnvironOf env(request, tcp::endpoint());
    const Resolution r = resolve(env, Trust{.x_for = 1});
    if (!r.client) return r.client.error();
    CHECK(to_string(r.client->address) == "203.0.113.7");
    return Applied{};
}

}  // namespace

TEST_CASE("Trailers come early from Boost 1.87 on") {
    CHECK_FALSE(Adapter<Parser>::merges_early(107400));
    CHECK_FALSE(Adapter<Parser>::merges_early(108600));
    CHECK(Adapter<Parser>::merges_early(108700));
    CHECK(Adapter<Parser>::merges_early(108900));
}

TEST_CASE("The trailers of a chunked body are no header lines") {
    const Outcome doubtful = Reason::unreliable_lines;
    for (const bool merges_all : {false, true}) {
        CAPTURE(merges_all);
        Parser parser;
        parser.eager(true);
        if (merges_all) merge_all_trailers(parser);
        const bool early = merges_early || (merges_all && chooses_trailers);
        const Outcome before_the_end = early ? doubtful : Applied{};

        std::string rest = put(parser, chunked_head);
        CHECK(!parser.is_done());
        CHECK(client_of(parser) == before_the_end);
        CHECK(client_of(parser.get()) == doubtful);  // it may have been read whole

        rest = put(parser, rest + "1\r\na\r\n");
        CHECK(client_of(parser) == before_the_end);

        // All but the end: some versions have merged the first line by now.
        rest = put(parser, rest + trailers);
        CHECK(!parser.is_done());
        CHECK(client_of(parser) == before_the_end);
        CHECK(client_of(parser.get()) == doubtful);

        CHECK(put(parser, rest + "\r\n") == "");
        CHECK(parser.is_done());
        CHECK(parser.get().count("X-Forwarded-For") == (merges_all || !chooses_trailers ? 2 : 1));
        CHECK(client_of(parser) == doubtful);
        CHECK(client_of(parser.get()) == doubtful);

        // What the parser is told later, and what is erased, changes nothing.
        merge_all_trailers(parser, false);
        parser.get().erase(http::field::trailer);
        CHECK(client_of(parser) == doubtful);
        CHECK(client_of(parser.get()) == doubtful);
    }
}

TEST_CASE("Where a trailer is malformed, those before it are in the message, which is doubtful") {
    Parser parser;
    parser.eager(true);
    merge_all_trailers(parser);
    put(parser, put(parser, chunked_head) + trailers + "no field line\r\n\r\n");
    CHECK(!parser.is_done());
    CHECK(parser.get().count("X-Forwarded-For") == 2);
    CHECK(client_of(parser.get()) == Reason::unreliable_lines);
}

TEST_CASE("A body with a length is read to its end, and the lines stay believed") {
    Parser parser;
    parser.eager(true);
    put(parser,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
        "X-Forwarded-For: 203.0.113.7\r\n\r\na");
    CHECK(parser.is_done());
    CHECK(client_of(parser) == Applied{});
    CHECK(client_of(parser.get()) == Applied{});
}

TEST_CASE("Lines that are doubtful are erased like others that are not believed") {
    Parser parser;
    parser.eager(true);
    merge_all_trailers(parser);
    put(parser, put(parser, std::string(chunked_head) + trailers + "\r\n"));
    REQUIRE(parser.get().count("X-Forwarded-For") == 2);
    EnvironOf env(parser, tcp::endpoint());
    const Environ seen = fixed(env, {.x_for = 1, .strip = Strip::untrusted});
    CHECK(seen.proxy.refused());
    CHECK(parser.get().count("X-Forwarded-For") == 0);
}
