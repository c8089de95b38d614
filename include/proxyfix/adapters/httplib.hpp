// SPDX-License-Identifier: MIT
/// \file
/// cpp-httplib: `EnvironOf<const httplib::Request&>`. Include httplib.h before it.
#include "proxyfix/environ_of.hpp"

#ifdef CPPHTTPLIB_VERSION
#pragma once

#include <iterator>
#include <utility>

namespace proxyfix {

/// Does a container of header lines keep those of one name in order of arrival? httplib's multimap
/// does (up to about 0.17; it disregards letter case), a sequence does (from 0.52), the
/// unordered_multimap in between does not.
template <class Headers>
concept KeepsLineOrder =
    std::random_access_iterator<decltype(std::begin(std::declval<const Headers&>()))> ||
    requires(const Headers& headers) {
    headers.key_comp();
};

}  // namespace proxyfix

/// httplib hands its requests out as constant: they are not rewritten, and not stripped.
template <> struct proxyfix::Adapter<httplib::Request> {
    static constexpr bool lines_in_order = KeepsLineOrder<httplib::Headers>;

    static const httplib::Headers& headers(const httplib::Request& request) noexcept {
        return request.headers;
    }

    static void fill(Environ& env, const httplib::Request& request) {
        // Both are empty on a unix-domain socket, whose port is a process id. The client's alone is
        // if it reset the connection.
        const bool is_unix = request.remote_addr.empty() && request.local_addr.empty();
        env.remote_addr = is_unix ? "unix:" : request.remote_addr;
        env.remote_port = is_unix ? 0 : to_port(request.remote_port);
        const auto is_tls = [](const auto& r) {
            if constexpr (requires { r.ssl; }) return r.ssl != nullptr;
            else return false;
        };
        if (is_tls(request)) env.url_scheme = "https";
        env.http_host = request.get_header_value("Host");
        env.server_name = request.local_addr;
        env.server_port = is_unix ? 0 : to_port(request.local_port);
        set_target(env, request.target);
        env.request_method = request.method;
    }
};

#endif
