// SPDX-License-Identifier: MIT
/// \file
/// Times this library with each case: the decision (resolve), the whole (ProxyFix), and what an
/// empty handler takes (empty).
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cases.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"

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

/// Times `run(request)` for all requests of a case, again and again.
template <class Run>
void measure(benchmark::State& state, std::vector<Environ> requests, bool rewrites, Run run) {
    using Clock = std::chrono::steady_clock;
    Environ without_lines = requests.front();
    without_lines.headers.clear();
    for ([[maybe_unused]] auto _ : state) {
        const auto start = Clock::now();
        for (Environ& env : requests) run(env);
        const std::chrono::duration<double> time = Clock::now() - start;
        state.SetIterationTime(time.count());
        for (Environ& env : requests) {
            if (rewrites) renew(env, without_lines);
        }
    }
    state.counters["requests"] = static_cast<double>(requests.size());
}

void time_empty(benchmark::State& state, const Case& one) {
    measure(state, one.workload.requests, false, [](Environ& env) { handle(env); });
}

void time_resolve(benchmark::State& state, const Case& one) {
    const Policy policy(one.workload.trust);
    measure(state, one.workload.requests, false, [&policy](const Environ& env) {
        [[maybe_unused]] const Resolution resolution = resolve(env, policy);
    });
}

void time_whole(benchmark::State& state, const Case& one) {
    const Wrapped wrapped{handler, one.workload.trust};
    measure(state, one.workload.requests, true, [&wrapped](Environ& env) { call(wrapped, env); });
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<Case> cases = peers::cases();
    for (const Case& one : cases) {
        const auto add = [&one](const std::string& what, auto run) {
            const std::string name = what + ": " + one.workload.name;
            benchmark::RegisterBenchmark(name.c_str(), [&one, run](benchmark::State& state) {
                run(state, one);
            })->UseManualTime();
        };
        add("empty", time_empty);
        add("resolve", time_resolve);
        add("ProxyFix", time_whole);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
