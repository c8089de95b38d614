// SPDX-License-Identifier: MIT
#include "proxyfix/explain.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "proxyfix/request/environ.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Counts of 0, so that a test names what it looks at.
const Trust nothing{.x_for = 0, .x_proto = 0};

}  // namespace

TEST_CASE("A client that bypassed the outer proxies is explained in full") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"x-forwarded-for", "6.6.6.6"},
                                  {"Via", "1.1 a"},
                                  {"X-Forwarded-For", "198.51.100.9, 10.0.0.3"},
                                  {"X-Forwarded-Proto", "https"}}};
    CHECK(explain(env, {.x_for = 3, .proxies = {"10.0.0.0/24"_net}}) ==
          R"(peer: 10.0.0.2 (one of the proxies)

x-forwarded-for: 6.6.6.6
X-Forwarded-For: 198.51.100.9, 10.0.0.3
   x_for = 3
   1   10.0.0.3            written by the peer: one of the proxies
=> 2   198.51.100.9        written by 10.0.0.3: chosen, not one of the proxies
   3   6.6.6.6             ignored: anybody may have written it
   client 198.51.100.9
   If 198.51.100.9 is one of your proxies, add it to proxies.

X-Forwarded-Proto: https
   x_proto = 1
=> 1   https               hop_not_trusted
   scheme unchanged: hop_not_trusted
   An address on the way is not in proxies, or not known. If it is one of your proxies, add it to proxies. If not, the request bypassed the outer proxies.

decision
   client  198.51.100.9
   scheme  unchanged: hop_not_trusted
   host    unchanged: not_configured
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Something was rejected.
)");
}

TEST_CASE("An element of Forwarded is explained with all that it says") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"Forwarded", "for=6.6.6.6"},
                                  {"Forwarded", "for=_hidden;proto=https"},
                                  {"Forwarded", "for=\"[2001:db8::7]:4711\""},
                                  {"X-Forwarded-For", "6.6.6.6"}}};
    CHECK(explain(env, {.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true}) ==
          R"(peer: 10.0.0.2 (any peer is trusted)

Forwarded: for=6.6.6.6
Forwarded: for=_hidden;proto=https
Forwarded: for="[2001:db8::7]:4711"
   forwarded = yes, x_for = 2, x_proto = 2, x_host = 2
   1   for="[2001:db8::7]:4711"  written by the peer: assumed to be one of your proxies
=> 2   for=_hidden;proto=https  anonymous
   3   for=6.6.6.6         ignored: anybody may have written it
   client unchanged: anonymous
   The proxy hides its client's address. Configure it to send the address.
   scheme https
   The client wrote what is left of it, unless one more of your proxies is in front on every request (3 values seen, x_proto is 2).
   host unchanged: absent

X-Forwarded-For: 6.6.6.6
   ignored: Forwarded replaces it

decision
   client  unchanged: anonymous
   scheme  https
   host    unchanged: absent
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Something was rejected.
)");
}

TEST_CASE("All five headers are explained") {
    const Environ env{.remote_addr = "unix:",
                      .headers = {{"X-Forwarded-For", "[2001:db8::7]:4711"},
                                  {"X-Forwarded-Proto", "HTTPS"},
                                  {"X-Forwarded-Host", "shop.example:8443"},
                                  {"X-Forwarded-Port", "443"},
                                  {"X-Forwarded-Prefix", "/"}}};
    const std::string text = explain(env, {1, 1, 1, 1, 1});
    CAPTURE(text);
    CHECK(contains(text, "peer: unix: (any peer is trusted)\n"));
    CHECK(contains(text, R"(
   client  [2001:db8::7]:4711
   scheme  https
   host    shop.example:8443
   port    443
   prefix  /
   Nothing was rejected.
)"));
}

TEST_CASE("A prefix is explained as the path that it becomes") {
    const Environ env{.headers = {{"X-Forwarded-Prefix", "/app/"}}};
    const std::string text = explain(env, {0, 0, 0, 0, 1});
    CAPTURE(text);
    CHECK(contains(text, "=> 1   /app/               written by a proxy of yours: chosen\n"));
    CHECK(contains(text, "   prefix  /app\n   Nothing was rejected.\n"));
}

TEST_CASE("A request without headers is explained too") {
    CHECK(explain(Environ{}, nothing) == R"(peer: (no address) (any peer is trusted)

decision
   client  unchanged: not_configured
   scheme  unchanged: not_configured
   host    unchanged: not_configured
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Nothing was rejected.
)");
}

TEST_CASE("An explanation says who replaces whom and who is not asked") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"CF-Connecting-IP", "203.0.113.7"},
                                  {"X-Forwarded-For", "6.6.6.6"},
                                  {"X-Forwarded-Prefix", "/evil"},
                                  {"Forwarded", "for=6.6.6.6"}}};
    const std::string text = explain(env, {.x_proto = 1, .client_header = "cf-connecting-ip"});
    CAPTURE(text);
    CHECK(contains(text, "\nCF-Connecting-IP: 203.0.113.7\n   client_header\n=> 1   203.0.113.7"));
    CHECK(contains(text, "X-Forwarded-For: 6.6.6.6\n   ignored: cf-connecting-ip replaces"));
    CHECK(contains(text,
                   "X-Forwarded-Proto: not there\n   x_proto = 1\n   scheme unchanged: absent"));
    CHECK(contains(text, "X-Forwarded-Prefix: /evil\n   x_prefix = 0\n   Any client can send it."));
    CHECK(contains(text, "Forwarded: for=6.6.6.6\n   forwarded = no\n   Any client can send it."));
    CHECK(contains(text, "   client  203.0.113.7\n"));
}

TEST_CASE("A peer that is not trusted is named, and no value is trusted") {
    const Environ env{.remote_addr = "192.0.2.1",
                      .headers = {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-Proto", "https"}}};
    const std::string text = explain(env, {.proxies = {"10.0.0.0/24"_net}});
    CAPTURE(text);
    CHECK(contains(text, "peer: 192.0.2.1 (not one of the proxies: no value is trusted)\n"));
    CHECK(contains(text, "\n   1   6.6.6.6             not trusted\n"));
    CHECK(contains(text, "\n   1   https               not trusted\n"));
    CHECK(contains(text, "   client  unchanged: peer_not_trusted\n"));
}

TEST_CASE("An explanation shows which lines are erased before the handler is called") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Forwarded-For", "6.6.6.6"},
                                  {"X-Forwarded-For", "203.0.113.7"},
                                  {"X-Forwarded-Proto", "https"}}};
    const std::string text = explain(env, {.x_proto = 0, .strip = Strip::untrusted});
    CAPTURE(text);
    CHECK(contains(text,
                   "X-Forwarded-For: 6.6.6.6   (erased: strip)\n"
                   "X-Forwarded-For: 203.0.113.7\n"));
    CHECK(contains(text, "X-Forwarded-Proto: https   (erased: strip)\n"));
}

TEST_CASE("Of a long chain both ends are shown") {
    std::string chain = "203.0.113.7";
    for (int i = 30; i > 0; --i) chain += ", 10.0.0." + std::to_string(i);
    const Environ env{.remote_addr = "10.0.0.99", .headers = {{"X-Forwarded-For", chain}}};
    const std::string text = explain(env, {.x_for = all_hops, .proxies = {"10.0.0.0/24"_net}});
    CAPTURE(text);
    CHECK(contains(text, "   x_for = all_hops\n   1   10.0.0.1 "));
    CHECK(contains(text,
                   "\n   8   10.0.0.8            written by 10.0.0.7: one of the "
                   "proxies\n   ...\n   29  10.0.0.29"));
    CHECK(contains(text, "\n=> 31  203.0.113.7         written by 10.0.0.30: chosen, not one of"));
}

TEST_CASE("Of a faulty trust nothing but the fault and the peer is told") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Forwarded-For", "6.6.6.6"}, {"X-Real-IP", "6.6.6.6"}}};
    CHECK(explain(env, {.x_for = all_hops}) ==
          "The trust contradicts itself: x_for = all_hops needs a list of proxies\n\n"
          "peer: 10.0.0.2 (any peer is trusted)\n");
    CHECK(
        explain(env, {.forwarded = true, .proxies = {"10.0.0.2"}, .client_header = "X-Real-IP"}) ==
        "The trust contradicts itself: forwarded and client_header both replace "
        "X-Forwarded-For\n\npeer: 10.0.0.2 (one of the proxies)\n");
    CHECK(explain(env, {.proxies = {"10.0.0.3"}, .client_header = "X-Forwarded-For"}) ==
          "The trust contradicts itself: client_header is a header that has a count of its own\n\n"
          "peer: 10.0.0.2 (not one of the proxies: no value is trusted)\n");
}

TEST_CASE("Lines whose order is lost are shown, but not as a list") {
    const std::string text = explain(
        BasicViewRequest<false>{{{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "2.2.2.2"}}},
        {.x_for = 1, .x_proto = 0});
    CHECK(contains(text,
                   "X-Forwarded-For: 1.1.1.1\nX-Forwarded-For: 2.2.2.2\n   x_for = 1\n"
                   "   client unchanged: unreliable_lines\n   The server loses the order"));
}

TEST_CASE("Nothing of a request reaches an explanation but printable ASCII") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    Environ env{.remote_addr = bytes};
    for (const char* name : {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
                             "Forwarded", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP"}) {
        env.headers.push_back({name, bytes});
        env.headers.push_back({name, std::string(70'000, '\x1b') + "," + bytes});
    }
    for (const Trust& trust : {Trust{1, 1, 1, 1, 1}, Trust{2, 2, 2, 2, 2},
                               Trust{.x_for = 2, .x_host = 1, .forwarded = true},
                               Trust{.x_for = all_hops, .proxies = {"10.0.0.0/8"_net}},
                               Trust{.client_header = "X-Real-IP"}}) {
        const std::string text = explain(env, trust);
        for (const char c : text) REQUIRE((c == '\n' || (c >= ' ' && c < 0x7f)));
        CHECK(text.size() < 50'000);
    }
}

TEST_CASE("Where the walk ended as it should, the advice is about the count") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}}};
    const std::string text = explain(env, {.x_for = 1, .x_proto = 0, .proxies = {"10.0.0.2"}});
    CAPTURE(text);
    CHECK(contains(text, "=> 1   203.0.113.7         written by the peer: chosen\n"));
    CHECK(contains(text,
                   "   client 203.0.113.7\n   The client wrote what is left of it, unless one more "
                   "of your proxies is in front on every request (2 values seen, x_for is 1).\n"));
    CHECK_FALSE(contains(text, "add it to proxies"));
}

TEST_CASE("A client that is one of the proxies is not called an outsider") {
    const Environ env{.remote_addr = "10.0.0.2", .headers = {{"X-Forwarded-For", "10.0.0.9"}}};
    const std::string text =
        explain(env, {.x_for = all_hops, .x_proto = 0, .proxies = {"10.0.0.0/24"}});
    CAPTURE(text);
    CHECK(contains(text, "=> 1   10.0.0.9            written by the peer: chosen\n"));
    CHECK_FALSE(contains(text, "add it to proxies"));
}

TEST_CASE("The client of a header of one address is not called an outsider") {
    const Environ env{.remote_addr = "10.0.0.2", .headers = {{"X-Real-IP", "203.0.113.7"}}};
    const std::string text = explain(
        env, {.x_for = 2, .x_proto = 0, .proxies = {"10.0.0.2"}, .client_header = "X-Real-IP"});
    CAPTURE(text);
    CHECK(contains(text, "=> 1   203.0.113.7         written by the peer: chosen\n"));
    CHECK_FALSE(contains(text, "add it to proxies"));
}

TEST_CASE("A header that is neither there nor configured is not explained") {
    const Environ env{.headers = {{"Forwarded", "for=203.0.113.7"}}};
    const std::string text = explain(env, {.forwarded = true});
    CAPTURE(text);
    CHECK(contains(text, "\nForwarded: for=203.0.113.7\n"));
    CHECK_FALSE(contains(text, "X-Forwarded-"));
}

TEST_CASE("One line more than are shown is hidden") {
    std::vector<Header> headers(20, {"X-Forwarded-For", "6.6.6.6"});
    const std::string shown = explain(Environ{.headers = headers}, nothing);
    CHECK_FALSE(contains(shown, "more lines"));
    headers.insert(headers.begin(), {"X-Forwarded-For", "5.5.5.5"});
    const std::string text = explain(Environ{.headers = headers}, nothing);
    CAPTURE(text);
    CHECK(contains(text, "\n(1 more line of X-Forwarded-For)\nX-Forwarded-For: 6.6.6.6\n"));
    CHECK_FALSE(contains(text, "X-Forwarded-For: 5.5.5.5"));
}

TEST_CASE("A header of one address is one row, whatever is in it") {
    const Environ env{.remote_addr = "10.0.0.2", .headers = {{"X-Real-IP", "1.1.1.1, 2.2.2.2"}}};
    const std::string text = explain(env, {.x_proto = 0, .client_header = "X-Real-IP"});
    CAPTURE(text);
    CHECK(contains(text,
                   "   client_header\n"
                   "=> 1   1.1.1.1, 2.2.2.2    malformed: a list instead of one address\n"
                   "   client unchanged: malformed, a list instead of one address\n"));
}

namespace elsewhere {

struct Field {
    std::string name, value;
};
struct Request {
    std::vector<Field> fields;
};

/// What an unqualified call would find first.
void resolve(const Request&, const Policy&);
void receive(const Request&, const detail::Table&, detail::Received&);

/// A view that can only be gone over if it is not const.
struct MutableView {
    const Field *first, *last;
    const Field* begin() { return first; }
    const Field* end() { return last; }
};

}  // namespace elsewhere

template <> struct proxyfix::Adapter<elsewhere::Request> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const elsewhere::Request&) { return "10.0.0.2"; }
    static elsewhere::MutableView headers(const elsewhere::Request& request) {
        return {request.fields.data(), request.fields.data() + request.fields.size()};
    }
};

TEST_CASE("A view of headers is explained, and with the functions of this library") {
    const elsewhere::Request request{
        {{"X-Forwarded-For", "6.6.6.6"}, {"Via", "1.1 a"}, {"X-Forwarded-For", "203.0.113.7"}}};
    CHECK(contains(explain(request, {.x_for = 1}), "   client  203.0.113.7\n"));
    CHECK(contains(explain(request, {.x_for = 2}), "   client  6.6.6.6\n"));
}

TEST_CASE("A header that is ignored is not explained by an outsider of another one") {
    const Environ env{
        .remote_addr = "10.0.0.2",
        .headers = {{"Forwarded", "for=1.2.3.4"}, {"X-Forwarded-For", "6.6.6.6, 203.0.113.7"}}};
    const Trust trust{.x_for = 2, .x_proto = 0, .proxies = {"10.0.0.0/24"}};
    const std::string text = explain(env, trust), advice = "If 203.0.113.7 is one of your proxies";
    REQUIRE(contains(text, advice));
    CHECK(text.find(advice) == text.rfind(advice));
}

namespace {

/// A value, and what is wrong with it.
struct Malformed {
    std::string value, fault;
};

/// Checks what is said of malformed values of a header.
void check_faults(const std::string& name, const Trust& trust, const std::string& field,
                  const std::vector<Malformed>& values) {
    for (const auto& [value, fault] : values) {
        const Environ env{.remote_addr = "10.0.0.2", .headers = {{name, value}}};
        const std::string text = explain(env, trust);
        CAPTURE(name, value, text);
        CHECK(contains(text, " malformed: " + fault + "\n"));
        CHECK(
            contains(text, "\n   " + field + " unchanged: malformed, " + fault +
                               "\n   A proxy passed on what the client sent, or writes a different "
                               "format.\n"));
        CHECK_FALSE(contains(text, "is present:"));
    }
}

}  // namespace

TEST_CASE("Explain says what is wrong with a malformed value of each header") {
    const std::string port_fault = "the port is not a number from 1 to 65535",
                      zone_fault =
                          "a '%' in an address: only a link-local address has a zone, of 1 to 15 "
                          "letters, digits, '.', '_', '~' and '-'";
    check_faults("X-Forwarded-For", {.x_proto = 0}, "client",
                 {{"", "an empty value"},
                  {"203.0.113.7 10.0.0.1", "a blank in the value"},
                  {"203.0.113.7\xc2\xa0", "a byte outside visible ASCII"},
                  {"\"203.0.113.7\"", "a quote in the value"},
                  {"unknown", "a name instead of an address"},
                  {"client.example", "not an IP address"},
                  {"0.0.0.0", "no client has the address 0.0.0.0 or ::"},
                  {"203.0.113.7:0", port_fault},
                  {"2001:db8::7%eth0", zone_fault},
                  {"2001:db8::7:47110", "IPv6 with a port needs brackets"},
                  {"[2001:db8::7", "an unclosed bracket"},
                  {"[2001:db8::7]80", "text after the closing bracket"},
                  {std::string(65, '1'), "more than 64 bytes"}});
    check_faults("X-Real-IP", {.x_proto = 0, .client_header = "X-Real-IP"}, "client",
                 {{"", "an empty value"},
                  {"203.0.113.7, 10.0.0.1", "a list instead of one address"},
                  {"203.0.113.7 10.0.0.1", "a blank in the value"},
                  {"[203.0.113.7]", "the text in brackets is not an IPv6 address"},
                  {"localhost", "not an IP address"},
                  {std::string(65, '1'), "more than 64 bytes"}});
    check_faults("X-Address", {.x_proto = 0, .client_header = "X-Address", .client_has_port = true},
                 "client",
                 {{"2001:db8::7", "the port is missing"}, {"203.0.113.7:99999", port_fault}});
    check_faults("X-Forwarded-Proto", {.x_for = 0}, "scheme",
                 {{" ", "an empty value"},
                  {"on", "'on' and 'off' are read only with names.x_proto"},
                  {"https http", "a blank in the value"},
                  {"\"https\"", "a quote in the value"},
                  {"https\x7f", "a byte outside visible ASCII"},
                  {"ftp", "the scheme is not http, https, ws or wss"},
                  {"https://", "the scheme is not http, https, ws or wss"},
                  {"h2", "the scheme is not http, https, ws or wss"},
                  {"443", "the scheme is not http, https, ws or wss"},
                  {std::string(65, 'h'), "more than 64 bytes"}});
    check_faults("X-Forwarded-Host", {.x_for = 0, .x_proto = 0, .x_host = 1}, "host",
                 {{"\t", "an empty value"},
                  {"shop example", "a blank in the value"},
                  {"[::1", "an unclosed bracket"},
                  {"[::1]80", "text after the closing bracket"},
                  {"caf\xc3\xa9.example", "a byte outside visible ASCII"},
                  {"\"shop.example\"", "a quote in the value"},
                  {"2001:db8::7", "an IPv6 host needs brackets"},
                  {"shop.example:http", port_fault},
                  {"https://shop.example", port_fault},
                  {"shop.example/cart", "a character not allowed in a host"},
                  {"shop..example", "a label of the host is empty or longer than 63 bytes"},
                  {"-.example", "a label begins or ends with '-'"},
                  {"10.0.0.256", "the host ends in a number but is not an IPv4 address"},
                  {std::string(254, 'a'), "a host of more than 253 bytes"},
                  {std::string(321, 'a'), "more than 320 bytes"}});
    check_faults("X-Forwarded-Port", {.x_for = 0, .x_proto = 0, .x_port = 1}, "port",
                 {{"", "an empty value"},
                  {"0", port_fault},
                  {"65536", port_fault},
                  {"https", port_fault},
                  {"-1", port_fault},
                  {"4 43", port_fault},
                  {"443.0", port_fault},
                  {"0x50", port_fault},
                  {"\"443\"", port_fault},
                  {std::string(65, '1'), "more than 64 bytes"}});
    check_faults("X-Forwarded-Prefix", {.x_for = 0, .x_proto = 0, .x_prefix = 1}, "prefix",
                 {{"app", "the prefix does not begin with '/'"},
                  {"/my app", "a blank in the value"},
                  {"/caf\xc3\xa9", "a byte outside visible ASCII"},
                  {"/\"app\"", "a quote in the value"},
                  {"/my%20app", "a '%' in a prefix: percent-encoding is not supported"},
                  {"//app", "an empty segment, '//'"},
                  {"/app?a=b", "a character not allowed in a prefix"},
                  {"/app\\", "a character not allowed in a prefix"},
                  {"/../app", "a '.' or '..' segment"},
                  {'/' + std::string(1024, 'a'), "a prefix of more than 1024 bytes"},
                  {'/' + std::string(1100, 'a'), "more than 1100 bytes"}});
    check_faults("Forwarded", {.x_proto = 0, .forwarded = true}, "client",
                 {{"", "an empty element"},
                  {"for", "a parameter without '='"},
                  {"for =203.0.113.7", "a parameter whose name is not a token"},
                  {"for=\"203.0.113.7", "an unclosed quote"},
                  {"for=203.0.113.7;for=203.0.113.8", "for, proto or host is given twice"},
                  {"for=203.0.113.7 proto=https", "a blank in a value"},
                  {"for=\"203.0.113.7\":80", "text after the closing quote"},
                  {"for=\"\x01\"", "a control byte in quotes"},
                  {"for=\xff", "a quote, or a byte outside visible ASCII, in a value"},
                  {"for=", "for: an empty value"},
                  {"for=client", "for: not an IP address"},
                  {"for=" + std::string(65, '1'), "for: more than 64 bytes"},
                  {"for=\"2001:db8::7:47110\"", "for: IPv6 with a port needs brackets"},
                  {"for=203.0.113.7;by=" + std::string(1006, 'a'), "more than 1024 bytes"}});
}

TEST_CASE("A value that is exactly as wide as its bound is looked at") {
    const Environ env{.headers = {{"X-Forwarded-For", std::string(64, '1')},
                                  {"X-Forwarded-Proto", std::string(64, 'h')},
                                  {"X-Forwarded-Host", std::string(320, 'a')},
                                  {"X-Forwarded-Prefix", '/' + std::string(1099, 'a')}}};
    const std::string text = explain(env, {1, 1, 1, 0, 1});
    CAPTURE(text);
    CHECK(contains(text, "client unchanged: malformed, not an IP address\n"));
    CHECK(
        contains(text, "scheme unchanged: malformed, the scheme is not http, https, ws or wss\n"));
    CHECK(contains(text, "host unchanged: malformed, a host of more than 253 bytes\n"));
    CHECK(contains(text, "prefix unchanged: malformed, a prefix of more than 1024 bytes\n"));
}

TEST_CASE("A value that is wider than its bound by its blanks is said to be too wide") {
    const std::string blanks(70, ' ');
    for (const unsigned x_for : {1U, 2U}) {
        const Environ env{.headers = {{"X-Forwarded-For", "1.1.1.1," + blanks + "2.2.2.2"}}};
        const std::string text = explain(env, {.x_for = x_for, .x_proto = 0});
        CAPTURE(text);
        CHECK(contains(text, "\n=> 1   2.2.2.2             malformed: more than 64 bytes\n"));
        CHECK(contains(text, "\n   2   1.1.1.1             ignored: anybody"));
        CHECK(contains(text, "\n   client unchanged: malformed, more than 64 bytes\n"));
    }
    const std::string single = explain(Environ{.headers = {{"X-Real-IP", blanks + "2.2.2.2"}}},
                                       {.x_proto = 0, .client_header = "X-Real-IP"});
    CHECK(contains(single, "\n=> 1   2.2.2.2             malformed: more than 64 bytes\n"));
    const Environ fits{.headers = {{"X-Forwarded-For", std::string(63, ' ') + 'x'}}};
    CHECK(contains(explain(fits, {.x_proto = 0}), "malformed, not an IP address\n"));
}

TEST_CASE("A list with a value of 16 KB is explained by the right end of it") {
    const std::string wide(16'384, '1');
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Forwarded-For", "6.6.6.6, " + wide + ", 203.0.113.7"}}};
    const std::string shown = "(16184 more bytes)..." + std::string(200, '1');
    CHECK(explain(env, {.x_for = 2, .x_proto = 0}) ==
          R"(peer: 10.0.0.2 (any peer is trusted)

X-Forwarded-For: (16206 more bytes)...)" +
              std::string(187, '1') + R"(, 203.0.113.7
   x_for = 2
   1   203.0.113.7         written by the peer: assumed to be one of your proxies
=> 2   )" + shown +
              R"(  malformed: more than 64 bytes
   3   6.6.6.6             ignored: anybody may have written it
   client unchanged: malformed, more than 64 bytes
   A proxy passed on what the client sent, or writes a different format.

decision
   client  unchanged: malformed
   scheme  unchanged: not_configured
   host    unchanged: not_configured
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Something was rejected.
)");
}

TEST_CASE("Each field of Forwarded is read from its own element") {
    const Environ env{
        .remote_addr = "10.0.0.2",
        .headers = {
            {"Forwarded",
             "for=6.6.6.6, for=203.0.113.7, for=192.0.2.139;host=api.example;proto=https"}}};
    CHECK(explain(env, {.x_for = 2, .x_proto = 1, .x_host = 1, .forwarded = true}) ==
          R"(peer: 10.0.0.2 (any peer is trusted)

Forwarded: for=6.6.6.6, for=203.0.113.7, for=192.0.2.139;host=api.example;proto=https
   forwarded = yes, x_for = 2, x_proto = 1, x_host = 1
   1   for=192.0.2.139;host=api.example;proto=https  written by the peer: assumed to be one of your proxies; the scheme is read here; the host is read here
=> 2   for=203.0.113.7     written by 192.0.2.139: chosen
   3   for=6.6.6.6         ignored: anybody may have written it
   client 203.0.113.7
   The client wrote what is left of it, unless one more of your proxies is in front on every request (3 values seen, x_for is 2).
   scheme https
   host api.example

decision
   client  203.0.113.7
   scheme  https
   host    api.example
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Nothing was rejected.
)");
}

TEST_CASE("What is read from the element of the client is not said to be read elsewhere") {
    const Environ env{
        .remote_addr = "10.0.0.2",
        .headers = {{"Forwarded", "for=203.0.113.7;proto=https, for=10.0.0.3;proto=http"}}};
    const std::string text = explain(env, {.x_for = all_hops,
                                           .x_proto = all_hops,
                                           .x_host = 1,
                                           .forwarded = true,
                                           .proxies = {"10.0.0.0/24"}});
    CAPTURE(text);
    CHECK(contains(text, "   forwarded = yes, x_for = all_hops, x_proto = all_hops, x_host = 1\n"));
    CHECK(contains(text,
                   "\n   1   for=10.0.0.3;proto=http  written by the peer: one of the proxies\n"));
    CHECK_FALSE(contains(text, "read here"));
    CHECK(contains(text, "   scheme https\n   host unchanged: absent\n"));
}

TEST_CASE("Where a header is absent, the picture names others that carry the same") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Real-IP", "203.0.113.7"}, {"X-Forwarded-Ssl", "on"}}};
    CHECK(explain(env, {}) == R"(peer: 10.0.0.2 (any peer is trusted)

X-Forwarded-For: not there
   x_for = 1
   client unchanged: absent
   No proxy sent it, or the request bypassed your proxies. X-Real-IP is present: if one of your proxies overwrites it on every request, read it instead (client_header = X-Real-IP).

X-Forwarded-Proto: not there
   x_proto = 1
   scheme unchanged: absent
   No proxy sent it, or the request bypassed your proxies. X-Forwarded-Ssl is present: if one of your proxies overwrites it on every request, read it instead (names.x_proto = X-Forwarded-Ssl).

decision
   client  unchanged: absent
   scheme  unchanged: absent
   host    unchanged: not_configured
   port    unchanged: not_configured
   prefix  unchanged: not_configured
   Nothing was rejected.
)");
}

TEST_CASE("Names that look like others, and hostile ones, come out as printable ASCII") {
    Environ env;
    for (int i = 0; i < 256; ++i) {
        const std::string byte(1, static_cast<char>(i));
        if (i == '-') continue;  // with it, the header would be there
        for (const std::string& name : {"X" + byte + "Forwarded" + byte + "For", byte + "X-Real-IP",
                                        "X-Forwarded-For" + byte, byte}) {
            env.headers.push_back({name, byte});
        }
    }
    const std::string text = explain(env, {1, 1, 1, 1, 1});
    for (const char c : text) REQUIRE((c == '\n' || (c >= ' ' && c < 0x7f)));
    CHECK(contains(text, " X_Forwarded_For is present:"));
    CHECK_FALSE(contains(text, "X-Real-IP"));
}

TEST_CASE("The lines of an ignored usual name, and its erasure, are shown") {
    const Environ env{.headers = {{"X-Scheme", "https"}, {"X-Forwarded-Proto", "http"}}};
    const std::string text =
        explain(env, {.x_for = 0, .names = {.x_proto = "X-Scheme"}, .strip = Strip::untrusted});
    CAPTURE(text);
    CHECK(contains(text, R"(
X-Scheme: https
   x_proto = 1
=> 1   https               written by a proxy of yours: chosen
   scheme https

X-Forwarded-Proto: http   (erased: strip)
   ignored: X-Scheme replaces it
)"));
}
