// SPDX-License-Identifier: MIT
/// \file
/// The path prefix that an application is mounted at.
#pragma once

#include <string_view>

#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/result.hpp"

namespace proxyfix::inline v0::detail {

/// The bytes of a prefix, but for '/': unreserved and some more of RFC 3986, 2.2 and 2.3: none that
/// ends a path, a quoted string or an HTML tag, or starts a percent-encoding.
inline constexpr ByteSet prefix_bytes = alphanumeric.with("-._~!$&*+=:@");
/// May this byte stand in a prefix?
[[nodiscard]] constexpr bool is_prefix_byte(char c) noexcept { return prefix_bytes.contains(c); }

}  // namespace proxyfix::inline v0::detail

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
            if (!detail::is_prefix_byte(c)) return Reason::malformed;
        }
        rest.remove_prefix(segment.size());
    }
    return text;
}

}  // namespace proxyfix::inline v0
