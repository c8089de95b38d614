// SPDX-License-Identifier: MIT
/// \file
/// `FieldName`: the name of a header, checked and held in place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/config.hpp"
#include "proxyfix/text.hpp"

namespace proxyfix {

/// The name of a header field (RFC 9110, 5.1): a token of at most 63 bytes; or none.
class FieldName {
  public:
    /// No name.
    constexpr FieldName() noexcept = default;
    /// A literal, checked by the compiler: `FieldName name = "CF-Connecting-IP"`. "" is no name.
    template <std::size_t size> consteval FieldName(const char (&literal)[size]) {
        const std::string_view text(literal, size - 1);
        if (!text.empty() && !is_name(text)) refuse("not the name of a header field");
        text_.append(text);
    }
    /// From a configuration file. An empty text is no name.
    static Parsed<FieldName> parse(std::string_view text) {
        FieldName name;
        if (text.empty()) return name;
        if (!is_name(text)) return Fault{std::string(text) + ": not the name of a header field"};
        name.text_.append(text);
        return name;
    }

    [[nodiscard]] constexpr bool empty() const noexcept { return text_.size == 0; }
    [[nodiscard]] constexpr std::string_view view() const& noexcept { return text_.view(); }
    std::string_view view() const&& = delete;

    friend constexpr bool operator==(const FieldName& a, const FieldName& b) noexcept {
        return equals_ignore_case(a.view(), b.view());
    }

  private:
    static constexpr std::size_t capacity = 63;
    static constexpr bool is_name(std::string_view text) noexcept {
        return text.size() <= capacity && is_token(text);
    }

    FixedText<capacity> text_;
};

}  // namespace proxyfix
