// SPDX-License-Identifier: MIT
/// \file
/// cpp-httplib: `EnvironOf<const httplib::Request&>`. Include httplib.h before it.
#ifdef CPPHTTPLIB_VERSION
#pragma once

#include <iterator>
#include <utility>

#include "proxyfix/environ_of.hpp"

namespace proxyfix {

/// A container that sorts by name, such as a multimap.
template <class Headers>
concept SortedByName = requires {
    typename Headers::key_compare;
};

/// Does a container of header lines keep those of one name in order of arrival? A multimap does (up
/// to about 0.17), a sequence does (from 0.52), the unordered_multimap in between does not.
template <class Headers>
concept KeepsLineOrder = SortedByName<Headers> ||
    std::random_access_iterator<decltype(std::begin(std::declval<const Headers&>()))>;

}  // namespace proxyfix

/// httplib hands its requests out as constant: they are not rewritten, and not stripped.
template <> struct proxyfix::Adapter<httplib::Request> {
    static constexpr bool lines_in_order = KeepsLineOrder<httplib::Headers>;

    static const httplib::Headers& headers(const httplib::Request& request) noexcept {
        return request.headers;
    }

    static void fill(Environ& env, const httplib::Request& request) {
        env.remote_addr = request.remote_addr;
        env.remote_port = to_port(request.remote_port);
#ifdef CPPHTTPLIB_OPENSSL_SUPPORT
        if (request.ssl != nullptr) env.url_scheme = "https";
#endif
        env.http_host = request.get_header_value("Host");
        env.server_name = request.local_addr;
        env.server_port = to_port(request.local_port);
        set_target(env, request.target);
        env.request_method = request.method;
    }
};

#endif
