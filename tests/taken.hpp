// SPDX-License-Identifier: MIT
/// \file
/// Each value of a line, taken in one go with the search for its comma, and in two steps.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/decision/field_reader.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/http/prefix.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

/// Did both ways give the same for each value of the line, and was any value valid?
struct Taken {
    bool is_same = true, is_any = false;
};

/// Takes the values of a line from the right, by `take`, and by `ValuesFromRight::nth` and `parse`.
/// Both have to stop at the same place, and to go on to the same value.
template <class Take, class Parse>
Taken taken_in_both_ways(std::string_view line, std::size_t bound, const Take& take,
                         const Parse& parse) {
    using namespace proxyfix::detail;
    Lines lines{};
    lines.add(line);
    Taken taken;
    for (unsigned n = 1;; ++n) {
        ValuesFromRight at_once(lines, bound), in_steps(lines, bound);
        if (!at_once.reach(n)) return taken;
        const auto value = take(at_once);
        taken.is_any = taken.is_any || value;
        taken.is_same = taken.is_same && value == in_steps.nth(n).and_then(parse) &&
                        at_once.stop == in_steps.stop && at_once.nth(1) == in_steps.nth(1);
    }
}

/// A line of addresses, of hosts, and of other values.
inline Taken addresses_taken(std::string_view line) {
    return taken_in_both_ways(line, 64, proxyfix::detail::take_endpoint, proxyfix::parse_endpoint);
}
inline Taken hosts_taken(std::string_view line) {
    return taken_in_both_ways(line, 320, proxyfix::detail::take_authority,
                              proxyfix::Authority::parse);
}
inline Taken others_taken(std::string_view line) {
    using namespace proxyfix::detail;
    Taken all;
    const auto add = [&all, line](std::size_t bound, auto parse) {
        const auto take = [parse](ValuesFromRight& values) { return take_value(values, parse); };
        const Taken taken = taken_in_both_ways(line, bound, take, parse);
        all.is_same = all.is_same && taken.is_same;
        all.is_any = all.is_any || taken.is_any;
    };
    add(64, proxyfix::parse_scheme);
    add(64, parse_scheme_or_switch);
    add(64, proxyfix::parse_port);
    add(1100, proxyfix::parse_prefix);
    return all;
}
