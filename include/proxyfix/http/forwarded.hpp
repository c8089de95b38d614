// SPDX-License-Identifier: MIT
/// \file
/// `ForwardedElement`: what one proxy writes in a Forwarded header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"

namespace proxyfix::inline v0 {

/// An element of a Forwarded header (RFC 7239, 4), `for=192.0.2.60;proto=http;by=203.0.113.43`, as
/// senders write it: they leave quotes out where the RFC wants them. Views of the text it was
/// parsed from.
///
/// Elements are found as the values of any other list: from the right, and every comma separates,
/// be it in quotes or not. The proxies append to what a client sends, so that is left of the commas
/// that they wrote, or on earlier lines, where nothing is read. A quote or a backslash that a
/// client leaves open swallows nothing: `for=x;by="` and then `, for=203.0.113.7` are two elements,
/// and the second one is sound.
///
/// A proxy may quote what a client chose, such as a host with a comma in it. Such an element falls
/// into pieces, and the last piece is rejected: a proxy escapes the quotes in what it quotes, so
/// the piece has an odd number of quotes that are not escaped, or a pair without '='. All elements
/// up to the chosen one must be sound, so no piece further left is reached either. If a proxy does
/// not quote it, or not escape it, the client writes elements of its own, and no parser can tell.
struct ForwardedElement {
    /// A parameter's value; of a quoted-string, what is between the quotes.
    struct Value {
        std::string_view text;  ///< Backslashes included.
        bool given = false,     ///< Is the parameter there?
            quoted = false;     ///< Was it a quoted-string?
    };
    Value for_,  ///< The parameter for: who sent the request to the proxy (RFC 7239, 5.2).
        proto,   ///< The parameter proto: by which scheme (RFC 7239, 5.4).
        host;    ///< The parameter host: the Host that it had (RFC 7239, 5.3).

    /// Pairs `name=value` with ';' between them, and perhaps blanks around it. A name is a token,
    /// whatever its letter case. A value is a quoted-string (RFC 9110, 5.6.4), or visible ASCII
    /// without '"', ',' and ';', perhaps nothing. Else `malformed`, as are an empty element and one
    /// with for, proto or host twice. Other parameters may be any, and repeat; pairs may be empty.
    static constexpr Result<ForwardedElement> parse(std::string_view text) noexcept;

    /// The parameter for: an address as `parse_endpoint` reads it. `anonymous`: the proxy says
    /// "unknown" or an obfuscated name such as "_hidden" (RFC 7239, 6). `absent`: it says nothing.
    /// An obfuscated port is not given. Else `malformed`.
    constexpr Result<Endpoint> client() const noexcept;
    /// The parameter proto as a `Scheme`. `absent`: there is none. Else `malformed`.
    constexpr Result<Scheme> scheme() const noexcept;
    /// The parameter host. Its value is a view, so a quoted-pair in it is `malformed`: no character
    /// of a host needs one (RFC 9110, 5.6.4: a sender should not generate it then). `absent`: there
    /// is none.
    constexpr Result<Authority> authority() const noexcept {
        if (!host.given) return Reason::absent;
        return Authority::parse(host.text);
    }

  private:
    /// obfnode or obfport of RFC 7239, 6: '_' and one or more of ALPHA, DIGIT, '.', '_' and '-'.
    static constexpr bool is_obfuscated(std::string_view text) noexcept {
        if (!text.starts_with('_') || text.size() < 2) return false;
        for (const char c : text) {
            if (!detail::obfuscated_bytes.contains(c)) return false;
        }
        return true;
    }
};

namespace detail {

/// The value without the backslashes of its quoted-pairs. `malformed`: more than 64 bytes.
PROXYFIX_OUTLINE constexpr Result<FixedText<64>> unquote(
    const ForwardedElement::Value& value) noexcept {
    FixedText<64> out;
    for (std::size_t i = 0; i < value.text.size(); ++i) {
        if (value.quoted && value.text[i] == '\\') ++i;
        if (out.size == out.data.size()) return Reason::malformed;
        out.push_back(value.text[i]);
    }
    return out;
}

/// Takes a value off the front of `text`: a quoted-string (RFC 9110, 5.6.4), or as many
/// `unquoted_bytes` as there are. `malformed`: the quotes are not closed, or have control bytes.
constexpr Result<ForwardedElement::Value> take_forwarded_value(std::string_view& text) noexcept {
    const bool quoted = text.starts_with('"');
    const std::size_t begin = quoted ? 1 : 0;
    std::size_t end = begin;
    if (quoted) {
        for (; end < text.size() && text[end] != '"'; ++end) {
            if (text[end] == '\\') ++end;
            const auto c = static_cast<unsigned char>(end < text.size() ? text[end] : '\0');
            if ((c < ' ' && c != '\t') || c == 0x7f) return Reason::malformed;
        }
        if (end >= text.size()) return Reason::malformed;
    } else {
        while (end < text.size() && unquoted_bytes.contains(text[end])) ++end;
    }
    const ForwardedElement::Value value{text.substr(begin, end - begin), true, quoted};
    text.remove_prefix(end + begin);
    return value;
}

/// Removes the blanks from the front.
constexpr void skip_blanks(std::string_view& text) noexcept {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
}

}  // namespace detail

constexpr Result<ForwardedElement> ForwardedElement::parse(std::string_view text) noexcept {
    ForwardedElement element;
    detail::skip_blanks(text);
    if (text.empty()) return Reason::malformed;
    for (;;) {
        if (!text.empty() && text.front() != ';') {
            const std::size_t equals = text.find('=');
            const std::string_view name = text.substr(0, equals);
            if (equals == text.npos || !detail::is_token(name)) return Reason::malformed;
            text.remove_prefix(equals + 1);
            const auto value = detail::take_forwarded_value(text);
            if (!value) return value.error();
            Value* const known = equals_ignore_case(name, "for")     ? &element.for_
                                 : equals_ignore_case(name, "proto") ? &element.proto
                                 : equals_ignore_case(name, "host")  ? &element.host
                                                                     : nullptr;
            if (known != nullptr) {
                if (known->given) return Reason::malformed;
                *known = *value;
            }
            detail::skip_blanks(text);
        }
        if (text.empty()) return element;
        if (text.front() != ';') return Reason::malformed;
        text.remove_prefix(1);
        detail::skip_blanks(text);
    }
}

constexpr Result<Scheme> ForwardedElement::scheme() const noexcept {
    if (!proto.given) return Reason::absent;
    const auto text = detail::unquote(proto);
    if (!text) return text.error();
    return parse_scheme(text->view());
}

constexpr Result<Endpoint> ForwardedElement::client() const noexcept {
    if (!for_.given) return Reason::absent;
    const auto unquoted = detail::unquote(for_);
    if (!unquoted) return unquoted.error();
    const std::string_view node = unquoted->view();
    const std::size_t colon = node.rfind(':');
    const std::string_view port = colon == node.npos ? "" : node.substr(colon + 1);
    const bool has_obfuscated_port = is_obfuscated(port);
    const bool has_port = has_obfuscated_port || parse_port(port);
    const std::string_view name = has_port ? node.substr(0, colon) : node;
    if (is_obfuscated(name) || equals_ignore_case(name, "unknown")) return Reason::anonymous;
    if (!has_obfuscated_port) return parse_endpoint(node);
    return detail::client_endpoint(detail::parse_before_port(name), std::uint16_t{0});
}

}  // namespace proxyfix::inline v0
