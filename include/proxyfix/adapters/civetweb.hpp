// SPDX-License-Identifier: MIT
/// \file
/// civetweb: `EnvironOf(*mg_get_request_info(connection))`. It is the pattern for C servers whose
/// requests are structs of pointers.
#pragma once

#ifndef CIVETWEB_HEADER_INCLUDED
#include <civetweb.h>
#endif

#include <cstddef>
#include <iterator>
#include <span>

#include "proxyfix/proxyfix.hpp"

/// civetweb owns its requests: they are not rewritten, and not stripped.
template <> struct proxyfix::Adapter<mg_request_info> {
    /// What `Adapter` and `FillsEnviron` ask for: see there. \{
    static constexpr bool lines_in_order = true;

    static std::span<const mg_header> headers(const mg_request_info& request) noexcept {
        return {request.http_headers, static_cast<std::size_t>(request.num_headers)};
    }
    /// Of a request that fills the array, civetweb may have dropped lines without a word.
    static bool may_lack_lines(const mg_request_info& request) noexcept {
        return headers(request).size() >= std::size(request.http_headers);
    }

    static void fill(Environ& env, const mg_request_info& request) {
        env.remote_addr = request.remote_addr;
        env.remote_port = to_port(request.remote_port);
        if (request.is_ssl != 0) env.url_scheme = "https";
        for (const auto& [name, value] : headers(request)) {
            if (env.http_host.empty() && equals_ignore_case(name, "Host")) env.http_host = value;
        }
        env.server_port = to_port(request.server_port);
        if (request.local_uri != nullptr) env.path_info = request.local_uri;
        if (request.query_string != nullptr) env.query_string = request.query_string;
        env.request_method = request.request_method;
    }
    /// \}
};
