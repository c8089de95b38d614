// SPDX-License-Identifier: MIT
/// \file
/// `Hosts`: the hosts that an application is reached by.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/authority.hpp"
#include "proxyfix/config.hpp"
#include "proxyfix/sequence.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// A host, or all names below one: "shop.example", "*.shop.example", "192.0.2.1", "[2001:db8::1]".
class HostPattern {
  public:
    /// A literal, checked by the compiler.
    template <std::size_t size>
    consteval HostPattern(const char (&literal)[size])
        : HostPattern(std::string_view(literal, size - 1)) {
        if (!fault({literal, size - 1}).empty()) refuse("not a pattern of a host");
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
    [[nodiscard]] constexpr bool matches(std::string_view host) const noexcept {
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
            return is_name(text.substr(2)) ? "" : "what follows *. is not the name of a host";
        }
        if (text.find('*') != text.npos)
            return "a * stands only before a name, as in *.example.com";
        const auto authority = Authority::parse(text);
        if (!authority) return "not a host";
        return authority->port == 0 ? "" : has_port;
    }

    FixedText<capacity> text_;
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
    /// Patterns of a configuration file, with commas, blanks or line ends between them. An empty
    /// text is no host. The error names the first faulty pattern.
    static Parsed<Hosts> parse(std::string_view text) {
        Hosts hosts;
        for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
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

}  // namespace proxyfix
