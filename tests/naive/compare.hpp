// SPDX-License-Identifier: MIT
/// \file
/// Do the parsers of the library and the naive ones agree about a text? The library gets the very
/// bytes, the naive ones a copy: so a sanitizer sees it if anything behind them is read.
#pragma once

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "../taken.hpp"
#include "decision.hpp"
#include "grammar.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/http/forwarded.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/http/prefix.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/net/network.hpp"

namespace naive {

enum class Agreement { refused, accepted, different };

inline Agreement agreement(bool equal, bool accepted) {
    if (!equal) return Agreement::different;
    return accepted ? Agreement::accepted : Agreement::refused;
}

inline bool equal(const proxyfix::Address& ours, const Address& own) {
    for (std::size_t i = 0; i < 8; ++i) {
        const std::uint64_t half = i < 4 ? ours.high() : ours.low();
        if (static_cast<int>(half >> (48 - i % 4 * 16) & 0xffff) != own[i]) return false;
    }
    return true;
}

/// A result and an optional: both empty, or both with values of which `same(a, b)`.
template <class A, class B, class Same>
bool equal(const proxyfix::Result<A>& ours, const std::optional<B>& own, const Same& same) {
    return ours.has_value() == own.has_value() && (!own || same(*ours, *own));
}

inline bool equal(const proxyfix::Endpoint& ours, const Endpoint& own) {
    return equal(ours.address, own.address) && ours.port == own.port;
}

/// `Address::parse`, its canonical text, and inet_pton and inet_ntop of the C library.
inline Agreement compare_address(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::Address::parse(view);
    const auto own = address(text);
    bool same = equal(ours, own, [](const auto& a, const auto& b) { return equal(a, b); });
    // inet_pton takes a text up to its first zero byte.
    std::array<unsigned char, 16> bytes{};
    const bool is_v4 = inet_pton(AF_INET, text.c_str(), &bytes) == 1;
    const bool c_library = is_v4 || inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
    if (text.find('\0') == text.npos) same = same && c_library == ours.has_value();
    if (!same || !ours) return agreement(same, false);

    const std::string canonical = to_string(*ours);
    same = canonical == text_of(*own) && proxyfix::Address::parse(canonical) == *ours;
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (is_v4) {
        inet_ntop(AF_INET, &bytes, buffer.data(), buffer.size());
        same = same && canonical == buffer.data();
    } else {
        inet_ntop(AF_INET6, &bytes, buffer.data(), buffer.size());
        // glibc writes the last two groups of ::/96 and of ::ffff:0:0/96 as a dotted quad.
        const bool dotted = std::string_view(buffer.data()).find('.') != std::string_view::npos;
        same = same && (dotted ? ours->high() == 0 : canonical == buffer.data());
    }
    return agreement(same, true);
}

/// `parse_endpoint`.
inline Agreement compare_endpoint(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::parse_endpoint(view);
    const auto own = endpoint(text);
    bool same = equal(ours, own, [](const auto& a, const auto& b) { return equal(a, b); });
    if (same && ours) same = to_string(*ours) == text_of(*own);
    return agreement(same, ours.has_value());
}

/// An address that always has a port.
inline Agreement compare_endpoint_and_port(std::string_view view) {
    const auto ours = proxyfix::detail::parse_endpoint_and_port(view);
    const auto own = endpoint_and_port(std::string(view));
    return agreement(equal(ours, own, [](const auto& a, const auto& b) { return equal(a, b); }),
                     ours.has_value());
}

/// A scheme, or `on` or `off`.
inline Agreement compare_scheme(std::string_view view) {
    const std::string text(view);
    const auto same = [](auto a, const auto& b) { return to_string(a) == b; };
    const auto ours = proxyfix::detail::parse_scheme_or_switch(view);
    return agreement(equal(ours, scheme_or_switch(text), same) &&
                         equal(proxyfix::parse_scheme(view), scheme(text), same),
                     ours.has_value());
}

/// `Network::parse`.
inline Agreement compare_network(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::Network::parse(view);
    const auto own = network(text);
    const bool same = equal(ours, own, [](const proxyfix::Network& a, const Network& b) {
        return equal(a.first(), b.first) &&
               a.bits() + (a.first().is_v4() ? 96u : 0u) == static_cast<unsigned>(b.bits);
    });
    return agreement(same, ours.has_value());
}

/// `Authority::parse`.
inline Agreement compare_authority(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::Authority::parse(view);
    const bool same = equal(ours, authority(text), [](const auto& a, const auto& b) {
        return a.host == b.first && a.port == b.second;
    });
    return agreement(same && (!ours || to_string(*ours) == text), ours.has_value());
}

/// `parse_prefix`.
inline Agreement compare_prefix(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::parse_prefix(view);
    return agreement(equal(ours, prefix(text), std::equal_to<>()), ours.has_value());
}

/// `ValuesFromRight` all the way to the left, and `nth_from_right`. Accepted: the list has several
/// values.
inline Agreement compare_list(std::string_view view) {
    const std::string text(view);
    const Values values{split(text, ',')};
    proxyfix::detail::Lines lines{};
    lines.add(view);
    bool same = true;
    for (const std::size_t bound : {std::string::npos, std::size_t{2}, std::size_t{0}}) {
        proxyfix::detail::ValuesFromRight from_right(lines, bound);
        for (std::size_t n = 1; n <= values.texts.size() + 1; ++n) {
            const auto own = nth_from_right(values, n, bound);
            const auto ours = from_right.nth(1);
            same = same && (ours ? own.value == *ours : to_string(ours.error()) == own.why);
            if (!ours) break;  // and so it is with all that is left of it
        }
        const auto second = proxyfix::nth_from_right(view, 2, bound);
        same = same && equal(second, nth_from_right(values, 2, bound).value, std::equal_to<>());
    }
    return agreement(same, values.texts.size() > 1);
}

/// A line of values, each taken in one go and in two steps. The latter's are compared with naive
/// ones above.
inline Agreement compare_addresses_of_line(std::string_view view) {
    const Taken taken = addresses_taken(view);
    return agreement(taken.is_same, taken.is_any);
}
inline Agreement compare_hosts_of_line(std::string_view view) {
    const Taken taken = hosts_taken(view);
    return agreement(taken.is_same, taken.is_any);
}
inline Agreement compare_others_of_line(std::string_view view) {
    const Taken taken = others_taken(view);
    return agreement(taken.is_same, taken.is_any);
}

/// `ForwardedElement::parse`, and what it says.
inline Agreement compare_forwarded(std::string_view view) {
    const std::string text(view);
    const auto ours = proxyfix::ForwardedElement::parse(view);
    const auto own = forwarded_element(text);
    if (!ours || !own) return agreement(ours.has_value() == own.has_value(), false);
    const auto same_result = [](const auto& a, const auto& b, const auto& same) {
        return equal(a, b.value, same) && (a || to_string(a.error()) == b.why);
    };
    bool same = same_result(ours->client(), client_of(*own),
                            [](const auto& a, const auto& b) { return equal(a, b); });
    same = same && same_result(ours->scheme(), proto_of(*own),
                               [](auto a, const auto& b) { return to_string(a) == b; });
    same =
        same && same_result(ours->authority(), host_of({}, *own), [](const auto& a, const auto& b) {
            return a.host == b.first && a.port == b.second;
        });
    return agreement(same, true);
}

}  // namespace naive
