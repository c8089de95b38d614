// SPDX-License-Identifier: MIT
// The example server, started as a program and driven over real sockets.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A program whose standard output and error are read through a pipe.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        std::vector<char*> argv;
        arguments.insert(arguments.begin(), PROXYFIX_SERVE);
        for (std::string& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        pid_ = fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            dup2(ends[1], STDOUT_FILENO);
            dup2(ends[1], STDERR_FILENO);
            close(ends[0]);
            close(ends[1]);
            execv(argv[0], argv.data());
            _exit(127);
        }
        close(ends[1]);
        output_ = ends[0];
    }
    ~Program() {
        if (pid_ > 0) kill(pid_, SIGKILL);
        if (pid_ > 0) waitpid(pid_, nullptr, 0);
        close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    std::string read_line() const {
        std::string line;
        for (char c = 0; read(output_, &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }
    int exit_status() {
        int status = 0;
        REQUIRE(waitpid(pid_, &status, 0) == pid_);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    bool is_running() const { return waitpid(pid_, nullptr, WNOHANG) == 0; }

  private:
    pid_t pid_ = -1;
    int output_ = -1;
};

/// A connection to the server.
class Client {
  public:
    explicit Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const timeval patience{.tv_sec = 100, .tv_usec = 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Client() { close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    std::string receive_all() const {
        std::string text;
        char buffer[4096];
        for (ssize_t size; (size = recv(fd_, buffer, sizeof buffer, 0)) > 0;) {
            text.append(buffer, static_cast<std::size_t>(size));
        }
        return text;
    }

  private:
    int fd_;
};

class Server {
  public:
    /// How long it waits for a client, unless the options say otherwise.
    static constexpr milliseconds patience{60'000};

    explicit Server(std::vector<std::string> options = {}) : program_(patient(std::move(options))) {
        const std::string url = program_.read_line();
        REQUIRE(url.starts_with("http://127.0.0.1:"));
        port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    }
    std::string answer(std::string_view request) const {
        const Client client(port_);
        client.send(request);
        return client.receive_all();
    }
    std::uint16_t port() const { return port_; }
    bool is_running() const { return program_.is_running(); }

  private:
    static std::vector<std::string> patient(std::vector<std::string> options) {
        options.insert(options.begin(), {"--timeout-ms", std::to_string(patience.count())});
        return options;
    }

    Program program_;
    std::uint16_t port_ = 0;
};

/// The value of the first line "name: value" in the body of the response, or "(none)".
std::string value_of(std::string_view name, const std::string& response) {
    const std::string start = "\n" + std::string(name) + ": ";
    const std::size_t line = response.find(start, response.find("\r\n\r\n"));
    if (line == std::string::npos) return "(none)";
    const std::size_t begin = line + start.size();
    return response.substr(begin, response.find('\n', begin) - begin);
}

std::string status(const std::string& response) { return response.substr(0, 12); }

const std::vector<std::string> one_each = {"--x-for",  "1", "--x-proto",  "1", "--x-host", "1",
                                           "--x-port", "1", "--x-prefix", "1"};

std::string get(std::string_view headers) {
    return "GET /cart?item=1 HTTP/1.1\r\nHost: app.internal\r\n" + std::string(headers) + "\r\n";
}

}  // namespace

TEST_CASE("An honest request through a proxy shows the client") {
    const Server server(one_each);
    const std::string response =
        server.answer(get("X-Forwarded-For: 203.0.113.7\r\n"
                          "X-Forwarded-Proto: https\r\n"
                          "X-Forwarded-Host: shop.example\r\n"
                          "X-Forwarded-Port: 443\r\n"
                          "X-Forwarded-Prefix: /store\r\n"));
    CHECK(status(response) == "HTTP/1.1 200");
    CHECK(value_of("remote_addr", response) == "203.0.113.7");
    CHECK(value_of("url_scheme", response) == "https");
    CHECK(value_of("server_name", response) == "shop.example");
    CHECK(value_of("server_port", response) == "443");
    CHECK(value_of("script_name", response) == "/store");
    CHECK(value_of("path_info", response) == "/cart");
    CHECK(value_of("query_string", response) == "item=1");
    CHECK(value_of("url_root", response) == "https://shop.example/store/");
    CHECK(value_of("x_for", response) == "applied");
    CHECK(value_of("peer", response) == "127.0.0.1");
    CHECK(value_of("received", response) == "Host: app.internal");
    CHECK(response.find("\nreceived: X-Forwarded-Prefix: /store\n") != std::string::npos);
}

TEST_CASE("A spoofing client does not win") {
    const Server server(one_each);
    SECTION("in the proxy's own line") {
        const std::string response =
            server.answer(get("X-Forwarded-For: 6.6.6.6, \", 7.7.7.7, 203.0.113.7\r\n"));
        CHECK(value_of("remote_addr", response) == "203.0.113.7");
    }
    SECTION("in a line of its own") {
        const std::string response =
            server.answer(get("X-Forwarded-For: 6.6.6.6\r\n"
                              "Accept: */*\r\n"
                              "x-forwarded-for: 203.0.113.7\r\n"));
        CHECK(value_of("remote_addr", response) == "203.0.113.7");
    }
    SECTION("with a value that is rejected") {
        const std::string response =
            server.answer(get("X-Forwarded-For: 203.0.113.7;6.6.6.6\r\n"
                              "X-Forwarded-Host: evil.example/?\r\n"
                              "X-Forwarded-Prefix: //evil.example\r\n"));
        CHECK(value_of("remote_addr", response) == "127.0.0.1");
        CHECK(value_of("http_host", response) == "app.internal");
        CHECK(value_of("script_name", response) == "");
        CHECK(value_of("x_for", response) == "malformed");
        CHECK(value_of("x_host", response) == "malformed");
        CHECK(value_of("x_prefix", response) == "malformed");
    }
    SECTION("with a header that looks alike") {
        const std::string response = server.answer(get("X_Forwarded_For: 6.6.6.6\r\n"));
        CHECK(value_of("remote_addr", response) == "127.0.0.1");
        CHECK(value_of("x_for", response) == "absent");
    }
}

TEST_CASE("Without counts no header is trusted") {
    const Server server;
    const std::string response =
        server.answer(get("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"));
    CHECK(value_of("remote_addr", response) == "127.0.0.1");
    CHECK(value_of("url_scheme", response) == "http");
    CHECK(value_of("x_for", response) == "not_configured");
}

TEST_CASE("Two hops on two lines") {
    const Server server({"--x-for", "2"});
    const std::string response = server.answer(
        get("X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nX-Forwarded-For: 10.0.0.9\r\n"));
    CHECK(value_of("remote_addr", response) == "203.0.113.7");
}

TEST_CASE("A malformed request is answered with 400") {
    const Server server(one_each);
    for (const char* request : {"GET / HTTP/1.1\nHost: a\n\n",
                                "GET / HTTP/1.1\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                                "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                                " / HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n",
                                "\r\n\r\n",
                                "junk\r\n\r\n"}) {
        CAPTURE(request);
        CHECK(status(server.answer(request)) == "HTTP/1.1 400");
    }
    CHECK(status(server.answer("GET / HTTP/1.0\r\n\r\n")) == "HTTP/1.1 200");
    CHECK(status(server.answer(get("X: \xc3\xa9\t\r\n"))) == "HTTP/1.1 200");
}

TEST_CASE("An oversized head is answered with 431") {
    const Server server(one_each);
    const std::string big(2'000'000, 'a');
    CHECK(status(server.answer(get("X: " + big + "\r\n"))) == "HTTP/1.1 431");
    CHECK(status(server.answer(big)) == "HTTP/1.1 431");
    CHECK(status(server.answer(get(""))) == "HTTP/1.1 200");
}

TEST_CASE("A slow client times out") {
    const Server server({"--timeout-ms", "200"});
    const Clock::time_point start = Clock::now();
    const Client slow(server.port());
    slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
    CHECK(status(slow.receive_all()) == "HTTP/1.1 408");
    CHECK(Clock::now() - start >= milliseconds(150));
    CHECK(Clock::now() - start < Server::patience);  // so the option was heeded
}

TEST_CASE("A slow client holds up nobody") {
    const Server server;
    const Clock::time_point start = Clock::now();
    const Client slow(server.port());
    slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
    CHECK(status(server.answer(get(""))) == "HTTP/1.1 200");
    CHECK(Clock::now() - start < Server::patience);  // so the slow one was still waited for
}

TEST_CASE("Only connections that are open count as such") {
    const Server server;
    const Client slow(server.port());
    slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 200; ++i) CHECK(status(server.answer(get(""))) == "HTTP/1.1 200");
    slow.send("\r\n");
    CHECK(status(slow.receive_all()) == "HTTP/1.1 200");
}

TEST_CASE("Many silent clients hold up nobody") {
    const Server server;
    const Clock::time_point start = Clock::now();
    std::vector<std::unique_ptr<Client>> silent;
    for (int i = 0; i < 300; ++i) silent.push_back(std::make_unique<Client>(server.port()));
    CHECK(status(server.answer(get(""))) == "HTTP/1.1 200");
    CHECK(Clock::now() - start < Server::patience);  // so the last ones were still waited for
}

TEST_CASE("Clients that go away leave the server running") {
    const Server server;
    for (int i = 0; i < 100; ++i) {
        const Client client(server.port());
        client.send(i % 2 ? get("") : "GET / HT");
    }
    CHECK(status(server.answer(get(""))) == "HTTP/1.1 200");
    CHECK(server.is_running());
}

TEST_CASE("A wrong option is rejected by name") {
    for (const auto& [arguments, message] :
         {std::pair<std::vector<std::string>, std::string>{
              {"--x-for", "-1"}, "x_for=-1: not a number of 0 to 16, or all"},
          {{"--x-for", "two"}, "x_for=two: not a number of 0 to 16, or all"},
          {{"--x-for", ""}, "x_for=: not a number of 0 to 16, or all"},
          {{"--x-for"}, "--x-for: the value is missing"},
          {{"--trust"}, "--trust: the value is missing"},
          {{"--port", "70000"}, "--port: not a number of 0 to 65535: '70000'"},
          {{"--port"}, "--port: the value is missing"},
          {{"--x-fro", "1"}, "--x-fro: there is no such option"},
          {{"--x-for=1"}, "--x-for=1: write --x-for 1"},
          {{"--port=80"}, "--port=80: write --port 80"},
          {{"--forwarded", "1"}, "1: there is no such option"},
          {{"--x-for", "1; strip=all"}, "--x-for: a ';' in '1; strip=all'"},
          {{"--x-for", "all"}, "x_for=all: x_for = all_hops needs a list of proxies"},
          {{"--trust", "x_for=1; x_for=2"}, "x_for=2: given twice"},
          {{"--trust", "x_for=all", "--proxies", "loopback"},
           "x_for=all: x_for = all_hops needs a list of proxies"},
          {{"--line", "Client Cert"}, "--line: Client Cert: not the name of a header field"},
          {{"--proxies", "10.0.0.1/8"},
           "proxies=10.0.0.1/8: 10.0.0.1/8: bits set after the prefix"}}) {
        Program program(arguments);
        CHECK(program.read_line() == message);
        CHECK(program.exit_status() == 2);
    }
}

TEST_CASE("With --help the server tells its options, and ends") {
    Program program({"--help"});
    CHECK(program.read_line() == "usage: serve [OPTION...]");
    std::string options;
    for (std::string line; !(line = program.read_line()).empty();) options += line + '\n';
    CHECK(options.find("\n  --line NAME ") != options.npos);
    CHECK(options.find("\n  --trust TEXT ") != options.npos);
    CHECK(program.exit_status() == 0);
}

TEST_CASE("The server trusts by address") {
    const std::string request =
        "GET / HTTP/1.1\r\nHost: app\r\nForwarded: for=203.0.113.7;proto=https\r\n\r\n";
    const std::vector<std::string> options = {"--forwarded", "--x-for", "1",
                                              "--x-proto",   "1",       "--proxies"};
    const auto with = [&](const char* proxies) {
        std::vector<std::string> all = options;
        all.push_back(proxies);
        return all;
    };
    const Server trusting(with("loopback"));
    CHECK(value_of("remote_addr", trusting.answer(request)) == "203.0.113.7");
    CHECK(value_of("url_scheme", trusting.answer(request)) == "https");
    const Server careful(with("192.0.2.0/24"));
    CHECK(value_of("remote_addr", careful.answer(request)) == "127.0.0.1");
    CHECK(value_of("x_for", careful.answer(request)) == "peer_not_trusted");
}

TEST_CASE("The server takes a trust as text, and options behind it change it") {
    const std::string request = get("X-Forwarded-For: 198.51.100.9, 203.0.113.7\r\n");
    const auto client = [&](std::vector<std::string> options) {
        return value_of("remote_addr", Server(std::move(options)).answer(request));
    };
    const std::string trust = "x_for=2; proxies=loopback, 203.0.113.7";
    CHECK(client({"--trust", trust}) == "198.51.100.9");
    CHECK(client({"--trust", trust, "--x-for", "1"}) == "203.0.113.7");
    CHECK(client({"--x-for", "1", "--trust", trust}) == "198.51.100.9");
    CHECK(client({"--trust", trust, "--proxies", "127.0.0.1\n192.0.2.1"}) == "203.0.113.7");
    CHECK(client({"--trust", trust, "--trust", ""}) == "127.0.0.1");
    CHECK(client({"--x-for", "1", "--x-for", "2"}) == "198.51.100.9");
    CHECK(client({"--x-for", "all", "--proxies", "loopback, 203.0.113.7"}) == "198.51.100.9");
    CHECK(client({"--client-header", "CloudFront-Viewer-Address", "--client-has-port"}) ==
          "127.0.0.1");
}

TEST_CASE("With --line the server shows other headers of the proxy, also those that it erased") {
    const std::vector<std::string> options = {"--line",    "Client-Cert", "--line",
                                              "X-Country", "--x-for",     "1"};
    const Server server(options);
    const std::string one = server.answer(get("Client-Cert: :YWJj:\r\nClient_Cert: forged\r\n"));
    CHECK(value_of("trusted Client-Cert", one) == "applied :YWJj:");
    CHECK(value_of("trusted X-Country", one) == "absent");
    const std::string two = server.answer(get("Client-Cert: :YWJj:\r\nClient-Cert: forged\r\n"));
    CHECK(value_of("trusted Client-Cert", two) == "malformed");

    const Server stripping(
        {"--line", "X-Real-IP", "--client-header", "X-Real-IP", "--strip", "all"});
    const std::string response = stripping.answer(get("X-Real-IP: 203.0.113.7\r\n"));
    CHECK(value_of("trusted X-Real-IP", response) == "applied 203.0.113.7");
    CHECK(value_of("remote_addr", response) == "203.0.113.7");
    CHECK(response.find("received: X-Real-IP") == std::string::npos);

    const Server careful({"--line", "Client-Cert", "--proxies", "192.0.2.1"});
    CHECK(value_of("trusted Client-Cert", careful.answer(get("Client-Cert: forged\r\n"))) ==
          "peer_not_trusted");
}

TEST_CASE("With --explain the server says why, also about lines that it erased") {
    const Server server({"--x-for", "1", "--strip", "all", "--explain"});
    const std::string response = server.answer(
        "GET / HTTP/1.1\r\nHost: app\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n\r\n");
    CAPTURE(response);
    CHECK(response.find("received: X-Forwarded-For") == std::string::npos);
    CHECK(response.find("\npeer: 127.0.0.1 (any peer is trusted)\n\n"
                        "X-Forwarded-For: 6.6.6.6, 203.0.113.7   (erased: strip)\n") !=
          std::string::npos);
    CHECK(response.find("\n=> 1   203.0.113.7         written by the peer: chosen\n") !=
          std::string::npos);
}
