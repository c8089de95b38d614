// SPDX-License-Identifier: MIT
/// \file
/// Times what cpp-httplib 0.53 does for `Server::set_trusted_proxies`, with the requests that it
/// makes; and this library with the same requests: the decision (resolve), and the whole, for which
/// it fills an `Environ` (ProxyFix).
#include <benchmark/benchmark.h>
#include <httplib.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "cases.hpp"
#include "proxyfix/adapters/httplib.hpp"
#include "timed.hpp"

namespace {

using httplib::Request;
using peers::Case;
using proxyfix::Environ, proxyfix::EnvironOf, proxyfix::Policy, proxyfix::Resolution;

/// As literal addresses: of networks it knows nothing.
const std::vector<std::string> proxies{"10.0.0.2", "10.0.0.3"};

/// The calls that `Server::process_request` makes for it, in the midst of others. It finds the
/// peer's address outside of the request.
void set_client(Request& request, const std::string& peer) {
    if (std::find(proxies.begin(), proxies.end(), peer) != proxies.end() &&
        request.has_header("X-Forwarded-For")) {
        const std::string client =
            httplib::get_client_ip(request.get_header_value("X-Forwarded-For"), proxies);
        request.remote_addr = client.empty() ? peer : client;
    } else {
        request.remote_addr = peer;
    }
}

/// What is timed, called through pointers that the compiler does not know.
void (*volatile own)(Request&, const std::string&) = set_client;
using OfRequest = EnvironOf<const Request&>;
Resolution (*volatile resolve)(const OfRequest&, const Policy&) =
    [](const OfRequest& env, const Policy& policy) { return proxyfix::resolve(env, policy); };
std::size_t (*volatile handle)(const Request&) = [](const Request& request) {
    return request.remote_addr.size();
};
const auto handler = [](const Environ& env, const Request& request) {
    return env.remote_addr.size() + handle(request);
};
auto wrap(const Case& one) {
    return proxyfix::proxy_fix_for<const Request&>(one.workload.trust) | handler;
}
using Wrapped = decltype(wrap(std::declval<Case>()));
std::size_t (*volatile call)(const Wrapped&, const Request&) =
    [](const Wrapped& wrapped, const Request& request) { return wrapped(request); };

/// As its server makes them, but for what is not looked at here.
std::vector<Request> requests_of(const Case& one) {
    std::vector<Request> requests;
    for (const Environ& env : one.workload.requests) {
        Request& request = requests.emplace_back();
        request.method = "GET";
        request.path = request.target = env.path_info;
        request.remote_addr = env.remote_addr;
        request.remote_port = env.remote_port;
        request.local_addr = "10.0.0.1";
        request.local_port = env.server_port;
        for (const auto& [name, value] : env.headers) request.headers.emplace(name, value);
    }
    return requests;
}

/// It must find the same clients as this library, and this library with its requests as well.
void check(const Case& one) {
    const Policy policy(one.workload.trust);
    const auto expect = [&one](bool is_same) {
        if (is_same) return;
        std::fprintf(stderr, "%s: another client is found\n", one.workload.name.c_str());
        std::exit(1);
    };
    const std::vector<Request> requests = requests_of(one);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto client = proxyfix::resolve(one.workload.requests[i], policy).client;
        const OfRequest env(requests[i]);
        expect(proxyfix::resolve(env, policy).client == client);
        if (one.workload.trust.x_for == proxyfix::all_hops || !client) continue;
        Request request = requests[i];
        set_client(request, requests[i].remote_addr);
        expect(request.remote_addr == to_string(client->address));
    }
}

void time_empty(benchmark::State& state, const Case& one) {
    peers::measure(state, requests_of(one), peers::keep,
                   [](const Request& request) { handle(request); });
}

void time_own(benchmark::State& state, const Case& one) {
    const std::string peer = one.workload.requests.front().remote_addr;
    std::vector<Request> requests = requests_of(one);
    const auto renew = [](Request& request) { request.remote_addr = std::string(); };
    for (Request& request : requests) renew(request);
    peers::measure(state, std::move(requests), renew,
                   [&peer](Request& request) { own(request, peer); });
}

void time_resolve(benchmark::State& state, const Case& one) {
    const Policy policy(one.workload.trust);
    const std::vector<Request> requests = requests_of(one);
    const std::vector<OfRequest> made(requests.begin(), requests.end());
    peers::measure(state, made, peers::keep, [&policy](const OfRequest& env) {
        [[maybe_unused]] const Resolution resolution = resolve(env, policy);
    });
}

void time_whole(benchmark::State& state, const Case& one) {
    const Wrapped wrapped = wrap(one);
    peers::measure(state, requests_of(one), peers::keep,
                   [&wrapped](const Request& request) { call(wrapped, request); });
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<Case> cases = peers::cases();
    for (const Case& one : cases) {
        check(one);
        peers::add("empty", one, time_empty);
        if (one.workload.trust.x_for != proxyfix::all_hops) peers::add("own", one, time_own);
        peers::add("resolve", one, time_resolve);
        peers::add("ProxyFix", one, time_whole);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
