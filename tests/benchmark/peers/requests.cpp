// SPDX-License-Identifier: MIT
/// \file
/// Writes the cases for the peers, as a JSON object on a line for each: the counts (null: the hops
/// are walked), the networks of the proxies, and the requests, each with the client's address as
/// this library finds it (null: it stays the peer's).
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases.hpp"
#include "proxyfix/resolve.hpp"

namespace {

using proxyfix::Environ, proxyfix::Policy, proxyfix::Trust;

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

/// `values`, each written by `write`, with commas between them, in brackets.
template <class Range, class Write> void write_array(const Range& values, Write write) {
    const char* before = "[";
    for (const auto& value : values) {
        std::cout << std::exchange(before, ", ");
        write(value);
    }
    std::cout << (*before == '[' ? "[]" : "]");
}

void write_counts(const Trust& trust) {
    if (trust.x_for == proxyfix::all_hops) {
        std::cout << "null";
        return;
    }
    std::cout << "{\"x_for\": " << trust.x_for << ", \"x_proto\": " << trust.x_proto
              << ", \"x_host\": " << trust.x_host << ", \"x_port\": " << trust.x_port
              << ", \"x_prefix\": " << trust.x_prefix << '}';
}

void write_request(const Environ& env, const Policy& policy) {
    const auto client = proxyfix::resolve(env, policy).client;
    std::cout << "{\"client\": " << (client ? in_quotes(to_string(client->address)) : "null")
              << ", \"peer\": " << in_quotes(env.remote_addr) << ", \"headers\": ";
    write_array(env.headers, [](const proxyfix::Header& line) {
        std::cout << '[' << in_quotes(line.name) << ", " << in_quotes(line.value) << ']';
    });
    std::cout << '}';
}

/// The networks of a case. The proxies' own are in the middle: peers go through the list from its
/// start, and neither the best nor the worst place would tell what they need.
std::vector<std::string> networks_of(const peers::Case& one) {
    std::istringstream text(workload::network_text(one.networks));
    std::vector<std::string> networks(std::istream_iterator<std::string>(text), {});
    const auto before = static_cast<std::ptrdiff_t>(networks.size() / 2 - 1);
    std::rotate(networks.begin(), networks.end() - before, networks.end());
    return networks;
}

void write_case(const peers::Case& one) {
    const workload::Workload& workload = one.workload;
    std::cout << "{\"name\": " << in_quotes(workload.name) << ", \"length\": " << one.length
              << ", \"counts\": ";
    write_counts(workload.trust);
    std::cout << ", \"networks\": ";
    write_array(networks_of(one),
                [](const std::string& network) { std::cout << in_quotes(network); });
    std::cout << ", \"requests\": ";
    const Policy policy(workload.trust);
    write_array(workload.requests, [&policy](const Environ& env) { write_request(env, policy); });
    std::cout << "}\n";
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (const peers::Case& one : peers::cases()) {
        if (const std::string text = workload::fault(one.workload); !text.empty()) {
            std::cerr << text << '\n';
            return 1;
        }
        write_case(one);
    }
}
