// SPDX-License-Identifier: MIT
// Path prefixes, schemes and ports.
#include <functional>

#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view view = view_of(data, size);
    const std::string text(view);
    demand_agreement(naive::compare_prefix(view), text);
    demand_agreement(naive::compare_list(view), text);
    demand_agreement(naive::compare_scheme(view), text);
    const auto port = proxyfix::parse_port(view);
    demand(naive::equal(port, naive::number(text, 1, 65535), std::equal_to<>()),
           "the port is the naive one", text);
    return 0;
}
