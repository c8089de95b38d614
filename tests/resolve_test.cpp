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

/// Where reading stops at the only value of a header.
constexpr detail::Stop only{.position = 1, .line = 1, .at_line_start = true};

constexpr Resolution decide_all_five(const Trust& trust) {
    return decided_about(trust, {{"Host", "app.internal"},
                                 {"X-Forwarded-For", "203.0.113.7"},
                                 {"X-Forwarded-Proto", "https"},
                                 {"X-Forwarded-Host", "shop.example"},
                                 {"X-Forwarded-Port", "8443"},
                                 {"X-Forwarded-Prefix", "/store"}});
}

}  // namespace

// All five, in one pass.
static_assert(decide_all_five(one_each) == Resolution{client("203.0.113.7"),
                                                      Scheme::https,
                                                      Authority{"shop.example", 0},
                                                      std::uint16_t{8443},
                                                      std::string_view("/store"),
                                                      {only, only, only, only, only}});
static_assert(decide_all_five(nothing) == Resolution{Reason::not_configured, Reason::not_configured,
                                                     Reason::not_configured, Reason::not_configured,
                                                     Reason::not_configured});
static_assert(decided_about(one_each, {}) == Resolution{Reason::absent, Reason::absent,
                                                        Reason::absent, Reason::absent,
                                                        Reason::absent});

// Names match whatever their letter case, and exactly.
static_assert(decided_about({}, {{"x-FORWARDED-for", "1.2.3.4"}}).client == client("1.2.3.4"));
static_assert(decided_about({}, {{"X_Forwarded_For", "1.2.3.4"}}).client == Reason::absent);
static_assert(decided_about({}, {{"X-Forwarded-For ", "1.2.3.4"}}).client == Reason::absent);
static_assert(decided_about({}, {{"X-Forwarded-Fo", "1.2.3.4"}}).client == Reason::absent);
static_assert(decided_about({}, {{"X-Forwarded-Fox", "1.2.3.4"}}).client == Reason::absent);
static_assert(decided_about({}, {{"Forwarded", "for=1.2.3.4"}}).client == Reason::absent);
static_assert(decided_about({}, {{"X-Real-IP", "1.2.3.4"}, {"", "1.2.3.4"}}).client ==
              Reason::absent);

// Lines of one name are one list, in order of arrival, whatever stands between them.
static_assert(decided_about({.x_for = 1}, {{"X-Forwarded-For", "6.6.6.6"},
                                           {"Via", "1.1 a"},
                                           {"x-forwarded-for", "203.0.113.7"}})
                  .client == client("203.0.113.7"));
static_assert(decided_about({.x_for = 3}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                           {"X-Forwarded-Proto", "http"},
                                           {"X-Forwarded-For", "3.3.3.3"},
                                           {"X-Forwarded-For", "4.4.4.4"}})
                  .client == client("2.2.2.2"));
static_assert(decided_about({.x_for = 4}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                           {"X-Forwarded-For", "3.3.3.3"},
                                           {"X-Forwarded-For", "4.4.4.4"}})
                  .client == client("1.1.1.1"));
static_assert(decided_about({.x_for = 5}, {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2"},
                                           {"X-Forwarded-For", "3.3.3.3"},
                                           {"X-Forwarded-For", "4.4.4.4"}})
                  .client == Reason::too_few_values);
static_assert(decided_about({.x_for = 2}, {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", ""}})
                  .client == client("1.1.1.1"));
static_assert(decided_about({.x_for = 1}, {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", ""}})
                  .client == Reason::malformed);

// Without a known order, several lines are rejected, and one line is not.
static_assert(resolve(BasicViewRequest<false>{{{"X-Forwarded-For", "1.1.1.1"},
                                               {"X-Forwarded-For", "2.2.2.2"},
                                               {"X-Forwarded-Proto", "https"}}},
                      Trust{})
                  .client == Reason::unreliable_lines);
static_assert(resolve(BasicViewRequest<false>{{{"X-Forwarded-For", "1.1.1.1"},
                                               {"X-Forwarded-For", "2.2.2.2"},
                                               {"X-Forwarded-Proto", "https"}}},
                      Trust{.x_for = 0, .x_proto = 1}) ==
              Resolution{.proto = Scheme::https, .stops = {detail::Stop{}, only}});

// A missing or malformed value is never replaced by one further left, or by another header.
static_assert(decided_about({.x_for = 2}, {{"X-Forwarded-For", "6.6.6.6"}}).client ==
              Reason::too_few_values);
static_assert(decided_about({.x_for = 1}, {{"X-Forwarded-For", "6.6.6.6, unknown"}}).client ==
              Reason::malformed);
static_assert(decided_about({.x_for = 1},
                            {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "unknown"}})
                  .client == Reason::malformed);
static_assert(decided_about(one_each,
                            {{"X-Forwarded-For", "junk"}, {"X-Forwarded-Proto", "https"}}) ==
              Resolution{Reason::malformed,
                         Scheme::https,
                         Reason::absent,
                         Reason::absent,
                         Reason::absent,
                         {only, only}});

static_assert(noexcept(resolve(std::declval<const ViewRequest&>(), std::declval<const Policy&>())));

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
                        .forwarded = one_if(5) != 0,
                        .proxies = proxies};
            if (one_if(6) != 0) trust.client_header = "X-Real-IP";
            if (!fault(trust).empty()) continue;  // Forwarded, and a header of one address
            CAPTURE(chosen);
            const Resolution none = decided_about(trust, {}),
                             prefix = decided_about(trust, {{"X-Forwarded-Prefix", "/store"}}),
                             port = decided_about(trust, {{"X-Forwarded-Port", "8443"}});
            CHECK(none.client == prefix.client);
            CHECK(none.proto == prefix.proto);
            CHECK(none.host == prefix.host);
            CHECK(none.port == prefix.port);
            CHECK(none.prefix == port.prefix);
            CHECK(none.client_position() == 0);
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
            CHECK(applied(decided_about(one_each, {fitting[0]})));
            CHECK_FALSE(applied(decided_about(one_each, {wide[0]})));
        }
    }
}

TEST_CASE("A value wider than its bound hides what is left of it") {
    const std::string wide = "203.0.113.7," + std::string(65, '1') + ",10.0.0.9";
    CHECK(decided_about({.x_for = 1}, {{"X-Forwarded-For", wide}}).client == client("10.0.0.9"));
    CHECK(decided_about({.x_for = 2}, {{"X-Forwarded-For", wide}}).client == Reason::malformed);
    CHECK(decided_about({.x_for = 3}, {{"X-Forwarded-For", wide}}).client == Reason::malformed);
    CHECK(decided_about({.x_for = 3}, {{"X-Forwarded-For", "203.0.113.7"},
                                       {"X-Forwarded-For", std::string(65, '1')},
                                       {"X-Forwarded-For", "10.0.0.9"}})
              .client == Reason::malformed);
}
