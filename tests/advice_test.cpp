// SPDX-License-Identifier: MIT
#include "proxyfix/explain/advice.hpp"

#include <cstddef>
#include <string>
#include <string_view>

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
    CHECK(more_proxies(0) == "no more of your proxies are");
    CHECK(more_proxies(1) == "one more of your proxies is");
    CHECK(more_proxies(9) == "nine more of your proxies are");
    CHECK(more_proxies(10) == "10 more of your proxies are");
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
        std::string expected;
    };
    for (const auto& [outcome, option, n, values, expected] : {
             Case{Applied{}, "x_for", 1, 1, ""},
             Case{Applied{}, "x_for", 3, 1, ""},
             Case{Applied{}, "x_for", all_hops, 3, ""},
             Case{Applied{}, "x_for", 1, 2,
                  "The client wrote what is left of it, unless one more of your proxies is in "
                  "front on every request (2 values seen, x_for is 1)."},
             Case{Applied{}, "x_for", 1, 3,
                  "The client wrote what is left of it, unless two more of your proxies are in "
                  "front on every request (3 values seen, x_for is 1)."},
             Case{Applied{}, "x_host", 2, 15,
                  "The client wrote what is left of it, unless 13 more of your proxies are in "
                  "front on every request (15 values seen, x_host is 2)."},
             Case{Reason::not_configured, "x_host", 0, 0, ""},
             Case{Reason::not_configured, "x_host", 0, 1,
                  "Any client can send it. If one of your proxies sets it on every request, set "
                  "x_host."},
             Case{Reason::not_configured, "forwarded", 0, 1,
                  "Any client can send it. If one of your proxies sets it on every request, set "
                  "forwarded = yes and the counts."},
             Case{Reason::absent, "x_host", 1, 0,
                  "No proxy sent it, or the request bypassed your proxies."},
             Case{Reason::absent, "x_for", 1, 1, ""},
             Case{Reason::peer_not_trusted, "x_for", 1, 1,
                  "If the peer is one of your proxies, add it to proxies. If not, the request "
                  "bypassed your proxies."},
             Case{Reason::hop_not_trusted, "x_for", 2, 1,
                  "An address on the way is not in proxies, or not known. If it is one of your "
                  "proxies, add it to proxies. If not, the request bypassed the outer proxies."},
             Case{Reason::too_few_values, "x_for", 2, 1,
                  "1 value seen, x_for is 2: the count is too high, or the request bypassed a "
                  "proxy."},
             Case{Reason::too_few_values, "x_for", 3, 2,
                  "2 values seen, x_for is 3: the count is too high, or the request bypassed a "
                  "proxy."},
             Case{Reason::chain_too_long, "x_for", all_hops, 17,
                  "The chain does not fit in the last 16 lines of the header. Have a proxy join "
                  "them into one line, or set a count."},
             Case{Reason::unreliable_lines, "x_for", 1, 2,
                  "The server loses the order of lines, drops some, or mixes others among them. "
                  "Let the outermost proxy overwrite the header, and pass on fewer lines."},
             Case{Reason::malformed, "x_for", 1, 1,
                  "A proxy passed on what the client sent, or writes a different format."},
             Case{Reason::anonymous, "x_for", 1, 1,
                  "The proxy hides its client's address. Configure it to send the address."},
             Case{Reason::host_not_allowed, "x_host", 1, 1,
                  "If the host is yours, add it to allowed_hosts."},
         }) {
        CAPTURE(to_string(outcome), option, n, values);
        CHECK(advice(outcome, option, n, values) == expected);
    }
}

TEST_CASE("No advice nudges towards a higher count") {
    for (const std::string_view option : {"x_for", "x_proto", "x_host", "x_port", "x_prefix"}) {
        for (unsigned n = 1; n <= 16; ++n) {
            for (std::size_t values = n + 1; values < 20; ++values) {
                const std::string text = advice(Applied{}, option, n, values);
                CAPTURE(text);
                CHECK(text.starts_with("The client wrote what is left of it, unless "));
                CHECK(text.find("set ") == text.npos);
                CHECK(text.find("= ") == text.npos);
            }
        }
    }
}
