// SPDX-License-Identifier: MIT
// Prints cases for the page as JSON: the captures, the attacks, and more for what is to be copied.
// Of each the fields of the page, the options of inspect, and the answer of the very code that the
// page runs as WebAssembly.
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attack_cases.hpp"
#include "captures.hpp"
#include "playground.hpp"

using proxyfix::Trust;
using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

/// The fields of the counts and switches of `trust`, and `more` for its other members.
Fields fields_of(const std::string& peer, const Trust& trust, const Fields& more) {
    const auto number = [](unsigned n) {
        return n == proxyfix::all_hops ? "all" : std::to_string(n);
    };
    Fields fields = {{"peer", peer},
                     {"x-for", number(trust.x_for)},
                     {"x-proto", number(trust.x_proto)},
                     {"x-host", number(trust.x_host)},
                     {"x-port", number(trust.x_port)},
                     {"x-prefix", number(trust.x_prefix)},
                     {"forwarded", trust.forwarded ? "yes" : "no"},
                     {"client-has-port", trust.client_has_port ? "yes" : "no"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

void print_case(std::string_view kind, std::string_view name, const Fields& fields,
                const std::string& head) {
    std::string text, members;
    for (const auto& [field, value] : fields) {
        text.append(field).append(" ").append(value).append("\n");
        members.append(json(field)).append(": ").append(json(value)).append(", ");
    }
    std::printf("{\"kind\": %s, \"name\": %s, \"fields\": {%s\"head\": %s}, \"answer\": %s}\n",
                json(kind).c_str(), json(name).c_str(), members.c_str(), json(head).c_str(),
                playground(text + '\n' + head).c_str());
}

template <class Headers> std::string head_of(const Headers& headers) {
    std::string head;
    for (const auto& [name, value] : headers)
        head.append(name).append(": ").append(value).append("\n");
    return head;
}

void print_captures() {
    for (const Capture& capture : captures) {
        Fields more;
        if (!capture.proxies.empty()) more.emplace_back("proxies", capture.proxies);
        print_case("capture", capture.name, fields_of(capture.peer, capture.trust, more),
                   head_of(capture.headers));
    }
}

void print_attacks() {
    for (const AttackCase& attack : attack_cases) {
        const auto count = [&attack](std::string_view header) {
            return attack.header == header ? attack.n : 0;
        };
        const Trust trust{.x_for = count("X-Forwarded-For"),
                          .x_proto = count("X-Forwarded-Proto"),
                          .x_host = count("X-Forwarded-Host"),
                          .x_port = count("X-Forwarded-Port"),
                          .x_prefix = count("X-Forwarded-Prefix")};
        std::vector<proxyfix::Header> headers;
        for (const std::string_view line : std::span(attack.lines).first(attack.line_count))
            headers.push_back({std::string(attack.header), std::string(line)});
        print_case("attack", attack.header, fields_of("10.0.0.2", trust, {}), head_of(headers));
    }
}

void print_more() {
    const std::string chain =
        "Host: shop.example\nX-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.3\n";
    const std::string prefix = "X-Forwarded-Prefix: /store\n", dollar = "X-Forwarded-Prefix: /$a\n";
    const std::string single = "CF-Connecting-IP: 203.0.113.7\n";
    print_case("more", "every kind of proxies",
               fields_of("10.0.0.2", {2, 2, 2, 2, 2},
                         {{"proxies", "loopback,private link-local shared unix: 192.0.2.0/24"}}),
               chain + prefix);
    print_case("more", "no proxies, and no hosts",
               fields_of("10.0.0.2", {1, 1, 1}, {{"proxies", ","}, {"allowed-hosts", ","}}), chain);
    print_case(
        "more", "hosts, and lines to erase",
        fields_of("10.0.0.2", {2, 1, 1},
                  {{"allowed-hosts", "shop.example *.shop.example"}, {"strip", "untrusted"}}),
        chain + "X-Forwarded-Host: www.shop.example\n");
    print_case(
        "more", "another host, and all lines to erase",
        fields_of("unix:", {1, 1, 1},
                  {{"proxies", "unix:"}, {"allowed-hosts", "shop.example"}, {"strip", "all"}}),
        chain + "X-Forwarded-Host: evil.example\n");
    print_case("more", "a header of one address",
               fields_of("10.0.0.2", {0, 1}, {{"client-header", "CF-Connecting-IP"}}), single);
    print_case("more", "a name that nginx takes for a variable",
               fields_of("10.0.0.2", {0, 1}, {{"client-header", "X-$client"}}), single);
    print_case("more", "a name that has to be quoted",
               fields_of("10.0.0.2", {0, 1}, {{"client-header", "X-Real#'IP`"}}), single);
    print_case("more", "a prefix that nginx takes for a variable",
               fields_of("10.0.0.2", {0, 0, 0, 0, 1}, {}), dollar);
    print_case("more", "the words for everybody",
               fields_of("10.0.0.2", {1, 1, 1}, {{"proxies", "any"}, {"allowed-hosts", "*"}}),
               chain);
    print_case(
        "more", "two elements of Forwarded",
        fields_of("10.0.0.2", {.x_for = 2, .x_proto = 2, .x_port = 1, .forwarded = true}, {}),
        "Forwarded: for=6.6.6.6, for=\"[2001:db8::7]\";proto=https, for=10.0.0.3\n");
    print_case("more", "as many as are proxies, by Forwarded",
               fields_of("10.0.0.2",
                         {.x_for = proxyfix::all_hops,
                          .x_proto = proxyfix::all_hops,
                          .x_host = 1,
                          .forwarded = true},
                         {{"proxies", "10.0.0.0/24"}}),
               "Forwarded: for=6.6.6.6, for=203.0.113.7, for=10.0.0.3\n");
    print_case(
        "more", "the client in one element, scheme and host in another",
        fields_of("10.0.0.2",
                  {.x_for = 2, .x_proto = 1, .x_host = 1, .x_prefix = 3, .forwarded = true}, {}),
        "Forwarded: for=203.0.113.7, for=192.0.2.139;host=api.example;proto=https\n");
    print_case(
        "more", "the scheme and the host left of the client",
        fields_of("10.0.0.2", {.x_for = 1, .x_proto = 2, .x_host = 3, .forwarded = true}, {}),
        "Forwarded: proto=wss, host=a.example;proto=ws, for=203.0.113.7;proto=https, "
        "for=10.0.0.3\n");
    print_case("more", "Forwarded, of which nothing but the scheme is read",
               fields_of("10.0.0.2", {.x_for = 0, .x_proto = 1, .forwarded = true}, {}),
               "Forwarded: for=203.0.113.7;proto=https\n");
    print_case(
        "more", "Forwarded, of which nothing is read",
        fields_of("10.0.0.2", {.x_for = 0, .x_proto = 0, .x_port = 1, .forwarded = true}, {}),
        "Forwarded: for=203.0.113.7;proto=https\n" + chain);
    print_case(
        "more", "Forwarded, with a fault in each field",
        fields_of("10.0.0.2", {.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, {}),
        "Forwarded: for=shop;proto=ftp;host=a:b\n");
    print_case("more", "Forwarded that ends within a quote",
               fields_of("10.0.0.2", {.x_for = 2, .x_proto = 1, .forwarded = true}, {}),
               "Forwarded: for=203.0.113.7, for=\"10.0.0.3\n");
    print_case("more", "Forwarded, and X-Forwarded-For beside it",
               fields_of("10.0.0.2", {.x_for = 1, .x_proto = 1, .forwarded = true}, {}),
               chain + "Forwarded: for=2001:db8::7;proto=https\n");
    print_case("more", "names of all headers",
               fields_of("10.0.0.2", {2, 1, 1, 1, 1},
                         {{"names.x-for", "X-Original-Forwarded-For"},
                          {"names.x-proto", "X-Forwarded-Ssl"},
                          {"names.x-host", "X-Original-Host"},
                          {"names.x-port", "X-Original-Port"},
                          {"names.x-prefix", "X-Script-Name"}}),
               chain +
                   "X-Original-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.3\nX-Forwarded-Ssl: on\n"
                   "X-Original-Host: shop.example\nX-Original-Port: 8443\nX-Script-Name: /store\n");
    print_case("more", "a name that is only written in another case",
               fields_of("10.0.0.2", {1, 1}, {{"names.x-proto", "x-forwarded-proto"}}), chain);
    print_case("more", "names that nginx ignores when it receives them",
               fields_of("10.0.0.2", {2, 1, 2, 3},
                         {{"names.x-for", "X_Forwarded_For"},
                          {"names.x-proto", "X_Scheme"},
                          {"names.x-host", "X.Host"},
                          {"names.x-port", "X-$`Port"}}),
               "X_Forwarded_For: 203.0.113.7, 10.0.0.3\nX_Scheme: https\n");
    print_case("more", "a name that stands for something else at a proxy",
               fields_of("10.0.0.2", {1, 1}, {{"names.x-proto", "Upgrade"}}), chain);
    print_case("more", "a name in a chain of any length",
               fields_of("10.0.0.2", {.x_for = proxyfix::all_hops, .x_proto = 1},
                         {{"names.x-for", "X-Hops"}, {"proxies", "10.0.0.0/24"}}),
               "X-Hops: , 203.0.113.7, 10.0.0.3\nX-Forwarded-Proto: https\n");
    print_case("more", "an address and a port in a header of their own",
               fields_of("10.0.0.2", {.x_for = 0, .x_proto = 0, .client_has_port = true},
                         {{"client-header", "CloudFront-Viewer-Address"}}),
               "CloudFront-Viewer-Address: 2001:db8:f:abcd::9:9985\n");
    print_case("more", "an address without the port that it should have",
               fields_of("10.0.0.2", {.x_for = 0, .x_proto = 3, .client_has_port = true},
                         {{"client-header", "CloudFront_Viewer_Address"}}),
               "CloudFront_Viewer_Address: 203.0.113.7\n");
    print_case("more", "malformed values", fields_of("10.0.0.2", {1, 1, 1, 1, 1}, {}),
               "X-Forwarded-For: 203.0.113.7 5\nX-Forwarded-Proto: on\nX-Forwarded-Host: a..b\n"
               "X-Forwarded-Port: 0\nX-Forwarded-Prefix: /%61\n");
    print_case("more", "other headers than those that are asked for",
               fields_of("10.0.0.2", {1, 1, 1, 0, 1}, {}),
               "X-Real-IP: 203.0.113.7\nX-Forwarded-Ssl: on\nX_Forwarded_Host: shop.example\n"
               "X-Script-Name: /store\nForwarded: for=203.0.113.7\n");
    print_case("more", "past the outer proxies",
               fields_of("10.0.0.2", {2, 2}, {{"proxies", "10.0.0.2, 10.0.0.3"}}),
               "X-Forwarded-For: 6.6.6.6, 198.51.100.9\nX-Forwarded-Proto: https, wss\n");
    print_case("more", "past all proxies",
               fields_of("198.51.100.9", {1, 1}, {{"proxies", "10.0.0.2"}}), chain);
    print_case(
        "more", "a chain that is longer than is shown", fields_of("10.0.0.2", {14, 1}, {}),
        "X-Forwarded-For: 16.0.0.1, 15.0.0.1, 14.0.0.1, 13.0.0.1, 12.0.0.1, 11.0.0.1, 10.0.0.1, "
        "9.0.0.1, 8.0.0.1, 7.0.0.1, 6.0.0.1, 5.0.0.1, 4.0.0.1, 3.0.0.1, 2.0.0.1, 1.0.0.1\n");
    print_case("more", "an empty value right of the chosen one", fields_of("10.0.0.2", {2, 1}, {}),
               "X-Forwarded-For: 6.6.6.6, 203.0.113.7, \n");
    print_case("more", "a header of one address on two lines",
               fields_of("10.0.0.2", {0, 1}, {{"client-header", "CF-Connecting-IP"}}),
               "CF-Connecting-IP: 6.6.6.6\n" + single);
    print_case("more", "a header that the proxy needs itself",
               fields_of("10.0.0.2", {0, 1, 2}, {{"client-header", "te"}}), single);
    print_case("more", "more proxies for Proto than for For", fields_of("10.0.0.2", {1, 3}, {}),
               chain + "X-Forwarded-Proto: https, http, http\n");
    print_case("more", "nothing but Proto", fields_of("10.0.0.2", {0, 2}, {}),
               "X-Forwarded-Proto: wss, https, http\n");
    print_case("more", "a peer with a zone, whose text is not plain",
               fields_of("fe80::1%a\\b", {1, 1}, {}), chain);
    std::string lines = chain;
    for (int i = 0; i < 30; ++i) lines += "X-Forwarded-For: 203.0.113.7\n";
    print_case("more", "more lines than are shown",
               fields_of("10.0.0.2", {1, 1}, {{"strip", "all"}}), lines);
    print_case("more", "fields that are too long",
               {{"peer", std::string(257, '1')},
                {"proxies", std::string((1 << 16) + 1, ',')},
                {"allowed-hosts", std::string((1 << 16) + 1, ',')}},
               std::string((1 << 20) + 1, 'a'));
    print_case("more", "fields that are just not too long",
               {{"x-for", "1"},
                {"proxies", std::string(1 << 16, ',')},
                {"allowed-hosts", std::string(1 << 16, ',')}},
               "X: " + std::string((1 << 20) - 3, 'a'));
    print_case("more", "a Trust that contradicts itself",
               fields_of("10.0.0.2", {.x_for = proxyfix::all_hops}, {}), chain);
    print_case("more", "names of what is not asked for",
               fields_of("10.0.0.2", {1, 1}, {{"names.x-host", "X-Original-Host"}}), chain);
    print_case("more", "a port of a header that is not named",
               fields_of("10.0.0.2", {.client_has_port = true}, {}), chain);
    print_case("more", "choices that there are not",
               {{"peer", "10.0.0.2"},
                {"forwarded", "\x1b<b>"},
                {"client-has-port", "1"},
                {"strip", "some"},
                {"unknown", "1"}},
               chain);
    print_case("more", "faults in all fields",
               {{"peer", "example.com"},
                {"x-for", "-1"},
                {"x-proto", "01"},
                {"x-host", "1.5"},
                {"x-port", "17"},
                {"x-prefix", "\x1b<b>"},
                {"proxies", "10.0.0.1/8"},
                {"allowed-hosts", "shop.example:80"},
                {"names.x-for", "a:b"},
                {"names.x-proto", "a/b"},
                {"names.x-host", "a;b"},
                {"names.x-port", "a,b"},
                {"names.x-prefix", "a\"b"},
                {"client-header", "a b"}},
               "GET / HTTP/2\n");
}

}  // namespace

int main() {
    print_captures();
    print_attacks();
    print_more();
}
