// SPDX-License-Identifier: MIT
// usage: boundaries [LENGTH]
// Can a client move the boundaries of a Forwarded header? Every row of up to LENGTH symbols, 6
// unless given, of two alphabets of ten, the second of which has words that forge something, is
//
//   before    on the left of an element that a proxy appends, and on a line of its own there;
//   behind    on a line behind that of a proxy, as if a proxy had written it;
//   alone     a line of its own, read by the library and by the naive implementation;
//   escaped   pasted by a proxy into host="...", with a backslash before each quote and backslash;
//   quoted    pasted into host="..." as it is: it forges something only if it has a quote;
//   unquoted  pasted into host=...: it forges something only if it has a comma or a semicolon.
//
// The first four have no exception. Exit status: 0 no difference, 1 some, 2 usage.
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "../view_request.hpp"
#include "enumerate.hpp"
#include "proxyfix/resolve.hpp"

namespace {

using naive::Agreement;
using proxyfix::Policy, proxyfix::Reason, proxyfix::Resolution, proxyfix::Trust;

constexpr std::string_view peer = "10.0.0.2";

/// The first `n` elements count. With a list, the proxies of a chain.
Trust trust_of(unsigned n, bool has_list) {
    Trust trust{.x_for = n, .x_proto = n, .x_host = n, .forwarded = true};
    if (has_list) trust.proxies = {"10.0.0.2", "10.0.0.9", "::a"};
    return trust;
}
naive::Trust naive_trust_of(unsigned n, bool has_list) {
    naive::Trust trust{.x_for = n, .x_proto = n, .x_host = n, .forwarded = true};
    trust.any_peer = !has_list;
    for (const char* const proxy : {"10.0.0.2", "10.0.0.9", "::a"})
        trust.proxies.push_back(*naive::network(proxy));
    return trust;
}
struct Policies {
    std::vector<Policy> any, list;
    std::vector<naive::Trust> naive_any, naive_list;
    Policies() {
        for (unsigned n = 0; n <= 4; ++n) {
            any.emplace_back(trust_of(n, false));
            list.emplace_back(trust_of(n, true));
            naive_any.push_back(naive_trust_of(n, false));
            naive_list.push_back(naive_trust_of(n, true));
        }
    }
};
const Policies policies;

Resolution decided(const Policy& policy, std::initializer_list<std::string_view> lines) {
    if (lines.size() == 1) {
        return resolve(ViewRequest{{{"Forwarded", lines.begin()[0]}}, peer}, policy);
    }
    return resolve(
        ViewRequest{{{"Forwarded", lines.begin()[0]}, {"Forwarded", lines.begin()[1]}}, peer},
        policy);
}

/// The same client, scheme and host, or the same reasons why not.
bool is_same(const Resolution& a, const Resolution& b) {
    return a.client == b.client && a.proto == b.proto && a.host == b.host;
}

bool is_same(const Resolution& ours, const naive::Decision& own) {
    const auto same = [](const auto& result, const auto& answer, const auto& equal_values) {
        return naive::equal(result, answer.value, equal_values) &&
               (result || to_string(result.error()) == answer.why);
    };
    return same(ours.client, own.client,
                [](const auto& a, const auto& b) { return naive::equal(a, b); }) &&
           same(ours.proto, own.proto, [](auto a, const auto& b) { return to_string(a) == b; }) &&
           same(ours.host, own.host, [](const auto& a, const auto& b) {
               return a.host == b.first && a.port == b.second;
           });
}

/// Are all three malformed, or, further left, not there?
bool is_rejected(const Resolution& r, bool may_be_missing) {
    const auto rejected = [may_be_missing](const proxyfix::Outcome& field) {
        return field == Reason::malformed || (may_be_missing && field == Reason::too_few_values);
    };
    return rejected(outcome_of(r.client)) && rejected(outcome_of(r.proto)) &&
           rejected(outcome_of(r.host));
}

const std::string own = "for=203.0.113.7;proto=https;host=own.example";
const Resolution own_alone = decided(policies.any[1], {own});

Agreement before(std::string_view view) {
    const std::string text(view), line = text + ", " + own;
    bool holds = true;
    for (const Policy* policy : {&policies.any[1], &policies.list[1]}) {
        holds = holds && is_same(decided(*policy, {line}), own_alone) &&
                is_same(decided(*policy, {text, own}), own_alone);
    }
    return naive::agreement(holds, proxyfix::ForwardedElement::parse(view).has_value());
}

Agreement behind(std::string_view view) {
    const std::string text(view), line = own + ',' + text;
    const auto& [one, two] = std::tie(policies.any[1], policies.any[2]);
    const Resolution as_second = decided(two, {own, text});
    const naive::Request request{std::string(peer), {{"Forwarded", own}, {"Forwarded", text}}};
    const bool holds = is_same(decided(one, {own, text}), decided(one, {text})) &&
                       is_same(as_second, decided(two, {line})) &&
                       is_same(as_second, naive::decide(request, policies.naive_any[2]));
    return naive::agreement(holds, as_second.client.has_value());
}

Agreement alone(std::string_view view) {
    const std::string text(view);
    const naive::Request request{std::string(peer), {{"Forwarded", text}}};
    bool holds = true, any = false;
    for (const unsigned n : {1u, 2u}) {
        const Resolution by_count = decided(policies.any[n], {text}),
                         by_list = decided(policies.list[n], {text});
        any = any || by_count.client || by_count.proto || by_count.host;
        holds = holds && is_same(by_count, naive::decide(request, policies.naive_any[n])) &&
                is_same(by_list, naive::decide(request, policies.naive_list[n]));
    }
    return naive::agreement(holds, any);
}

/// What a proxy writes before and behind the text that it pastes.
struct Paste {
    std::string before, behind;
    std::string with_a_name = before + "h.example" + behind;
    Resolution usual = decided(policies.any[1], {with_a_name});  // if it pastes the name of a host

    [[nodiscard]] std::string line(const std::string& text) const { return before + text + behind; }
};

const std::string inner = "for=10.0.0.9;proto=http;host=inner.example", appended = ", " + inner;
const Resolution inner_alone = decided(policies.any[1], {inner});

const std::vector<Paste> in_quotes = {
    {"for=203.0.113.7;host=\"", "\";proto=https"},
    {"proto=https;for=203.0.113.7;host=\"", "\""},
    {"for=\"[2001:db8::9]:80\";host=\"", "\";by=\"10.0.0.2\";proto=https"}};
const std::vector<Paste> without_quotes = {{"for=203.0.113.7;proto=https;host=", ""},
                                           {"proto=https;host=", ";for=203.0.113.7"},
                                           {"for=\"[2001:db8::9]:80\";host=", ";by=\"\""},
                                           {"proto=https;host=", ""}};

Agreement escaped(std::string_view view) {
    std::string text;
    for (const char c : view) text += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    const bool has_comma = view.find(',') != view.npos;
    const auto host = proxyfix::Authority::parse(text);
    bool holds = true;
    for (const Paste& paste : in_quotes) {
        const std::string line = paste.line(text), two = line + appended;
        Resolution wanted = paste.usual;
        wanted.host = host;
        const auto is_sound = [&](const Resolution& r) {
            return has_comma ? is_rejected(r, false) : is_same(r, wanted);
        };
        holds = holds && is_sound(decided(policies.any[1], {line})) &&
                is_sound(decided(policies.any[2], {two})) &&
                is_sound(decided(policies.list[2], {two})) &&
                is_same(decided(policies.any[1], {two}), inner_alone);
        for (const unsigned left : {1u, 2u}) {  // of the element that the proxy wrote
            holds = holds && is_rejected(decided(policies.any[1 + left], {line}), !has_comma) &&
                    is_rejected(decided(policies.any[2 + left], {two}), !has_comma);
        }
    }
    return naive::agreement(holds, !has_comma && host);
}

/// Is anything applied that is not what the proxy wrote, or does the proxy's element say less?
bool is_forged(const Paste& paste, const std::string& text) {
    const std::string line = paste.line(text), two = line + appended;
    const auto differs = [](const auto& result, const auto& wanted) {
        return !(result == wanted) && outcome_of(result) != Reason::malformed;
    };
    const auto is_other = [&](const Resolution& r) {
        return differs(r.client, paste.usual.client) || differs(r.proto, paste.usual.proto);
    };
    return is_other(decided(policies.any[1], {line})) ||
           is_other(decided(policies.any[2], {two})) ||
           !is_rejected(decided(policies.any[2], {line}), true) ||
           !is_rejected(decided(policies.any[3], {two}), true);
}

/// Accepted: the text forges something, which only one with one of these bytes may.
Agreement forges_only_with(const std::vector<Paste>& pastes, std::string_view view,
                           std::string_view bytes) {
    const std::string text(view);
    bool forges = false;
    for (const Paste& paste : pastes) forges = forges || is_forged(paste, text);
    return naive::agreement(!forges || view.find_first_of(bytes) != view.npos, forges);
}
Agreement quoted(std::string_view view) { return forges_only_with(in_quotes, view, "\""); }
Agreement unquoted(std::string_view view) { return forges_only_with(without_quotes, view, ",;"); }

}  // namespace

int main(int argc, char** argv) {
    const int length = argc > 1 ? std::atoi(argv[1]) : 6;
    if (length < 1 || length > 10 || argc > 2) {
        std::puts("usage: boundaries [LENGTH]");
        return 2;
    }
    const std::array<std::vector<std::string>, 2> alphabets = {
        each("a:[]\";,= \\"),
        {"for=6.6.6.6", "proto=wss", "::a", "a=", "\"", ";", ",", "=", " ", "\\"}};
    const std::vector<std::pair<const char*, Agreement (*)(std::string_view)>> checks = {
        {"before", before},   {"behind", behind}, {"alone", alone},
        {"escaped", escaped}, {"quoted", quoted}, {"unquoted", unquoted}};
    Counts all;
    bool is_vacuous = false;
    for (const auto& [name, check] : checks) {
        Counts counts;
        for (const auto& symbols : alphabets)
            counts += compare_all({name, check, symbols}, static_cast<std::size_t>(length));
        counts.print(name);
        all += counts;
        is_vacuous = is_vacuous || (counts.accepted == 0 && length >= 5);
    }
    std::printf("boundaries: %llu texts, %llu differences\n",
                static_cast<unsigned long long>(all.strings),
                static_cast<unsigned long long>(all.different));
    return is_vacuous || all.different != 0 ? 1 : 0;
}
