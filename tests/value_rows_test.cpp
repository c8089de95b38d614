// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "catch.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/request/environ.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

namespace {

/// The explanation of a request from 10.0.0.2.
std::string explained(const std::vector<Header>& headers, const Trust& trust) {
    return explain(Environ{.remote_addr = "10.0.0.2", .headers = headers}, trust);
}

/// The rows of a request that has this header alone.
std::vector<ValueRow> rows_of(const Header& header, const Trust& trust) {
    const Environ env{.remote_addr = "10.0.0.2", .headers = {header}};
    for (const HeaderExplanation& part : explanation_of(env, trust).headers) {
        if (part.name == header.name) return part.values.rows;
    }
    return {};
}

bool shows(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Who sent to a hop is named by the hop before it") {
    CHECK(named_by("for=192.0.2.1") == "192.0.2.1");
    CHECK(named_by("for=\"[2001:db8::7]:4711\";proto=https") == "2001:db8::7");
    CHECK(named_by("for=_hidden") == "a hop without an address");
    CHECK(named_by("for=\"") == "a hop without an address");
}

TEST_CASE("Left of an empty value one was written by a hop without an address") {
    const Header header{"X-Forwarded-For", "203.0.113.7, "};
    const std::vector<ValueRow> rows = rows_of(header, {.x_for = 2, .x_proto = 0});
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].text.empty());
    CHECK(rows[1].standing == Standing::chosen);
    CHECK(rows[1].writer == no_address);
    CHECK(shows(explained({header}, {.x_for = 2, .x_proto = 0}),
                "=> 2   203.0.113.7         written by a hop without an address: chosen\n"));
}

TEST_CASE("Of a header of one address the lines are counted") {
    const Environ env{.remote_addr = "10.0.0.2",
                      .headers = {{"X-Real-IP", "203.0.113.7"}, {"X-Real-IP", "203.0.113.8"}}};
    const HeaderExplanation part =
        explanation_of(env, {.x_proto = 0, .client_header = "X-Real-IP"}).headers[0];
    CHECK(part.n == 1);
    const ValueRows& values = part.values;
    CHECK(values.values == 2);
    REQUIRE(values.rows.size() == 1);
    CHECK(values.rows[0].remark == "malformed: the header is on more than one line");
}

TEST_CASE("A value that nobody trusted wrote is not said to be of a proxy") {
    const std::string text = explained(
        {{"X-Forwarded-For", "6.6.6.6, 198.51.100.9"}, {"X-Forwarded-Proto", "https, wss"}},
        {.x_for = 2, .x_proto = 2, .proxies = {"10.0.0.2"}});
    CAPTURE(text);
    CHECK(shows(text,
                "   1   wss                 not trusted\n"
                "=> 2   https               hop_not_trusted\n"));
}

TEST_CASE("The value at which reading stopped is marked") {
    const std::string wide(70, 'x');
    const std::string by_count =
        explained({{"X-Forwarded-For", "1.1.1.1, " + wide}}, {.x_for = 2, .x_proto = 0});
    CAPTURE(by_count);
    CHECK(shows(by_count, "=> 1   " + wide + "  malformed: more than 64 bytes\n"));
    CHECK(shows(by_count, "\n   2   1.1.1.1             ignored: anybody"));
    const std::string element =
        explained({{"Forwarded", "for=1.1.1.1, for=\"a"}}, {.x_for = 2, .forwarded = true});
    CAPTURE(element);
    CHECK(shows(element, "=> 1   for=\"a              malformed: an unclosed quote\n"));
}

TEST_CASE("A value cannot look like a row") {
    const std::string forged = "2   203.0.113.99          written by the peer: chosen";
    const std::string text = explained({{"X-Forwarded-For", forged + ", 203.0.113.7"}}, {});
    CAPTURE(text);
    CHECK_FALSE(shows(text, "2   203.0.113.99"));
    CHECK(shows(text, "\n   2   2 \\x20 203.0.113.99 \\x20 \\x20"));
}

TEST_CASE("A position of three digits keeps its distance from the value") {
    std::string chain = "6.6.6.6, 203.0.113.7";
    for (int i = 99; i > 0; --i) chain += ", 10.0.0." + std::to_string(i);
    const std::string text =
        explained({{"X-Forwarded-For", chain}},
                  {.x_for = all_hops, .x_proto = 0, .proxies = {"10.0.0.0/24"}});
    CAPTURE(text);
    CHECK(shows(text, "\n   99  10.0.0.99           written by 10.0.0.98: one of the proxies\n"));
    CHECK(shows(text, "\n=> 100 203.0.113.7         written by 10.0.0.99: chosen, not one of"));
    CHECK(shows(text, "\n   101 6.6.6.6             ignored: anybody"));
}

TEST_CASE("No rows are of no values") { CHECK(ValueRows{}.values == 0); }

TEST_CASE("A row says who wrote the value and what became of it, part by part") {
    const std::vector<ValueRow> rows =
        rows_of({"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.3"}, {.x_for = 2, .x_proto = 0});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].position == 1);
    CHECK(rows[0].text == "10.0.0.3");
    CHECK(rows[0].standing == Standing::passed);
    CHECK(rows[0].writer == "the peer");
    CHECK(rows[0].remark == "assumed to be one of your proxies");
    CHECK(rows[1].standing == Standing::chosen);
    CHECK(rows[1].writer == "10.0.0.3");
    CHECK(rows[1].remark == "chosen");
    CHECK(rows[2].position == 3);
    CHECK(rows[2].standing == Standing::ignored);
    CHECK(rows[2].writer.empty());
    CHECK(rows[2].remark == "ignored: anybody may have written it");
}

TEST_CASE(
    "The writer of a malformed value is known, that of a value behind an unknown hop is not") {
    const Trust listed{.x_for = 2, .x_proto = 2, .proxies = {"10.0.0.2"}};
    const ValueRow malformed = rows_of({"X-Forwarded-For", "localhost"}, {.x_proto = 0})[0];
    CHECK(malformed.standing == Standing::rejected);
    CHECK(malformed.writer == "the peer");
    CHECK(malformed.remark == "malformed: not an IP address");
    const std::vector<ValueRow> rows = rows_of({"X-Forwarded-Proto", "https, wss"}, listed);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].standing == Standing::not_trusted);
    CHECK(rows[0].writer.empty());
    CHECK(rows[1].standing == Standing::rejected);
    CHECK(rows[1].writer.empty());
    CHECK(rows[1].remark == "hop_not_trusted");
}

TEST_CASE("A value of any width keeps its distance from what is said of it") {
    const std::string text = explained(
        {{"X-Forwarded-For", "[2001:db8::a]:4711, 203.0.113.7:47110, 203.0.113.77:47110"}},
        {.x_for = 3, .x_proto = 0});
    CAPTURE(text);
    CHECK(shows(text, "\n   1   203.0.113.77:47110  written by the peer"));
    CHECK(shows(text, "\n   2   203.0.113.7:47110   written by 203.0.113.77:47110"));
    CHECK(shows(text, "\n=> 3   [2001:db8::a]:4711  written by 203.0.113.7:47110"));
}

TEST_CASE("Of a long chain the values around the chosen one are shown") {
    std::string chain = "10.0.0.20";
    for (int i = 19; i > 0; --i) chain += ", 10.0.0." + std::to_string(i);
    const std::string text = explained({{"X-Forwarded-For", chain}}, {.x_for = 13, .x_proto = 0});
    CAPTURE(text);
    CHECK(shows(text, "\n   8   10.0.0.8 "));
    CHECK(shows(text, "of your proxies\n   ...\n   11  10.0.0.11 "));
    CHECK(shows(text,
                "\n   15  10.0.0.15           ignored: anybody may have written it\n   ...\n"
                "   client "));
}

TEST_CASE("A single value that is not shown leaves a gap too") {
    std::string chain = "10.0.0.15";
    for (int i = 14; i > 0; --i) chain += ", 10.0.0." + std::to_string(i);
    const std::string text = explained({{"X-Forwarded-For", chain}}, {.x_for = 12, .x_proto = 0});
    CAPTURE(text);
    CHECK(shows(text, "of your proxies\n   ...\n   10  10.0.0.10 "));
    CHECK(shows(text, "   14  10.0.0.14           ignored: anybody may have written it\n   ...\n"));
}

TEST_CASE("A chain that does not fit in the lines that are kept has no chosen value") {
    std::vector<Header> headers;
    for (int i = 17; i > 0; --i) {
        headers.push_back({"X-Forwarded-For", "10.0.0." + std::to_string(i)});
    }
    const Trust trust{.x_for = all_hops, .x_proto = 0, .proxies = {"10.0.0.0/24"}};
    const std::string text = explained(headers, trust);
    CAPTURE(text);
    CHECK(shows(text,
                "   16  10.0.0.16           written by 10.0.0.15: one of the proxies\n"
                "=> 17  10.0.0.17           chain_too_long\n"
                "   client unchanged: chain_too_long\n   The chain does not fit in"));
    headers.erase(headers.begin());
    CHECK(shows(explained(headers, trust),
                "=> 16  10.0.0.16           written by 10.0.0.15: chosen\n"));
}

TEST_CASE("The advice behind a walk that stopped early is about the list") {
    const std::string text = explained({{"X-Forwarded-For", "6.6.6.6, 5.5.5.5, 198.51.100.9"}},
                                       {.x_for = 2, .x_proto = 0, .proxies = {"10.0.0.2"}});
    CAPTURE(text);
    CHECK(shows(text, "If 198.51.100.9 is one of your proxies, add it to proxies."));
    CHECK_FALSE(shows(text, "set x_for"));
}

TEST_CASE("Of very many lines the last ones are shown") {
    std::vector<Header> headers(40'000, {"X-Forwarded-For", "6.6.6.6"});
    headers.push_back({"X-Forwarded-For", "203.0.113.7"});
    const std::string text = explained(headers, {.x_proto = 0, .strip = Strip::untrusted});
    CHECK(text.size() < 3000);
    CHECK(shows(text,
                "\n(39981 more lines of X-Forwarded-For)\n"
                "X-Forwarded-For: 6.6.6.6   (erased: strip)\n"));
    CHECK(shows(text, "\nX-Forwarded-For: 203.0.113.7\n   x_for = 1\n=> 1   203.0.113.7"));
    CHECK(shows(text,
                "   client 203.0.113.7\n   The client wrote what is left of it, unless 40000 more "
                "of your proxies are in front on every request (40001 values seen, x_for is "
                "1).\n"));
}

TEST_CASE("Of Forwarded the walk tells which element was chosen") {
    const std::string text =
        explained({{"Forwarded", "for=6.6.6.6, for=198.51.100.9, for=10.0.0.3"}},
                  {.x_for = 3, .x_proto = 0, .forwarded = true, .proxies = {"10.0.0.0/24"}});
    CAPTURE(text);
    CHECK(shows(text, "   1   for=10.0.0.3        written by the peer: one of the proxies\n"));
    CHECK(shows(text, "=> 2   for=198.51.100.9    written by 10.0.0.3: chosen, not one of"));
    CHECK(shows(text, "   3   for=6.6.6.6         ignored: anybody may have written it\n"));
}

TEST_CASE(
    "Left of the client, the elements of Forwarded are told apart by what is read from them") {
    const Header header{"Forwarded",
                        "for=5.5.5.5, for=6.6.6.6, for=10.0.0.3;proto=https, for=203.0.113.7"};
    const std::string text = explained({header}, {.x_for = 1, .x_proto = 2, .forwarded = true});
    CAPTURE(text);
    CHECK(shows(text, R"(
=> 1   for=203.0.113.7     written by the peer: chosen
   2   for=10.0.0.3;proto=https  written by 203.0.113.7: assumed to be one of your proxies; the scheme is read here
   3   for=6.6.6.6         ignored: anybody may have written it
   4   for=5.5.5.5         ignored: anybody may have written it
   client 203.0.113.7
   scheme https
   The client wrote what is left of it, unless two more of your proxies are in front on every request (4 values seen, x_proto is 2).
)"));
    const std::vector<ValueRow> rows =
        rows_of(header, {.x_for = 1, .x_proto = 2, .x_host = 3, .forwarded = true});
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].standing == Standing::passed);
    CHECK(rows[1].writer == "203.0.113.7");
    CHECK(rows[2].standing == Standing::passed);
    CHECK(rows[2].writer == "10.0.0.3");
    CHECK(rows[2].remark == "assumed to be one of your proxies");
    CHECK(rows[3].standing == Standing::ignored);
}

TEST_CASE("Forwarded of a peer that is not trusted has no writers") {
    const Header header{"Forwarded", "for=6.6.6.6;proto=https, for=203.0.113.7"};
    const std::vector<ValueRow> rows =
        rows_of(header, {.x_for = 1, .x_proto = 2, .forwarded = true, .proxies = {"10.0.0.3"}});
    REQUIRE(rows.size() == 2);
    for (const ValueRow& row : rows) {
        CHECK(row.standing == Standing::not_trusted);
        CHECK(row.writer.empty());
        CHECK(row.remark == "not trusted");
    }
}

TEST_CASE("A row that nobody filled in is no value's") {
    const proxyfix::ValueRow row{};
    CHECK(row.position == 0);
    CHECK(row.text.empty());
}
