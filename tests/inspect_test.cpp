// SPDX-License-Identifier: MIT
// The example program inspect: what it prints and how it exits.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "captures.hpp"
#include "catch.hpp"

namespace {

struct Run {
    int status;
    std::string output;  ///< Of both standard streams.
};

/// Runs inspect with these options, and `head` as its standard input.
Run inspect(const std::string& options, const std::string& head) {
    const std::string input = PROXYFIX_INSPECT ".input." + std::to_string(getpid());
    std::ofstream(input) << head;
    FILE* pipe = popen((PROXYFIX_INSPECT " " + options + " <" + input + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
    const int status = pclose(pipe);
    std::remove(input.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string count(const char* option, unsigned n) {
    return std::string(" --") + option + ' ' +
           (n == proxyfix::all_hops ? "all" : std::to_string(n));
}

std::string options_of(const Capture& capture) {
    const proxyfix::Trust& t = capture.trust;
    std::string options = "--peer " + capture.peer + count("x-for", t.x_for) +
                          count("x-proto", t.x_proto) + count("x-host", t.x_host) +
                          count("x-port", t.x_port) + count("x-prefix", t.x_prefix) +
                          (t.forwarded ? " --forwarded" : "");
    if (!capture.proxies.empty()) options += " --proxies '" + capture.proxies + '\'';
    return options;
}

}  // namespace

TEST_CASE("inspect prints the client of each capture") {
    for (const Capture& capture : captures) {
        CAPTURE(capture.name);
        std::string head;
        for (const auto& [name, value] : capture.headers) head += name + ": " + value + '\n';
        const Run text = inspect(options_of(capture), head);
        const Run json = inspect(options_of(capture) + " --json", head);
        CAPTURE(text.output, json.output);
        if (!capture.client_is_known) {
            CHECK(contains(text.output, "\n   client  unchanged: "));
            CHECK_FALSE(contains(json.output, "\"client\": {\"outcome\": \"applied\""));
        } else {
            CHECK(contains(text.output, "\n   client  " + capture.remote_addr + '\n'));
            CHECK(contains(json.output, "\"client\": {\"outcome\": \"applied\", \"value\": \"" +
                                            capture.remote_addr + "\"}"));
        }
        const bool refused = contains(text.output, "Something was rejected.");
        CHECK(refused != contains(text.output, "Nothing was rejected."));
        CHECK(text.status == (refused ? 1 : 0));
        CHECK(json.status == text.status);
        CHECK(contains(json.output, refused ? "\"refused\": true" : "\"refused\": false"));
    }
}

TEST_CASE("inspect takes a whole request, with CRLF or LF") {
    const std::string request =
        "GET /path HTTP/1.1\nHost: app\nX-Forwarded-For: 203.0.113.7\n\nbody";
    std::string with_crlf;
    for (const char c : request) with_crlf += c == '\n' ? "\r\n" : std::string(1, c);
    for (const std::string& head : {request, with_crlf}) {
        const Run run = inspect("--x-for 1", head);
        CHECK(run.status == 0);
        CHECK(contains(run.output, "   client  203.0.113.7\n"));
    }
}

TEST_CASE("inspect names what is wrong with its options, and exits with 2") {
    struct Case {
        std::string options, message;
    };
    for (const auto& [options, message] :
         {Case{"--x-for -1", "x_for=-1: not a number of 0 to 16, or all"},
          Case{"--x-proto all", "x_proto=all: all_hops is only for x_for"},
          Case{"--x-for all", "x_for=all: x_for = all_hops needs a list of proxies"},
          Case{"--x-for 17", "x_for=17: not a number of 0 to 16, or all"},
          Case{"--proxies '127.0.0.1, 10.0.0.1/8'", "10.0.0.1/8: bits set after the prefix"},
          Case{"--proxies 'any, loopback'", "proxies=any, loopback: "},
          Case{"--allowed-hosts shop.example:80", "shop.example:80: a pattern has no port"},
          Case{"--client-header 'a b'", "client_header=a b: a b: not the name of a header field"},
          Case{"--client-header ''", "client_header=: '': not the name of a header"},
          Case{"--forwarded --client-header X-Real-IP", "forwarded and client_header"},
          Case{"--client-has-port", "client_has_port needs client_header"},
          Case{"--names.x-proto X-Scheme", "names.x_proto is given, but x_proto is 0"},
          Case{"--names.x-what X-Scheme", "--names.x-what: there is no such option\n"},
          Case{"--strip some", "strip=some: not keep, untrusted or all"},
          Case{"--trust x_for=1,x_proto=1", "x_for=1,x_proto=1: not a number"},
          Case{"--trust 'x_for=1; x_proto'", "x_proto: not name=value"},
          Case{"--trust", "--trust: the value is missing\n"},
          Case{"--trust --json", "--json: not name=value"},
          Case{"--x-for", "--x-for: the value is missing\n"},
          Case{"--peer", "--peer: the value is missing\n"},
          Case{"--non-sense 1", "--non-sense: there is no such option\n"},
          Case{"--x_for 1", "--x_for: there is no such option\n"},
          Case{"--x-for=1", "--x-for=1: write --x-for 1\n"},
          Case{"--names.x-proto=X-Forwarded-Ssl", "write --names.x-proto X-Forwarded-Ssl\n"},
          Case{"--peer=10.0.0.2", "--peer=10.0.0.2: write --peer 10.0.0.2\n"},
          Case{"/nonexistent/file", "cannot read /nonexistent/file"},
          Case{"/", "cannot read /"},
          Case{"--peer example.com", "--peer: not an address: example.com"},
          Case{"one two", "a second file: two"}}) {
        CAPTURE(options);
        const Run run = inspect(options, "");
        CHECK(run.status == 2);
        CHECK(contains(run.output, message));
        CHECK(!contains(run.output, "  --trust TEXT "));  // the message is not lost in the usage
    }
}

TEST_CASE("inspect says so if no header has a count") {
    const std::string head = "X-Real-IP: 203.0.113.7\n",
                      hint = "\nNo header has a count: try --x-for 1.\n";
    CHECK(contains(inspect("", head).output, hint));
    CHECK(contains(inspect("--proxies loopback", head).output, hint));
    CHECK(!contains(inspect("--json", head).output, hint));
    for (const char* options : {"--x-for 1", "--x-proto 1", "--x-host 1", "--x-port 1",
                                "--x-prefix 1", "--client-header X-Real-IP"}) {
        CAPTURE(options);
        CHECK(!contains(inspect(options, head).output, hint));
    }
}

TEST_CASE("inspect takes any peer that a server may see, and prints its usage") {
    for (const char* peer : {"::1", "fe80::1%eth0", "unix:", "''"}) {
        CHECK(inspect(std::string("--peer ") + peer, "").status == 0);
    }
    const Run help = inspect("--help", "");
    CHECK(help.status == 0);
    CHECK(contains(help.output, "usage: inspect [OPTION...] [FILE]"));
    CHECK(contains(help.output, "\n  --trust TEXT "));
}

TEST_CASE("inspect takes a trust as text, and options for all of its members") {
    const std::string chain =
        "X-Forwarded-For: 203.0.113.7, 192.0.2.1\nX-Scheme: https\n"
        "Forwarded: for=203.0.113.8, for=192.0.2.1;proto=https\n"
        "CloudFront-Viewer-Address: 2001:db8::9:9985\n";
    const std::string none = "not_configured",
                      by_list = "x_for=all; proxies=loopback, 192.0.2.0/24";
    for (const auto& [options, client, proto] : {
             std::array<std::string, 3>{"--trust ''", none, none},
             {"--trust 'x_for=2; names.x_proto=X-Scheme; x_proto=1'", "203.0.113.7", "https"},
             {"--x-for 2 --x-proto 1 --names.x-proto X-Scheme", "203.0.113.7", "https"},
             {"--trust '" + by_list + "'", "203.0.113.7", none},
             {"--trust '" + by_list + "' --forwarded --x-proto 1", "203.0.113.8", "https"},
             {"--forwarded --trust '" + by_list + "'", "203.0.113.7", none},
             {"--forwarded --x-for 2 --x-proto 1", "203.0.113.8", "https"},
             {"--client-header CloudFront-Viewer-Address --client-has-port", "[2001:db8::9]:9985",
              none},
         }) {
        CAPTURE(options);
        const Run run = inspect(options + " --json", chain);
        CAPTURE(run.output);
        const auto outcome = [&](const std::string& name, const std::string& value) {
            return '"' + name + "\": {\"outcome\": \"" +
                   (value == none ? value + "\"}" : "applied\", \"value\": \"" + value + "\"}");
        };
        CHECK(run.status == 0);
        CHECK(contains(run.output, outcome("client", client)));
        CHECK(contains(run.output, outcome("proto", proto)));
    }
}

TEST_CASE("inspect says why a text is not the head of a request") {
    struct Case {
        std::string head, message;
    };
    for (const auto& [head, message] :
         {Case{"nonsense\n", "no request line"}, Case{"GET / HTTP/1.1\n", "no Host line"},
          Case{"GET / HTTP/2\nHost: a\n", "not HTTP/1.1 or HTTP/1.0"},
          Case{"X-Forwarded-For: 1\x1b\n", "a control character in a header"},
          Case{"Host: a\nHost: b\n", "several Host lines"}}) {
        const Run run = inspect("--x-for 1", head);
        CHECK(run.status == 2);
        CHECK(contains(run.output, "not the head of a request: " + message));
    }
    CHECK(inspect("--x-for 1", "").status == 0);  // a request without headers
}

TEST_CASE("inspect prints no colour into a file, and only ASCII") {
    const Run run = inspect("--x-for 1", "X-Forwarded-For: caf\xc3\xa9, 203.0.113.7\n");
    CHECK(contains(run.output, "caf\\xc3\\xa9"));
    for (const char c : run.output) CHECK((c == '\n' || (c >= ' ' && c < 0x7f)));
}
