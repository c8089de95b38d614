// SPDX-License-Identifier: MIT
#include "proxyfix/resolve.hpp"

#include <string>
#include <utility>

#include "catch.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

constexpr Trust one_each{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
constexpr Trust nothing{.x_for = 0, .x_proto = 0, .x_host = 0, .x_port = 0, .x_prefix = 0};

constexpr Endpoint client(std::string_view text) { return *parse_endpoint(text); }

constexpr Resolution decide_all_five(const Trust& trust) {
    return decide(trust, {{"Host", "app.internal"},
                          {"X-Forwarded-For", "203.0.113.7"},
                          {"X-Forwarded-Proto", "https"},
                          {"X-Forwarded-Host", "shop.example"},
                          {"X-Forwarded-Port", "8443"},
                          {"X-Forwarded-Prefix", "/store"}});
}

}  // namespace

// All five, in one pass.
static_assert(decide_all_five(one_each) ==
              Resolution{client("203.0.113.7"), Scheme::https, Authority{"shop.example", 0},
                         std::uint16_t{8443}, std::string_view("/store"), 1});
static_assert(decide_all_five(nothing) == Resolution{Reason::not_configured, Reason::not_configured,
                                                     Reason::not_configured, Reason::not_configured,
                                                     Reason::not_configured});
static_assert(decide(one_each, {}) == Resolution{Reason::absent, Reason::absent, Reason::absent,
                                                 Reason::absent, Reason::absent});

// Names match whatever their letter case, and exactly.
static_assert(decide({}, {{"x-FORWARDED-for", "1.2.3.4"}}).client == client("1.2.3.4"));
static_assert(decide({}, {{"X_Forwarded_For", "1.2.3.4"}}).client == Reason::absent);
static_assert(decide({}, {{"X-Forwarded-For ", "1.2.3.4"}}).client == Reason::absent);
static_assert(decide({}, {{"X-Forwarded-Fo", "1.2.3.4"}}).client == Reason::absent);
static_assert(decide({}, {{"X-Forwarded-Fox", "1.2.3.4"}}).client == Reason::absent);
static_assert(decide({}, {{"Forwarded", "for=1.2.3.4"}}).client == Reason::absent);
static_assert(decide({}, {{"X-Real-IP", "1.2.3.4"}, {"", "1.2.3.4"}}).client == Reason::absent);

// Lines of one name are one list, in order of arrival, whatever stands between them.
static_assert(decide({.x_for = 1}, {{"X-Forwarded-For", "6.6.6.6"},
                                    {"Via", "1.1 a"},
                                    {"x-forwarded-for", "203.0.113.7"}})
                  .client == client("203.0.113.7"));
static_assert(decide({.x_for = 3}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                    {"X-Forwarded-Proto", "http"},
                                    {"X-Forwarded-For", "3.3.3.3"},
                                    {"X-Forwarded-For", "4.4.4.4"}})
                  .client == client("2.2.2.2"));
static_assert(decide({.x_for = 4}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                    {"X-Forwarded-For", "3.3.3.3"},
                                    {"X-Forwarded-For", "4.4.4.4"}})
                  .client == client("1.1.1.1"));
static_assert(decide({.x_for = 5}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                    {"X-Forwarded-For", "3.3.3.3"},
                                    {"X-Forwarded-For", "4.4.4.4"}})
                  .client == Reason::too_few_values);
static_assert(decide({.x_for = 2}, {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", ""}})
                  .client == client("1.1.1.1"));
static_assert(decide({.x_for = 1}, {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", ""}})
                  .client == Reason::malformed);

// Without a known order, several lines are refused, and one line is not.
static_assert(resolve(BasicViewRequest<false>{{{"X-Forwarded-For", "1.1.1.1"},
                                               {"X-Forwarded-For", "2.2.2.2"},
                                               {"X-Forwarded-Proto", "https"}}},
                      {})
                  .client == Reason::unordered_lines);
static_assert(resolve(BasicViewRequest<false>{{{"X-Forwarded-For", "1.1.1.1"},
                                               {"X-Forwarded-For", "2.2.2.2"},
                                               {"X-Forwarded-Proto", "https"}}},
                      {.x_for = 0, .x_proto = 1}) ==
              Resolution{Reason::not_configured, Scheme::https, Reason::not_configured,
                         Reason::not_configured, Reason::not_configured});

// A missing or malformed value is never made up for by one further left, or by another header.
static_assert(decide({.x_for = 2}, {{"X-Forwarded-For", "6.6.6.6"}}).client ==
              Reason::too_few_values);
static_assert(decide({.x_for = 1}, {{"X-Forwarded-For", "6.6.6.6, unknown"}}).client ==
              Reason::malformed);
static_assert(decide({.x_for = 1}, {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "unknown"}})
                  .client == Reason::malformed);
static_assert(decide(one_each, {{"X-Forwarded-For", "junk"}, {"X-Forwarded-Proto", "https"}}) ==
              Resolution{Reason::malformed, Scheme::https, Reason::absent, Reason::absent,
                         Reason::absent});

static_assert(noexcept(resolve(std::declval<const ViewRequest&>(), std::declval<const Trust&>())));

TEST_CASE("A header is missing in the same way whether there are others or none") {
    for (unsigned chosen = 0; chosen < 128; ++chosen) {
        for (const Networks& proxies :
             {Networks::any(), Networks{"10.0.0.0/8"}, Networks{"192.0.2.0/24"}}) {
            const auto one_if = [chosen](unsigned bit) { return chosen >> bit & 1; };
            Trust trust{.x_for = one_if(0),
                        .x_proto = one_if(1),
                        .x_host = one_if(2),
                        .x_port = one_if(3),
                        .x_prefix = one_if(4),
                        .forwarded = one_if(5),
                        .proxies = proxies};
            if (one_if(6) != 0) trust.client_header = "X-Real-IP";
            CAPTURE(chosen);
            const Resolution none = decide(trust, {}),
                             prefix = decide(trust, {{"X-Forwarded-Prefix", "/store"}}),
                             port = decide(trust, {{"X-Forwarded-Port", "8443"}});
            CHECK(none.client == prefix.client);
            CHECK(none.proto == prefix.proto);
            CHECK(none.host == prefix.host);
            CHECK(none.port == prefix.port);
            CHECK(none.prefix == port.prefix);
            CHECK(none.client_position == 0);
        }
    }
}

TEST_CASE("Each header has a bound of its own, blanks included") {
    struct Case {
        std::string_view name, value;
        std::size_t bound;
    };
    for (const auto& [name, value, bound] :
         {Case{"X-Forwarded-For", "203.0.113.7", 64}, Case{"X-Forwarded-Proto", "https", 64},
          Case{"X-Forwarded-Host", "shop.example", 320}, Case{"X-Forwarded-Port", "8443", 64},
          Case{"X-Forwarded-Prefix", "/store", 1100}}) {
        CAPTURE(name);
        for (const std::string left : {"", "6.6.6.6,"}) {
            const std::string fits = left + std::string(bound - value.size(), ' ').append(value);
            const std::string wider =
                left + std::string(bound - value.size(), ' ').append(value) + ' ';
            const HeaderView fitting[] = {{name, fits}}, wide[] = {{name, wider}};
            const auto applied = [](const Resolution& r) {
                return r.client || r.proto || r.host || r.port || r.prefix;
            };
            CHECK(applied(decide(one_each, {fitting[0]})));
            CHECK_FALSE(applied(decide(one_each, {wide[0]})));
        }
    }
}

TEST_CASE("A value wider than its bound hides what is left of it") {
    const std::string wide = "203.0.113.7," + std::string(65, '1') + ",10.0.0.9";
    CHECK(decide({.x_for = 1}, {{"X-Forwarded-For", wide}}).client == client("10.0.0.9"));
    CHECK(decide({.x_for = 2}, {{"X-Forwarded-For", wide}}).client == Reason::malformed);
    CHECK(decide({.x_for = 3}, {{"X-Forwarded-For", wide}}).client == Reason::malformed);
    CHECK(decide({.x_for = 3}, {{"X-Forwarded-For", "203.0.113.7"},
                                {"X-Forwarded-For", std::string(65, '1')},
                                {"X-Forwarded-For", "10.0.0.9"}})
              .client == Reason::malformed);
}
