// SPDX-License-Identifier: MIT
/// \file
/// Words of an explanation: `escaped` text, and `advice` on an outcome.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/trust.hpp"

namespace proxyfix::inline v0::detail {

/// Text of a request made harmless for a terminal or a log: control bytes, bytes outside of ASCII
/// and backslashes as `\x1b`, and of blanks in a row every second one too, so that no text looks
/// like the columns of an explanation. Of more than `most` bytes only the last ones, where proxies
/// write.
[[nodiscard]] inline std::string escaped(std::string_view text, std::size_t most = 200) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    if (text.size() > most) {
        out = "(" + std::to_string(text.size() - most) + " more bytes)...";
        text.remove_prefix(text.size() - most);
    }
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_gap = c == ' ' && out.ends_with(' ');
        if (byte >= ' ' && byte < 0x7f && c != '\\' && !is_gap) out += c;
        else out.append({'\\', 'x', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

/// "one more of your proxies is", "two more of your proxies are".
[[nodiscard]] inline std::string more_proxies(std::size_t count) {
    constexpr std::array<std::string_view, 10> words = {"no",   "one", "two",   "three", "four",
                                                        "five", "six", "seven", "eight", "nine"};
    const std::string number =
        count < words.size() ? std::string(words[count]) : std::to_string(count);
    return number + (count == 1 ? " more of your proxies is" : " more of your proxies are");
}

/// A count as in the source: "2", "all_hops".
[[nodiscard]] inline std::string count_text(unsigned n) {
    return n == all_hops ? "all_hops" : std::to_string(n);
}

/// What to look at or to change, in one or two sentences, if a field with this count `n`, which is
/// called `option` ("x_for"), and number of `values` in its header has an outcome that it should
/// not have. May be empty.
[[nodiscard]] inline std::string advice(const Outcome& outcome, std::string_view option, unsigned n,
                                        std::size_t values) {
    const std::string name(option);
    const std::string seen = std::to_string(values) + (values == 1 ? " value" : " values") +
                             " seen, " + name + " is " + count_text(n);
    if (outcome) {
        if (n == all_hops || values <= n) return "";
        return "The client wrote what is left of it, unless " + more_proxies(values - n) +
               " in front on every request (" + seen + ").";
    }
    switch (outcome.error()) {
        case Reason::not_configured:
            if (values == 0) return "";
            return "Any client can send it. If one of your proxies sets it on every request, set " +
                   name + (option == "forwarded" ? " = yes and the counts." : ".");
        case Reason::absent:
            if (values > 0) return "";
            return "No proxy sent it, or the request bypassed your proxies.";
        case Reason::peer_not_trusted:
            return "If the peer is one of your proxies, add it to proxies. If not, the request "
                   "bypassed your proxies.";
        case Reason::hop_not_trusted:
            return "An address on the way is not in proxies, or not known. If it is one of your "
                   "proxies, add it to proxies. If not, the request bypassed the outer proxies.";
        case Reason::too_few_values:
            return seen + ": the count is too high, or the request bypassed a proxy.";
        case Reason::chain_too_long:
            return "The chain does not fit in the last 16 lines of the header. Have a proxy join "
                   "them into one line, or set a count.";
        case Reason::unreliable_lines:
            return "The server loses the order of lines, drops some, or mixes others among them. "
                   "Let the outermost proxy overwrite the header, and pass on fewer lines.";
        case Reason::malformed:
            return "A proxy passed on what the client sent, or writes a different format.";
        case Reason::anonymous:
            return "The proxy hides its client's address. Configure it to send the address.";
        case Reason::host_not_allowed: return "If the host is yours, add it to allowed_hosts.";
    }
    return "";
}

}  // namespace proxyfix::inline v0::detail
