// SPDX-License-Identifier: MIT
// Addresses, endpoints and networks.
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view view = view_of(data, size);
    demand_agreement(naive::compare_address(view), view);
    demand_agreement(naive::compare_endpoint(view), view);
    demand_agreement(naive::compare_endpoint_and_port(view), view);
    demand_agreement(naive::compare_network(view), view);
    return 0;
}
