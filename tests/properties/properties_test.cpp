// SPDX-License-Identifier: MIT
// What holds for every request and every Trust, tried on random ones. The seeds are fixed.
#include "properties.hpp"

#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace {

/// How many requests a property is tried on: PROXYFIX_REQUESTS of the environment, or 2,000.
int request_count() {
    const char* text = std::getenv("PROXYFIX_REQUESTS");
    return text != nullptr ? std::atoi(text) : 2'000;
}

/// Tries a property on random requests. Of 2,000, at least `enough` have what it is about.
void try_out(properties::Property property, unsigned seed, int enough) {
    std::mt19937 numbers(seed);
    const int count = request_count();
    int held = 0;
    for (int i = 0; i < count; ++i) {
        const std::string bytes = random_bytes(numbers, 600);
        Choices choices(bytes);
        const Request request = request_of(choices);
        const Verdict verdict = property(request, choices);
        if (verdict == Verdict::broken)
            FAIL(text_of(request) << '\n' << properties::decided(request));
        if (verdict == Verdict::holds) ++held;
    }
    CHECK(count >= 2'000);
    CHECK(held >= enough * (count / 2'000));
}

}  // namespace

TEST_CASE("Whatever the request, blanks around values change nothing") {
    try_out(properties::blanks_around_values_change_nothing, 29, 1'000);
}

TEST_CASE("Whatever the request, seven bytes left of the chosen value are loaded at most") {
    try_out(properties::seven_bytes_left_of_the_chosen_value_are_loaded, 1, 1'200);
}

TEST_CASE("Whatever the request, nothing right of a line is read") {
    try_out(properties::nothing_right_of_a_line_is_read, 18, 1'900);
}

TEST_CASE("Whatever the request, a value wider than its bound is not read through") {
    try_out(properties::a_wide_value_is_not_read_through, 2, 400);
}

TEST_CASE("Whatever the request, adding values or lines on the left changes nothing") {
    try_out(properties::adding_on_the_left_changes_nothing, 3, 1'200);
}

TEST_CASE("Whatever the request, what stands left of what is read may be anything") {
    try_out(properties::nothing_left_of_what_is_read_matters, 4, 1'000);
}

TEST_CASE("Whatever the request, a header says nothing about the others") {
    try_out(properties::headers_are_independent, 5, 600);
}

TEST_CASE("Whatever the request, its lines may be split and joined at commas") {
    try_out(properties::splitting_lines_changes_nothing, 6, 1'200);
}

TEST_CASE("Whatever the request, wrapped twice is wrapped once") {
    try_out(properties::wrapped_twice_is_wrapped_once, 7, 2'000);
}

TEST_CASE("Whatever the request, a failed allocation leaves it as it was") {
    const bool few_allocate = std::string().capacity() > 15;  // libc++ holds 22 bytes in place
    try_out(properties::a_failed_allocation_changes_nothing, 8, few_allocate ? 20 : 200);
}

TEST_CASE("Whatever the request, a decision allocates nothing") {
    try_out(properties::a_decision_allocates_nothing, 9, 600);
}

TEST_CASE("Whatever the request, what is written is of the grammar") {
    try_out(properties::what_is_written_is_of_the_grammar, 10, 800);
}

TEST_CASE("Whatever the request, a header with a count of 0 may as well be gone") {
    try_out(properties::a_count_of_zero_has_no_effect, 19, 1'400);
}

TEST_CASE("Whatever the request, counts of 0 change nothing") {
    try_out(properties::counts_of_zero_change_nothing, 11, 1'960);
}

TEST_CASE("Whatever the request, the handler is called once") {
    try_out(properties::the_handler_is_called_once, 12, 2'000);
}

TEST_CASE("Whatever the request, what is refused changes nothing") {
    try_out(properties::what_is_refused_changes_nothing, 13, 1'600);
}

TEST_CASE("Whatever the request, all is as the naive implementation has it") {
    try_out(properties::all_is_as_the_naive_implementation_has_it, 14, 2'000);
}

TEST_CASE("Whatever the request, fewer networks select no client further left") {
    try_out(properties::fewer_networks_select_no_client_further_left, 15, 200);
}

TEST_CASE("Whatever the request, fewer networks trust no more") {
    try_out(properties::fewer_networks_trust_no_more, 16, 350);
}

TEST_CASE("Networks that contain every address give what counts alone give") {
    try_out(properties::networks_of_everything_are_counts_alone, 17, 120);
}

TEST_CASE("Whatever the request, a walk reads up to 16 lines") {
    try_out(properties::a_walk_reads_sixteen_lines, 20, 20);
}

TEST_CASE("Whatever the request, other headers are as the naive implementation has them") {
    try_out(properties::other_headers_are_as_the_naive_implementation_has_them, 21, 1'200);
}

TEST_CASE("Whatever the request, a trusted value never comes from left of the n-th") {
    try_out(properties::a_trusted_value_never_comes_from_the_left, 22, 600);
}

TEST_CASE("Networks are the same when their text is read") {
    try_out(properties::networks_survive_their_text, 23, 1'000);
}

TEST_CASE("A trust without a fault is the same when its text is read") {
    try_out(properties::a_trust_survives_its_text, 24, 600);
}

TEST_CASE("A trust has a fault if it contradicts itself as documented, and only then") {
    try_out(properties::a_fault_is_one_that_is_documented, 26, 600);
}

TEST_CASE("Whatever an inner ProxyFix rejects counts, unless an outer one erased what it needs") {
    try_out(properties::an_inner_rejection_counts, 25, 100);
}

// Where adding on the left is not tried, it does matter.
TEST_CASE("Each exception from adding on the left is needed") {
    const Networks inside{"10.0.0.0/24"};
    const auto x_for = [](std::string value) {
        return std::vector<proxyfix::Header>{{"X-Forwarded-For", std::move(value)}};
    };
    const Trust two{.x_for = 2, .x_proto = 0},
        two_inside{.x_for = 2, .x_proto = 0, .proxies = inside},
        all{.x_for = all_hops, .x_proto = 0, .proxies = inside};
    CHECK(decided(two, x_for("10.0.0.9")) == "too_few_values - - - -");
    CHECK(decided(two, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
    CHECK(decided(two_inside, x_for("10.0.0.9")) == "too_few_values - - - -");
    CHECK(decided(two_inside, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
    CHECK(decided(all, x_for("10.0.0.9")) == "10.0.0.9@1 - - - -");
    CHECK(decided(all, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
}

// With fewer networks, all_hops may end before the junk at which the longer walk was given up.
TEST_CASE("The exception from trusting no more with fewer networks is needed") {
    const std::vector<proxyfix::Header> lines = {{"X-Forwarded-For", "junk, 10.0.0.17"},
                                                 {"X-Forwarded-Proto", "https"}};
    Trust trust{.x_for = all_hops, .proxies = {"10.0.0.0/28", "10.0.0.16/28"}};
    CHECK(decided(trust, lines) == "malformed hop_not_trusted - - -");
    trust.proxies = {"10.0.0.0/28"};
    CHECK(decided(trust, lines) == "10.0.0.17@1 https - - -");
}
