// SPDX-License-Identifier: MIT
// The text of a Trust, and of its parts: whatever it is, it is read or there is an error; what is
// read does not contradict itself, and is the same when its own text is read.
#include "demand.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/net/networks.hpp"

namespace {

/// Demands that what was read of a text has a text of its own that gives it again, and that a fault
/// has a text.
template <class T, class Parse>
void demand_round_trip(const proxyfix::Parsed<T>& read, std::string_view view, const Parse& parse) {
    if (!read) return demand(!read.error().empty(), "a fault has a text", std::string(view));
    const std::string text = to_string(*read);
    const auto again = parse(text);
    demand(again && *again == *read && to_string(*again) == text, "it survives its text", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view view = view_of(data, size);
    demand_round_trip(proxyfix::Networks::parse(view), view, proxyfix::Networks::parse);
    demand_round_trip(proxyfix::Hosts::parse(view), view, proxyfix::Hosts::parse);
    const auto trust = proxyfix::parse_trust(view);
    demand_round_trip(trust, view, proxyfix::parse_trust);
    if (!trust) return 0;
    demand(fault(*trust).empty(), "what is read does not contradict itself", std::string(view));
    const proxyfix::Policy policy(*trust);
    demand(policy.trust() == *trust, "it makes a policy", std::string(view));
    const std::string twice = to_string(*trust) + "; x_for=1; x_for=1";
    demand(!proxyfix::parse_trust(twice), "a member is given once", twice);
    return 0;
}
