// SPDX-License-Identifier: MIT
// Why is my client's address wrong? Reads the head of a request as the application received it and
// explains what ProxyFix makes of it. Exit status: 0 nothing was rejected, 1 something was, 2
// usage.
//
//     c++ -std=c++20 -Iinclude examples/inspect.cpp -o inspect
//     ./inspect --peer 10.0.0.2 --x-for 1 --x-proto 1 request.txt
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <proxyfix/explain.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "decision_json.hpp"
#include "request_head.hpp"
#include "trust_options.hpp"

using proxyfix::Environ;

constexpr std::string_view usage =
    "usage: inspect [OPTION...] [FILE]\n"
    "Explains the head of a request, read from FILE or standard input. It may be header lines\n"
    "alone, and end its lines in LF.\n"
    "  --peer ADDRESS        who connected to the application; 127.0.0.1 unless given\n"
    "  --json                the decision for programs\n";

struct Options {
    std::string_view peer = "127.0.0.1";
    std::optional<std::string_view> file;
    bool json = false;
    proxyfix::Trust trust = no_trust;
};

// The options; or nothing, after a message that names the text which is wrong.
std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    TrustOptions trust_options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--json") {
            options.json = true;
        } else if (!option.starts_with("--")) {
            if (options.file) std::cerr << "a second file: " << option << '\n';
            if (options.file) return std::nullopt;
            options.file = option;
        } else if (option == "--peer") {
            const auto peer = take_value(argc, argv, i);
            if (!peer) return std::nullopt;
            if (!is_peer(*peer)) std::cerr << "--peer: not an address: " << *peer << '\n';
            if (!is_peer(*peer)) return std::nullopt;
            options.peer = *peer;
        } else if (!trust_options.take(argc, argv, i)) {
            return std::nullopt;
        }
    }
    const auto trust = trust_options.trust();
    if (!trust) return std::nullopt;
    options.trust = *trust;
    return options;
}

bool has_count(const proxyfix::Trust& trust) {
    return trust.x_for || trust.x_proto || trust.x_host || trust.x_port || trust.x_prefix ||
           !trust.client_header.empty();
}

// All lines.
std::string read_text(std::istream& in) {
    std::string text;
    for (std::string line; std::getline(in, line);) text += line + '\n';
    return text;
}

void print_coloured(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const bool refused = line.find("unchanged: ") != line.npos &&
                             !line.ends_with("not_configured") && !line.ends_with("absent");
        const char* colour = refused ? "\x1b[31m" : line.starts_with("=>") ? "\x1b[32m" : "";
        std::cout << colour << line << (*colour ? "\x1b[0m" : "") << '\n';
    }
}

bool prints_to_terminal() {
#ifdef _WIN32
    return _isatty(_fileno(stdout)) != 0;
#else
    return isatty(STDOUT_FILENO) != 0;
#endif
}

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--help") {
        std::cout << usage << trust_usage;
        return 0;
    }
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::cerr << "usage: inspect [OPTION...] [FILE]; --help lists the options\n";
        return 2;
    }
    std::ifstream file;
    if (options->file) file.open(std::string(*options->file));
    std::istream& in = options->file ? file : std::cin;
    const std::string head = complete_head(read_text(in));
    if (!in.eof() && !in.good()) {
        std::cerr << "cannot read " << options->file.value_or("standard input") << '\n';
        return 2;
    }
    Environ env{.remote_addr = std::string(options->peer)};
    const auto fault = read_request_head(head, env);
    if (!fault.empty()) {
        std::cerr << "not the head of a request: " << fault << '\n';
        return 2;
    }
    const proxyfix::Resolution resolution = resolve(env, proxyfix::Policy(options->trust));
    const bool coloured = prints_to_terminal() && !std::getenv("NO_COLOR");
    if (options->json) std::cout << decision_json(resolution) << '\n';
    else if (coloured) print_coloured(explain(env, options->trust));
    else std::cout << explain(env, options->trust);
    if (!options->json && !has_count(options->trust)) {
        std::cout << "No header has a count: try --x-for 1.\n";
    }
    return resolution.refused() ? 1 : 0;
}
