// SPDX-License-Identifier: MIT
/// \file
/// `ByteSet`: which bytes may stand at a place.
#pragma once

#include <array>
#include <string_view>

namespace proxyfix::inline v0::detail {

/// A set of bytes, made by the compiler. To look one up is a single load; a row of comparisons, or
/// a search in a text, needs 8 to 40 instructions.
class ByteSet {
  public:
    /// The bytes of a text.
    consteval explicit ByteSet(std::string_view bytes) {
        for (const char c : bytes) holds_[static_cast<unsigned char>(c)] = true;
    }
    /// These, and the bytes of a text.
    [[nodiscard]] consteval ByteSet with(std::string_view bytes) const {
        ByteSet result = *this;
        for (const char c : bytes) result.holds_[static_cast<unsigned char>(c)] = true;
        return result;
    }

    /// Is this byte one of the set?
    [[nodiscard]] constexpr bool contains(char c) const noexcept {
        return holds_[static_cast<unsigned char>(c)];
    }

  private:
    std::array<bool, 256> holds_{};
};

/// ALPHA and DIGIT of RFC 5234, B.1.
inline constexpr ByteSet alphanumeric(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

}  // namespace proxyfix::inline v0::detail
