// SPDX-License-Identifier: MIT
// Elements of Forwarded, and rows of them.
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = view_of(data, size);
    demand_agreement(naive::compare_forwarded(rest), rest);
    for (std::size_t comma = rest.find(','); comma != rest.npos; comma = rest.find(',')) {
        demand_agreement(naive::compare_forwarded(rest.substr(0, comma)), rest);
        rest.remove_prefix(comma + 1);
    }
    demand_agreement(naive::compare_forwarded(rest), rest);
    return 0;
}
