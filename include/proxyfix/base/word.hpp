// SPDX-License-Identifier: MIT
/// \file
/// Words: eight bytes of text in one number, looked at all at once.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace proxyfix::inline v0::detail {

/// Eight bytes of text. The first one is the lowest eight bits, on every machine.
using Word = std::uint64_t;

/// The eight bytes from `text` on, one after the other: at compile time, and where the machine's
/// byte order is another. Precondition: they may be read.
[[nodiscard]] constexpr Word load_bytes(const char* text) noexcept {
    const auto byte = [text](unsigned i) {
        return Word{static_cast<unsigned char>(text[i])} << 8 * i;
    };
    return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
}

/// As `load_bytes`, in one load where the machine allows it.
[[nodiscard]] constexpr Word load_word(const char* text) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        if (!std::is_constant_evaluated()) {
            Word word;
            std::memcpy(&word, text, sizeof word);
            return word;
        }
    }
    return load_bytes(text);
}

/// A word of the same byte, 0 to 255, eight times.
[[nodiscard]] constexpr Word repeated(unsigned byte) noexcept {
    return byte * Word{0x0101'0101'0101'0101};
}

/// The index, 1 to 8, behind the last byte that is equal in both words; 0 if there is none.
[[nodiscard]] constexpr std::size_t index_behind_last_equal(Word a, Word b) noexcept {
    constexpr Word low_bits = repeated(0x7f);
    const Word differences = a ^ b;
    // The high bit of each byte that is equal. A sum of seven bits does not carry into the next
    // byte.
    const Word equal = ~(((differences & low_bits) + low_bits) | differences | low_bits);
    return equal == 0 ? 0 : 8 - static_cast<std::size_t>(std::countl_zero(equal)) / 8;
}

/// The high bit of each byte from `first` to `last`, which are 1 to 0x7e. It is never set for a
/// byte that is not ASCII; but if there is such a byte, the bits of others may be wrong.
[[nodiscard]] constexpr Word bytes_in_range(Word word, char first, char last) noexcept {
    // A sum of seven bits does not carry into the next byte.
    const Word not_below = word + repeated(0x80u - static_cast<unsigned>(first));
    const Word above = word + repeated(0x7fu - static_cast<unsigned>(last));
    return not_below & ~above & repeated(0x80);
}

}  // namespace proxyfix::inline v0::detail
