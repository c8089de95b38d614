// SPDX-License-Identifier: MIT
/// \file
/// Choices made by bytes, so that random tests and fuzzers make requests in the same way.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

/// Each choice takes a byte or two off the front. When they have run out, it is the first one.
class Choices {
  public:
    explicit Choices(std::string_view bytes) : bytes_(bytes) {}

    /// A number from 0 to `n` - 1.
    unsigned below(std::size_t n) {
        unsigned number = take();
        if (n > 256) number = number * 256 + take();
        return static_cast<unsigned>(number % n);
    }
    bool one_in(std::size_t n) { return below(n) == 1 % n; }
    template <std::size_t n> std::string one_of(const std::string_view (&texts)[n]) {
        return std::string(texts[below(n)]);
    }
    /// The next byte as it is.
    char byte() { return static_cast<char>(take()); }

  private:
    unsigned take() {
        if (bytes_.empty()) return 0;
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string_view bytes_;
};

/// Random bytes, the same with every compiler and library.
inline std::string random_bytes(std::mt19937& numbers, std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(numbers() & 0xff);
    return bytes;
}
