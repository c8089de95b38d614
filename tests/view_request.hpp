// SPDX-License-Identifier: MIT
/// \file
/// A request that owns nothing, so that whole decisions are made at compile time.
#pragma once

#include <initializer_list>
#include <string_view>

#include "proxyfix/resolve.hpp"

struct HeaderView {
    std::string_view name, value;
};

/// A request of header lines and a peer alone; `in_order` says whether their order is known.
template <bool in_order> struct BasicViewRequest {
    std::initializer_list<HeaderView> headers;
    std::string_view peer = "10.0.0.2";
};
using ViewRequest = BasicViewRequest<true>;

template <bool in_order> struct proxyfix::Adapter<BasicViewRequest<in_order>> {
    using Request = BasicViewRequest<in_order>;
    static constexpr bool lines_in_order = in_order;
    static constexpr std::string_view peer(const Request& request) noexcept { return request.peer; }
    static constexpr auto headers(const Request& request) noexcept { return request.headers; }
};

/// What `resolve` decides about a request that has these header lines.
constexpr proxyfix::Resolution decided_about(const proxyfix::Trust& trust,
                                             std::initializer_list<HeaderView> headers) {
    return resolve(ViewRequest{headers}, proxyfix::Policy(trust));
}

/// The same, if the TCP peer has this address.
constexpr proxyfix::Resolution decided_about(const proxyfix::Trust& trust, std::string_view peer,
                                             std::initializer_list<HeaderView> headers) {
    return resolve(ViewRequest{headers, peer}, proxyfix::Policy(trust));
}
