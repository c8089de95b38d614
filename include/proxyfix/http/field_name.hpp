// SPDX-License-Identifier: MIT
/// \file
/// `FieldName`: the name of a header, checked and held in place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/base/word.hpp"

namespace proxyfix::inline v0 {

/// The name of a header field (RFC 9110, 5.1): a token of at most 63 bytes; or none.
class FieldName {
  public:
    static constexpr std::size_t max_size = 63;  ///< In bytes.

    /// No name.
    constexpr FieldName() noexcept = default;
    /// A literal, checked by the compiler: `FieldName name = "CF-Connecting-IP"`. "" is no name.
    template <std::size_t size> consteval FieldName(const char (&literal)[size]) {
        const std::string_view text(literal, size - 1);
        if (!text.empty() && !is_name(text)) detail::refuse("not the name of a header field");
        assign(text);
    }
    /// From a configuration file. The error names the text. An empty text is a fault too: a setting
    /// that is empty must not move trust to another header.
    static Parsed<FieldName> parse(std::string_view text) {
        FieldName name;
        if (!is_name(text)) {
            return Fault{std::string(text.empty() ? "''" : text) +
                         ": not the name of a header field"};
        }
        name.assign(text);
        return name;
    }

    /// Is it no name?
    [[nodiscard]] constexpr bool empty() const noexcept { return text_.size == 0; }
    /// The length in bytes, 0 to 63.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size; }
    /// The name as it was given. Lives as long as this.
    [[nodiscard]] constexpr std::string_view view() const& noexcept { return text_.view(); }
    std::string_view view() const&& = delete;  ///< Of a temporary, the view would dangle.

    /// Is it the name of a line, whatever the letter case of either?
    [[nodiscard]] constexpr bool matches(std::string_view name) const noexcept {
        return equals_ignore_case(view(), name);
    }

    /// Equal but for the letter case.
    friend constexpr bool operator==(const FieldName& a, const FieldName& b) noexcept {
        return a.matches(b.view());
    }

  private:
    static constexpr bool is_name(std::string_view text) noexcept {
        return text.size() <= max_size && detail::is_token(text);
    }

    constexpr void assign(std::string_view text) noexcept { text_.append(text); }

    detail::FixedText<max_size> text_;
};

}  // namespace proxyfix::inline v0

namespace proxyfix::inline v0::detail {

/// A name prepared to be compared with that of every line of a request.
class NameMatcher {
  public:
    /// Matches no name but an empty one.
    constexpr NameMatcher() noexcept = default;
    /// Of this name.
    constexpr explicit NameMatcher(const FieldName& name) noexcept : size_(name.size()) {
        for (std::size_t i = 0; i < size_; ++i) {
            lower_[i] = to_lower(name.view()[i]);
            const bool is_letter = lower_[i] >= 'a' && lower_[i] <= 'z';
            case_bits_[i] = is_letter ? 0x20 : 0;
        }
    }

    /// Is it the name of a line, whatever the letter case of either? Compares eight bytes at a
    /// time, the last ones first: there the names of forwarding headers differ.
    [[nodiscard]] constexpr bool matches(std::string_view name) const noexcept {
        const std::size_t size = size_;
        if (name.size() != size) return false;
        if (size < 8 || size > 24) {  // no header that has a count
            for (std::size_t i = 0; i < size; ++i) {
                if ((name[i] | case_bits_[i]) != lower_[i]) return false;
            }
            return true;
        }
        const std::size_t last = size - 8, middle = last < 8 ? last : 8;
        const char *const given = name.data(), *const bits = case_bits_.data(),
                          *const lower = lower_.data();
        return (load_word(given + last) | load_word(bits + last)) == load_word(lower + last) &&
               (load_word(given + middle) | load_word(bits + middle)) ==
                   load_word(lower + middle) &&
               (load_word(given) | load_word(bits)) == load_word(lower);
    }

  private:
    std::size_t size_ = 0;
    std::array<char, FieldName::max_size> lower_{}, case_bits_{};  // 0x20 for each letter
};

/// Tells at a glance that a name is none of several: by its length and its last letter. Passing
/// over a line by them is several times as fast as comparing its length with those of five names.
class NameFilter {
  public:
    /// Lets this name through, and those that are as long and end alike. Precondition: it is not
    /// empty.
    constexpr void add(const FieldName& name) noexcept {
        lengths_ |= Word{1} << name.size();
        last_letters_ |= std::uint32_t{1} << (static_cast<unsigned>(name.view().back()) & 31);
    }
    /// May it be one of them? A name of 64 bytes or more counts as one of `size % 64`, and none has
    /// 0 bytes, so an empty one is not let through.
    [[nodiscard]] constexpr bool lets_through(std::string_view name) const noexcept {
        return (lengths_ >> (name.size() & 63) & 1) != 0 &&
               (last_letters_ >> (static_cast<unsigned>(name.back()) & 31) & 1) != 0;
    }

  private:
    Word lengths_ = 0;
    std::uint32_t last_letters_ = 0;  // a bit for each value of the five bits without the case
};

}  // namespace proxyfix::inline v0::detail
