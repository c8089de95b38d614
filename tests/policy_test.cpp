// SPDX-License-Identifier: MIT
#include "proxyfix/decision/policy.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "catch.hpp"
#include "proxyfix/resolve.hpp"
#include "view_request.hpp"

using namespace proxyfix;
using detail::Field, detail::Table;

namespace {

/// A header of a table: its name, and how wide a value may be.
struct Row {
    std::string_view name;
    std::size_t widest;
};

/// A field of a table: its header and its count. A field without a count has no header.
struct Place {
    std::size_t header;
    unsigned count;
};
constexpr Place unread{0, 0};

/// Has the table of this trust these rows, in this order?
template <std::size_t rows>
constexpr bool is_table_of(const Trust& trust, const Row (&headers)[rows],
                           const std::array<Place, Field::count>& fields) {
    const Policy policy(trust);
    const Table& table = policy.table();
    if (table.names.size() != rows) return false;
    for (std::size_t i = 0; i < rows; ++i) {
        if (table.names.find(headers[i].name) != i) return false;
        if (table.widest_values[i] != headers[i].widest) return false;
    }
    for (std::size_t i = 0; i < Field::count; ++i) {
        const auto& [header, count] = table.fields[i];
        if (count != fields[i].count) return false;
        if (count != 0 && header != fields[i].header) return false;
    }
    return true;
}

/// What is decided if none of the headers is there: 'a' for absent, '-' for not configured.
constexpr bool is_without_lines(const Trust& trust, std::string_view expected) {
    const Policy policy(trust);
    const Resolution& r = policy.table().without_lines;
    const std::array<Outcome, Field::count> outcomes{r.client, r.proto, r.host, r.port, r.prefix};
    for (std::size_t i = 0; i < Field::count; ++i) {
        const Reason reason = expected[i] == 'a' ? Reason::absent : Reason::not_configured;
        if (!(outcomes[i] == reason)) return false;
    }
    return r.stops == decltype(r.stops){} && r.client_position() == 0;
}

constexpr unsigned highest_count(const Trust& trust) {
    const Policy policy(trust);
    return policy.table().highest_count;
}

template <class T>
concept CanDecide = requires(const ViewRequest& request, T&& trust) {
    resolve(request, std::forward<T>(trust));
};
template <class T>
concept HandsOutItsTrust = requires(T&& policy) {
    std::forward<T>(policy).trust();
};

/// Takes a policy as functions of users do.
constexpr unsigned x_for_of(const Policy& policy) { return policy.trust().x_for; }

}  // namespace

// A temporary Trust is a Policy, and one with a name is explicitly made one, since that copies it.
static_assert(std::is_convertible_v<Trust, Policy> && std::is_convertible_v<Trust&&, Policy>);
static_assert(!std::is_convertible_v<Trust&, Policy>);
static_assert(!std::is_convertible_v<const Trust&, Policy>);
static_assert(std::is_constructible_v<Policy, const Trust&>);
static_assert(!std::is_default_constructible_v<Policy>);
static_assert(std::is_copy_constructible_v<Policy> && std::is_copy_assignable_v<Policy>);
static_assert(std::is_nothrow_move_constructible_v<Policy>);
static_assert(HandsOutItsTrust<Policy&> && HandsOutItsTrust<const Policy&>);
static_assert(!HandsOutItsTrust<Policy> && !HandsOutItsTrust<const Policy>, "it would dangle");

// resolve takes a Policy, so that no Trust which contradicts itself gets there.
static_assert(CanDecide<const Policy&> && CanDecide<Policy> && CanDecide<Trust>);
static_assert(!CanDecide<const Trust&> && !CanDecide<Trust&>);

static_assert(x_for_of(Trust{.x_for = 3}) == 3);
static_assert(x_for_of(Policy(Trust{.x_for = 16})) == 16);
static_assert(is_table_of({}, {{"X-Forwarded-For", 64}, {"X-Forwarded-Proto", 64}},
                          {{{0, 1}, {1, 1}, unread, unread, unread}}));
static_assert(is_without_lines({}, "aa---"));

TEST_CASE("A table has a row for each header that has a count") {
    CHECK(is_table_of({}, {{"X-Forwarded-For", 64}, {"X-Forwarded-Proto", 64}},
                      {{{0, 1}, {1, 1}, unread, unread, unread}}));
    CHECK(is_table_of({.x_for = 5, .x_proto = 4, .x_host = 3, .x_port = 2, .x_prefix = 1},
                      {{"X-Forwarded-For", 64},
                       {"X-Forwarded-Proto", 64},
                       {"X-Forwarded-Host", 320},
                       {"X-Forwarded-Port", 64},
                       {"X-Forwarded-Prefix", 1100}},
                      {{{0, 5}, {1, 4}, {2, 3}, {3, 2}, {4, 1}}}));
    CHECK(is_table_of(
        {.x_for = 2, .x_proto = 0, .x_host = 1, .x_prefix = 16},
        {{"X-Forwarded-For", 64}, {"X-Forwarded-Host", 320}, {"X-Forwarded-Prefix", 1100}},
        {{{0, 2}, unread, {1, 1}, unread, {2, 16}}}));
    CHECK(is_table_of({.x_for = all_hops, .x_proto = 0, .proxies = {}}, {{"X-Forwarded-For", 64}},
                      {{{0, all_hops}, unread, unread, unread, unread}}));
}

TEST_CASE("Without a count for the client, the others have rows alone") {
    CHECK(is_table_of({.x_for = 0}, {{"X-Forwarded-Proto", 64}},
                      {{unread, {0, 1}, unread, unread, unread}}));
    CHECK(is_table_of({.x_for = 0, .x_proto = 0, .x_port = 2}, {{"X-Forwarded-Port", 64}},
                      {{unread, unread, unread, {0, 2}, unread}}));
    const Policy nothing = Trust{.x_for = 0, .x_proto = 0};
    CHECK(nothing.table().names.size() == 0);
    for (const auto& field : nothing.table().fields) CHECK(field.count == 0);
    CHECK(nothing.table().names.find("X-Forwarded-For") == detail::NameTable::most);
}

TEST_CASE("With Forwarded, three fields share its row") {
    CHECK(is_table_of({.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                      {{"Forwarded", 1024}}, {{{0, 2}, {0, 2}, {0, 2}, unread, unread}}));
    CHECK(is_table_of(
        {.x_for = 6, .x_proto = 6, .x_host = 6, .x_port = 2, .x_prefix = 1, .forwarded = true},
        {{"Forwarded", 1024}, {"X-Forwarded-Port", 64}, {"X-Forwarded-Prefix", 1100}},
        {{{0, 6}, {0, 6}, {0, 6}, {1, 2}, {2, 1}}}));
    CHECK(is_table_of({.x_for = all_hops,
                       .x_proto = all_hops,
                       .x_host = all_hops,
                       .forwarded = true,
                       .proxies = {}},
                      {{"Forwarded", 1024}},
                      {{{0, all_hops}, {0, all_hops}, {0, all_hops}, unread, unread}}));
}

TEST_CASE("With Forwarded, each of the three fields has its own count") {
    CHECK(is_table_of({.x_for = 2, .forwarded = true}, {{"Forwarded", 1024}},
                      {{{0, 2}, {0, 1}, unread, unread, unread}}));
    CHECK(is_table_of({.x_for = 0, .x_host = 3, .x_port = 1, .forwarded = true},
                      {{"Forwarded", 1024}, {"X-Forwarded-Port", 64}},
                      {{unread, {0, 1}, {0, 3}, {1, 1}, unread}}));
    CHECK(is_table_of({.x_for = all_hops, .x_host = all_hops, .forwarded = true, .proxies = {}},
                      {{"Forwarded", 1024}},
                      {{{0, all_hops}, {0, 1}, {0, all_hops}, unread, unread}}));
    CHECK(is_table_of({.x_for = 0, .x_proto = 0, .x_prefix = 1, .forwarded = true},
                      {{"X-Forwarded-Prefix", 1100}}, {{unread, unread, unread, unread, {0, 1}}}));
}

TEST_CASE("A table has the names of the headers that are configured") {
    CHECK(is_table_of({.names = {.x_for = "X-Original-Forwarded-For", .x_proto = "X-Scheme"}},
                      {{"X-Original-Forwarded-For", 64}, {"X-Scheme", 64}},
                      {{{0, 1}, {1, 1}, unread, unread, unread}}));
    CHECK(is_table_of(
        {1, 1, 2, 3, 4, false, Networks::any(), Hosts::any(), HeaderNames{"A", "B", "C", "D", "E"}},
        {{"A", 64}, {"B", 64}, {"C", 320}, {"D", 64}, {"E", 1100}},
        {{{0, 1}, {1, 1}, {2, 2}, {3, 3}, {4, 4}}}));
    const auto has_switch = [](const Trust& trust) {
        const Policy policy(trust);
        return policy.table().has_switch;
    };
    CHECK_FALSE(has_switch({}));
    CHECK_FALSE(has_switch({.names = {.x_for = "X-Client"}}));
    CHECK_FALSE(has_switch({.names = {.x_proto = "x-forwarded-proto"}}));
    CHECK(has_switch({.names = {.x_proto = "X-Scheme"}}));
}

TEST_CASE("A header with one address has the client's row, and is read at its first value") {
    for (const unsigned x_for : {0u, 1u, 5u}) {
        CHECK(is_table_of({.x_for = x_for, .x_proto = 2, .client_header = "CF-Connecting-IP"},
                          {{"CF-Connecting-IP", 64}, {"X-Forwarded-Proto", 64}},
                          {{{0, 1}, {1, 2}, unread, unread, unread}}));
    }
    CHECK(
        is_table_of({.x_for = all_hops, .x_proto = 0, .proxies = {}, .client_header = "x-real-ip"},
                    {{"x-real-ip", 64}}, {{{0, 1}, unread, unread, unread, unread}}));
}

TEST_CASE("A table tells what its first header is, and whether there is a list of proxies") {
    const auto traits = [](const Trust& trust) {
        const Policy policy(trust);
        const Table& table = policy.table();
        return std::array{table.trusts_any_peer, table.is_forwarded, table.is_single};
    };
    using Traits = std::array<bool, 3>;
    CHECK(traits({}) == Traits{true, false, false});
    CHECK(traits({.proxies = {"10.0.0.0/8"_net}}) == Traits{false, false, false});
    CHECK(traits({.proxies = {}}) == Traits{false, false, false});
    CHECK(traits({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}) ==
          Traits{true, true, false});
    CHECK(traits({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true, .proxies = {}}) ==
          Traits{false, true, false});
    CHECK(traits({.client_header = "X-Real-IP"}) == Traits{true, false, true});
    CHECK(traits({.proxies = {}, .client_header = "X-Real-IP"}) == Traits{false, false, true});
}

TEST_CASE("The highest count is that of the fields behind the client") {
    CHECK(highest_count({.x_for = 9, .x_proto = 0}) == 0);
    CHECK(highest_count({}) == 1);
    CHECK(highest_count({.x_for = 9, .x_proto = 1}) == 1);
    CHECK(highest_count({.x_proto = 1, .x_host = 4, .x_port = 2, .x_prefix = 3}) == 4);
    CHECK(highest_count({.x_proto = 16}) == 16);
    CHECK(highest_count({.x_port = 5}) == 5);
    CHECK(highest_count({.x_prefix = 6}) == 6);
    CHECK(highest_count({.x_proto = 2, .client_header = "X-Real-IP"}) == 2);
    CHECK(highest_count({.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 5, .forwarded = true}) ==
          5);
    CHECK(highest_count({.x_for = 9, .x_proto = 2, .x_host = 3, .x_port = 1, .forwarded = true}) ==
          3);
    CHECK(highest_count(
              {.x_for = all_hops, .x_proto = all_hops, .forwarded = true, .proxies = {}}) == 0);
}

TEST_CASE("The highest element is that of scheme and host in Forwarded") {
    const auto highest_element = [](const Trust& trust) {
        const Policy policy(trust);
        return policy.table().highest_element;
    };
    CHECK(highest_element({.x_for = 9, .x_proto = 5}) == 0);
    CHECK(highest_element({.x_for = 9, .x_proto = 5, .forwarded = true}) == 5);
    CHECK(highest_element({.x_proto = 5, .x_host = 6, .x_port = 7, .forwarded = true}) == 6);
    CHECK(highest_element({.x_proto = 5, .x_host = 4, .forwarded = true}) == 5);
    CHECK(highest_element({.x_for = 9, .x_proto = 0, .x_prefix = 7, .forwarded = true}) == 0);
}

TEST_CASE("Where none of the headers is there, each field is absent or not configured") {
    CHECK(is_without_lines({}, "aa---"));
    CHECK(is_without_lines({.x_for = 0, .x_proto = 0}, "-----"));
    CHECK(is_without_lines({.x_for = 0}, "-a---"));
    CHECK(is_without_lines({.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 2, .x_prefix = 2},
                           "aaaaa"));
    CHECK(is_without_lines({.x_for = 0, .x_proto = 0, .x_host = 1}, "--a--"));
    CHECK(is_without_lines({.x_for = 0, .x_proto = 0, .x_port = 1}, "---a-"));
    CHECK(is_without_lines({.x_for = 0, .x_proto = 0, .x_prefix = 1}, "----a"));
    CHECK(is_without_lines({.x_for = all_hops, .proxies = {}}, "aa---"));
    CHECK(is_without_lines({.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true}, "aaa--"));
    CHECK(is_without_lines(
        {.x_for = 3, .x_proto = 3, .x_host = 3, .x_prefix = 1, .forwarded = true}, "aaa-a"));
    CHECK(is_without_lines({.x_for = 0, .x_host = 1, .forwarded = true}, "-aa--"));
    CHECK(is_without_lines({.x_for = 0, .x_proto = 0, .client_header = "X-Real-IP"}, "a----"));
}

TEST_CASE("A policy is a copy of the trust, and can be copied and moved") {
    Trust trust{.x_for = 2, .proxies = {"10.0.0.0/8"_net}, .allowed_hosts = {"shop.example"}};
    Policy policy(trust);
    trust.proxies = {};
    trust.x_for = 1;
    const Policy copy = policy;
    const Policy moved = std::move(policy);
    for (const Policy* each : {&copy, &moved}) {
        CHECK(each->trust().x_for == 2);
        CHECK(each->trust().proxies == Networks{"10.0.0.0/8"_net});
        CHECK(&each->trust() == &each->table().trust);
        const ViewRequest request{{{"X-Forwarded-For", "203.0.113.7, 10.0.0.9"}}};
        CHECK(resolve(request, *each).client == *parse_endpoint("203.0.113.7"));
    }
    Policy assigned = Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .forwarded = true};
    assigned = copy;
    CHECK(assigned.table().names.size() == 2);
    CHECK(assigned.trust().allowed_hosts == Hosts{"shop.example"});
}

TEST_CASE("One policy decides about any number of requests") {
    const Policy policy = Trust{.x_for = all_hops, .proxies = {"10.0.0.0/8"_net}};
    for (int i = 0; i < 3; ++i) {
        const ViewRequest request{{{"X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.9"}}},
            empty{{}}, other{{{"X-Forwarded-Proto", "https"}}, "6.6.6.6"};
        CHECK(resolve(request, policy).client == *parse_endpoint("203.0.113.7"));
        CHECK(resolve(empty, policy).client == Reason::absent);
        CHECK(resolve(other, policy).proto == Reason::peer_not_trusted);
    }
}

TEST_CASE("A policy cannot be made of a trust that contradicts itself") {
    const Trust faulty{.x_for = 17};
    CHECK_THROWS_AS(Policy(faulty), std::invalid_argument);
    CHECK_THROWS_AS(Policy(Trust{.x_for = 17}), std::invalid_argument);
    CHECK_THROWS_AS(x_for_of(Trust{.x_for = all_hops}), std::invalid_argument);
    const ViewRequest request{{{"X-Forwarded-For", "203.0.113.7"}}};
    CHECK_THROWS_AS(static_cast<void>(resolve(request, Trust{.x_for = 17})), std::invalid_argument);
    CHECK_NOTHROW(Policy(Trust{.x_for = 16}));
}
