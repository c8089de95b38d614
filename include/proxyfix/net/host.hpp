// SPDX-License-Identifier: MIT
/// \file
/// `Authority`: a host, with a port or without. `Hosts`: those that an application is reached by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/base/sequence.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/base/word.hpp"
#include "proxyfix/net/address.hpp"

namespace proxyfix::inline v0::detail {

/// Would a browser read this label as a number: digits, or 0x and hexadecimal digits? A name that
/// ends in one is taken for an IPv4 address ("ends in a number", WHATWG URL 3.5).
/// Precondition: it is not empty.
[[nodiscard]] constexpr bool is_numeric(std::string_view label) noexcept {
    const bool hexadecimal = label.starts_with("0x") || label.starts_with("0X");
    if (hexadecimal) label.remove_prefix(2);
    for (const char c : label) {
        if (digit_value(c) >= (hexadecimal ? 16u : 10u)) return false;
    }
    return true;
}

/// Is it a name of at most 253 bytes: labels with a '.' between them, and perhaps one at the end?
/// A label has 1 to 63 `label_bytes`, and '-' at neither end; the last one is not numeric.
[[nodiscard]] PROXYFIX_OUTLINE constexpr bool is_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 253) return false;
    const char* at = text.data();
    const char* const end = at + text.size() - (text.back() == '.' ? 1 : 0);
    for (;;) {
        const char* const begin = at;
        while (at != end && label_bytes.contains(*at)) ++at;
        const auto length = static_cast<std::size_t>(at - begin);
        if (length == 0 || length > 63 || *begin == '-' || at[-1] == '-') return false;
        if (at == end) return !is_numeric({begin, length});
        if (*at++ != '.') return false;
    }
}

/// Is it a name of 8 to 63 bytes that are letters, '-' and '.', with a letter on either side of
/// each
/// '-' and '.'? By `is_name` it is one, too: a label without a digit is not numeric. Looks at eight
/// bytes at a time, the last ones first.
[[nodiscard]] constexpr bool is_plain_name(std::string_view text) noexcept {
    if (text.size() < 8 || text.size() > 63) return false;
    Word others = 0;  // the high bit of each '-' and '.'
    for (std::size_t at = text.size() - 1; at > 0;) {
        at = at > 7 ? at - 7 : 0;  // the first byte of a word is the last one of the next
        const Word word = load_word(text.data() + at);
        const Word letters = bytes_in_range(word | repeated(0x20), 'a', 'z');
        others = bytes_in_range(word, '-', '.');
        if ((letters | others) != repeated(0x80) || (others & others << 8) != 0) return false;
    }
    return (others & 0x80) == 0 && text.back() >= 'A';
}

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// A port number, 1 to 65535: digits only, no leading zero (RFC 3986, 3.2.3, is wider). Else
/// `malformed`.
constexpr Result<std::uint16_t> parse_port(std::string_view text) noexcept {
    const auto number = detail::parse_decimal(text, 65535);
    if (!number || *number == 0) return Reason::malformed;
    return static_cast<std::uint16_t>(*number);
}

namespace detail {

/// A port as it stands behind a host, ":8080"; nothing if it is 0.
[[nodiscard]] constexpr FixedText<6> port_suffix(std::uint16_t port) noexcept {
    FixedText<6> text;
    if (port != 0) text.push_back(':');
    for (unsigned unit = 10'000; unit > 0; unit /= 10) {
        if (port >= unit) text.push_back(static_cast<char>('0' + port / unit % 10));
    }
    return text;
}

}  // namespace detail

/// `host[:port]`, as in the Host field (RFC 9110, 7.2). A view of the text it was parsed from,
/// which must live as long.
struct Authority {
    std::string_view host;   ///< A name, an IPv4 address, or an IPv6 address in brackets.
    std::uint16_t port = 0;  ///< 0: not given.

    /// Splits the text at the port, and checks the port but not the host. Else `malformed`.
    static constexpr Result<Authority> split(std::string_view text) noexcept {
        const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
        const std::size_t colon = bracket == text.npos ? text.npos : text.find(':', bracket);
        if (colon == std::string_view::npos) return Authority{text};
        const auto parsed = parse_port(text.substr(colon + 1));
        if (!parsed) return parsed.error();
        return Authority{text.substr(0, colon), *parsed};
    }

    /// Splits the text and checks the host: an address or a name (`is_name`; RFC 3986, 3.2.2,
    /// without percent-encoding and IPvFuture). Else `malformed`.
    PROXYFIX_OUTLINE static constexpr Result<Authority> parse(std::string_view text) noexcept {
        Result<Authority> authority = split(text);
        if (authority && !detail::is_name(authority->host) && !authority->address()) {
            authority = Reason::malformed;
        }
        return authority;
    }

    /// The host as an address: IPv4, or IPv6 in brackets. Else `malformed`.
    PROXYFIX_OUTLINE constexpr Result<Address> address() const noexcept {
        if (!host.starts_with('[')) return Address::parse_v4(host);
        if (!host.ends_with(']')) return Reason::malformed;
        return Address::parse_v6(host.substr(1, host.size() - 2));
    }

    /// Equal text of the host, letter case included, and equal ports.
    friend constexpr bool operator==(const Authority&, const Authority&) noexcept = default;
};

/// The authority as text: "example.com:8080", or the host alone if there is no port.
[[nodiscard]] inline std::string to_string(const Authority& authority) {
    if (authority.port == 0) return std::string(authority.host);
    const auto port = detail::port_suffix(authority.port);
    std::string text;
    text.reserve(authority.host.size() + port.size);
    text.append(authority.host).append(port.view());
    return text;
}

/// A host, or all names below one: "shop.example", "*.shop.example", "192.0.2.1", "[2001:db8::1]".
class HostPattern {
  public:
    /// A literal, checked by the compiler.
    template <std::size_t size>
    consteval HostPattern(const char (&literal)[size])
        : HostPattern(std::string_view(literal, size - 1)) {
        if (!fault({literal, size - 1}).empty()) detail::refuse("not a pattern of a host");
    }
    /// From a configuration file. The error names the text and the fault.
    static Parsed<HostPattern> parse(std::string_view text) {
        const std::string_view why = fault(text);
        if (!why.empty()) return Fault{std::string(text).append(": ").append(why)};
        return HostPattern(text);
    }

    /// Does a host match, whatever its letter case? "*.shop.example" matches a.shop.example and
    /// b.a.shop.example, but not shop.example. A trailing '.' makes another name. Addresses are
    /// compared by value, but "[::ffff:192.0.2.1]" is not "192.0.2.1". Precondition: `host` is that
    /// of an `Authority`.
    [[nodiscard]] PROXYFIX_OUTLINE constexpr bool matches(std::string_view host) const noexcept {
        std::string_view pattern = text_.view();
        const auto address = Authority{host}.address();
        if (address) {
            return host.starts_with('[') == pattern.starts_with('[') &&
                   address == Authority{pattern}.address();
        }
        if (!pattern.starts_with('*')) return equals_ignore_case(host, pattern);
        pattern.remove_prefix(1);
        return host.size() > pattern.size() &&
               equals_ignore_case(host.substr(host.size() - pattern.size()), pattern);
    }

    /// The pattern as it was given. Lives as long as this.
    [[nodiscard]] constexpr std::string_view view() const& noexcept { return text_.view(); }
    std::string_view view() const&& = delete;  ///< Of a temporary, the view would dangle.

    /// Equal but for the letter case.
    friend constexpr bool operator==(const HostPattern& a, const HostPattern& b) noexcept {
        return equals_ignore_case(a.view(), b.view());
    }

  private:
    friend class Parsed<HostPattern>;
    friend class Sequence<HostPattern>;
    constexpr HostPattern() noexcept = default;

    static constexpr std::size_t capacity = 255;  // a name has at most 253 bytes, and "*." two

    constexpr explicit HostPattern(std::string_view text) noexcept {
        text_.append(text.substr(0, capacity));
    }

    /// What is wrong with a pattern; empty if nothing is.
    static constexpr std::string_view fault(std::string_view text) noexcept {
        constexpr std::string_view has_port =
            "a pattern has no port, and an IPv6 address has brackets";
        if (!text.starts_with('[') && text.find(':') != text.npos) return has_port;
        if (text.starts_with("*.")) {
            return detail::is_name(text.substr(2)) ? ""
                                                   : "what follows *. is not the name of a host";
        }
        if (text == "*") return "as the only word of a list it is every host, like Hosts::any()";
        if (text.find('*') != text.npos)
            return "a * belongs only before a name, as in *.example.com";
        const auto authority = Authority::parse(text);
        if (!authority) return "not a host";
        return authority->port == 0 ? "" : has_port;
    }

    detail::FixedText<capacity> text_;
};

/// The hosts that are let through: `Hosts::any()`, or a list of patterns.
///
///     {.allowed_hosts = {"shop.example", "*.shop.example"}}
class Hosts {
  public:
    /// No host at all.
    constexpr Hosts() noexcept = default;
    /// Hosts that match one of the patterns.
    constexpr Hosts(std::initializer_list<HostPattern> patterns) : patterns_(patterns) {}
    /// Every host.
    [[nodiscard]] static constexpr Hosts any() noexcept {
        Hosts hosts;
        hosts.any_ = true;
        return hosts;
    }
    /// Patterns of a configuration file, with commas, blanks or line ends between them; `*`, as the
    /// only word, is every host. An empty text is no host. The error names the first faulty
    /// pattern.
    static Parsed<Hosts> parse(std::string_view text) {
        if (detail::is_only_word(text, "*")) return any();
        Hosts hosts;
        for (std::string_view word = detail::take_word(text); !word.empty();
             word = detail::take_word(text)) {
            const auto pattern = HostPattern::parse(word);
            if (!pattern) return Fault{pattern.error()};
            hosts.patterns_.append(*pattern);
        }
        return hosts;
    }

    /// Is it `any()`?
    [[nodiscard]] constexpr bool is_any() const noexcept { return any_; }
    /// Is this host, of an `Authority`, let through?
    [[nodiscard]] constexpr bool contains(std::string_view host) const noexcept {
        if (any_) return true;
        for (const HostPattern& pattern : patterns_) {
            if (pattern.matches(host)) return true;
        }
        return false;
    }
    /// The patterns, in the order in which they were given; none in `any()`.
    [[nodiscard]] constexpr const Sequence<HostPattern>& patterns() const& noexcept {
        return patterns_;
    }
    /// The same, moved out.
    [[nodiscard]] constexpr Sequence<HostPattern> patterns() && noexcept {
        return std::move(patterns_);
    }

    /// The same patterns in the same order.
    friend constexpr bool operator==(const Hosts&, const Hosts&) noexcept = default;

  private:
    Sequence<HostPattern> patterns_;
    bool any_ = false;
};

/// The patterns as `Hosts::parse` reads them: "*", or "shop.example, *.shop.example".
[[nodiscard]] inline std::string to_string(const Hosts& hosts) {
    if (hosts.is_any()) return "*";
    std::string text;
    for (const HostPattern& pattern : hosts.patterns()) {
        text.append(text.empty() ? "" : ", ").append(pattern.view());
    }
    return text;
}

}  // namespace proxyfix::inline v0
