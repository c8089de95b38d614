// SPDX-License-Identifier: MIT
/// \file
/// Runs each workload once under callgrind, and lets it dump the count of instructions after each.
/// Prints, for each dump, the name of its case and how many requests it is about.
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "proxyfix/net/host.hpp"
#include "proxyfix/net/network.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"
#include "workloads.hpp"

namespace {

using proxyfix::Environ, proxyfix::Policy, proxyfix::Resolution, proxyfix::Trust;
using workload::Workload;

constexpr std::size_t variants = 64;

/// Counts what `run(request)` needs for all of these requests.
template <class Run> void count(const std::string& name, std::vector<Environ> requests, Run run) {
    std::vector<Environ> warm_up = requests;  // the dynamic linker looks functions up only once
    for (Environ& env : warm_up) run(env);
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
    for (Environ& env : requests) run(env);
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    std::printf("%zu %s\n", requests.size(), name.c_str());
}

/// The functions that are measured, called through pointers that the compiler does not know.
using Resolve = Resolution (*)(const Environ&, const Policy&);
using Handle = std::size_t (*)(Environ&);
Resolve volatile resolve = [](const Environ& env, const Policy& policy) {
    return proxyfix::resolve(env, policy);
};
Handle volatile handle = [](Environ& env) { return env.remote_addr.size(); };
const auto handler = [](Environ& env) { return handle(env); };
using Wrapped = proxyfix::ProxyFix<decltype(handler)>;
using Call = std::size_t (*)(const Wrapped&, Environ&);
Call volatile call = [](const Wrapped& wrapped, Environ& env) { return wrapped(env); };

void count_resolve(const Workload& workload) {
    if (const std::string text = workload::fault(workload); !text.empty()) {
        std::fprintf(stderr, "%s\n", text.c_str());
        std::exit(1);
    }
    const Policy policy(workload.trust);
    count("resolve: " + workload.name, workload.requests, [&policy](const Environ& env) {
        [[maybe_unused]] const Resolution resolution = resolve(env, policy);
    });
}

void count_whole(const Workload& workload) {
    const Wrapped wrapped{handler, workload.trust};
    count("ProxyFix: " + workload.name, workload.requests,
          [&wrapped](Environ& env) { call(wrapped, env); });
}

/// Counts what it takes to read a list of so many words from a configuration.
template <class List>
void count_parse(const std::string& name, const std::string& first, const std::string& last,
                 std::size_t words) {
    using Parse = std::size_t (*)(const std::string&);
    static Parse volatile parse = [](const std::string& text) {
        return List::parse(text).has_value() ? text.size() : 0;
    };
    std::string text;
    for (std::size_t i = 0; i < words; ++i) {
        text += first + std::to_string(i / 200) + '.' + std::to_string(i % 200) + last;
    }
    if (parse(text) == 0) std::exit(1);
    count(name + ", " + std::to_string(words) + " words", std::vector<Environ>(1),
          [&text](Environ&) { parse(text); });
}

}  // namespace

int main() {
    count("empty handler", workload::typical(variants).requests, [](Environ& env) { handle(env); });
    for (const auto& make :
         {workload::typical, workload::typical_v6, workload::chain, workload::direct}) {
        count_resolve(make(variants));
        count_whole(make(variants));
    }
    for (const workload::Filler filler : workload::fillers) {
        for (const std::size_t kilobytes : {8u, 64u, 1024u}) {
            const Workload workload = workload::hostile(variants, filler, kilobytes * 1024);
            count_resolve(workload);
            count_whole(workload);
        }
    }
    for (const std::size_t lines : {100u, 1000u}) {
        count_resolve(workload::many_lines(variants, lines));
        count_whole(workload::many_lines(variants, lines));
    }
    for (const std::size_t networks : {10u, 200u}) {
        count_resolve(workload::walk(variants, networks));
        count_whole(workload::walk(variants, networks));
    }
    for (const std::size_t words : {1000u, 16000u}) {
        count_parse<proxyfix::Hosts>("Hosts::parse", "shop", ".example ", words);
        count_parse<proxyfix::Networks>("Networks::parse", "10.", ".0/31 ", words);
    }
}
