// SPDX-License-Identifier: MIT
/// \file
/// `Networks`: a set of addresses, as trusted proxies are listed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/sequence.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/network.hpp"

namespace proxyfix::inline v0 {

/// A set of addresses, kept as disjoint ranges in ascending order, so that `contains` is a binary
/// search. Made once, at start-up; then only read.
///
///     {.proxies = {"10.0.0.0/24"_net, "2001:db8::/64"_net}}
///     {.proxies = Networks::parse(text_of_a_configuration_file).value()}
///     {.proxies = Networks::loopback() | Networks::unix_domain()}
class Networks {
  public:
    /// Addresses from `first` to `last`, both included.
    struct Range {
        Address first{0, 0},  ///< The lowest address.
            last{0, 0};       ///< The highest one.
        /// Equal ends.
        friend constexpr bool operator==(const Range&, const Range&) noexcept = default;
    };

    /// No address at all: nobody is trusted.
    constexpr Networks() noexcept = default;
    /// The union of these networks. For many, `parse` is faster.
    constexpr Networks(std::initializer_list<Network> networks) {
        for (const Network& network : networks) *this = *this | of(network);
    }
    /// Everybody, whatever the address, known or not.
    [[nodiscard]] static constexpr Networks any() noexcept {
        Networks networks;
        networks.any_ = true;
        return networks;
    }
    /// 127.0.0.0/8 and ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
    [[nodiscard]] static constexpr Networks loopback() {
        return {*Network::parse("127.0.0.0/8"), *Network::parse("::1")};
    }
    /// 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918) and fc00::/7 (RFC 4193).
    [[nodiscard]] static constexpr Networks private_use() {
        return {*Network::parse("10.0.0.0/8"), *Network::parse("172.16.0.0/12"),
                *Network::parse("192.168.0.0/16"), *Network::parse("fc00::/7")};
    }
    /// 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291, 2.5.6).
    [[nodiscard]] static constexpr Networks link_local() {
        return {*Network::parse("169.254.0.0/16"), *Network::parse("fe80::/10")};
    }
    /// 100.64.0.0/10, the shared address space of carriers and of some clouds (RFC 6598).
    [[nodiscard]] static constexpr Networks shared() { return {*Network::parse("100.64.0.0/10")}; }
    /// Peers that have no IP address: the text of their address starts with "unix:".
    [[nodiscard]] static constexpr Networks unix_domain() noexcept {
        Networks networks;
        networks.unix_domain_ = true;
        return networks;
    }

    /// Networks of a configuration file, with commas, blanks or line ends between them:
    /// "10.0.0.0/24, 2001:db8::/64". The words loopback, private, link-local, shared and unix: name
    /// the sets above; `any`, as the only word, is everybody. An empty text is the empty set. The
    /// error names the first faulty network.
    static Parsed<Networks> parse(std::string_view text);

    /// Is it `any()`?
    [[nodiscard]] constexpr bool is_any() const noexcept { return any_; }
    /// Is it one of the addresses?
    [[nodiscard]] constexpr bool contains(const Address& address) const noexcept {
        const std::size_t i = first_range_not_before(address);
        return any_ || (i < ranges_.size() && ranges_[i].first <= address);
    }
    /// Does the text of a TCP peer's address stand for one of them? A zone ("fe80::1%eth0",
    /// RFC 4007, 11) is disregarded. Text that is no address is in no set but `any()`.
    [[nodiscard]] PROXYFIX_OUTLINE constexpr bool contains_peer(
        std::string_view text) const noexcept {
        if (any_) return true;
        if (text.starts_with("unix:")) return unix_domain_;
        const auto address = Address::parse(text.substr(0, text.find('%')));
        return address && contains(*address);
    }

    /// The ranges of addresses: disjoint, ascending; none in `any()`. \{
    [[nodiscard]] constexpr const Sequence<Range>& ranges() const& noexcept { return ranges_; }
    [[nodiscard]] constexpr Sequence<Range> ranges() && noexcept { return std::move(ranges_); }
    /// \}

    /// The union of two sets, in linear time.
    [[nodiscard]] friend constexpr Networks operator|(const Networks& a, const Networks& b) {
        if (a.any_ || b.any_) return any();
        Networks both;
        both.unix_domain_ = a.unix_domain_ || b.unix_domain_;
        const Range *i = a.ranges_.begin(), *j = b.ranges_.begin();
        while (i != a.ranges_.end() || j != b.ranges_.end()) {
            const bool is_i = j == b.ranges_.end() || (i != a.ranges_.end() && i->first < j->first);
            both.add(is_i ? *i++ : *j++);
        }
        return both;
    }
    /// The same addresses, however they were given.
    friend constexpr bool operator==(const Networks&, const Networks&) noexcept = default;

    /// Are peers on a unix-domain socket in it?
    [[nodiscard]] constexpr bool has_unix_domain() const noexcept { return unix_domain_; }

  private:
    /// As `parse`, but for the word `any`.
    static Parsed<Networks> parse_set(std::string_view text);

    /// The index of the first range that ends at `address` or behind it.
    [[nodiscard]] constexpr std::size_t first_range_not_before(
        const Address& address) const noexcept {
        const Range* range = ranges_.begin();
        for (std::size_t left = ranges_.size(); left > 0;) {
            const std::size_t half = (left + 1) / 2;
            if (is_before(range[half - 1].last, address)) range += half;
            left -= half;
        }
        return static_cast<std::size_t>(range - ranges_.begin());
    }

    /// `a < b`, in the form that both g++ and clang make fast.
    static constexpr bool is_before(const Address& a, const Address& b) noexcept {
        return a.high() < b.high() || (a.high() == b.high() && a.low() < b.low());
    }

    /// One network. "::ffff:0:0/96" is IPv4, so of an IPv6 network that holds it, such as ::/0,
    /// only what is below and above it goes in.
    static constexpr Networks of(const Network& network) {
        constexpr Range v4{Address::v4(0), Address::v4(0xffff'ffff)};
        const Range range{network.first(), network.last()};
        const bool holds_v4 = range.first < v4.first && v4.last <= range.last;
        Networks networks;
        networks.ranges_.append(
            {range.first, holds_v4 ? Address(0, v4.first.low() - 1) : range.last});
        if (holds_v4 && v4.last < range.last) {
            networks.ranges_.append({Address(0, v4.last.low() + 1), range.last});
        }
        return networks;
    }

    /// Is `b` the address behind `a`? Precondition: `a < b`.
    static constexpr bool are_neighbours(const Address& a, const Address& b) noexcept {
        const bool carry = a.low() == ~std::uint64_t{0};
        return b.low() == a.low() + 1 && b.high() == a.high() + (carry ? 1 : 0);
    }

    /// Adds a range, as part of the last one if they overlap or touch. Precondition: none begins
    /// behind it.
    constexpr void add(const Range& range) {
        const bool is_new = ranges_.empty() || (ranges_.back().last < range.first &&
                                                !are_neighbours(ranges_.back().last, range.first));
        if (is_new) ranges_.append(range);
        else if (ranges_.back().last < range.last) ranges_.back().last = range.last;
    }

    Sequence<Range> ranges_;
    bool any_ = false, unix_domain_ = false;
};

namespace detail {

/// What is wrong with a word that is no network, for people.
[[nodiscard]] inline std::string fault_of_network(std::string_view word) {
    if (word == "any") return "as the only word of a list it is everybody, like Networks::any()";
    std::string_view fault;
    static_cast<void>(Network::parse(word, fault));
    const std::size_t slash = word.find('/');
    if (slash == word.npos) return std::string(fault);
    const std::uint32_t mask = parse_ipv4(word.substr(slash + 1)).value_or(0);
    const auto address = Address::parse_v4(word.substr(0, slash));
    const auto bits = static_cast<unsigned>(std::countl_one(mask));
    if (bits == 0 || !address || std::popcount(mask) != static_cast<int>(bits)) {
        return std::string(fault);
    }
    return "a netmask; in CIDR notation it is " + to_string(address->network(bits)) + '/' +
           std::to_string(bits);
}

}  // namespace detail

inline Parsed<Networks> Networks::parse_set(std::string_view text) {
    // By halves, so that many take little more than linear time.
    const auto [word, others] = detail::halve_words(text);
    if (!others.empty()) {
        auto a = parse_set(word);
        if (!a) return a;
        const auto b = parse_set(others);
        return b ? *a | *b : b;
    }
    if (word.empty()) return Networks();
    if (word == "loopback") return loopback();
    if (word == "private") return private_use();
    if (word == "link-local") return link_local();
    if (word == "shared") return shared();
    if (word == "unix:") return unix_domain();
    const auto network = Network::parse(word);
    if (!network) return Fault{std::string(word) + ": " + detail::fault_of_network(word)};
    return of(*network);
}

inline Parsed<Networks> Networks::parse(std::string_view text) {
    return detail::is_only_word(text, "any") ? any() : parse_set(text);
}

namespace detail {

/// The ends of IPv4 among all addresses, what is next to them, and the first address of all. \{
inline constexpr Address first_v4 = Address::v4(0), last_v4 = Address::v4(0xffff'ffff);
inline constexpr Address below_v4 = Address(0, first_v4.low() - 1);
inline constexpr Address above_v4 = Address(0, last_v4.low() + 1);
inline constexpr Address zero_address = Address(0, 0);
/// \}

/// The address behind this one.
constexpr Address next(const Address& address) noexcept {
    const std::uint64_t low = address.low() + 1;
    return {address.high() + (low == 0 ? 1 : 0), low};
}

/// Appends the networks that make up the addresses from `first` to `last`: as few as there can be.
/// Precondition: both are IPv4, or neither is.
inline void append_networks(std::string& text, Address first, const Address& last) {
    const unsigned all_bits = first.is_v4() ? 32 : 128;
    for (;;) {
        // The largest network that begins with `first`, and does not reach behind `last`.
        unsigned bits = all_bits;
        Address end = first;
        while (bits > 0 && first.network(bits - 1) == first) {
            const Address wider = last_of(first, bits - 1);
            if (last < wider) break;
            end = wider;
            --bits;
        }
        if (!text.empty()) text += ", ";
        text += to_string(first);
        if (bits < all_bits) text += '/' + std::to_string(bits);
        if (end == last) return;
        first = next(end);
    }
}

}  // namespace detail

/// The set as `Networks::parse` reads it: "any", or networks in ascending order with commas between
/// them, "10.0.0.0/8, 2001:db8::1", and `unix:`.
[[nodiscard]] inline std::string to_string(const Networks& networks) {
    if (networks.is_any()) return "any";
    using detail::above_v4, detail::below_v4, detail::first_v4, detail::last_v4,
        detail::zero_address;
    // An IPv6 network that is wide enough, such as ::/0, stands for what is below IPv4 and above.
    bool is_wide = false;
    unsigned bits = 80;
    for (const auto& [first, last] : networks.ranges()) {
        is_wide = is_wide || (first == zero_address && below_v4 <= last);
        if (!is_wide || above_v4 < first) continue;
        while (bits > 0 && detail::last_of(zero_address, bits - 1) <= last) --bits;
    }
    const Address last_of_wide = detail::last_of(zero_address, bits);
    std::string text = is_wide ? "::/" + std::to_string(bits) : std::string();
    for (const auto& [first, last] : networks.ranges()) {
        // What begins in IPv4 and ends in IPv6, or the other way round, is no network.
        if (first < first_v4 && !is_wide) {
            detail::append_networks(text, first, last < below_v4 ? last : below_v4);
        }
        if (first <= last_v4 && first_v4 <= last) {
            detail::append_networks(text, first < first_v4 ? first_v4 : first,
                                    last < last_v4 ? last : last_v4);
        }
        const Address above = is_wide ? detail::next(last_of_wide) : above_v4;
        if (above <= last && bits > 0)
            detail::append_networks(text, first < above ? above : first, last);
    }
    if (networks.has_unix_domain()) text += text.empty() ? "unix:" : ", unix:";
    return text;
}

}  // namespace proxyfix::inline v0
