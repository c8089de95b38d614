// SPDX-License-Identifier: MIT
/// \file
/// CGI and FastCGI: a request that is a list of variables, `EnvironOf(CgiVariables{envp})`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/base/text.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/proxyfix.hpp"

namespace proxyfix::inline v0::detail {

/// The name of a header, made of that of its variable, "HTTP_X_FORWARDED_FOR" (RFC 3875, 4.1.18).
/// Empty if the variable is not one of a header, or the name is longer than a `FieldName`.
class CgiHeaderName {
  public:
    /// From the name of a variable.
    constexpr explicit CgiHeaderName(std::string_view variable) noexcept {
        constexpr std::string_view start = "HTTP_";
        if (!variable.starts_with(start) || variable.size() > start.size() + 63) return;
        for (const char c : variable.substr(start.size())) {
            const bool is_converted = c != '-' && (c < 'a' || c > 'z');
            text_.push_back(c == '_' ? '-' : c);
            if (!is_converted) is_name_ = false;
        }
    }
    constexpr operator std::string_view() const&& = delete;  ///< Of a temporary, it would dangle.
    /// The header's name with '-' for each '_', in the letter case of the variable. A view of this.
    constexpr operator std::string_view() const& noexcept { return is_name_ ? text_.view() : ""; }

  private:
    FixedText<63> text_;
    bool is_name_ = true;
};

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// The variables as texts "NAME=value" up to a null pointer (RFC 3875, 4.1), like `environ` of
/// POSIX and `FCGX_Request::envp`. A view: the texts must live as long.
struct CgiVariables {
    const char* const* variables;  ///< The first one. Not null.

    /// A header line.
    struct Line {
        detail::CgiHeaderName name;  ///< Held here.
        std::string_view value;      ///< A view of the variable.
    };

    /// The value of the first variable of this name; empty if there is none.
    [[nodiscard]] constexpr std::string_view operator[](std::string_view name) const noexcept {
        for (const char* const* at = variables; *at != nullptr; ++at) {
            const std::string_view text = *at;
            if (text.starts_with(name) && text.substr(name.size()).starts_with('=')) {
                return text.substr(name.size() + 1);
            }
        }
        return {};
    }

    /// One line a variable; the name of those that are no headers is empty.
    [[nodiscard]] constexpr auto header_lines() const noexcept {
        const char* const* last = variables;
        while (*last != nullptr) ++last;
        return LineView<const char* const*, to_line>(variables, last);
    }

  private:
    static constexpr Line to_line(std::string_view text) noexcept {
        const std::size_t end_of_name = text.find('=');
        if (end_of_name == text.npos) return {detail::CgiHeaderName(""), ""};
        return {detail::CgiHeaderName(text.substr(0, end_of_name)), text.substr(end_of_name + 1)};
    }
};

}  // namespace proxyfix::inline v0

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
