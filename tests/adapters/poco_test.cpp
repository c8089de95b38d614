// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/poco.hpp"

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "arrived.hpp"

namespace net = Poco::Net;

namespace {

/// A request that POCO's own parser read, from a connection that is only named.
class Request : public net::HTTPServerRequest {
  public:
    Request(const std::string& head, net::SocketAddress peer, bool is_secure = false)
        : peer_(std::move(peer)), is_secure_(is_secure) {
        std::istringstream stream(head);
        read(stream);
    }
    std::istream& stream() override { throw std::logic_error("no body"); }
    const net::SocketAddress& clientAddress() const override { return peer_; }
    const net::SocketAddress& serverAddress() const override { return server_; }
    const net::HTTPServerParams& serverParams() const override { throw std::logic_error("none"); }
    net::HTTPServerResponse& response() const override { throw std::logic_error("none"); }
    bool secure() const override { return is_secure_; }

  private:
    net::SocketAddress peer_, server_{"127.0.0.1", 8000};
    bool is_secure_;
};

struct Framework {
    static constexpr bool keeps_names = true, lines_in_order = true;

    static void with(const Arrived& arrived, const auto& look) {
        Request request(head_of(arrived), net::SocketAddress(arrived.peer, 50000));
        proxyfix::EnvironOf env(static_cast<net::HTTPServerRequest&>(request));
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<net::HTTPServerRequest&>& env) {
        return proxyfix::EnvironOf(env.request);
    }
};

static_assert(proxyfix::Strippable<proxyfix::EnvironOf<net::HTTPServerRequest&>>);
static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<const net::HTTPServerRequest&>>);

}  // namespace

#include "cases.hpp"

TEST_CASE("A constant POCO request has its Environ beside it") {
    const Request request("GET / HTTP/1.0\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n",
                          net::SocketAddress("::1", 7), true);
    EnvironOf env(static_cast<const net::HTTPServerRequest&>(request));
    CHECK(env.url_scheme == "https");
    CHECK(env.http_host == "");
    CHECK(env.server_name == "127.0.0.1");
    CHECK(fixed(env, {.x_for = 1}).remote_addr == "203.0.113.7");
    CHECK(original(env).remote_addr == "::1");
}

TEST_CASE("A peer on a unix-domain socket has no address") {
    const Request request("GET / HTTP/1.0\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n",
                          net::SocketAddress(net::SocketAddress::UNIX_LOCAL, "/tmp/proxy.sock"));
    EnvironOf env(static_cast<const net::HTTPServerRequest&>(request));
    CHECK(env.remote_addr == "unix:");
    CHECK(env.remote_port == 0);
    CHECK(fixed(env, {.x_for = 1, .proxies = {"10.0.0.2"}}).remote_addr == "unix:");
    CHECK(fixed(env, {.x_for = 1, .proxies = Networks::unix_domain()}).remote_addr ==
          "203.0.113.7");
}
