// SPDX-License-Identifier: MIT
// Hosts with a port or without, and patterns of hosts.
#include "demand.hpp"
#include "proxyfix/net/host.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view view = view_of(data, size);
    const std::string text(view);
    demand_agreement(naive::compare_authority(view), text);

    // A text that is a pattern and a host without a port matches itself.
    const auto pattern = proxyfix::HostPattern::parse(view);
    const auto own = naive::authority(text);
    const bool below = text.starts_with("*.") && naive::is_name(text.substr(2));
    demand(pattern.has_value() == (below || (own && own->second == 0)), "a host is a pattern",
           text);
    if (pattern && !below) demand(pattern->matches(text), "a host matches itself", text);
    if (pattern && below) {
        demand(!naive::authority(text.substr(2)) || !pattern->matches(text.substr(2)),
               "a wildcard does not match the apex", text);
    }

    // A host is let through by a list as the naive implementation lets it through.
    if (!own || own->second != 0) return 0;
    const naive::Trust trust{.any_host = false,
                             .allowed_hosts = {"shop.example", "*.shop.example", "192.0.2.1",
                                               "[::1]", "[::ffff:192.0.2.1]", "localhost."}};
    static const proxyfix::Hosts hosts{"shop.example", "*.shop.example",     "192.0.2.1",
                                       "[::1]",        "[::ffff:192.0.2.1]", "localhost."};
    demand(hosts.contains(view) == naive::is_allowed(trust, text),
           "the list of hosts is the naive one", text);
    return 0;
}
