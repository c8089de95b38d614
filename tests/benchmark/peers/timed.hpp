// SPDX-License-Identifier: MIT
/// \file
/// How the peers in C++ are timed.
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

#include "cases.hpp"

namespace peers {

inline const auto keep = [](auto&) {};  ///< Renews a request that nothing changes.

/// Times `run(request)` for all requests of a case, again and again. Each time they are made what
/// they were, by `renew(request)`.
template <class Request, class Renew, class Run>
void measure(benchmark::State& state, std::vector<Request> requests, Renew renew, Run run) {
    using Clock = std::chrono::steady_clock;
    for ([[maybe_unused]] auto _ : state) {
        const auto start = Clock::now();
        for (Request& request : requests) run(request);
        const std::chrono::duration<double> time = Clock::now() - start;
        state.SetIterationTime(time.count());
        for (Request& request : requests) renew(request);
    }
    state.counters["requests"] = static_cast<double>(requests.size());
}

/// Registers `time(state, one)` under the name of what it times.
template <class Time> void add(const std::string& what, const Case& one, Time time) {
    const std::string name = what + ": " + one.workload.name;
    benchmark::RegisterBenchmark(name.c_str(), [&one, time](benchmark::State& state) {
        time(state, one);
    })->UseManualTime();
}

}  // namespace peers
