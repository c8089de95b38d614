// SPDX-License-Identifier: MIT
/// \file
/// `FieldName`: the name of a header, checked and held in place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/base/attributes.hpp"
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
struct NameRow {
    static constexpr std::size_t most = 5;  ///< How many of them a table has.

    std::uint8_t size{},                            ///< Of the name, in bytes.
        next = most;                                ///< The next row with the same last letter.
    std::array<char, FieldName::max_size> lower{},  ///< The name in lower case.
        case_bits{};                                ///< 0x20 for each letter in it.

    /// Is it the name of a line, whatever the letter case of either? Compares eight bytes at a
    /// time, the last ones first: there the names of forwarding headers differ.
    [[nodiscard]] PROXYFIX_HOT constexpr bool matches(std::string_view name) const noexcept {
        if (name.size() != size) return false;
        if (size < 8 || size > 24) {  // none of the usual names
            for (std::size_t i = 0; i < size; ++i) {
                if ((name[i] | case_bits[i]) != lower[i]) return false;
            }
            return true;
        }
        const std::size_t last = name.size() - 8;
        const auto is_equal = [&](std::size_t at) {
            return (load_word(name.data() + at) | load_word(case_bits.data() + at)) ==
                   load_word(lower.data() + at);
        };
        return is_equal(last) && is_equal(0) && (last <= 8 || is_equal(8));
    }
};

/// The names of at most five headers, prepared to be compared with that of every line of a request.
class NameTable {
  public:
    static constexpr std::size_t most = NameRow::most;  ///< How many names there may be.

    /// No names.
    constexpr NameTable() noexcept { first_rows_.fill(most); }
    /// Adds a name that is not empty and not in it; the first one has index 0.
    constexpr void add(const FieldName& name) noexcept {
        NameRow& row = rows_[size_];
        row.size = static_cast<std::uint8_t>(name.size());
        for (std::size_t i = 0; i < name.size(); ++i) {
            row.lower[i] = to_lower(name.view()[i]);
            row.case_bits[i] = is_letter(row.lower[i]) ? 0x20 : 0;
        }
        lengths_ |= Word{1} << name.size();
        row.next = std::exchange(first_rows_[index_of_letter(name.view())],
                                 static_cast<std::uint8_t>(size_));
        ++size_;
    }
    /// How many names there are.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// The index of this name, whatever its letter case, or `most`. Passes over most names by their
    /// length, and goes by the last letter to the few that may match: a name of 64 bytes or more
    /// counts as one of `size % 64`, and none has 0 bytes.
    [[nodiscard]] PROXYFIX_HOT constexpr std::size_t find(std::string_view name) const noexcept {
        if ((lengths_ >> (name.size() & 63) & 1) == 0) return most;
        std::size_t i = first_rows_[index_of_letter(name)];
        while (i != most && !rows_[i].matches(name)) i = rows_[i].next;
        return i;
    }

  private:
    static constexpr std::size_t index_of_letter(std::string_view name) noexcept {
        return static_cast<unsigned char>(name.back()) & 31u;
    }

    std::array<NameRow, most> rows_{};
    std::array<std::uint8_t, 32> first_rows_{};  // by the last letter: a row, or `most`
    std::size_t size_ = 0;
    Word lengths_ = 0;
};

}  // namespace proxyfix::inline v0::detail
