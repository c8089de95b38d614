// SPDX-License-Identifier: MIT
/// \file
/// cpp-httplib: `EnvironOf<const httplib::Request&>`.
#pragma once

#ifndef CPPHTTPLIB_HTTPLIB_H
#include <httplib.h>
#endif

#include <type_traits>

#include "proxyfix/base/text.hpp"
#include "proxyfix/proxyfix.hpp"

namespace proxyfix::inline v0::detail {

/// Does a container of header lines keep those of one name in order of arrival? httplib's multimap
/// does (before 0.17.2; it disregards letter case), its insertion_ordered_multimap does (from 0.52;
/// unlike those of std, it lets names be changed), the unordered_multimap in between does not.
template <class Headers>
concept KeepsLineOrder =
    !std::is_const_v<typename Headers::value_type::first_type> || requires(const Headers& headers) {
    headers.key_comp();
};

}  // namespace proxyfix::inline v0::detail

/// httplib hands its requests out as constant: they are not rewritten, and not stripped.
template <> struct proxyfix::Adapter<httplib::Request> {
    /// What `Adapter` and `FillsEnviron` ask for: see there. \{
    static constexpr bool lines_in_order = detail::KeepsLineOrder<httplib::Headers>;
    static const httplib::Headers& headers(const httplib::Request& request) noexcept {
        return request.headers;
    }
    /// Without `Request::trailers`, those of a chunked body are among the header lines.
    static bool has_doubtful_lines(const auto& request) noexcept {
        bool is_chunked = false;
        for (const auto& [name, value] : request.headers) {
            is_chunked = is_chunked || equals_ignore_case(name, "Transfer-Encoding");
        }
        return is_chunked && !requires { request.trailers; };
    }

    static void fill(Environ& env, const auto& request) {
        // On a unix-domain socket; after a reset only the client's is empty.
        const bool is_unix = request.remote_addr.empty() && request.local_addr.empty();
        env.remote_addr = is_unix ? "unix:" : request.remote_addr;
        env.remote_port = is_unix ? 0 : to_port(request.remote_port);
        if constexpr (requires { request.ssl; }) {
            if (request.ssl != nullptr) env.url_scheme = "https";
        }
        env.http_host = request.get_header_value("Host");
        env.server_name = request.local_addr;
        env.server_port = is_unix ? 0 : to_port(request.local_port);
        set_target(env, request.target);
        env.request_method = request.method;
    }
    /// \}
};
