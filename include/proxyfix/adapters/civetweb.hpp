// SPDX-License-Identifier: MIT
/// \file
/// civetweb: `EnvironOf(*mg_get_request_info(connection))`. Include civetweb.h before it. It is the
/// pattern for C servers whose requests are structs of pointers.
#include "proxyfix/environ_of.hpp"

#ifdef CIVETWEB_VERSION
#pragma once

#include <cstddef>
#include <iterator>
#include <span>

/// civetweb owns its requests: they are not rewritten, and not stripped.
template <> struct proxyfix::Adapter<mg_request_info> {
    static constexpr bool lines_in_order = true;

    /// Of a request that fills the array, civetweb dropped the rest of the lines without a word.
    /// The proxy's may be among them, so none are believed.
    static std::span<const mg_header> headers(const mg_request_info& request) noexcept {
        const auto count = static_cast<std::size_t>(request.num_headers);
        if (count >= std::size(request.http_headers)) return {};
        return {request.http_headers, count};
    }

    static void fill(Environ& env, const mg_request_info& request) {
        env.remote_addr = request.remote_addr;
        env.remote_port = to_port(request.remote_port);
        if (request.is_ssl != 0) env.url_scheme = "https";
        for (int i = request.num_headers - 1; i >= 0; --i) {
            const auto& [name, value] = request.http_headers[i];
            if (equals_ignore_case(name, "Host")) env.http_host = value;
        }
        env.server_port = to_port(request.server_port);
        if (request.local_uri != nullptr) env.path_info = request.local_uri;
        if (request.query_string != nullptr) env.query_string = request.query_string;
        env.request_method = request.request_method;
    }
};

#endif
