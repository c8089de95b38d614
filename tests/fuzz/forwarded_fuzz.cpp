// SPDX-License-Identifier: MIT
// Elements of Forwarded, and rows of them.
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    demand_agreement(naive::compare_forwarded(text), text);
    for (const std::string& element : naive::split(text, ','))
        demand_agreement(naive::compare_forwarded(naive::trimmed(element)), text);
    return 0;
}
