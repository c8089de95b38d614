// SPDX-License-Identifier: MIT
#include "proxyfix/explain/advice.hpp"

#include <string>

#include "catch.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

TEST_CASE("Escaped text is printable ASCII that can be read back") {
    CHECK(escaped("203.0.113.7, \"a\"") == "203.0.113.7, \"a\"");
    CHECK(escaped("\x1b[31m\r\n") == "\\x1b[31m\\x0d\\x0a");
    CHECK(escaped("a\\x1b") == "a\\x5cx1b");
    CHECK(escaped(std::string_view("\0\x7f\x80\xff", 4)) == "\\x00\\x7f\\x80\\xff");
    CHECK(escaped("a b  c   d") == "a b \\x20c \\x20 d");
    CHECK(escaped(" ~") == " ~");
    CHECK(escaped("") == "");
}

TEST_CASE("Of a long text the right end is shown") {
    CHECK(escaped("abcdef", 6) == "abcdef");
    CHECK(escaped("abcdef", 2) == "(4 more bytes)...ef");
    const std::string shown = escaped(std::string(65536, '\n') + "203.0.113.7");
    CHECK(shown.starts_with("(65347 more bytes)...\\x0a"));
    CHECK(shown.ends_with("\\x0a203.0.113.7"));
}

TEST_CASE("A number of proxies is a word below ten") {
    CHECK(more_proxies(9) == "nine more proxies of yours are");
    CHECK(more_proxies(10) == "10 more proxies of yours are");
}

TEST_CASE("A count reads as in the source") {
    CHECK(count_text(2) == "2");
    CHECK(count_text(all_hops) == "all_hops");
}

TEST_CASE("There is no advice on a reason without a name") {
    CHECK(advice(static_cast<Reason>(200), "x_for", 1, 1) == "");
}

TEST_CASE("The advice fits the outcome") {
    struct Case {
        Outcome outcome;
        const char* option;
        unsigned n;
        std::size_t values;
        std::string expected;  // how it begins
    };
    const std::string no_advice = "(none)";
    for (const auto& [outcome, option, n, values, expected] : {
             Case{Applied{}, "x_for", 1, 1, no_advice},
             Case{Applied{}, "x_for", 1, 2,
                  "2 values seen, x_for is 1: if one more proxy of yours is in front, set x_for = "
                  "2. If not,"},
             Case{Applied{}, "x_for", 1, 3,
                  "3 values seen, x_for is 1: if two more proxies of yours are in front, set x_for "
                  "= 3. If not,"},
             Case{Applied{}, "x_for", 1, 14,
                  "14 values seen, x_for is 1: if 13 more proxies of yours are in front, set"},
             Case{Applied{}, "x_for", all_hops, 3, no_advice},
             Case{Reason::not_configured, "x_host", 0, 0, no_advice},
             Case{Reason::not_configured, "x_host", 0, 1, "Any client can send it. If a proxy"},
             Case{Reason::absent, "x_host", 1, 0,
                  "No proxy sent it, or the request came past your proxies. If none of them sets "
                  "it, set x_host to 0."},
             Case{Reason::absent, "client_header", 1, 0,
                  "No proxy sent it, or the request came past your proxies. If none of them sets "
                  "it, leave client_header out."},
             Case{Reason::absent, "forwarded", 1, 1, no_advice},
             Case{Reason::peer_not_trusted, "x_for", 1, 1, "If the peer is a proxy of yours, add"},
             Case{Reason::hop_not_trusted, "x_for", 2, 1,
                  "An address on the way is not in proxies"},
             Case{Reason::too_few_values, "x_for", 2, 1,
                  "1 value seen, x_for is 2: the count is too high, or the request came past"},
             Case{Reason::chain_too_long, "x_for", all_hops, 17,
                  "The chain goes on beyond the last 16 lines of the header."},
             Case{Reason::unreliable_lines, "x_for", 1, 2,
                  "The server loses the order of lines, drops some, or mixes others among them."},
             Case{Reason::malformed, "x_for", 1, 1, "A proxy passes on what the client sent, or"},
             Case{Reason::anonymous, "forwarded", 1, 1, "The proxy hides its client's address."},
             Case{Reason::host_not_allowed, "x_host", 1, 1, "If the host is yours, add it to"},
         }) {
        const std::string given = advice(outcome, option, n, values);
        CAPTURE(given, expected);
        CHECK((expected == no_advice ? given.empty() : given.starts_with(expected)));
    }
}
