// SPDX-License-Identifier: MIT
/// \file
/// The path prefix that an application is mounted at.
#pragma once

#include <string_view>

#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/result.hpp"

namespace proxyfix::inline v0 {

/// Where the application is mounted, without a trailing '/': "/app/" is "/app"; "/" and "" are "".
/// At most 1024 bytes of segments led by one '/' each, none of them empty, "." or "..". Two leading
/// slashes would turn a link into one to another host. Else `malformed`. A view of `text`.
constexpr Result<std::string_view> parse_prefix(std::string_view text) noexcept {
    if (text.empty()) return text;
    if (text.front() != '/' || text.size() > 1024) return Reason::malformed;
    if (text.back() == '/') text.remove_suffix(1);
    for (std::string_view rest = text; !rest.empty();) {
        rest.remove_prefix(1);
        const std::string_view segment = rest.substr(0, rest.find('/'));
        if (segment.empty() || segment == "." || segment == "..") return Reason::malformed;
        for (const char c : segment) {
            if (!detail::prefix_bytes.contains(c)) return Reason::malformed;
        }
        rest.remove_prefix(segment.size());
    }
    return text;
}

}  // namespace proxyfix::inline v0
