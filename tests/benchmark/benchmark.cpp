// SPDX-License-Identifier: MIT
/// \file
/// Times decisions and whole rewrites, and compares them in one table to three baselines.
///
///     benchmark [--tsv] [--benchmark_filter=REGEX] [--benchmark_out=FILE.json] ...
///
/// `--tsv` prints tabs between the cells of the table; all other options are Google Benchmark's.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../environ_helpers.hpp"
#include "measure.hpp"
#include "naive_port.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"
#include "table.hpp"
#include "workloads.hpp"

namespace {

using measured::Regime, measured::Make;
using proxyfix::Environ, proxyfix::Header, proxyfix::Policy, proxyfix::Resolution, proxyfix::Trust;
using workload::Workload;

/// The functions that are measured, called through pointers that the compiler does not know.
using Handle = std::size_t (*)(Environ&);
Handle volatile handle = [](Environ& env) { return env.remote_addr.size(); };
Handle volatile pass_names = [](Environ& env) {
    std::size_t sum = 0;
    for (const Header& line : env.headers) sum += line.name.size();
    return sum;
};
using Port = std::size_t (*)(Environ&, const Trust&);
Port volatile port = [](Environ& env, const Trust& trust) {
    naive_port::rewrite(env, trust);
    return handle(env);
};
using Resolve = Resolution (*)(const Environ&, const Policy&);
Resolve volatile resolve = [](const Environ& env, const Policy& policy) {
    return proxyfix::resolve(env, policy);
};
const auto handler = [](Environ& env) { return handle(env); };
using Wrapped = proxyfix::ProxyFix<decltype(handler)>;
using Call = std::size_t (*)(const Wrapped&, Environ&);
Call volatile call = [](const Wrapped& wrapped, Environ& env) { return wrapped(env); };

/// Makes a request what it was before it was rewritten. Its header lines never are.
class Renew {
  public:
    explicit Renew(Environ any) : without_lines_(std::move(any)) { without_lines_.headers.clear(); }

    void operator()(Environ& env) const {
        std::vector<Header> lines = std::move(env.headers);
        std::destroy_at(&env);  // strings that are assigned to would keep their memory
        std::construct_at(&env, without_lines_)->headers = std::move(lines);
        measured::touch(env.headers);
    }

  private:
    Environ without_lines_;
};

/// Registers the cases of one workload in one regime. The naive port cannot count hops by networks.
void add_cases(const Make& make, const Regime& regime) {
    const Workload workload = measured::make(make, regime);
    const Trust& trust = workload.trust;
    const auto requests = std::make_shared<std::vector<Environ>>(workload.requests);
    const auto add = [&, renew = Renew(workload.requests.front())](std::string_view subject,
                                                                   auto run) {
        measured::add(workload.name, regime, subject, requests, renew, run);
    };
    add(measured::empty_handler, [](Environ& env) { handle(env); });
    add(measured::names, [](Environ& env) { pass_names(env); });
    if (trust.x_for != proxyfix::all_hops) {
        add(measured::naive, [trust](Environ& env) { port(env, trust); });
    }
    add("resolve", [policy = Policy(trust)](Environ& env) {
        [[maybe_unused]] const Resolution resolution = resolve(env, policy);
    });
    add("ProxyFix", [wrapped = Wrapped(handler, trust)](Environ& env) { call(wrapped, env); });
}

std::vector<Make> workloads() {
    std::vector<Make> makes{workload::typical, workload::typical_v6, workload::chain};
    for (const workload::Filler filler : workload::fillers) {
        for (const std::size_t size : {8u * 1024, 64u * 1024}) {
            makes.push_back([=](std::size_t n) { return workload::hostile(n, filler, size); });
        }
    }
    makes.push_back(workload::direct);
    for (const std::size_t networks : {10u, 200u}) {
        makes.push_back([=](std::size_t n) { return workload::walk(n, networks); });
    }
    return makes;
}

[[maybe_unused]] const bool added = [] {
    for (const Make& make : workloads()) {
        add_cases(make, measured::hot);
        add_cases(make, measured::variants);
    }
    add_cases(workload::typical, measured::thousands);
    add_cases(workload::direct, measured::thousands);
    return true;
}();

/// Does the naive port make the same of these requests as `ProxyFix`? Else its time says nothing.
bool port_agrees(const Workload& workload) {
    for (const Environ& request : workload.requests) {
        Environ ours = request, naive = request;
        call(Wrapped(handler, workload.trust), ours);
        port(naive, workload.trust);
        if (rewritten(ours) != rewritten(naive)) return false;
        if (rewritten(original(ours)) != rewritten(original(naive))) return false;
    }
    return true;
}

/// Does `resolve` allocate nothing for these requests?
bool allocates_nothing(const Workload& workload) {
    const Policy policy(workload.trust);
    const std::size_t before = allocation_count();
    for (const Environ& request : workload.requests) {
        [[maybe_unused]] const Resolution resolution = resolve(request, policy);
    }
    return allocation_count() == before;
}

/// What is wrong with the port or the library; empty if nothing is.
std::string fault() {
    for (const auto& make : {workload::typical, workload::typical_v6, workload::chain}) {
        const Workload workload = make(measured::thousands.variants);
        if (!port_agrees(workload)) return workload.name + ": the naive port differs from ProxyFix";
    }
    for (const Make& make : workloads()) {
        const Workload workload = make(measured::variants.variants);
        if (std::string text = workload::fault(workload); !text.empty()) return text;
        if (!allocates_nothing(workload)) return workload.name + ": resolve allocates";
    }
    return "";
}

/// Sets options of Google Benchmark. Those of the command line come after these, so they win. It
/// keeps views of the arguments.
void initialize(std::vector<std::string>& arguments) {
    const std::string defaults[] = {"--benchmark_enable_random_interleaving=true",
                                    "--benchmark_repetitions=25", "--benchmark_min_time=0.001"};
    arguments.insert(arguments.begin() + 1, std::begin(defaults), std::end(defaults));
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    int count = static_cast<int>(pointers.size());
    benchmark::Initialize(&count, pointers.data());
    if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> arguments(argv, argv + argc);
    const bool with_tabs = std::erase(arguments, "--tsv") != 0;
    initialize(arguments);
    if (const std::string text = fault(); !text.empty()) {
        std::fprintf(stderr, "%s\n", text.c_str());
        return 1;
    }
    measured::Table table;
    if (benchmark::RunSpecifiedBenchmarks(&table) == 0) return 1;
    table.print(with_tabs);
}
