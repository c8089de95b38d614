// SPDX-License-Identifier: MIT
// usage: exhaustive [LENGTH [GRAMMAR]]
// Compares the parsers with naive ones on every row of up to LENGTH symbols, 8 unless given, of an
// alphabet of nine. A symbol is a byte, or a piece of text that leads to the limits of a grammar.
// Exit status: 0 no difference, 1 some, 2 usage.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "../naive/compare.hpp"

namespace {

using naive::Agreement;

struct Alphabet {
    const char* grammar;
    Agreement (*compare)(std::string_view);
    std::vector<std::string> symbols;
};

/// A letter for each symbol.
std::vector<std::string> each(const std::string& letters) {
    std::vector<std::string> symbols;
    for (const char c : letters) symbols.emplace_back(1, c);
    return symbols;
}

const std::string almost_a_label(61, 'a'), long_segment = '/' + std::string(1015, 'a');

const std::vector<Alphabet> alphabets = {
    {"address", naive::compare_address, each("0125.:fg ")},
    {"address",
     naive::compare_address,
     {"1:", ":", "::", "0", "0:", "ffff", "1.2.3.4", "256", "."}},
    {"endpoint",
     naive::compare_endpoint,
     {"[", "]", "::1", "1.2.3.4", ":", "80", "0", "65535", "0.0.0.0"}},
    {"network", naive::compare_network, {"10.0.0.0", "::", "ffff", ":", "/", "0", "1", "2", "8"}},
    {"authority", naive::compare_authority, each("a01.:-[]x")},
    {"authority",
     naive::compare_authority,
     {"a", ".", "-", "_", "0x", "9", ":80", "[::1]", almost_a_label + '.'}},
    {"list", naive::compare_list, each(", \t\"\\a1;=")},
    {"prefix", naive::compare_prefix, each("/.a~%?\\:@")},
    {"prefix",
     naive::compare_prefix,
     {"/", ".", "/..", "a", "//", "%2e", "\"", "abcdefg", long_segment}},
    {"forwarded", naive::compare_forwarded, each("=;\"\\aB ,[")},
    {"forwarded",
     naive::compare_forwarded,
     {"for=", "host=", ";", "\"", "\\", "1.2.3.4", "_a", ":80", "[::1]"}},
    {"forwarded",
     naive::compare_forwarded,
     {"proto=", "For=", "unknown", "http", "s", "\"", "\\", ";", "\t"}}};

struct Counts {
    std::uint64_t strings = 0, accepted = 0, different = 0;
    void operator+=(const Counts& more) {
        strings += more.strings;
        accepted += more.accepted;
        different += more.different;
    }
};

/// The text, and all longer ones of up to `more` further symbols.
void compare_all(const Alphabet& alphabet, std::string& text, std::size_t more, Counts& counts) {
    const Agreement agreement = alphabet.compare(text);
    ++counts.strings;
    if (agreement == Agreement::accepted) ++counts.accepted;
    if (agreement == Agreement::different && ++counts.different <= 10)
        std::printf("%s: the parsers differ: %s\n", alphabet.grammar, text.c_str());
    if (more == 0) return;
    const std::size_t size = text.size();
    for (const std::string& symbol : alphabet.symbols) {
        text += symbol;
        compare_all(alphabet, text, more - 1, counts);
        text.resize(size);
    }
}

/// By one thread for each processor; each takes the texts that begin with one pair of symbols.
Counts compare_all(const Alphabet& alphabet, std::size_t length) {
    Counts all;
    std::string empty;
    compare_all(alphabet, empty, 1, all);
    if (length == 1) return all;
    std::mutex mutex;
    std::atomic<std::size_t> next = 0;
    const std::size_t pairs = alphabet.symbols.size() * alphabet.symbols.size();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([&] {
            Counts counts;
            for (std::size_t pair = next++; pair < pairs; pair = next++) {
                std::string text = alphabet.symbols[pair / alphabet.symbols.size()] +
                                   alphabet.symbols[pair % alphabet.symbols.size()];
                compare_all(alphabet, text, length - 2, counts);
            }
            const std::lock_guard lock(mutex);
            all += counts;
        });
    }
    for (std::thread& thread : threads) thread.join();
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    const int length = argc > 1 ? std::atoi(argv[1]) : 8;
    const std::string_view grammar = argc > 2 ? argv[2] : "";
    Counts all;
    bool vacuous = false;
    for (const Alphabet& alphabet : alphabets) {
        const bool is_asked_for = grammar.empty() || grammar == alphabet.grammar;
        if (!is_asked_for || length < 1 || length > 12 || argc > 3) continue;
        const Counts counts = compare_all(alphabet, static_cast<std::size_t>(length));
        all += counts;
        std::printf("%-10s %12llu strings, %9llu accepted, %llu differences%s\n", alphabet.grammar,
                    static_cast<unsigned long long>(counts.strings),
                    static_cast<unsigned long long>(counts.accepted),
                    static_cast<unsigned long long>(counts.different),
                    counts.accepted == 0 ? ": nothing was accepted" : "");
        std::fflush(stdout);
        vacuous = vacuous || counts.accepted == 0;
    }
    if (all.strings == 0) {
        std::puts("usage: exhaustive [LENGTH [GRAMMAR]]");
        return 2;
    }
    std::printf("exhaustive: %llu strings, %llu differences\n",
                static_cast<unsigned long long>(all.strings),
                static_cast<unsigned long long>(all.different));
    return vacuous || all.different != 0 ? 1 : 0;
}
