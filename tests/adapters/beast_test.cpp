// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/beast.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>
#include <utility>

#include "arrived.hpp"

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

namespace {

using Request = http::request<http::string_body>;

/// The request that Beast's own parser makes.
Request parsed(const Arrived& arrived) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(1 << 20);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(head_of(arrived)), error);
    return parser.release();
}

struct Framework {
    static constexpr bool keeps_names = true, lines_in_order = true;

    static void with(const Arrived& arrived, const auto& look) {
        Request request = parsed(arrived);
        const auto peer = boost::asio::ip::make_address(arrived.peer);
        const auto local = boost::asio::ip::make_address("127.0.0.1");
        proxyfix::EnvironOf env(request, tcp::endpoint(peer, 50000), tcp::endpoint(local, 8000));
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<Request&>& env) {
        return proxyfix::EnvironOf(env.request, tcp::endpoint());
    }
};

static_assert(proxyfix::Strippable<proxyfix::EnvironOf<Request&>>);
static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<const Request&>>);
static_assert(!proxyfix::FillsEnviron<Request&>, "the connection is missing");

}  // namespace

#include "cases.hpp"

TEST_CASE("A constant Beast request has its Environ beside it") {
    const Request request = parsed({.lines = {{"X-Forwarded-For", "203.0.113.7"}}});
    EnvironOf env(request, tcp::endpoint(boost::asio::ip::make_address("::1"), 7));
    CHECK(fixed(env, {.x_for = 1}).remote_addr == "203.0.113.7");
    CHECK(env.server_name == "");
    CHECK(env.server_port == 0);
    CHECK(original(env).remote_addr == "::1");
    CHECK(original(env).remote_port == 7);
    CHECK(&env.request == &request);
}

TEST_CASE("A peer on a unix-domain socket has no address") {
    using Local = boost::asio::local::stream_protocol;
    const Request request = parsed({.lines = {{"X-Forwarded-For", "203.0.113.7"}}});
    EnvironOf env(request, Local::endpoint(), Local::endpoint("/run/app.sock"));
    CHECK(env.remote_addr == "unix:");
    CHECK(env.remote_port == 0);
    CHECK(env.server_name == "unix:/run/app.sock");
    CHECK(fixed(env, {.x_for = 1, .proxies = {"10.0.0.2"}}).remote_addr == "unix:");
    CHECK(fixed(env, {.x_for = 1, .proxies = Networks::unix_domain()}).remote_addr ==
          "203.0.113.7");
}

TEST_CASE("A request without a body is adapted too") {
    http::request<http::empty_body> request(http::verb::post, "*", 11);
    const EnvironOf env(request, tcp::endpoint());
    CHECK(env.request_method == "POST");
    CHECK(env.path_info == "*");
    CHECK(env.http_host == "");
}
