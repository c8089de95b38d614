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
        trust.x_host = 1;
        trust.forwarded = true;
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
        const Trust one{.x_host = 1, .forwarded = true};
        seeds.add(
            FuzzedRequest::bytes_of(one, true, "10.0.0.2", {{"Forwarded", std::string(element)}}));
        const Trust of_two{.x_for = 2, .x_host = 1, .forwarded = true};
        seeds.add(
            FuzzedRequest::bytes_of(of_two, false, "10.0.0.2",
                                    {{"Forwarded", "for=203.0.113.7, " + std::string(element)}}));
    }
    const Trust named{
        .x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1, .names = other_names};
    seeds.add(FuzzedRequest::bytes_of(named, true, "10.0.0.2",
                                      {{"X-Original-Forwarded-For", "fe80::1%eth0"},
                                       {"X-Forwarded-Ssl", "on"},
                                       {"X-Original-Host", "shop.example"},
                                       {"X-Public-Port", "8443"},
                                       {"X-Script-Name", "/app"},
                                       {"X-Forwarded-Proto", "http"}}));
    const Trust single{.client_header = "X-Real-IP", .client_has_port = true};
    seeds.add(FuzzedRequest::bytes_of(
        single, true, "10.0.0.2",
        {{"X-Real-IP", "2001:db8:f:abcd::9:9985"}, {"X-Request-ID", "a, b"}}));
    // Walks along as many lines as are kept, and along one more.
    for (const std::size_t count : {16u, 17u}) {
        const Trust by_x_for{.x_for = all_hops},
            by_forwarded{.x_for = all_hops, .x_proto = all_hops, .forwarded = true};
        seeds.add(FuzzedRequest::bytes_of(by_x_for, true, "10.0.0.2",
                                          {count, {"X-Forwarded-For", "10.0.0.9"}}));
        seeds.add(FuzzedRequest::bytes_of(by_forwarded, true, "10.0.0.2",
                                          {count, {"Forwarded", "for=10.0.0.9"}}));
    }
}

void add_trusts(Seeds& seeds) {
    for (const Capture& capture : captures) seeds.add(to_string(capture.trust));
    for (const std::string_view text :
         {"x_for=2; x_proto=1; proxies=10.0.0.2, loopback; allowed_hosts=shop.example, "
          "*.shop.example",
          "x_for=all; x_proto=all; x_host=16; forwarded=yes; proxies=10.0.0.0/8 fd00::/8 unix:",
          "x_proto=1\nnames.x_proto=X-Forwarded-Ssl\r\nstrip=untrusted\n",
          "client_header=CloudFront-Viewer-Address; client_has_port=yes; x_proto=1",
          " x_for = 1 ;; proxies = any ; allowed_hosts=*; forwarded=no; strip=keep",
          "proxies=; allowed_hosts=", "x_for=1; x_for=1", "x_for=01", "x_four=1", "client_header=",
          "proxies=10.0.0.2/255.255.255.192", "proxies=255.255.255.255, ::1:0:0:0/96, shared",
          "x_port=1; names.x_port=X-Public-Port; x_prefix=1; names.x_prefix=X-Script-Name"}) {
        seeds.add(std::string(text));
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
    if (target == "trust_text") add_trusts(seeds);
    if (target == "properties") {
        std::mt19937 numbers(1);
        for (int i = 0; i < 50; ++i) seeds.add(random_bytes(numbers, 200));
    }
    if (seeds.count == 0) std::cerr << "there are no seeds for " << target << '\n';
    return seeds.count == 0 ? 1 : 0;
}
