// SPDX-License-Identifier: MIT
/// \file
/// `walk_hops`: follows the chain of addresses from the TCP peer outwards, as far as it is trusted.
#pragma once

#include "proxyfix/endpoint.hpp"
#include "proxyfix/networks.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// Where the chain of trusted addresses ends.
struct Hops {
    /// Who connected to the outermost trusted proxy, or the reason why that is not known.
    Result<Endpoint> client = Reason::not_configured;
    /// Which value the walk to the client ended at; 1 is the rightmost, 0: there was no walk.
    unsigned position = 0;
    /// Up to which position values are known to be of trusted proxies; 0: none is.
    unsigned believed = 0;
};

/// Walks at most `n` hops to the left, or `all_hops`; `next()` gives the address of the next one,
/// or the reason why there is none. What stands at position d + 1 is believed only if the address
/// at position d is in `trust.proxies`; the peer's own is, or there is nothing to walk.
///
/// - An address outside of these is the client. If that is so before the n-th, it connected
///   past the proxies that were to come, and nothing else is believed: it may be the client's.
/// - If all are inside, the n-th is the client; of `all_hops` the leftmost.
/// - A hop without an address, be it malformed, anonymous or missing, ends the walk without a
///   client. It is never skipped.
///
/// Behind the n-th the walk goes on for the headers that have higher counts.
template <class Next>
constexpr Hops walk_hops(Next& next, unsigned n, const Trust& trust) noexcept {
    const unsigned deepest = highest_count(trust);
    Hops hops;
    unsigned inside = 0;
    for (unsigned position = 1; position <= n || position < deepest; ++position) {
        const Result<Endpoint> hop = next();
        const bool past_leftmost =
            n == all_hops && position > 1 && !hop && hop.error() == Reason::too_few_values;
        if (position <= n && !past_leftmost) {
            hops.client = hop;
            hops.position = position;
        }
        if (!hop || !trust.proxies.contains(hop->address)) break;
        ++inside;
    }
    const bool known_end = hops.client || hops.client.error() == Reason::anonymous ||
                           hops.client.error() == Reason::absent;
    const bool whole = n == all_hops ? known_end : n <= inside + 1;
    if (whole) hops.believed = inside + 1;
    return hops;
}

}  // namespace proxyfix
