// SPDX-License-Identifier: MIT
/// \file
/// Every row of up to so many symbols of an alphabet, by all processors. A symbol is a byte, or a
/// piece of text that leads to the limits of a grammar.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "../naive/compare.hpp"

/// What is checked, and of which symbols the texts are made.
struct Alphabet {
    const char* name;
    std::function<naive::Agreement(std::string_view)> compare;
    std::vector<std::string> symbols;
};

/// A symbol for each byte.
inline std::vector<std::string> each(std::string_view bytes) {
    std::vector<std::string> symbols;
    for (const char c : bytes) symbols.emplace_back(1, c);
    return symbols;
}

struct Counts {
    std::uint64_t strings = 0, accepted = 0, different = 0;
    void operator+=(const Counts& more) {
        strings += more.strings;
        accepted += more.accepted;
        different += more.different;
    }
    void print(const char* name) const {
        std::printf("%-12s %12llu strings, %9llu accepted, %llu differences%s\n", name,
                    static_cast<unsigned long long>(strings),
                    static_cast<unsigned long long>(accepted),
                    static_cast<unsigned long long>(different),
                    accepted == 0 ? ": nothing was accepted" : "");
        std::fflush(stdout);
    }
};

/// One text.
inline void compare_one(const Alphabet& alphabet, const std::string& text, Counts& counts) {
    const naive::Agreement agreement = alphabet.compare(text);
    ++counts.strings;
    if (agreement == naive::Agreement::accepted) ++counts.accepted;
    if (agreement == naive::Agreement::different && ++counts.different <= 10)
        std::printf("%s: a difference: %s\n", alphabet.name, text.c_str());
}

/// The text, and all longer ones of up to `more` further symbols.
inline void compare_all(const Alphabet& alphabet, std::string& text, std::size_t more,
                        Counts& counts) {
    compare_one(alphabet, text, counts);
    if (more == 0) return;
    const std::size_t size = text.size();
    for (const std::string& symbol : alphabet.symbols) {
        text += symbol;
        compare_all(alphabet, text, more - 1, counts);
        text.resize(size);
    }
}

/// By one thread for each processor; each takes the texts that begin with one pair of symbols.
inline Counts compare_all(const Alphabet& alphabet, std::size_t length) {
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
