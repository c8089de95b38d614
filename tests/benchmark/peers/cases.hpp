// SPDX-License-Identifier: MIT
/// \file
/// The cases that this library and its peers are timed with.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "../workloads.hpp"

namespace peers {

/// A workload, and what is told about it to peers that know proxies by their networks.
struct Case {
    workload::Workload workload;
    std::size_t networks = 2;  ///< How many; see `workload::network_text`.
    std::size_t length = 0;    ///< Bytes of X-Forwarded-For; 0: not a point of the curve.
};

inline constexpr std::size_t variants = 64;

/// Long requests are fewer: half a megabyte in all, or 8.
inline std::size_t variants_of(std::size_t length) {
    return std::clamp<std::size_t>(512 * 1024 / length, 8, variants);
}

/// X-Forwarded-For with `length` bytes of addresses, of which the proxy's is the last one.
inline Case point(std::size_t length) {
    Case result{workload::hostile(variants_of(length), workload::Filler::addresses, length)};
    result.length = length;
    if (length < 1024) result.workload.name = "W3 " + std::to_string(length) + " B of addresses";
    return result;
}

inline std::vector<Case> cases() {
    using workload::Filler;
    constexpr std::size_t hostile_length = 64 * 1024;
    std::vector<Case> all{{workload::typical(variants)}, {workload::chain(variants)}};
    for (std::size_t length = 64; length <= 1024 * 1024; length *= 4) all.push_back(point(length));
    for (const Filler filler : {Filler::commas, Filler::token}) {
        all.push_back({workload::hostile(variants_of(hostile_length), filler, hostile_length)});
    }
    all.push_back({workload::direct(variants)});
    for (const unsigned networks : {10U, 200U}) {
        all.push_back({workload::walk(variants, networks), networks});
    }
    return all;
}

}  // namespace peers
