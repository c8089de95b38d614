// SPDX-License-Identifier: MIT
/// \file
/// What a fuzzer finds is a crash, so what must hold is demanded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../naive/compare.hpp"

/// Ends the program with a message unless `holds`.
inline void demand(bool holds, std::string_view what, const std::string& about) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s\n%s\n", static_cast<int>(what.size()), what.data(),
                 about.c_str());
    std::abort();
}

/// The very bytes of the fuzzer, behind which a sanitizer lets nothing be read.
inline std::string_view view_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Demands that a parser and its naive counterpart agree.
inline void demand_agreement(naive::Agreement agreement, std::string_view text) {
    demand(agreement != naive::Agreement::different, "the parser agrees with the naive one",
           std::string(text));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
