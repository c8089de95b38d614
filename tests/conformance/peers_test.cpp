// SPDX-License-Identifier: MIT
// Asks the library what the test suites of other programs ask of these programs. A file of
// conformance/peers has the facts of one suite:
//
//     trust x_for=1; x_proto=1                              of what follows, as for parse_trust
//     peer 10.0.0.2                                         who connects, in what follows
//     Host: a.example | X-Forwarded-For: 192.0.2.1 -> client 192.0.2.1; scheme none
//     X-Forwarded-Proto: http, https -> scheme none; refused yes but by-position: - https - - -
//
// A case is header lines, in one line or several, and what the other program makes of them: client,
// client_port, scheme, host, name (the host without its port), port, url_port (where the URL has
// it), prefix, each `none` if the server's value stays; refused; and `accepted` or `rejected` for
// the trust by itself. If the library differs, the class of the difference follows, and what is
// decided here: as decision_text.hpp writes it, or the fault of the trust.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../decision_text.hpp"
#include "proxyfix/proxyfix.hpp"

using namespace proxyfix;

namespace {

/// Why the library differs, and what of the documentation says that it is meant.
struct Class {
    std::string_view name, meaning, page, words;
    std::size_t cases;  ///< How many there are.
};

constexpr std::string_view model = "trust-model.md";

constexpr std::array classes{
    Class{"anonymous", "an element that hides the client is present, and not applied", model,
          "`unknown` or a name such as `_hidden` (`anonymous`)", 1},
    Class{"as-senders-write", "quotes that RFC 7239 wants may be missing", model,
          "Elements are read as senders write them", 2},
    Class{"bits-after-prefix", "a network is written as it is", model, "bits set after the prefix",
          17},
    Class{"brackets", "brackets are for IPv6", model, "an address, perhaps with a port", 2},
    Class{"by-position", "one of several values is taken; they are no fault, and not combined",
          model, "a value is trusted because of *its position*", 5},
    Class{"count-above-16", "a count is 16 at most", model,
          "A count is 16 at most; a higher one is rejected at construction", 1},
    Class{"element-grammar", "a blank beside '=', a name that is no token, a for twice", model,
          "the element is malformed, whichever parameter it is", 4},
    Class{"empty-value", "an empty value is a value", model, "every value counts, an empty one too",
          3},
    Class{"exact-count", "a count is no maximum", model, "higher than the number of values", 4},
    Class{"four-schemes", "`on`, `1` and `ssl` are no schemes under the usual name", model,
          "`http`, `https`, `ws`, `wss`, in any letter case", 4},
    Class{"host-grammar", "a host has no user before it", model,
          "a name, an IPv4 address, or IPv6 in brackets, each perhaps with a port", 1},
    Class{"left-unread", "a fault left of the chosen value changes nothing", model,
          "What is further left is ignored", 5},
    Class{"leftmost-proxy", "if all are proxies, the leftmost is the client", model,
          "if all are, the leftmost is", 2},
    Class{"long-walk", "the number of addresses has no limit", model,
          "a walk over many addresses on one line is read to its end", 1},
    Class{"netmask", "a netmask is a fault that names the CIDR notation", model,
          "a netmask; in CIDR notation it is", 1},
    Class{"no-address", "what is no address is no client", model,
          "must match a closed grammar, whoever wrote it", 6},
    Class{"no-port", "a port is a number", model, "an address, perhaps with a port", 1},
    Class{"one-address", "the client_header has one address, and names.x_for a list", model,
          "It must be one line with one address, or it is malformed", 3},
    Class{"other-parameters", "parameters but for, proto and host are not read", model,
          "Other parameters may be anything in this grammar", 2},
    Class{"own-element", "each field is read from one element, and not looked for in others", model,
          "each for its own field", 7},
    Class{"peer-not-listed", "a peer that is not in the list is no proxy", model,
          "The TCP peer must then be one of them, or every header that is there is rejected", 8},
    Class{"port-header", "X-Forwarded-Port is stronger than the port of a host", "werkzeug.md",
          "X-Forwarded-Port overrides a port in X-Forwarded-Host", 3},
    Class{"port-in-brackets", "IPv6 with a port needs brackets", model,
          "IPv6 without brackets has a port only if it ends in a dotted quad", 1},
    Class{"port-of-host", "the port of the host is stronger than that of the scheme", model,
          "`server_port` if there is a port", 1},
    Class{"prefix-slashes", "a prefix ends in one slash at most", model,
          "One `/` at the end is dropped", 2},
    Class{"quoted-pair", "a backslash in quotes stands for the byte behind it", model,
          "a backslash stands for the byte behind it", 1},
    Class{"quoted-pair-in-host", "no byte of a host needs a backslash", model,
          "a backslash in `host`, where no byte needs one", 1},
    Class{"quotes", "a comma in quotes separates, and an open quote is malformed", model,
          "every comma separates, in quotes too", 2},
    Class{"server-name", "X-Forwarded-Server names the proxy, and no host", "faq.md",
          "X-Forwarded-Server", 2},
    Class{"walk-ends", "nothing is skipped: what is no address ends the walk", model,
          "a value that is not an address, before the count", 16},
    Class{"zone-dropped", "a zone means something on one machine only", model,
          "It is dropped: it means something on one machine only", 5},
    Class{"zone-elsewhere", "only a link-local address has a zone", model,
          "a zone, only behind an address of fe80::/10", 4},
};

/// What is asked, and what the other program answers.
struct Case {
    std::string where, trust, peer;
    std::vector<Header> headers;
    std::string expected, difference, outcome;  ///< No difference: both are empty.
};

/// Takes the text before `separator` off, and the separator. There may be none.
std::string take(std::string& text, std::string_view separator) {
    const std::size_t at = std::min(text.find(separator), text.size());
    std::string taken = text.substr(0, at);
    text.erase(0, at + separator.size());
    return taken;
}

std::vector<Case> cases_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<Case> cases;
    Case next;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        next.where = file.filename().string() + ':' + std::to_string(++number);
        if (line.empty() || line.starts_with('#')) continue;
        std::string rest = line;
        const std::string word = take(rest, " ");
        if (word == "trust" || word == "peer") {
            (word == "trust" ? next.trust : next.peer) = rest;
            continue;
        }
        const bool is_last = line.find("-> ") != line.npos;
        std::string head = take(line, "-> ");
        while (!head.empty()) {
            std::string value = take(head, " | ");
            const std::string name = take(value, ":");
            next.headers.push_back({name, value});
        }
        if (!is_last) continue;
        next.expected = take(line, " but ");
        next.difference = take(line, ": ");
        next.outcome = line;
        if (next.expected.empty()) throw std::runtime_error(next.where + ": nothing is expected");
        cases.push_back(next);
        next.headers.clear();
    }
    if (!next.headers.empty()) throw std::runtime_error(next.where + ": a case without an end");
    return cases;
}

/// The cases of all files, by the name of each.
std::map<std::string, std::vector<Case>> all_cases() {
    std::map<std::string, std::vector<Case>> cases;
    for (const auto& entry : std::filesystem::directory_iterator(PROXYFIX_PEERS)) {
        cases[entry.path().filename().string()] = cases_of(entry.path());
    }
    return cases;
}

/// What the library makes of a case: everything as text, and what a case may expect.
struct Decision {
    std::string text;
    std::map<std::string, std::string> values;
};

/// The port of the URL that the handler sees.
std::string url_port(Environ env, const Policy& policy) {
    return ProxyFix{
        [](const Environ& e) {
            const auto authority = Authority::parse(host(e));
            const auto port = authority ? authority->port : std::uint16_t{0};
            return std::to_string(port != 0 ? port : default_port(*parse_scheme(e.url_scheme)));
        },
        policy}(env);
}

Decision decided(const Case& c) {
    const auto trust = parse_trust(c.trust);
    if (!trust) {
        std::string fault = trust.error();
        take(fault, ": ");
        return {"fault " + fault, {{"rejected", ""}}};
    }
    Environ env{.remote_addr = c.peer, .headers = c.headers};
    for (Header& line : env.headers) {
        line.value.erase(0, line.value.find_first_not_of(" \t"));
        line.value.erase(line.value.find_last_not_of(" \t") + 1);
        if (equals_ignore_case(line.name, "Host")) env.http_host = line.value;
    }
    const Policy policy(*trust);
    const Resolution r = resolve(env, policy);
    const auto port_text = [](unsigned port) { return port == 0 ? "none" : std::to_string(port); };
    const unsigned host_port = r.host ? r.host->port : 0;
    const std::string prefix(r.prefix ? *r.prefix : "none");
    return {text_of(r),
            {{"accepted", ""},
             {"client", r.client ? to_string(r.client->address) : "none"},
             {"client_port", port_text(r.client ? r.client->port : 0)},
             {"scheme", r.proto ? std::string(to_string(*r.proto)) : "none"},
             {"host", r.host ? to_string(*r.host) : "none"},
             {"name", r.host ? std::string(r.host->host) : "none"},
             {"port", port_text(r.port ? *r.port : host_port)},
             {"url_port", url_port(env, policy)},
             {"prefix", prefix.empty() ? "/" : prefix},
             {"refused", r.refused() ? "yes" : "no"}}};
}

/// An expected value as the library would write it: an address and a host have several texts.
std::string canonical(const std::string& name, const std::string& value) {
    const auto address = Address::parse(value);
    if (name == "client" && address) return to_string(*address);
    const auto authority = Authority::parse(value);
    return (name == "host" || name == "name") && authority ? to_string(*authority) : value;
}

/// What is expected, and not so: "client: 192.0.2.1, not none".
std::string differences(std::string expected, const Decision& decision) {
    constexpr std::string_view known =
        " accepted rejected client client_port scheme host name port url_port prefix refused ";
    std::string text;
    while (!expected.empty()) {
        std::string value = take(expected, "; ");
        const std::string name = take(value, " ");
        if (known.find(' ' + name + ' ') == known.npos) return name + ": there is no such name";
        const auto found = decision.values.find(name);
        const std::string got = found == decision.values.end() ? decision.text : found->second;
        if (found == decision.values.end() || got != canonical(name, value)) {
            text += name + ": '" + value + "', not '" + got + "'; ";
        }
    }
    return text;
}

/// A page of the documentation, with one blank between words.
std::string page(std::string_view name) {
    std::ifstream in(std::filesystem::path(PROXYFIX_DOCS) / name);
    std::string text;
    for (std::string word; in >> word;) text += (text.empty() ? "" : " ") + word;
    return text;
}

}  // namespace

TEST_CASE("The library decides as other programs' tests expect, or differs as its class says") {
    for (const auto& [file, cases] : all_cases()) {
        for (const Case& c : cases) {
            const Decision decision = decided(c);
            const std::string difference = differences(c.expected, decision);
            CAPTURE(c.where, c.trust, c.peer, c.expected, decision.text, difference);
            if (c.difference.empty()) {
                CHECK(difference == "");
            } else {
                CHECK(difference != "");
                CHECK(difference.find("no such name") == difference.npos);
                CHECK(decision.text == c.outcome);
            }
        }
    }
}

TEST_CASE("Each class of difference has its cases, and a page that says why") {
    std::map<std::string, std::size_t, std::less<>> counts;
    for (const auto& [file, cases] : all_cases()) {
        for (const Case& c : cases) {
            if (!c.difference.empty()) ++counts[c.difference];
        }
    }
    for (const Class& known : classes) {
        CAPTURE(known.name, known.meaning, known.page, known.words);
        CHECK(counts[std::string(known.name)] == known.cases);
        CHECK(page(known.page).find(known.words) != std::string::npos);
        counts.erase(std::string(known.name));
    }
    for (const auto& [name, count] : counts) FAIL_CHECK("there is no such class: " << name);
}

TEST_CASE("Each table of another program's tests has cases, and none is lost") {
    std::size_t count = 0;
    const auto files = all_cases();
    for (const auto& [file, cases] : files) {
        CAPTURE(file);
        CHECK(!cases.empty());
        count += cases.size();
    }
    CHECK(files.size() == 31);
    CHECK(count == 855);
}
