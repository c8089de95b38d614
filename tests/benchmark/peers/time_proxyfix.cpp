// SPDX-License-Identifier: MIT
/// \file
/// Times this library with each case: the decision (resolve), the whole (ProxyFix), and what an
/// empty handler takes (empty).
#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "cases.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"
#include "timed.hpp"

namespace {

using peers::Case;
using proxyfix::Environ, proxyfix::Header, proxyfix::Policy, proxyfix::Resolution;

/// What is timed, called through pointers that the compiler does not know.
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

/// Makes a request what it was before it was rewritten. Its header lines never are.
void renew(Environ& env, const Environ& without_lines) {
    std::vector<Header> lines = std::move(env.headers);
    std::destroy_at(&env);  // strings that are assigned to would keep their memory
    std::construct_at(&env, without_lines)->headers = std::move(lines);
}

void time_empty(benchmark::State& state, const Case& one) {
    peers::measure(state, one.workload.requests, peers::keep, [](Environ& env) { handle(env); });
}

void time_resolve(benchmark::State& state, const Case& one) {
    const Policy policy(one.workload.trust);
    peers::measure(state, one.workload.requests, peers::keep, [&policy](const Environ& env) {
        [[maybe_unused]] const Resolution resolution = resolve(env, policy);
    });
}

void time_whole(benchmark::State& state, const Case& one) {
    const Wrapped wrapped{handler, one.workload.trust};
    Environ without_lines = one.workload.requests.front();
    without_lines.headers.clear();
    peers::measure(
        state, one.workload.requests, [&without_lines](Environ& env) { renew(env, without_lines); },
        [&wrapped](Environ& env) { call(wrapped, env); });
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<Case> cases = peers::cases();
    for (const Case& one : cases) {
        peers::add("empty", one, time_empty);
        peers::add("resolve", one, time_resolve);
        peers::add("ProxyFix", one, time_whole);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
