// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/httplib.hpp"

#include <sys/socket.h>

#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "arrived.hpp"

namespace {

template <class Container>
concept IsHashed = requires(const Container& container) {
    container.bucket_count();
};

struct Framework {
    static constexpr bool keeps_names = true;
    static constexpr bool lines_in_order = !IsHashed<httplib::Headers>;

    static void with(const Arrived& arrived, const auto& look) {
        httplib::Request request;
        request.method = "GET";
        request.target = "/cart?item=1";
        request.path = "/cart";
        request.remote_addr = arrived.peer;
        request.remote_port = 50000;
        request.local_addr = "127.0.0.1";
        request.local_port = 8000;
        request.headers.emplace("Host", "app.internal");
        for (const auto& [name, value] : arrived.lines) request.headers.emplace(name, value);
        // What a client may send, and the server adds under the same name.
        request.headers.emplace("REMOTE_ADDR", "6.6.6.6");
        proxyfix::EnvironOf env(std::as_const(request));  // as handlers get it
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<const httplib::Request&>& env) {
        return proxyfix::EnvironOf(env.request);
    }
};

using Lines = std::pair<std::string, std::string>;
struct IgnoresLetterCase {
    bool operator()(const std::string& a, const std::string& b) const;
};
static_assert(
    proxyfix::detail::KeepsLineOrder<std::multimap<std::string, std::string, IgnoresLetterCase>>);
static_assert(!proxyfix::detail::KeepsLineOrder<std::unordered_multimap<std::string, std::string>>);
static_assert(proxyfix::detail::KeepsLineOrder<std::vector<Lines>>);
static_assert(proxyfix::detail::KeepsLineOrder<httplib::Headers> == Framework::lines_in_order);
static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<const httplib::Request&>>);
static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<httplib::Request&>>);

}  // namespace

#include "cases.hpp"

TEST_CASE("httplib calls the handler with an Environ in front") {
    httplib::Server::Handler handler =
        proxy_fix_for<const httplib::Request&>({.x_for = 1}) |
        [](const Environ& env, const httplib::Request& request, httplib::Response& response) {
            response.set_content(env.remote_addr + " by " + request.remote_addr, "text/plain");
        };
    httplib::Request request;
    request.remote_addr = "10.0.0.2";
    request.headers.emplace("X-Forwarded-For", "203.0.113.7");
    httplib::Response response;
    handler(request, response);
    handler(request, response);
    CHECK(response.body == "203.0.113.7 by 10.0.0.2");
}

TEST_CASE("Of a chunked request no line is believed, unless trailers are kept apart") {
    Framework::with(
        {.lines = {{"transfer-encoding", "chunked"}, {"X-Forwarded-For", "203.0.113.7"}}},
        [](auto& env) {
            const auto keeps_trailers = [](const auto& r) {
                return requires { r.trailers; };
            };
            const Outcome outcome = fixed(env, {.x_for = 1}).proxy.client;
            if (keeps_trailers(env.request)) CHECK(outcome == Applied{});
            else CHECK(outcome == Reason::unreliable_lines);
        });
}

// So docs/adapters.md says: leave the host out of Forwarded.
TEST_CASE("Where httplib decodes values, a host in Forwarded can hold elements of the client") {
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(1); };
    std::vector<std::string> clients;
    bool is_decoded = false;  // before 0.44
    server.Get("/", [&](const httplib::Request& request, httplib::Response&) {
        EnvironOf env(request);
        is_decoded |= request.get_header_value("Forwarded").find(',') != std::string::npos;
        clients.push_back(
            fixed(env, {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}).remote_addr);
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&server] { server.listen_after_bind(); });
    httplib::Client proxy("127.0.0.1", port);
    proxy.set_read_timeout(60);
    for (const auto value :
         {R"(for=203.0.113.7;host="a%22%2Cfor=6.6.6.6%3Bhost=%22b")", "for=203.0.113.7"}) {
        proxy.Get("/", httplib::Headers{{"Forwarded", value}});
    }
    server.stop();
    thread.join();
    const std::string client = is_decoded ? "6.6.6.6" : "203.0.113.7";
    CHECK(clients == std::vector<std::string>{client, "203.0.113.7"});
}

TEST_CASE("A multimap of httplib disregards letter case") {
    const auto check = [](const auto& headers) {
        if constexpr (requires { headers.key_comp(); }) {
            CHECK_FALSE(headers.key_comp()("x-forwarded-for", "X-Forwarded-For"));
            CHECK_FALSE(headers.key_comp()("X-Forwarded-For", "x-forwarded-for"));
        }
    };
    check(httplib::Headers());
}

// Also where httplib itself is built without OpenSSL.
TEST_CASE("A request over TLS is one of https") {
    struct Secured : httplib::Request {
        const void* ssl = nullptr;
    } request;
    Environ env;
    Adapter<httplib::Request>::fill(env, request);
    CHECK(env.url_scheme == "http");
    request.ssl = &request;
    Adapter<httplib::Request>::fill(env, request);
    CHECK(env.url_scheme == "https");
}

TEST_CASE("A port that httplib does not know is 0") {
    httplib::Request request;
    request.local_addr = "127.0.0.1";
    const EnvironOf env(request);
    CHECK(env.remote_port == 0);
    CHECK(env.server_port == 0);
    CHECK(env.remote_addr == "");
    CHECK(env.http_host == "");
}

TEST_CASE("A peer on a unix-domain socket has neither address nor port") {
    httplib::Request request;
    request.remote_port = 4711;  // a process id, for httplib
    request.headers.emplace("X-Forwarded-For", "203.0.113.7");
    EnvironOf env(request);
    CHECK(env.remote_addr == "unix:");
    CHECK(env.remote_port == 0);
    CHECK(fixed(env, {.x_for = 1, .proxies = Networks::unix_domain()}).remote_addr ==
          "203.0.113.7");
}

// The bytes are read, but there is no peer any more: it must not pass for one on a unix socket.
TEST_CASE("A client that resets its connection at once is not believed") {
    httplib::Server server;
    server.new_task_queue = [] { return new httplib::ThreadPool(1); };
    server.set_keep_alive_max_count(1);
    std::vector<std::string> clients;
    const Trust trust{.x_for = 1, .proxies = Networks{"192.0.2.1"} | Networks::unix_domain()};
    server.Post(
        "/", proxy_fix_for<const httplib::Request&>(trust) |
                 [&](const Environ& env, const httplib::Request&, httplib::Response&) {
                     clients.push_back(env.remote_addr);
                 });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread thread([&server] { server.listen_after_bind(); });
    constexpr std::string_view text =
        "POST / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 0\r\n\r\n";
    for (int i = 0; i < 50; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
        REQUIRE(send(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
        const linger reset{.l_onoff = 1, .l_linger = 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    httplib::Client last("127.0.0.1", port);
    last.set_read_timeout(60);
    CHECK(last.Post("/", "", "text/plain"));
    server.stop();
    thread.join();
    CHECK(!clients.empty());
    for (const std::string& client : clients) CHECK((client.empty() || client == "127.0.0.1"));
}
