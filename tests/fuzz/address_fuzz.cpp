// SPDX-License-Identifier: MIT
// Addresses, endpoints and networks.
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    demand_agreement(naive::compare_address(text), text);
    demand_agreement(naive::compare_endpoint(text), text);
    demand_agreement(naive::compare_network(text), text);
    return 0;
}
