// SPDX-License-Identifier: MIT
/// \file
/// The cases of cpp-httplib, whose requests get an `Environ` beside them.
#include <benchmark/benchmark.h>
#include <httplib.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "measure.hpp"
#include "proxyfix/adapters/httplib.hpp"
#include "workloads.hpp"

namespace {

using httplib::Request;
using proxyfix::Environ, proxyfix::EnvironOf, proxyfix::Header;
using workload::Workload;

using Handle = std::size_t (*)(const Request&);
Handle volatile handle = [](const Request& request) { return request.remote_addr.size(); };
Handle volatile pass_names = [](const Request& request) {
    std::size_t sum = 0;
    for (const auto& [name, value] : request.headers) sum += name.size();
    return sum;
};
using HandleEnviron = std::size_t (*)(const Environ&);
HandleEnviron volatile handle_environ = [](const Environ& env) { return env.remote_addr.size(); };
Handle volatile fill = [](const Request& request) { return handle_environ(EnvironOf(request)); };
const auto handler = [](const Environ& env, const Request&) { return handle_environ(env); };

auto wrap(const proxyfix::Trust& trust) {
    return proxyfix::proxy_fix_for<const Request&>(trust) | handler;
}
using Wrapped = decltype(wrap({}));
using Call = std::size_t (*)(const Wrapped&, const Request&);
Call volatile call = [](const Wrapped& wrapped, const Request& request) {
    return wrapped(request);
};

Request request_of(const Environ& env) {
    Request request;
    request.method = env.request_method;
    request.path = request.target = env.path_info;
    request.remote_addr = env.remote_addr;
    request.remote_port = env.remote_port;
    request.local_addr = "10.0.0.1";
    request.local_port = env.server_port;
    for (const Header& line : env.headers) request.headers.emplace(line.name, line.value);
    return request;
}

void add_cases(const measured::Regime& regime) {
    const Workload workload = measured::make(workload::typical, regime);
    const auto requests = std::make_shared<std::vector<Request>>();
    const auto client = proxyfix::proxy_fix_for<const Request&>(workload.trust) |
                        [](const Environ& env, const Request&) { return env.remote_addr; };
    const proxyfix::Policy policy(workload.trust);
    for (const Environ& env : workload.requests) {
        requests->push_back(request_of(env));
        const auto expected = proxyfix::resolve(env, policy).client;
        if (!expected || client(requests->back()) != to_string(expected->address)) {
            std::fputs("cpp-httplib: another client is found\n", stderr);
            std::exit(1);
        }
    }
    const auto add = [&](std::string_view subject, auto run) {
        const auto renew = [](const Request& request) { measured::touch(request.headers); };
        measured::add(workload.name + ", httplib", regime, subject, requests, renew, run);
    };
    add(measured::empty_handler, [](const Request& request) { handle(request); });
    add(measured::names, [](const Request& request) { pass_names(request); });
    add("EnvironOf alone", [](const Request& request) { fill(request); });
    add("ProxyFix",
        [wrapped = wrap(workload.trust)](const Request& request) { call(wrapped, request); });
}

[[maybe_unused]] const bool added = [] {
    add_cases(measured::hot);
    add_cases(measured::variants);
    return true;
}();

}  // namespace
