// SPDX-License-Identifier: MIT
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocation.hpp"
#include "catch.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

/// "10.0.0.9" is a proxy behind the peer, which is one as well.
Networks inside() { return {"10.0.0.0/24"}; }

Environ request(std::vector<Header> headers, std::string_view peer = "10.0.0.2") {
    Environ env{.remote_addr = std::string(peer)};
    env.headers = std::move(headers);
    return env;
}

/// The text, or the name of the reason.
std::string text_of(const Result<std::string_view>& result) {
    return std::string(result ? *result : to_string(result.error()));
}

/// `trusted_value` as text.
std::string value_in(const Environ& env, const FieldName& name, unsigned n, const Trust& trust) {
    return text_of(trusted_value(env, name, n, Policy(trust)));
}

/// `trusted_line` as text.
std::string line_in(const Environ& env, const FieldName& name, const Trust& trust) {
    return text_of(trusted_line(env, name, Policy(trust)));
}

/// The `n`-th value of X-Request-ID, on these lines.
std::string value(const Trust& trust, unsigned n, std::initializer_list<std::string_view> lines,
                  std::string_view chain = "203.0.113.7", std::string_view peer = "10.0.0.2") {
    std::vector<Header> headers{{"X-Forwarded-For", std::string(chain)}};
    for (const std::string_view line : lines)
        headers.push_back({"x-request-id", std::string(line)});
    return value_in(request(headers, peer), "X-Request-ID", n, trust);
}

/// Client-Cert, on these lines.
std::string line(const Trust& trust, std::initializer_list<std::string_view> lines,
                 std::string_view chain = "203.0.113.7", std::string_view peer = "10.0.0.2") {
    std::vector<Header> headers{{"X-Forwarded-For", std::string(chain)}};
    for (const std::string_view one : lines) headers.push_back({"client-cert", std::string(one)});
    return line_in(request(headers, peer), "Client-Cert", trust);
}

template <class R>
concept CanAsk = requires(R&& r, const Policy& policy) {
    trusted_value(std::forward<R>(r), "X", 1, policy);
};
template <class R>
concept CanAskForLine = requires(R&& r, const Policy& policy) {
    trusted_line(std::forward<R>(r), "X", policy);
};

}  // namespace

static_assert(CanAsk<Environ&> && CanAsk<const Environ&> && CanAskForLine<const Environ&>);
static_assert(!CanAsk<Environ> && !CanAskForLine<Environ>, "the view would dangle");
static_assert(noexcept(trusted_value(std::declval<const ViewRequest&>(),
                                     std::declval<const FieldName&>(), 1,
                                     std::declval<const Policy&>())));
static_assert(noexcept(trusted_line(std::declval<const ViewRequest&>(),
                                    std::declval<const FieldName&>(),
                                    std::declval<const Policy&>())));
static_assert(trusted_value(ViewRequest{{{"X-Request-ID", "a, b"}}}, "x-request-id", 2,
                            Policy(Trust{})) == std::string_view("a"));
static_assert(trusted_line(ViewRequest{{{"Client-Cert", ":YQ==:"}}}, "Client-Cert",
                           Policy(Trust{})) == std::string_view(":YQ==:"));

TEST_CASE("The n-th value of any header is counted from the right") {
    const Trust any;
    CHECK(value(any, 1, {"a, b, c"}) == "c");
    CHECK(value(any, 2, {"a, b, c"}) == "b");
    CHECK(value(any, 3, {"a, b, c"}) == "a");
    CHECK(value(any, 4, {"a, b, c"}) == "too_few_values");
    CHECK(value(any, 2, {"a", "b", "c"}) == "b");
    CHECK(value(any, 2, {"a, b", "\t c d "}) == "b");
    CHECK(value(any, 1, {"a", "\t c \td "}) == "c \td");
    CHECK(value(any, 1, {}) == "absent");
    CHECK(value(any, 0, {"a"}) == "not_configured");
    CHECK(value_in(request({{"X", "a"}}), FieldName{}, 1, any) == "not_configured");
    // Names of forwarding headers are names like others.
    CHECK(value_in(request({{"X-Forwarded-For", "6.6.6.6, x"}}), "X-Forwarded-For", 1, any) == "x");
    // An empty value has a position, and says nothing.
    CHECK(value(any, 1, {"a, "}) == "absent");
    CHECK(value(any, 2, {"a,"}) == "a");
    CHECK(value(any, 1, {""}) == "absent");
    CHECK(value(any, 2, {"a", ""}) == "a");
}

TEST_CASE("The whole text of exactly one line is read") {
    const Trust any;
    CHECK(line(any, {":YQ==:"}) == ":YQ==:");
    CHECK(line(any, {" a, \"b, c\"\t"}) == "a, \"b, c\"");
    CHECK(line(any, {}) == "absent");
    CHECK(line(any, {""}) == "absent");
    CHECK(line(any, {" \t "}) == "absent");
    CHECK(line(any, {"a", "b"}) == "malformed");
    CHECK(line(any, {"a", "a"}) == "malformed");
    CHECK(line(any, {"", ""}) == "malformed");
    CHECK(line(any, {"", "a"}) == "malformed");
    CHECK(line_in(request({{"X", "a"}}), FieldName{}, any) == "not_configured");
}

TEST_CASE("Only visible ASCII, blanks and tabs are taken") {
    const Trust any;
    for (int byte = 0; byte < 256; ++byte) {
        CAPTURE(byte);
        const std::string text{'a', static_cast<char>(byte), 'b'};
        const bool is_allowed = byte == '\t' || (byte >= 0x20 && byte <= 0x7e);
        CHECK(line(any, {text}) == (is_allowed ? text : "malformed"));
        if (byte == ',') continue;
        CHECK(value(any, 1, {text}) == (is_allowed ? text : "malformed"));
        CHECK(value(any, 2, {text + ",c"}) == (is_allowed ? text : "malformed"));
        CHECK(value(any, 1, {text + ",c"}) == "c");  // what is further left is not looked at
    }
}

TEST_CASE("A value has at most 1,024 bytes, and a line 16,384") {
    const Trust any;
    const std::string widest(1024, 'a'), longest(16'384, 'a');
    CHECK(value(any, 1, {widest}) == widest);
    CHECK(value(any, 1, {widest + 'a'}) == "malformed");
    CHECK(value(any, 1, {' ' + widest}) == "malformed");
    CHECK(value(any, 2, {"b," + widest}) == "b");
    CHECK(value(any, 2, {"b," + widest + 'a'}) == "malformed");
    CHECK(value(any, 1, {widest + "a,b"}) == "b");
    CHECK(line(any, {longest}) == longest);
    CHECK(line(any, {longest + 'a'}) == "malformed");
    CHECK(line(any, {longest.substr(1) + ' '}) == longest.substr(1));
    CHECK(line(any, {longest + ' '}) == "malformed");
}

TEST_CASE("With a list of proxies, other headers are trusted as far as the chain") {
    const Trust two{.x_for = 2, .proxies = inside()};
    const std::initializer_list<std::string_view> ids = {"x, a, b, c"};
    CHECK(value(two, 1, ids, "203.0.113.7, 10.0.0.9") == "c");
    CHECK(value(two, 2, ids, "203.0.113.7, 10.0.0.9") == "b");
    CHECK(value(two, 3, ids, "203.0.113.7, 10.0.0.9") == "hop_not_trusted");
    CHECK(value(two, 3, ids, "203.0.113.7, 10.0.0.8, 10.0.0.9") == "a");
    CHECK(value(two, 4, ids, "203.0.113.7, 10.0.0.8, 10.0.0.9") == "hop_not_trusted");
    CHECK(value(two, 1, ids, "203.0.113.7, 10.0.0.9", "6.6.6.6") == "peer_not_trusted");
    CHECK(value(two, 1, {}, "203.0.113.7, 10.0.0.9", "6.6.6.6") == "absent");
    // Somebody came past the outer proxy.
    CHECK(value(two, 1, ids, "203.0.113.7") == "hop_not_trusted");
    CHECK(line(two, {"a"}, "203.0.113.7, 10.0.0.9") == "a");
    CHECK(line(two, {"a"}, "203.0.113.7") == "hop_not_trusted");
    CHECK(line(two, {"a"}, "203.0.113.7, 10.0.0.9", "6.6.6.6") == "peer_not_trusted");
    CHECK(line(two, {}, "203.0.113.7, 10.0.0.9", "6.6.6.6") == "absent");

    const Trust all{.x_for = all_hops, .proxies = inside()};
    CHECK(value(all, 3, ids, "6.6.6.6, 203.0.113.7, 10.0.0.8, 10.0.0.9") == "a");
    CHECK(value(all, 4, ids, "6.6.6.6, 203.0.113.7, 10.0.0.8, 10.0.0.9") == "hop_not_trusted");
    CHECK(line(all, {"a"}, "6.6.6.6, junk, 10.0.0.9") == "hop_not_trusted");

    // Without a chain, only what the peer wrote.
    for (const Trust& none : {Trust{.x_for = 0, .proxies = inside()},
                              Trust{.proxies = inside(), .client_header = "X-Real-IP"}}) {
        CHECK(value(none, 1, ids, "203.0.113.7, 10.0.0.9") == "c");
        CHECK(value(none, 2, ids, "203.0.113.7, 10.0.0.9") == "hop_not_trusted");
        CHECK(line(none, {"a"}, "203.0.113.7, 10.0.0.9") == "a");
        CHECK(line(none, {"a"}, "203.0.113.7, 10.0.0.9", "6.6.6.6") == "peer_not_trusted");
    }

    const Trust forwarded{.x_for = 2, .forwarded = true, .proxies = inside()};
    const auto by_forwarded = [&](std::string_view chain, unsigned n) {
        return value_in(request({{"Forwarded", std::string(chain)}, {"X-Request-ID", "a, b, c"}}),
                        "X-Request-ID", n, forwarded);
    };
    CHECK(by_forwarded("for=203.0.113.7, for=10.0.0.9", 2) == "b");
    CHECK(by_forwarded("for=203.0.113.7, for=10.0.0.8, for=10.0.0.9", 3) == "a");
    CHECK(by_forwarded("for=203.0.113.7, for=10.0.0.9", 3) == "hop_not_trusted");
    CHECK(by_forwarded("for=203.0.113.7", 1) == "hop_not_trusted");
    CHECK(by_forwarded("for=203.0.113.7, for=10.0.0.9;", 2) == "b");
    CHECK(by_forwarded("for=203.0.113.7, for=10.0.0.9;x", 1) == "hop_not_trusted");
    const Trust no_client{.x_for = 0, .forwarded = true, .proxies = inside()};
    const Environ env = request({{"Forwarded", "for=10.0.0.9"}, {"X-Request-ID", "a, b"}});
    CHECK(text_of(trusted_value(env, "X-Request-ID", 1, Policy(no_client))) == "b");
    CHECK(text_of(trusted_value(env, "X-Request-ID", 2, Policy(no_client))) == "hop_not_trusted");
}

TEST_CASE("Lines whose order is lost, or that are not the peer's, are not read") {
    const Policy policy = Trust{};
    const BasicViewRequest<false> two{{{"X", "a"}, {"X", "b"}}}, one{{{"X", "a, b"}}};
    CHECK(text_of(trusted_value(two, "X", 1, policy)) == "unreliable_lines");
    CHECK(text_of(trusted_value(one, "X", 1, policy)) == "b");
    CHECK(text_of(trusted_line(two, "X", policy)) == "unreliable_lines");
    CHECK(text_of(trusted_line(one, "X", policy)) == "a, b");
    using detail::LineQuality, detail::Lines, detail::Received;
    for (const LineQuality quality : {LineQuality::doubtful, LineQuality::may_lack}) {
        Received received;
        received.lines_in_order = true;
        received.quality = quality;
        Lines lines;
        lines.count = 0;
        const Reason if_none =
            quality == LineQuality::doubtful ? Reason::absent : Reason::unreliable_lines;
        CHECK(detail::read_value(received, policy.table(), lines, 1) == if_none);
        CHECK(detail::read_line(received, policy.table(), lines) == if_none);
        lines.add("a");
        CHECK(detail::read_value(received, policy.table(), lines, 1) == Reason::unreliable_lines);
        CHECK(detail::read_line(received, policy.table(), lines) == Reason::unreliable_lines);
    }
}

TEST_CASE("Of more than 16 lines of another header, the last 16 are looked at") {
    std::vector<Header> headers;
    for (std::size_t i = 0; i < 17; ++i) headers.push_back({"X", std::to_string(17 - i)});
    const Environ env = request(headers);
    const Policy policy = Trust{};
    CHECK(text_of(trusted_value(env, "X", 16, policy)) == "16");
    CHECK(text_of(trusted_value(env, "X", 17, policy)) == "chain_too_long");
    CHECK(text_of(trusted_value(env, "X", all_hops, policy)) == "chain_too_long");
    CHECK(value_in(request({{"X", "a"}}), "X", ~0u, {}) == "too_few_values");
}

TEST_CASE("Other headers are read without allocation") {
    const Environ env = request({{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"},
                                 {"X-Request-ID", "a, b"},
                                 {"Client-Cert", ":YQ==:"}});
    const Policy policy = Trust{.x_for = 2, .proxies = inside()};
    const FieldName id = "X-Request-ID", certificate = "Client-Cert";
    const std::size_t before = allocation_count();
    const auto value = trusted_value(env, id, 2, policy);
    const auto line = trusted_line(env, certificate, policy);
    CHECK(allocation_count() == before);
    CHECK(text_of(value) == "a");
    CHECK(text_of(line) == ":YQ==:");
}

TEST_CASE("A Trust that configures nothing trusts nobody with other headers either") {
    const Trust none{.x_for = 0, .x_proto = 0};
    CHECK(value(none, 1, {"a"}) == "not_configured");
    CHECK(line(none, {"a"}) == "not_configured");
    CHECK(line(none, {}) == "not_configured");
    for (Trust trust : {none, Trust{.x_for = 0, .x_proto = 0, .forwarded = true}}) {
        CHECK(line(trust, {"a"}) == "not_configured");
        trust.proxies = inside();
        CHECK(line(trust, {"a"}) == "a");
        CHECK(line(trust, {"a"}, "203.0.113.7", "6.6.6.6") == "peer_not_trusted");
    }
    // One count will do.
    CHECK(line({.x_for = 0, .x_proto = 0, .x_prefix = 1}, {"a"}) == "a");
    CHECK(line({.x_for = 0, .x_proto = 0, .client_header = "X-Real-IP"}, {"a"}) == "a");
}
