// SPDX-License-Identifier: MIT
/// \file
/// How a case is measured: on batches of requests that are made fresh outside of the timed part.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../allocation.hpp"
#include "proxyfix/request/environ.hpp"
#include "workloads.hpp"

namespace measured {

using proxyfix::Environ, proxyfix::Header;
using workload::Workload;

/// So many requests are timed at once. What is read of them fits into the cache next to the
/// processor, where a server would have it: more of them, and the passes over names double.
inline constexpr std::size_t batch_size = 16;

/// How many different requests there are, each with an order of headers of its own. A branch
/// predictor learns the orders of 64 by heart, but not those of 2048.
struct Regime {
    std::string_view name;
    std::size_t variants;
};
inline constexpr Regime hot{"one hot request", 1}, variants{"64 variants", 64},
    thousands{"2048 variants", 2048};
static_assert(variants.variants % batch_size == 0 && thousands.variants % batch_size == 0);

/// The baselines.
inline constexpr std::string_view empty_handler = "empty handler", names = "name.size() pass",
                                  naive = "naive port";

/// Makes a workload with so many requests.
using Make = std::function<Workload(std::size_t)>;

/// The workload of a regime. It has at least a batch of requests: copies, if it is of one.
inline Workload make(const Make& make, const Regime& regime) {
    Workload result = make(regime.variants);
    while (result.requests.size() < batch_size) result.requests.push_back(result.requests.front());
    return result;
}

/// Reads where the texts of all header lines start and end, as if a server had just written them.
void touch(const auto& headers) {
    int sum = 0;
    for (const auto& [name, value] : headers) {
        sum += *name.data() + *value.data() + value.data()[value.size()];
    }
    benchmark::DoNotOptimize(sum);
}

/// Allocations for each of these requests. Also finds what is only found once, as symbols are.
template <class Request>
double allocations(std::span<Request> requests, const auto& renew, const auto& run) {
    std::size_t count = 0;
    for (Request& request : requests) {
        renew(request);
        const std::size_t before = allocation_count();
        run(request);
        count += allocation_count() - before;
    }
    return static_cast<double>(count) / static_cast<double>(requests.size());
}

/// The mean of the middle half. It leaves out what other processes interrupted, and is finer than
/// the clock.
inline double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto quarter = static_cast<std::ptrdiff_t>(values.size() / 4);
    const auto first = values.begin() + quarter, last = values.end() - quarter;
    return std::accumulate(first, last, 0.0) / static_cast<double>(last - first);
}

/// Times `run(request)` for batches of requests, after `renew(request)` for each of them. Reports
/// what a usual batch takes.
template <class Request>
void measure(benchmark::State& state, std::span<Request> requests, const auto& renew,
             const auto& run) {
    using Clock = std::chrono::steady_clock;
    state.counters["allocations"] = allocations(requests, renew, run);
    std::vector<double> times;
    std::size_t first = 0;
    while (state.KeepRunningBatch(batch_size)) {
        const std::span<Request> batch = requests.subspan(first, batch_size);
        for (Request& request : batch) renew(request);
        const auto start = Clock::now();
        for (Request& request : batch) run(request);
        const std::chrono::duration<double> time = Clock::now() - start;
        times.push_back(time.count());
        first = (first + batch_size) % requests.size();
    }
    state.SetIterationTime(middle(times) * static_cast<double>(times.size()));
}

/// Registers a case: `run` of all these requests. The table has its name in three columns.
template <class Request>
void add(const std::string& workload, const Regime& regime, std::string_view subject,
         std::shared_ptr<std::vector<Request>> requests, auto renew, auto run) {
    const std::string name = workload + '/' + std::string(regime.name) + '/' + std::string(subject);
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        measure<Request>(state, *requests, renew, run);
    })->UseManualTime();
}

}  // namespace measured
