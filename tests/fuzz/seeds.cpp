// SPDX-License-Identifier: MIT
// usage: seeds DIRECTORY TARGET
// Writes the first inputs of a fuzzer into a directory: what real proxies sent, and known attacks.
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "../attack_cases.hpp"
#include "../captures.hpp"
#include "request.hpp"

namespace {

std::filesystem::path directory;
int written = 0;

void write(const std::string& bytes) {
    std::ofstream(directory / std::to_string(written++), std::ios::binary) << bytes;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> endings) {
    for (const std::string_view ending : endings) {
        if (naive::in_lower_case(std::string(name)).ends_with(ending)) return true;
    }
    return false;
}

/// The values of headers that a parser is for.
void write_values(std::initializer_list<std::string_view> endings) {
    for (const Capture& capture : captures) {
        for (const auto& [name, value] : capture.headers) {
            if (is_one_of(name, endings)) write(value);
        }
    }
    for (const AttackCase& attack : attack_cases) {
        if (is_one_of(attack.header, endings)) write(std::string(attack.lines[0]));
    }
}

void write_requests() {
    for (const Capture& capture : captures) {
        const bool has_list = !capture.proxies.empty();
        write(FuzzedRequest::bytes_of(capture.trust, has_list, capture.peer, capture.headers));
        Trust trust = capture.trust;
        trust.forwarded = 1;
        write(FuzzedRequest::bytes_of(trust, false, capture.peer, capture.headers));
    }
    for (const AttackCase& attack : attack_cases) {
        const Trust two{.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 2, .x_prefix = 2};
        std::vector<proxyfix::Header> headers;
        for (std::size_t i = 0; i < attack.line_count; ++i)
            headers.push_back({std::string(attack.header), std::string(attack.lines[i])});
        write(FuzzedRequest::bytes_of(two, false, "10.0.0.2", headers));
    }
    for (const std::string_view element : elements) {
        write(FuzzedRequest::bytes_of({.forwarded = 1}, true, "10.0.0.2",
                                      {{"Forwarded", std::string(element)}}));
    }
}

void write_heads() {
    for (const Capture& capture : captures) {
        std::string head = "GET /path?query HTTP/1.0\r\n";
        for (const auto& [name, value] : capture.headers) head += name + ": " + value + "\r\n";
        write(head + "\r\n");
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    directory = argv[1];
    const std::string_view target = argv[2];
    std::filesystem::create_directories(directory);
    if (target == "address") write_values({"-for"});
    if (target == "authority") write_values({"-host", "host"});
    if (target == "prefix") write_values({"-prefix", "-proto", "-port"});
    if (target == "forwarded") {
        for (const std::string_view element : elements) write(std::string(element));
        for (const std::string_view element : faulty_elements) write(std::string(element));
        write_values({"forwarded"});
    }
    if (target == "resolve" || target == "explain") write_requests();
    if (target == "request_head") write_heads();
    if (target == "properties") {
        std::mt19937 numbers(1);
        for (int i = 0; i < 50; ++i) write(random_bytes(numbers, 200));
    }
    if (written == 0) std::cerr << "there are no seeds for " << target << '\n';
    return written == 0 ? 1 : 0;
}
