// SPDX-License-Identifier: MIT
/// \file
/// CGI and FastCGI: a request that is a list of variables, `EnvironOf(CgiVariables{envp})`.
#pragma once

#include <string_view>

#include "proxyfix/cgi_variables.hpp"
#include "proxyfix/environ_of.hpp"

/// The variables are not rewritten, and not stripped: the web server owns them.
template <> struct proxyfix::Adapter<proxyfix::CgiVariables> {
    /// A web server makes one variable of the lines of a header (RFC 3875, 4.1.18). If there are
    /// two of a name, X_Forwarded_For may have become the one, and X-Forwarded-For the other.
    static constexpr bool lines_in_order = false;

    /// What `Adapter` and `FillsEnviron` ask for: see there. \{
    static constexpr auto headers(const CgiVariables& request) noexcept {
        return request.header_lines();
    }

    static void fill(Environ& env, const CgiVariables& request) {
        const auto port = [](std::string_view text) {
            const auto number = parse_port(text);
            return number ? *number : std::uint16_t{0};
        };
        env.remote_addr = request["REMOTE_ADDR"];
        env.remote_port = port(request["REMOTE_PORT"]);
        const std::string_view https = request["HTTPS"];
        env.url_scheme = https.empty() || equals_ignore_case(https, "off") ? "http" : "https";
        env.http_host = request["HTTP_HOST"];
        env.server_name = request["SERVER_NAME"];
        env.server_port = port(request["SERVER_PORT"]);
        env.script_name = request["SCRIPT_NAME"];
        env.path_info = request["PATH_INFO"];
        env.query_string = request["QUERY_STRING"];
        env.request_method = request["REQUEST_METHOD"];
    }
    /// \}
};
