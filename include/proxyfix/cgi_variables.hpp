// SPDX-License-Identifier: MIT
/// \file
/// `CgiVariables`: a request of CGI or FastCGI, which is a list of variables.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/line_view.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The name of a header, made of that of its variable, "HTTP_X_FORWARDED_FOR" (RFC 3875, 4.1.18).
/// Empty if the variable is not one of a header, or the name is longer than a `FieldName`.
class CgiHeaderName {
  public:
    /// From the name of a variable.
    constexpr explicit CgiHeaderName(std::string_view variable) noexcept {
        constexpr std::string_view start = "HTTP_";
        if (!variable.starts_with(start) || variable.size() > start.size() + 63) return;
        for (const char c : variable.substr(start.size())) {
            const bool is_converted = c != '-' && !(c >= 'a' && c <= 'z');
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

/// The variables as texts "NAME=value" up to a null pointer (RFC 3875, 4.1), like `environ` of
/// POSIX and `FCGX_Request::envp`. A view: the texts must live as long.
struct CgiVariables {
    const char* const* variables;  ///< The first one. Not null.

    /// A header line.
    struct Line {
        CgiHeaderName name;      ///< Held here.
        std::string_view value;  ///< A view of the variable.
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
        if (end_of_name == text.npos) return {CgiHeaderName(""), ""};
        return {CgiHeaderName(text.substr(0, end_of_name)), text.substr(end_of_name + 1)};
    }
};

}  // namespace proxyfix
