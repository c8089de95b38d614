// SPDX-License-Identifier: MIT
// Hosts with a port or without, and patterns of hosts.
#include "demand.hpp"
#include "proxyfix/hosts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = text_of(data, size);
    demand_agreement(naive::compare_authority(text), text);

    // A text that is a pattern and a host without a port matches itself.
    const auto pattern = proxyfix::HostPattern::parse(text);
    const auto own = naive::authority(text);
    const bool below = text.starts_with("*.") && naive::is_name(text.substr(2));
    demand(pattern.has_value() == (below || (own && own->second == 0)), "a host is a pattern",
           text);
    if (pattern && !below) demand(pattern->matches(text), "a host matches itself", text);
    if (pattern && below) {
        demand(!naive::authority(text.substr(2)) || !pattern->matches(text.substr(2)),
               "a wildcard does not match the apex", text);
    }
    return 0;
}
