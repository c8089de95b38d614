// SPDX-License-Identifier: MIT
#include "proxyfix/net/host.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include "catch.hpp"

using namespace proxyfix;

namespace {

template <class T>
concept HasView = requires(T&& pattern) {
    std::forward<T>(pattern).view();
};

constexpr HostPattern shop = "shop.example", below_shop = "*.shop.example", v6 = "[2001:db8::1]";

struct Case {
    std::string_view pattern, host;
    bool matches;
};

/// Checks each case, with a port behind the host and without.
template <std::size_t size> void check(const Case (&cases)[size]) {
    for (const auto& [pattern, host, matches] : cases) {
        CAPTURE(pattern, host);
        const auto parsed = HostPattern::parse(pattern);
        REQUIRE(parsed.has_value());
        const Hosts hosts = Hosts::parse(pattern).value();
        for (const std::string_view port : {"", ":1", ":80", ":65535"}) {
            const std::string text = std::string(host).append(port);
            CAPTURE(text);
            const auto authority = Authority::parse(text);
            REQUIRE(authority.has_value());
            CHECK(parsed->matches(authority->host) == matches);
            CHECK(hosts.contains(authority->host) == matches);
        }
    }
}

const std::string label(63, 'a');
const std::string longest_name = label + '.' + label + '.' + label + '.' + std::string(61, 'a');

}  // namespace

static_assert(!std::is_nothrow_copy_assignable_v<Hosts> && std::is_nothrow_move_assignable_v<Hosts>,
              "a copy takes memory");
static_assert(shop.matches("Shop.EXAMPLE") && !shop.matches("www.shop.example"));
static_assert(below_shop.matches("a.shop.example") && !below_shop.matches("shop.example"));
static_assert(v6.matches("[2001:DB8:0::1]") && !v6.matches("[2001:db8::2]"));
static_assert(below_shop.view() == "*.shop.example" && below_shop == "*.Shop.Example");
static_assert(HasView<const HostPattern&> && !HasView<HostPattern>,
              "the view of a temporary would dangle");
static_assert(Hosts{"a.example", "*.b.example"}.contains("x.b.example"));
static_assert(!Hosts().contains("a.example") && Hosts::any().contains("a.example"));

TEST_CASE("A host matches exactly, whatever its letter case and port") {
    check({{"shop.example", "shop.example", true},
           {"shop.example", "SHOP.Example", true},
           {"Shop.EXAMPLE", "shop.example", true},
           {"localhost", "localhost", true},
           {"_x.shop.example", "_x.shop.example", true},
           {"shop.example", "www.shop.example", false},
           {"shop.example", "xshop.example", false},
           {"shop.example", "evil-shop.example", false},
           {"shop.example", "shop.example.evil", false},
           {"shop.example", "shop.exampl", false},
           {"shop.example", "hop.example", false},
           {"shop.example", "example", false},
           {"shop.example", "shopxexample", false},
           {"shop.example", "shop", false},
           {"shop.example", "1.2.3.4", false},
           {"shop.example", "[::1]", false}});
}

TEST_CASE("A wildcard matches the names below, but neither the apex nor its lookalikes") {
    check({{"*.example.com", "a.example.com", true},
           {"*.example.com", "b.a.example.com", true},
           {"*.example.com", "c.b.a.example.com", true},
           {"*.example.com", "A.Example.COM", true},
           {"*.EXAMPLE.com", "a.example.com", true},
           {"*.example.com", "example.com.example.com", true},
           {"*.example.com", "example.com", false},
           {"*.example.com", "EXAMPLE.COM", false},
           {"*.example.com", "xexample.com", false},
           {"*.example.com", "evil-example.com", false},
           {"*.example.com", "example.com.evil", false},
           {"*.example.com", "a.example.com.evil", false},
           {"*.example.com", "a.example.co", false},
           {"*.example.com", "a.example.como", false},
           {"*.example.com", "a.xexample.com", false},
           {"*.example.com", "a-example.com", false},
           {"*.example.com", "com", false},
           {"*.example.com", "1.2.3.4", false},
           {"*.example.com", "[::1]", false},
           {"*.a.example.com", "b.a.example.com", true},
           {"*.a.example.com", "a.example.com", false},
           {"*.a.example.com", "b.example.com", false},
           {"*.localhost", "a.localhost", true},
           {"*.localhost", "localhost", false}});
}

TEST_CASE("A dot at the end makes another name") {
    check({{"shop.example", "shop.example.", false},
           {"shop.example.", "shop.example", false},
           {"shop.example.", "shop.example.", true},
           {"*.shop.example", "a.shop.example.", false},
           {"*.shop.example.", "a.shop.example", false},
           {"*.shop.example.", "a.shop.example.", true},
           {"*.shop.example.", "shop.example.", false}});
}

TEST_CASE("Addresses match by value") {
    check({{"192.0.2.1", "192.0.2.1", true},
           {"192.0.2.1", "192.0.2.10", false},
           {"192.0.2.1", "192.0.2.2", false},
           {"192.0.2.1", "1.192.0.2.example", false},
           {"[2001:db8::1]", "[2001:db8::1]", true},
           {"[2001:db8::1]", "[2001:DB8::1]", true},
           {"[2001:db8::1]", "[2001:db8:0:0:0:0:0:1]", true},
           {"[2001:0DB8:0::0001]", "[2001:db8::1]", true},
           {"[::1.2.3.4]", "[::102:304]", true},
           {"[2001:db8::1]", "[2001:db8::2]", false},
           {"[2001:db8::1]", "shop.example", false},
           // IPv4 and IPv4 in an IPv6 literal are two hosts.
           {"192.0.2.1", "[::ffff:192.0.2.1]", false},
           {"192.0.2.1", "[::ffff:c000:201]", false},
           {"[::ffff:192.0.2.1]", "192.0.2.1", false},
           {"[::ffff:192.0.2.1]", "[::ffff:c000:201]", true},
           {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.2]", false}});
}

TEST_CASE("A pattern of a host keeps its text") {
    std::string text = "*.Shop.example";
    const auto pattern = HostPattern::parse(text);
    REQUIRE(pattern.has_value());
    CHECK(pattern.error() == "");
    text = "*.Fake.example";
    CHECK(pattern->view() == "*.Shop.example");
    CHECK(*pattern == HostPattern("*.shop.EXAMPLE"));
    CHECK(*pattern != HostPattern("shop.example"));
    CHECK(*pattern != HostPattern("*.shop.exampl"));
}

TEST_CASE("A faulty pattern of a host is refused, and the fault is named") {
    const std::string star = ": a * belongs only before a name, as in *.example.com",
                      below = ": what follows *. is not the name of a host",
                      no_host = ": not a host",
                      port = ": a pattern has no port, and an IPv6 address has brackets";
    struct Refusal {
        std::string text, fault;
    };
    const Refusal refusals[] = {
        {"*", ": as the only word of a list it is every host, like Hosts::any()"},
        {"**", star},
        {"*example.com", star},
        {"*-x.example.com", star},
        {"a.*.example.com", star},
        {"www.*", star},
        {"example.com*", star},
        {"**.example.com", star},
        {"*:80", port},
        {"*.", below},
        {"*..", below},
        {"*..example.com", below},
        {"*.*.example.com", below},
        {"*.example.*", below},
        {"*.example..com", below},
        {"*.-x.com", below},
        {"*.192.0.2.1", below},
        {"*.0x7f", below},
        {"*.[::1]", port},
        {"*.example.com:80", port},
        {"*.exa mple.com", below},
        {"*." + longest_name + 'a', below},
        {"", no_host},
        {".", no_host},
        {".example.com", no_host},
        {"a..example.com", no_host},
        {"-a.example.com", no_host},
        {"caf\xc3\xa9.example", no_host},
        {"user@shop.example", no_host},
        {"http://shop.example", port},
        {"shop.example/", no_host},
        {" shop.example", no_host},
        {"shop.example,www.shop.example", no_host},
        {"127.1", no_host},
        {"010.0.0.5", no_host},
        {"10.0.0.0/8", no_host},
        {"::1", port},
        {"2001:db8::1", port},
        {"[::1", no_host},
        {"[192.0.2.1]", no_host},
        {"[fe80::1%eth0]", no_host},
        {longest_name + 'a', no_host},
        {label + "a.example", no_host},
        {"shop.example:80", port},
        {"shop.example:65535", port},
        {"192.0.2.1:80", port},
        {"[::1]:443", port},
    };
    for (const auto& [text, fault] : refusals) {
        CAPTURE(text);
        const auto pattern = HostPattern::parse(text);
        CHECK_FALSE(pattern.has_value());
        CHECK(pattern.error() == text + fault);
    }
}

TEST_CASE("A pattern may be the longest name, or a wildcard before it") {
    REQUIRE(longest_name.size() == 253);
    const auto exact = HostPattern::parse(longest_name);
    REQUIRE(exact.has_value());
    CHECK(exact->view() == longest_name);
    CHECK(exact->matches(longest_name));
    const auto below = HostPattern::parse("*." + longest_name);
    REQUIRE(below.has_value());
    CHECK(below->view() == "*." + longest_name);
    CHECK_FALSE(below->matches(longest_name));

    const std::string short_label = longest_name.substr(2);  // leaves room for "a."
    const auto parent = HostPattern::parse("*." + short_label);
    REQUIRE(parent.has_value());
    CHECK(parent->matches("b." + short_label));
    CHECK_FALSE(parent->matches("b" + short_label));
}

TEST_CASE("A list of hosts lets through what one of its patterns matches") {
    const Hosts hosts{"shop.example", "*.shop.example", "192.0.2.1", "[2001:db8::1]"};
    CHECK_FALSE(hosts.is_any());
    CHECK(hosts.patterns().size() == 4);
    for (const std::string_view host :
         {"shop.example", "a.shop.example", "b.a.shop.example", "192.0.2.1", "[2001:db8:0::1]"}) {
        CAPTURE(host);
        CHECK(hosts.contains(host));
    }
    for (const std::string_view host : {"evil-shop.example", "shop.example.evil", "192.0.2.2",
                                        "[2001:db8::2]", "[::ffff:192.0.2.1]", "other.example"}) {
        CAPTURE(host);
        CHECK_FALSE(hosts.contains(host));
    }
}

TEST_CASE("An empty list of hosts lets none through, and any hosts all") {
    for (const Hosts& none :
         {Hosts(), Hosts{}, Hosts::parse("").value(), Hosts::parse(" ,\r\n").value()}) {
        CHECK(none == Hosts());
        CHECK_FALSE(none.is_any());
        CHECK(none.patterns().empty());
        CHECK_FALSE(none.contains("shop.example"));
        CHECK_FALSE(none.contains("192.0.2.1"));
    }
    CHECK(Hosts::any().is_any());
    CHECK(Hosts::any() != Hosts());
    for (const std::string_view host : {"shop.example", "192.0.2.1", "[::1]", "localhost"}) {
        CHECK(Hosts::any().contains(host));
    }
}

TEST_CASE("Hosts are read from text with commas, blanks or line ends in it") {
    const Hosts hosts{"shop.example", "*.shop.example", "[::1]"};
    for (const std::string_view text :
         {"shop.example,*.shop.example,[::1]", "shop.example, *.shop.example, [::1]",
          "shop.example *.shop.example\t[::1]", "\r\nSHOP.example\r\n*.shop.example,\n,[::1]\n"}) {
        CAPTURE(text);
        const auto parsed = Hosts::parse(text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == hosts);
        CHECK(parsed.error() == "");
        CHECK_FALSE(parsed->is_any());
    }
    CHECK(Hosts::parse("shop.example").value() != hosts);
}

TEST_CASE("Lists of hosts are equal if their patterns are, in this order") {
    const Hosts hosts{"a.example", "b.example"};
    CHECK(hosts == Hosts{"A.example", "b.Example"});
    CHECK(hosts != Hosts{"b.example", "a.example"});
    CHECK(hosts != Hosts{"a.example"});
    CHECK(hosts != Hosts{});
    CHECK(Hosts{} != Hosts::any());
}

TEST_CASE("The patterns of a temporary list outlive it") {
    const auto& patterns = Hosts{"a.example", "*.b.example"}.patterns();
    REQUIRE(patterns.size() == 2);
    CHECK(patterns[0].view() == "a.example");
    CHECK(patterns[1].view() == "*.b.example");
}

TEST_CASE("The error of a list of hosts names the first faulty pattern") {
    struct Fault {
        std::string_view text, error;
    };
    const Fault faults[] = {
        {"* shop.example", "*: as the only word of a list it is every host, like Hosts::any()"},
        {"shop.example, *", "*: as the only word of a list it is every host, like Hosts::any()"},
        {"*, *", "*: as the only word of a list it is every host, like Hosts::any()"},
        {"shop.example, a.*.example, ::1",
         "a.*.example: a * belongs only before a name, as in *.example.com"},
        {"shop.example\n::1\n*", "::1: a pattern has no port, and an IPv6 address has brackets"},
        {"*.shop.example *..", "*..: what follows *. is not the name of a host"},
        {"shop.example:80 *",
         "shop.example:80: a pattern has no port, and an IPv6 address has brackets"},
        {"shop.example;*.shop.example",
         "shop.example;*.shop.example: a * belongs only before a name, as in *.example.com"},
    };
    for (const auto& [text, error] : faults) {
        CAPTURE(text);
        const auto parsed = Hosts::parse(text);
        CHECK_FALSE(parsed.has_value());
        CHECK(parsed.error() == error);
    }
}

TEST_CASE("A star alone is every host, and any is the name of a host") {
    for (const std::string_view text : {"*", " *", "*,", "\n* \t,"}) {
        CAPTURE(text);
        CHECK(Hosts::parse(text).error() == "");
        CHECK(Hosts::parse(text)->is_any());
    }
    const auto named = Hosts::parse("any");
    CHECK_FALSE(named->is_any());
    CHECK(named->contains("any"));
    CHECK_FALSE(named->contains("shop.example"));
}

TEST_CASE("The text of a list of hosts parses back") {
    CHECK(to_string(Hosts::any()) == "*");
    CHECK(to_string(Hosts{}) == "");
    CHECK(to_string(Hosts{"shop.example"}) == "shop.example");
    CHECK(to_string(Hosts{"Shop.example", "*.shop.example", "[::1]", "192.0.2.1"}) ==
          "Shop.example, *.shop.example, [::1], 192.0.2.1");
    for (const Hosts& hosts : {Hosts::any(), Hosts{}, Hosts{"a"}, Hosts{"a", "*.a", "[::1]"}}) {
        CHECK(*Hosts::parse(to_string(hosts)) == hosts);
    }
}
