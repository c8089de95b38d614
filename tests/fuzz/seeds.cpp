// SPDX-License-Identifier: MIT
// usage: seeds DIRECTORY TARGET
// Writes the first inputs of a fuzzer into a directory: what real proxies sent, and known attacks.
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../attack_cases.hpp"
#include "../captures.hpp"
#include "request.hpp"

namespace {

/// Writes inputs into files with a number for a name.
struct Seeds {
    std::filesystem::path directory;
    int count = 0;

    void add(const std::string& bytes) {
        std::ofstream(directory / std::to_string(count++), std::ios::binary) << bytes;
    }
};

bool ends_with_one_of(std::string_view name, std::initializer_list<std::string_view> endings) {
    for (const std::string_view ending : endings) {
        if (naive::in_lower_case(std::string(name)).ends_with(ending)) return true;
    }
    return false;
}

/// The values of headers that a parser is for.
void add_values(Seeds& seeds, std::initializer_list<std::string_view> endings) {
    for (const Capture& capture : captures) {
        for (const auto& [name, value] : capture.headers) {
            if (ends_with_one_of(name, endings)) seeds.add(value);
        }
    }
    for (const AttackCase& attack : attack_cases) {
        if (ends_with_one_of(attack.header, endings)) seeds.add(std::string(attack.lines[0]));
    }
}

void add_requests(Seeds& seeds) {
    for (const Capture& capture : captures) {
        const bool has_list = !capture.proxies.empty();
        seeds.add(FuzzedRequest::bytes_of(capture.trust, has_list, capture.peer, capture.headers));
        Trust trust = capture.trust;
        trust.forwarded = 1;
        seeds.add(FuzzedRequest::bytes_of(trust, false, capture.peer, capture.headers));
    }
    for (const AttackCase& attack : attack_cases) {
        const Trust two{.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 2, .x_prefix = 2};
        std::vector<proxyfix::Header> headers;
        for (std::size_t i = 0; i < attack.line_count; ++i)
            headers.push_back({std::string(attack.header), std::string(attack.lines[i])});
        seeds.add(FuzzedRequest::bytes_of(two, false, "10.0.0.2", headers));
    }
    for (const std::string_view element : elements) {
        seeds.add(FuzzedRequest::bytes_of({.forwarded = 1}, true, "10.0.0.2",
                                          {{"Forwarded", std::string(element)}}));
    }
    // Walks along as many lines as are kept, and along one more.
    for (const std::size_t count : {16u, 17u}) {
        const Trust by_x_for{.x_for = all_hops}, by_forwarded{.forwarded = all_hops};
        seeds.add(FuzzedRequest::bytes_of(by_x_for, true, "10.0.0.2",
                                          {count, {"X-Forwarded-For", "10.0.0.9"}}));
        seeds.add(FuzzedRequest::bytes_of(by_forwarded, true, "10.0.0.2",
                                          {count, {"Forwarded", "for=10.0.0.9"}}));
    }
}

void add_heads(Seeds& seeds) {
    for (const Capture& capture : captures) {
        std::string head = "GET /path?query HTTP/1.0\r\n";
        for (const auto& [name, value] : capture.headers) head += name + ": " + value + "\r\n";
        seeds.add(head + "\r\n");
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    Seeds seeds{argv[1]};
    const std::string_view target = argv[2];
    std::filesystem::create_directories(seeds.directory);
    if (target == "address") add_values(seeds, {"-for"});
    if (target == "authority") add_values(seeds, {"host"});
    if (target == "prefix") add_values(seeds, {"-prefix", "-proto", "-port"});
    if (target == "forwarded") {
        for (const std::string_view element : elements) seeds.add(std::string(element));
        for (const std::string_view element : faulty_elements) seeds.add(std::string(element));
        add_values(seeds, {"forwarded"});
    }
    if (target == "resolve" || target == "explain") add_requests(seeds);
    if (target == "request_head") add_heads(seeds);
    if (target == "properties") {
        std::mt19937 numbers(1);
        for (int i = 0; i < 50; ++i) seeds.add(random_bytes(numbers, 200));
    }
    if (seeds.count == 0) std::cerr << "there are no seeds for " << target << '\n';
    return seeds.count == 0 ? 1 : 0;
}
