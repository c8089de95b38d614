// SPDX-License-Identifier: MIT
/// \file
/// What holds for every request and every `Trust`: each property as a function that looks at one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "../allocation.hpp"
#include "../decision_text.hpp"
#include "../environ_helpers.hpp"
#include "../guarded_text.hpp"
#include "../naive/decision.hpp"
#include "choices.hpp"
#include "lines.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"
#include "request.hpp"
#include "trusts.hpp"

/// What came of a property: `nothing_to_see` if the request has not what it is about.
enum class Verdict { nothing_to_see, holds, broken };

inline Verdict verdict(bool holds) { return holds ? Verdict::holds : Verdict::broken; }

namespace properties {

/// The decision in words.
inline std::string decided(const Request& request) {
    return ::decided(request.trust, environ_of(request).headers, request.peer);
}

/// The decision of the naive implementation.
inline naive::Decision naive_decision(const Request& request) {
    return naive::decide(naive_request(environ_of(request)), naive_trust(request));
}
inline std::string naively_decided(const Request& request) {
    return text_of(naive_decision(request));
}

/// The variables after the naive implementation rewrote them.
inline Rewritten naively_rewritten(const Environ& before, const naive::Decision& decision) {
    naive::Variables env{before.remote_addr, before.remote_port, before.url_scheme,
                         before.http_host,   before.server_name, before.server_port,
                         before.script_name};
    apply(decision, env);
    return {
        env.remote_addr, static_cast<std::uint16_t>(env.remote_port), env.url_scheme, env.http_host,
        env.server_name, static_cast<std::uint16_t>(env.server_port), env.script_name};
}

/// The decision's five words.
inline std::vector<std::string> words(const std::string& decision) {
    return naive::split(decision, ' ');
}

/// Everything of an `Environ` that a handler can see: the record tells too whether anything was
/// rejected, and whether all is there.
using Seen = std::tuple<Rewritten, Rewritten, std::string, bool, bool, std::string>;
inline Seen seen(const Environ& env) {
    std::string lines;
    for (const auto& [name, value] : env.headers) lines += name + ": " + value + '\n';
    return {rewritten(env),      rewritten(original(env)), to_string(env.proxy),
            env.proxy.refused(), env.proxy.complete(),     lines};
}

inline const auto ignore = [](Environ&) {};

/// Nothing right of a line or of its name is read: behind each of them lies a page without
/// permission.
inline Verdict nothing_right_of_a_line_is_read(const Request& request, Choices&) {
    static const std::array<GuardedText, 80> pages, pages_of_names;
    const Environ env = environ_of(request);
    LineViews guarded{{}, request.peer};
    for (const auto& [name, value] : env.headers) {
        if (guarded.lines.size() == pages.size()) return Verdict::nothing_to_see;
        const std::size_t i = guarded.lines.size();
        guarded.lines.emplace_back(pages_of_names[i].at_end(name), pages[i].at_end(value));
    }
    if (env.headers.empty()) return Verdict::nothing_to_see;
    return verdict(text_of(resolve(guarded, Policy(request.trust))) == decided(request));
}

/// Bytes left of the chosen values change nothing, and no more than the seven that stand in front
/// of the comma are loaded: the others lie on a page without permission.
inline Verdict seven_bytes_left_of_the_chosen_value_are_loaded(const Request& request,
                                                               Choices& choices) {
    std::array<std::size_t, 5> gone{};
    bool any = false;
    for (std::size_t l = 0; l < 5; ++l) {
        const auto read = values_read(request, l);
        if (read) gone[l] = request.lists[l].values.size() - *read;
        any = any || gone[l] > 0;
    }
    if (!any) return Verdict::nothing_to_see;
    std::string loaded(7, ',');
    for (char& byte : loaded) {
        if (!choices.one_in(4)) byte = choices.byte();
    }
    const GuardedLines guarded(request, gone, loaded);
    return verdict(text_of(resolve(*guarded, Policy(request.trust))) == decided(request));
}

/// Of a value wider than its bound, one byte more than the bound is read.
inline Verdict a_wide_value_is_not_read_through(const Request& request, Choices& choices) {
    const std::size_t l = choices.below(5);
    Request wide = request;
    if (l == 0 && !request.trust.client_header.empty()) {
        wide.lists[0].values = {std::string(57, ' ') + "10.0.0.9"};  // 65 bytes
        return verdict(decided(wide) == naively_decided(wide));
    }
    const auto read = values_read(request, l);
    if (!read || *read == 0) return Verdict::nothing_to_see;
    constexpr std::array<std::size_t, 5> bounds = {64, 64, 320, 64, 1100};
    const std::size_t bound = l == 0 && request.trust.forwarded ? 1024 : bounds[l];
    std::array<std::size_t, 5> gone{};
    gone[l] = request.lists[l].values.size() - 1 - choices.below(*read);
    wide.lists[l].values[gone[l]] = std::string(bound + 1, '1');
    const GuardedLines guarded(wide, gone, "", l);
    return verdict(text_of(resolve(*guarded, Policy(request.trust))) == naively_decided(wide));
}

inline void add_noise_left(List& list, Choices& choices) {
    const bool own_line = choices.one_in(2);
    list.add_left(noise(choices), own_line);
}

/// What is added left of the values that are read, be it on the same line or on one of its own,
/// changes nothing. The exceptions: where there are too few values for a count, or all_hops finds
/// every address inside, a client moves the left end. And a header of one address is no list.
inline Verdict adding_on_the_left_changes_nothing(const Request& request, Choices& choices) {
    Request more = request;
    bool added = false;
    for (std::size_t l = 0; l < 5; ++l) {
        if (!values_read(request, l)) continue;
        const unsigned many = choices.one_in(8) ? 15 : 2;  // more lines than are kept
        for (unsigned n = choices.below(many + 1); n > 0; --n, added = true)
            add_noise_left(more.lists[l], choices);
    }
    if (!added) return Verdict::nothing_to_see;
    return verdict(decided(more) == decided(request));
}

/// What stands left of the values that are read may as well be gone, or be anything else.
inline Verdict nothing_left_of_what_is_read_matters(const Request& request, Choices& choices) {
    Request other = request;
    bool replaced = false;
    for (std::size_t l = 0; l < 5; ++l) {
        const auto read = values_read(request, l);
        List& list = other.lists[l];
        // One value stays: without any, the header would be absent.
        if (!read || list.values.size() <= std::max<std::size_t>(*read, 1)) continue;
        const std::size_t gone = list.values.size() - std::max<std::size_t>(*read, 1);
        list.values.erase(list.values.begin(),
                          list.values.begin() + static_cast<std::ptrdiff_t>(gone));
        list.line_starts >>= gone;
        replaced = true;
        if (!choices.one_in(3)) add_noise_left(list, choices);
    }
    if (!replaced) return Verdict::nothing_to_see;
    return verdict(decided(other) == decided(request));
}

/// Each header is decided on its own. With a list of proxies, or Forwarded, the one that names the
/// client says how far the others are trusted; but they never say anything about it.
inline Verdict headers_are_independent(const Request& request, Choices& choices) {
    const bool first_is_alone = request.trust.proxies.is_any() && !request.trust.forwarded;
    const std::size_t l = first_is_alone ? choices.below(5) : 1 + choices.below(4);
    Request other = request;
    other.lists[l] = list_of(choices, request.lists[l].name, 5, [&] { return noise(choices); });
    Trust& trust = other.trust;
    const std::array<unsigned*, 5> counts = x_counts(trust);
    if (trust.client_header.empty()) *counts[l] = choices.below(5);
    if (!fault(trust).empty()) return Verdict::nothing_to_see;
    std::vector<std::string> before = words(decided(request)), after = words(decided(other));
    before[l] = after[l];
    return verdict(before == after);
}

/// The lines of a header are one list, wherever they are cut at a comma.
inline Verdict splitting_lines_changes_nothing(const Request& request, Choices& choices) {
    Request other = request;
    for (List& list : other.lists) {
        // A header of one address is no list.
        if (list.name != "X-Real-IP") list.line_starts = choices.below(1u << 16);
    }
    const Environ before = environ_of(request), after = environ_of(other);
    if (before.headers.size() == after.headers.size()) return Verdict::nothing_to_see;
    return verdict(decided(other) == decided(request));
}

/// Blanks around values change nothing. With a tab at its end, no value is taken in one go with the
/// search for its comma.
inline Verdict blanks_around_values_change_nothing(const Request& request, Choices& choices) {
    Request other = request;
    for (List& list : other.lists) {
        for (std::string& value : list.values) {
            if (value.size() > 60) return Verdict::nothing_to_see;  // it could become too wide
            value =
                std::string(choices.below(3), ' ') + value + std::string(choices.below(3), '\t');
        }
    }
    const std::string decision = decided(request);
    if (decision == "absent absent - - -") return Verdict::nothing_to_see;
    return verdict(decided(other) == decision);
}

/// Wrapped twice is wrapped once: what the handler sees, the originals, and the record. With
/// Strip::untrusted the inner one may erase further lines: those that it cannot know to be
/// trusted, because the outer one erased the chain of addresses.
inline Verdict wrapped_twice_is_wrapped_once(const Request& request, Choices&) {
    Environ once = environ_of(request), twice = once;
    proxyfix::ProxyFix app{ignore, request.trust};
    app(once);
    proxyfix::ProxyFix{app, request.trust}(twice);
    if (request.trust.strip == proxyfix::Strip::untrusted) {
        if (once.headers.size() < twice.headers.size()) return Verdict::broken;
        once.headers = twice.headers = {};
    }
    return verdict(seen(once) == seen(twice));
}

/// If an allocation fails, the request is as it was, and the handler is not called.
inline Verdict a_failed_allocation_changes_nothing(const Request& request, Choices&) {
    const Environ before = environ_of(request);
    const Seen seen_before = seen(before);
    for (std::size_t n = 0;; ++n) {
        Environ env = before;
        bool called = false, failed = false;
        proxyfix::ProxyFix app{[&called](Environ&) { called = true; }, request.trust};
        try {
            const FailingAllocations failing(n);
            app(env);
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        if (called == failed) return Verdict::broken;
        if (!failed) return n == 0 ? Verdict::nothing_to_see : Verdict::holds;
        if (seen(env) != seen_before) return Verdict::broken;
    }
}

/// To decide, nothing is allocated.
inline Verdict a_decision_allocates_nothing(const Request& request, Choices&) {
    const Environ env = environ_of(request);
    const Policy policy(request.trust);
    const std::size_t before = allocation_count();
    const auto resolution = resolve(env, policy);
    const std::size_t after = allocation_count();
    const bool any = resolution.client || resolution.port || resolution.refused();
    return any ? verdict(before == after) : Verdict::nothing_to_see;
}

/// Is what was rewritten canonical text of an address, a scheme of the closed set, a valid host, a
/// port, a prefix, without any byte that ends a word, a string or a tag?
inline bool is_of_the_grammar(const Environ& env, const Environ& before) {
    const auto address = naive::address(env.remote_addr);
    const auto host = naive::authority(env.http_host), name = naive::authority(env.server_name);
    bool sound = env.remote_addr == before.remote_addr ||
                 (address && naive::text_of(*address) == env.remote_addr);
    sound = sound && naive::scheme(env.url_scheme) == env.url_scheme && env.server_port != 0;
    sound = sound && host && naive::text_of(*host) == env.http_host && name && name->second == 0;
    sound = sound && (env.script_name.empty() || naive::prefix(env.script_name) == env.script_name);
    const bool keeps_peer = env.remote_addr == before.remote_addr;
    for (const std::string& text : {keeps_peer ? "" : env.remote_addr, env.url_scheme,
                                    env.http_host, env.server_name, env.script_name}) {
        for (const char c : text) {
            const bool ends_something =
                std::string_view("\"',<>\\").find(c) != std::string_view::npos;
            sound = sound && c > ' ' && c < 0x7f && !ends_something;
        }
    }
    return sound;
}
inline Verdict what_is_written_is_of_the_grammar(const Request& request, Choices&) {
    const Environ before = environ_of(request);
    Environ env = before;
    proxyfix::ProxyFix{ignore, request.trust}(env);
    if (rewritten(env) == rewritten(before)) return Verdict::nothing_to_see;
    return verdict(is_of_the_grammar(env, before));
}

/// What a handler sees of the variables and of the record.
inline Seen seen_without_lines(const Request& request, const Trust& trust) {
    Environ env = environ_of(request);
    proxyfix::ProxyFix{ignore, trust}(env);
    env.headers.clear();
    return seen(env);
}

/// A header whose count is 0 may as well be gone. Forwarded has three counts.
inline Verdict a_count_of_zero_has_no_effect(const Request& request, Choices& choices) {
    Request zero = request;
    Trust& trust = zero.trust;
    const std::array<unsigned*, 5> counts = x_counts(trust);
    const unsigned zeros = choices.below(32);
    for (std::size_t l = 0; l < 5; ++l) {
        if ((zeros >> l & 1) == 0) continue;
        *counts[l] = 0;
        if (l == 0 && (trust.forwarded || !trust.client_header.empty())) continue;
        const auto& header = proxyfix::detail::forwarding_headers[l];
        trust.names.*header.name = header.usual_name;
        zero.lists[l].name = header.usual_name.view();
    }
    if (!fault(trust).empty()) return Verdict::nothing_to_see;
    Request gone = zero;
    bool any = false;
    for (std::size_t l = 0; l < 5; ++l) {
        if (zero.list_counts()[l] != 0) continue;
        any = any || !gone.lists[l].values.empty();
        gone.lists[l].values.clear();
    }
    if (!any) return Verdict::nothing_to_see;
    return verdict(seen_without_lines(zero, trust) == seen_without_lines(gone, trust));
}

/// Where every count is 0, nothing at all changes.
inline Verdict counts_of_zero_change_nothing(const Request& request, Choices&) {
    const Environ before = environ_of(request);
    if (before.headers.empty()) return Verdict::nothing_to_see;
    Environ env = before;
    proxyfix::ProxyFix{ignore,
                       Trust{.x_for = 0, .x_proto = 0, .proxies = request.trust.proxies}}(env);
    return verdict(seen(env) == seen(before));
}

/// The handler is called once, with the very request and arguments, and its result is returned.
inline Verdict the_handler_is_called_once(const Request& request, Choices&) {
    Environ env = environ_of(request);
    int calls = 0, argument = 0;
    const auto handler = [&](Environ& seen_env, int& seen_argument) -> int& {
        calls += &seen_env == &env && &seen_argument == &argument ? 1 : 100;
        return argument;
    };
    const proxyfix::ProxyFix app{handler, request.trust};
    const bool same_result = &app(env, argument) == &argument;
    return verdict(same_result && calls == 1);
}

/// A header that is refused never changes the request.
inline Verdict what_is_refused_changes_nothing(const Request& request, Choices&) {
    const Environ before = environ_of(request);
    Environ env = before;
    proxyfix::ProxyFix{ignore, request.trust}(env);
    const auto& was = env.proxy;
    if (was.client && was.proto && was.host && was.port && was.prefix)
        return Verdict::nothing_to_see;
    bool holds = was.client ||
                 (env.remote_addr == before.remote_addr && env.remote_port == before.remote_port);
    holds = holds && (was.proto || env.url_scheme == before.url_scheme);
    holds = holds && (was.host || env.server_name == before.server_name);
    holds = holds && (was.host || was.port ||
                      (env.http_host == before.http_host && env.server_port == before.server_port));
    holds = holds && (was.host || !was.port || env.http_host.starts_with("app.internal:"));
    holds = holds && (was.prefix || env.script_name == before.script_name);
    return verdict(holds && was.refused() == resolve(before, Policy(request.trust)).refused());
}

/// What is decided and what is written is what the naive implementation decides and writes, be the
/// header lines in a vector or in a list that can only be passed over forward.
inline Verdict all_is_as_the_naive_implementation_has_it(const Request& request, Choices&) {
    const naive::Decision wanted = naive_decision(request);
    Environ env = environ_of(request);
    ForwardLines forward{{}, request.peer};
    for (auto line = env.headers.rbegin(); line != env.headers.rend(); ++line)
        forward.lines.emplace_front(line->name, line->value);
    const bool is_decided = decided(request) == text_of(wanted) &&
                            text_of(resolve(forward, Policy(request.trust))) == text_of(wanted);
    const Rewritten written = naively_rewritten(env, wanted);
    proxyfix::ProxyFix{ignore, request.trust}(env);
    return verdict(is_decided && rewritten(env) == written);
}

/// The same request with fewer networks.
inline Request with_fewer_networks(const Request& request, Choices& choices) {
    Request fewer = request;
    fewer.proxies &= some_networks(choices);
    fewer.trust.proxies = subset(fewer.proxies);
    return fewer;
}

/// Fewer networks never select a client further left.
inline Verdict fewer_networks_select_no_client_further_left(const Request& request,
                                                            Choices& choices) {
    const Request fewer = with_fewer_networks(request, choices);
    if (!fault(fewer.trust).empty()) return Verdict::nothing_to_see;
    const Environ env = environ_of(request);
    const auto before = resolve(env, Policy(request.trust)),
               after = resolve(env, Policy(fewer.trust));
    const unsigned furthest =
        before.client ? before.client_position()
                      : std::min(std::max(request.counts()[0], 1u), first_outside(request));
    if (before.client_position() == after.client_position()) return Verdict::nothing_to_see;
    return verdict(after.client_position() <= furthest);
}

/// Fewer networks never make another header trusted. With all_hops, a chain that ends nearer may
/// end before the junk at which the longer one was given up, and then an element of Forwarded is
/// another one. So there the property asks for one client before and after.
inline Verdict fewer_networks_trust_no_more(const Request& request, Choices& choices) {
    const Request fewer = with_fewer_networks(request, choices);
    if (!fault(fewer.trust).empty()) return Verdict::nothing_to_see;
    const Environ env = environ_of(request);
    const auto before = resolve(env, Policy(request.trust)),
               after = resolve(env, Policy(fewer.trust));
    const bool other_client = after.client && before.client_position() != after.client_position();
    if (request.counts()[0] == all_hops && other_client) return Verdict::nothing_to_see;
    if (before == after) return Verdict::nothing_to_see;
    return verdict((!after.proto || after.proto == before.proto) &&
                   (!after.host || after.host == before.host) &&
                   (!after.port || after.port == before.port) &&
                   (!after.prefix || after.prefix == before.prefix));
}

/// Networks that contain every address give what counts alone give, where each value that is looked
/// at is an address.
inline Verdict networks_of_everything_are_counts_alone(const Request& request, Choices&) {
    const unsigned n = request.counts()[0];
    std::size_t deepest = 0;
    for (const unsigned count : request.counts()) deepest = std::max<std::size_t>(deepest, count);
    bool known = naive::address(request.peer).has_value() && request.trust.client_header.empty();
    known = known && n != 0 && n != all_hops && request.lists[0].values.size() >= deepest;
    for (std::size_t i = 1; known && i <= deepest; ++i) known = hop_address(request, i).has_value();
    if (!known) return Verdict::nothing_to_see;
    Request everybody = request, counts = request;
    everybody.trust.x_for = counts.trust.x_for = n;  // beside Forwarded, it is ignored
    everybody.trust.proxies = {"0.0.0.0/0", "::/0"};
    counts.trust.proxies = Networks::any();
    return verdict(decided(everybody) == decided(counts));
}

/// A walk that finds every address inside reads up to 16 lines. If there is a 17th, the client is
/// not known, and no other value is trusted.
inline Verdict a_walk_reads_sixteen_lines(const Request& request, Choices&) {
    const std::size_t size = request.lists[0].values.size();
    const bool ends_at_leftmost = words(decided(request))[0].ends_with('@' + std::to_string(size));
    if (request.counts()[0] != all_hops || !ends_at_leftmost || first_outside(request) <= size)
        return Verdict::nothing_to_see;
    Request sixteen = request;
    List& list = sixteen.lists[0];
    list.line_starts = ~0u;
    while (list.values.size() < 16) list.add_left(list.values.front(), true);
    Request seventeen = sixteen;
    seventeen.lists[0].add_left(list.values.front(), true);
    Request client_on_16th = seventeen;
    const bool forwarded = request.trust.forwarded;
    client_on_16th.lists[0].values[1] = forwarded ? "for=192.0.2.1" : "192.0.2.1";

    if (decided(sixteen) != naively_decided(sixteen)) return Verdict::broken;
    if (!words(decided(sixteen))[0].ends_with("@16")) return Verdict::broken;
    if (decided(client_on_16th) != naively_decided(client_on_16th)) return Verdict::broken;
    if (words(decided(client_on_16th))[0] != "192.0.2.1@16") return Verdict::broken;
    const std::vector<std::string> too_long = words(decided(seventeen));
    const auto is_rejected = [&](std::size_t l) {
        if (request.counts()[l] == all_hops) return too_long[l] == "chain_too_long";
        if (request.counts()[l] == 0) return too_long[l] == "-";
        if (forwarded && l < 3) return too_long[l] == "hop_not_trusted";
        return too_long[l] == (request.lists[l].values.empty() ? "absent" : "hop_not_trusted");
    };
    for (std::size_t l = 0; l < 5; ++l) {
        if (!is_rejected(l)) return Verdict::broken;
    }
    return Verdict::holds;
}

/// A result of the library, and one of the naive implementation.
inline bool is_same(const proxyfix::Result<std::string_view>& ours,
                    const naive::Answer<std::string>& own) {
    if (ours.has_value() != own.value.has_value()) return false;
    return ours ? *ours == *own.value : to_string(ours.error()) == own.why;
}

/// The request with a header that is in no table in the place of the last one.
inline Request with_other_last(const Request& request) {
    Request same = request;
    same.lists[4] = request.other;
    same.other = {};
    same.decoys.clear();
    return same;
}

/// A header that is in no table, and each that is in it, are read as the naive implementation reads
/// them: as a list, and as one line.
inline Verdict other_headers_are_as_the_naive_implementation_has_them(const Request& request,
                                                                      Choices& choices) {
    Request wide = request;
    if (!wide.other.values.empty() && choices.one_in(4)) {
        constexpr std::array<std::size_t, 4> sizes = {1024, 1025, 16'384, 16'385};
        const std::size_t size = sizes[choices.below(sizes.size())];
        if (choices.one_in(2)) wide.other.values = {"1"};
        wide.other.values[choices.below(wide.other.values.size())] = std::string(size, '1');
    }
    const Environ env = environ_of(wide);
    const Policy policy(wide.trust);
    const naive::Trust trust = naive_trust(wide);
    const naive::Request lines = naive_request(env);
    const naive::Decider naively(lines, trust);
    std::vector<std::string> names = {wide.other.name, "x-request-id", ""};
    for (const List& list : wide.lists) names.push_back(list.name);
    bool any = false;
    for (const std::string& name : names) {
        const auto parsed = proxyfix::FieldName::parse(name);
        const auto field = parsed ? *parsed : proxyfix::FieldName();
        const auto line = trusted_line(env, field, policy);
        if (!is_same(line, naively.line(name))) return Verdict::broken;
        for (unsigned n = 0; n <= 7; ++n) {
            const auto value = trusted_value(env, field, n, policy);
            if (!is_same(value, naively.value(name, n))) return Verdict::broken;
            any = any || value || line;
        }
    }
    return any ? Verdict::holds : Verdict::nothing_to_see;
}

/// A value of another header never comes from left of the n-th: that lies on a page without
/// permission, but for the seven bytes that may be loaded, and what is added there changes nothing.
inline Verdict a_trusted_value_never_comes_from_the_left(const Request& request, Choices& choices) {
    Request other = with_other_last(request);
    List& list = other.lists[4];
    const unsigned n = 1 + choices.below(4);
    if (list.values.size() < n) return Verdict::nothing_to_see;
    const Policy policy(other.trust);
    std::array<std::size_t, 5> gone{};
    gone[4] = list.values.size() - n;
    std::string loaded(7, ',');
    for (char& byte : loaded) {
        if (!choices.one_in(4)) byte = choices.byte();
    }
    const GuardedLines guarded(other, gone, loaded);
    const Environ env = environ_of(other);
    const auto value = trusted_value(env, "X-Request-ID", n, policy);
    if (trusted_value(*guarded, "X-Request-ID", n, policy) != value) return Verdict::broken;
    add_noise_left(list, choices);
    const Environ more = environ_of(other);
    return verdict(trusted_value(more, "X-Request-ID", n, policy) == value);
}

/// A set of addresses is the same when its text is read; and the naive implementation finds the
/// same addresses in the networks of the text.
inline Verdict networks_survive_their_text(const Request&, Choices& choices) {
    const Networks set = networks_of(choices);
    const std::string text = to_string(set);
    const auto again = Networks::parse(text);
    if (!again || *again != set) return Verdict::broken;
    if (set.is_any()) return verdict(text == "any");
    std::vector<naive::Network> networks;
    for (const std::string& word : naive::split(text, ',')) {
        const std::string network_text = naive::trimmed(word);
        if (network_text.empty() || network_text == "unix:") continue;
        const auto network = naive::network(network_text);
        if (!network) return Verdict::broken;
        networks.push_back(*network);
    }
    for (const auto& [first, last] : set.ranges()) {
        const auto is_inside = [&](const proxyfix::Address& address) {
            const auto own = naive::address(to_string(address));
            return std::any_of(
                networks.begin(), networks.end(),
                [&](const naive::Network& network) { return naive::is_inside(network, *own); });
        };
        using proxyfix::Address;
        const Address before(first.high() - (first.low() == 0 ? 1 : 0), first.low() - 1),
            behind(last.high() + (last.low() + 1 == 0 ? 1 : 0), last.low() + 1);
        if (!is_inside(first) || !is_inside(last)) return Verdict::broken;
        if (first != Address(0, 0) && is_inside(before) != set.contains(before))
            return Verdict::broken;
        if (behind != Address(0, 0) && is_inside(behind) != set.contains(behind))
            return Verdict::broken;
    }
    return set == Networks() ? Verdict::nothing_to_see : Verdict::holds;
}

/// A trust without a fault is the same when its text is read, however its words are set out; the
/// text of any other one is a fault.
inline Verdict a_trust_survives_its_text(const Request& request, Choices& choices) {
    const Trust trust = choices.one_in(4) ? request.trust : any_trust(choices);
    const std::string text = to_string(trust);
    const auto again = proxyfix::parse_trust(text);
    if (!fault(trust).empty()) return again ? Verdict::broken : Verdict::nothing_to_see;
    if (!again || *again != trust || to_string(*again) != text) return Verdict::broken;

    std::vector<std::string> parts =
        text.empty() ? std::vector<std::string>() : naive::split(text, ';');
    constexpr std::string_view blanks[] = {"", " ", "\t", "  "},
                               ends[] = {";", "\n", "\r\n", ";;\n"};
    std::string other = choices.one_of(ends);
    while (!parts.empty()) {
        const std::size_t i = choices.below(parts.size());
        const std::string word = naive::trimmed(parts[i]);
        const std::size_t equals = word.find('=');
        std::string part = choices.one_of(blanks) + word.substr(0, equals);
        part += choices.one_of(blanks) + '=';
        part += choices.one_of(blanks) + word.substr(equals + 1);
        part += choices.one_of(blanks);
        other += part;
        other += choices.one_of(ends);
        if (proxyfix::parse_trust(text + ';' + part)) return Verdict::broken;  // twice
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const auto shuffled = proxyfix::parse_trust(other);
    return verdict(shuffled && *shuffled == trust);
}

/// A trust has a fault if the documentation says that it contradicts itself, and only then.
inline Verdict a_fault_is_one_that_is_documented(const Request&, Choices& choices) {
    const Trust trust = any_trust(choices);
    const bool is_faulty = !fault(trust).empty();
    if (is_faulty != naive::contradicts_itself(naive_trust(trust))) return Verdict::broken;
    return is_faulty ? Verdict::holds : Verdict::nothing_to_see;
}

/// Did lines of one of these headers go?
inline bool is_lost(const Environ& before, const Environ& after,
                    const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return !name.empty() && lines_of(naive_request(after), name).size() <
                                    lines_of(naive_request(before), name).size();
    });
}

/// The headers that a field may be read from: the one that is configured, the usual one, and, if it
/// is read, Forwarded.
inline std::vector<std::string> headers_of(const naive::Trust& trust, std::size_t field) {
    std::vector<std::string> names = {trust.names[field], naive::usual_names[field]};
    if (field < 3 && trust.forwarded) names.emplace_back("Forwarded");
    if (field == 0) names.push_back(trust.client_header);
    return names;
}

/// What an inner ProxyFix rejects counts, even if an outer one had applied a value; but not where
/// the outer one erased lines of that header or of the chain of addresses, so that values are too
/// few or hops are not known.
inline Verdict an_inner_rejection_counts(const Request& request, Choices& choices) {
    Request inner = request;
    if (choices.one_in(2)) {
        inner = with_fewer_networks(inner, choices);
        if (!fault(inner.trust).empty()) inner.trust.proxies = request.trust.proxies;
    }
    Trust trust{.proxies = inner.trust.proxies, .allowed_hosts = inner.trust.allowed_hosts};
    choose_headers(trust, choices);
    const bool is_same_kind = trust.forwarded == request.trust.forwarded &&
                              trust.client_header == request.trust.client_header;
    if (is_same_kind || choices.one_in(2)) inner.trust = trust;

    const Environ before = environ_of(request);
    const auto outer_says = resolve(before, Policy(request.trust)).outcomes();
    Environ between, env = before;
    proxyfix::ProxyFix{[&](Environ& seen_by_inner) {
                           between = seen_by_inner;
                           proxyfix::ProxyFix{ignore, inner.trust}(seen_by_inner);
                       },
                       request.trust}(env);
    const auto inner_says = resolve(between, Policy(inner.trust)).outcomes();

    const naive::Trust outer = naive_trust(request);
    const bool is_chain_lost = is_lost(before, between, headers_of(outer, 0));
    bool is_inner_refused = false, is_refused = false, is_applied_first = false;
    for (std::size_t i = 0; i < 5; ++i) {
        using proxyfix::detail::refused;
        const bool is_rejected = refused(inner_says[i]);
        if (outer_says[i] && is_rejected) {
            is_applied_first = true;
            const bool is_own_lost = is_lost(before, between, headers_of(outer, i));
            const bool is_by_loss = inner_says[i] == proxyfix::Reason::too_few_values ||
                                    inner_says[i] == proxyfix::Reason::hop_not_trusted;
            if (!is_by_loss || (!is_own_lost && !is_chain_lost)) is_inner_refused = true;
        }
        if (!outer_says[i] && !inner_says[i] && (is_rejected || refused(outer_says[i])))
            is_refused = true;
    }
    const bool holds = env.proxy.inner_refused == is_inner_refused &&
                       env.proxy.refused() == (is_refused || is_inner_refused) &&
                       !(env.proxy.complete() && env.proxy.refused());
    if (holds && !is_applied_first) return Verdict::nothing_to_see;
    return verdict(holds);
}

using Property = Verdict (*)(const Request&, Choices&);
inline constexpr Property all[] = {nothing_right_of_a_line_is_read,
                                   a_count_of_zero_has_no_effect,
                                   seven_bytes_left_of_the_chosen_value_are_loaded,
                                   a_wide_value_is_not_read_through,
                                   adding_on_the_left_changes_nothing,
                                   nothing_left_of_what_is_read_matters,
                                   headers_are_independent,
                                   splitting_lines_changes_nothing,
                                   blanks_around_values_change_nothing,
                                   wrapped_twice_is_wrapped_once,
                                   a_failed_allocation_changes_nothing,
                                   a_decision_allocates_nothing,
                                   what_is_written_is_of_the_grammar,
                                   counts_of_zero_change_nothing,
                                   the_handler_is_called_once,
                                   what_is_refused_changes_nothing,
                                   all_is_as_the_naive_implementation_has_it,
                                   fewer_networks_select_no_client_further_left,
                                   fewer_networks_trust_no_more,
                                   networks_of_everything_are_counts_alone,
                                   a_walk_reads_sixteen_lines,
                                   other_headers_are_as_the_naive_implementation_has_them,
                                   a_trusted_value_never_comes_from_the_left,
                                   networks_survive_their_text,
                                   a_trust_survives_its_text,
                                   a_fault_is_one_that_is_documented,
                                   an_inner_rejection_counts};

}  // namespace properties
