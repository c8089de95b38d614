// SPDX-License-Identifier: MIT
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

#include "proxyfix/adapters/beast_parser.hpp"

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

/// The head of a chunked request. Beast puts its trailer X-Forwarded-For among the header lines:
/// from Boost 1.90 on only if the header names it in Trailer, and the parser merges all trailers.
std::string chunked_head(bool names_trailer = true) {
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
           std::string(names_trailer ? "Trailer: X-Forwarded-For\r\n" : "") +
           "X-Forwarded-For: 203.0.113.7\r\n\r\n";
}
constexpr char forging_trailer[] = "0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n";

template <class P>
concept ChoosesTrailers = requires(P parser) {
    parser.merge_all_trailers(true);
};
constexpr bool chooses_trailers = ChoosesTrailers<Parser>;
static_assert(chooses_trailers == (BOOST_VERSION >= 109000), "as adapters/beast.hpp has it");

void merge_all_trailers(auto& parser) {
    if constexpr (chooses_trailers) parser.merge_all_trailers(true);
}

Outcome client_of(const auto& request) {
    const EnvironOf env(request, tcp::endpoint());
    const Resolution r = resolve(env, {.x_for = 1});
    if (!r.client) return r.client.error();
    CHECK(to_string(r.client->address) == "203.0.113.7");
    return Applied{};
}

}  // namespace

TEST_CASE("The trailers of a chunked body are no header lines") {
    Parser parser;
    parser.eager(true);
    merge_all_trailers(parser);
    put(parser, chunked_head());
    CHECK(!parser.is_done());
    CHECK(client_of(parser) == Applied{});
    CHECK(client_of(parser.get()) == Reason::unordered_lines);  // it may have been read whole

    std::string rest = put(parser, "1\r\na\r\n");
    CHECK(client_of(parser) == Applied{});
    CHECK(put(parser, rest + forging_trailer) == "");
    CHECK(parser.is_done());
    CHECK(parser.get().count("X-Forwarded-For") == 2);
    CHECK(client_of(parser) == Reason::unordered_lines);
    CHECK(client_of(parser.get()) == Reason::unordered_lines);
}

TEST_CASE("A chunked body whose trailers Beast drops leaves the lines believed") {
    for (const bool names_trailer : {false, true}) {
        CAPTURE(names_trailer);
        Parser parser;
        parser.eager(true);
        put(parser, put(parser, chunked_head(names_trailer) + forging_trailer));
        CHECK(parser.is_done());
        CHECK(parser.get().count("X-Forwarded-For") == (chooses_trailers ? 1 : 2));
        const Outcome doubtful = Reason::unordered_lines;
        CHECK(client_of(parser) == (chooses_trailers ? Applied{} : doubtful));
        // The message does not know whether its parser merged what Trailer names.
        CHECK(client_of(parser.get()) ==
              (chooses_trailers && !names_trailer ? Applied{} : doubtful));
    }
}

TEST_CASE("A parser that merges all trailers takes those that the header names") {
    for (const bool names_trailer : {false, true}) {
        CAPTURE(names_trailer);
        Parser parser;
        parser.eager(true);
        merge_all_trailers(parser);
        put(parser, put(parser, chunked_head(names_trailer) + forging_trailer));
        const bool merged = names_trailer || !chooses_trailers;
        CHECK(parser.get().count("X-Forwarded-For") == (merged ? 2 : 1));
        const Outcome expected = merged ? Outcome(Reason::unordered_lines) : Applied{};
        CHECK(client_of(parser) == expected);
        CHECK(client_of(parser.get()) == expected);
    }
}

TEST_CASE("Trailers that have not arrived whole are not read") {
    Parser parser;
    parser.eager(true);
    merge_all_trailers(parser);
    put(parser, chunked_head());
    put(parser, "0\r\nX-Forwarded-For: 6.6.6.6\r\n");
    CHECK(!parser.is_done());
    CHECK(client_of(parser) == Applied{});
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
    put(parser, put(parser, chunked_head() + forging_trailer));
    REQUIRE(parser.get().count("X-Forwarded-For") == 2);
    EnvironOf env(parser, tcp::endpoint());
    const Environ seen = fixed(env, {.x_for = 1, .strip = Strip::untrusted});
    CHECK(seen.proxy.refused());
    CHECK(parser.get().count("X-Forwarded-For") == 0);
}
