// SPDX-License-Identifier: MIT
// Path prefixes, schemes and ports.
#include <functional>

#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    demand_agreement(naive::compare_prefix(text), text);
    demand_agreement(naive::compare_list(text), text);
    const auto scheme = proxyfix::parse_scheme(text);
    demand(naive::equal(scheme, naive::scheme(text),
                        [](auto a, const auto& b) { return to_string(a) == b; }),
           "the scheme is the naive one", text);
    const auto port = proxyfix::parse_port(text);
    demand(naive::equal(port, naive::number(text, 1, 65535), std::equal_to<>()),
           "the port is the naive one", text);
    return 0;
}
