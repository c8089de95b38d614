// SPDX-License-Identifier: MIT
/// \file
/// A request and a `Trust` from the bytes of a fuzzer: thirteen bytes of configuration, a peer, and
/// header lines as text.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../properties/request.hpp"

/// A request without lists of values: its header lines are in `env`, in the order of the text.
struct FuzzedRequest {
    Request request;  // without lists
    Environ env = seen_by_server();

    static constexpr std::array<unsigned, 8> counts = {0, 1, 2, 3, 4, 5, 16, all_hops};

    explicit FuzzedRequest(std::string_view bytes) {
        Choices choices(bytes.substr(0, 13));
        bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 13));
        Trust& trust = request.trust;
        for (unsigned* count :
             {&trust.x_for, &trust.x_proto, &trust.x_host, &trust.x_port, &trust.x_prefix}) {
            *count = counts[choices.below(counts.size())];
        }
        trust.forwarded = choices.one_in(2);
        request.proxies = choices.below(everything + 1);
        if (choices.one_in(2)) trust.proxies = subset(request.proxies);
        if (choices.one_in(2)) trust.allowed_hosts = some_hosts;
        if (choices.one_in(2)) trust.client_header = "X-Real-IP";
        trust.client_has_port = choices.one_in(2);
        const unsigned named = choices.below(32);
        for (std::size_t i = 0; i < 5; ++i) {
            const auto& header = proxyfix::detail::forwarding_headers[i];
            if (named >> i & 1) trust.names.*header.name = other_names.*header.name;
        }
        trust.strip = static_cast<proxyfix::Strip>(choices.below(3));

        bool first = true;
        for (const std::string& line : naive::split(std::string(bytes), '\n')) {
            const std::size_t colon = line.find(':');
            if (first) request.peer = env.remote_addr = line;
            else if (colon != line.npos)
                env.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
            first = false;
        }
    }

    /// Bytes that give a request with these counts, for seeds. It has all networks, or any().
    static std::string bytes_of(const Trust& trust, bool has_list, const std::string& peer,
                                const std::vector<proxyfix::Header>& headers) {
        std::string bytes;
        for (const unsigned count :
             {trust.x_for, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix}) {
            const auto at = std::find(counts.begin(), counts.end(), count);
            bytes += static_cast<char>(at == counts.end() ? 0 : at - counts.begin());
        }
        const auto add = [&bytes](bool is_set) { bytes += is_set ? '\1' : '\0'; };
        add(trust.forwarded);
        bytes += static_cast<char>(everything);
        add(has_list);
        add(false);  // any host
        add(!trust.client_header.empty());
        add(trust.client_has_port);
        char named = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const auto& header = proxyfix::detail::forwarding_headers[i];
            if (trust.names.*header.name != header.usual_name) named |= static_cast<char>(1 << i);
        }
        bytes += named;
        add(false);  // keep all lines
        bytes += peer;
        for (const auto& [name, value] : headers) bytes += '\n' + name + ':' + value;
        return bytes;
    }
};
