// SPDX-License-Identifier: MIT
/// \file
/// How a faulty configuration is rejected: with a message that names the text and the fault.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/base/attributes.hpp"

namespace proxyfix::inline v0::detail {

/// Throws `std::invalid_argument` with the message. Where exceptions are switched off, prints it
/// and aborts; in a constant expression it is a compile error. Only configuration is rejected
/// this way, at construction, and never a request.
[[noreturn]] PROXYFIX_COLD inline void refuse(const std::string& message) {
#ifdef __cpp_exceptions
    throw std::invalid_argument("proxyfix: " + message);
#else
    static_cast<void>(std::fputs(("proxyfix: " + message + '\n').c_str(), stderr));
    std::abort();
#endif
}

/// Takes the first word off a list whose words have commas, blanks or line ends between them, as in
/// configuration files. Empty: there is none.
[[nodiscard]] constexpr std::string_view take_word(std::string_view& text) noexcept {
    constexpr std::string_view separators = ", \t\r\n";
    text.remove_prefix(text.substr(0, text.find_first_not_of(separators)).size());
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(word.size());
    return word;
}

/// Splits such a list between two words, near its middle. If it has fewer than two, the first part
/// is the word, or empty, and the second one is empty.
[[nodiscard]] constexpr std::pair<std::string_view, std::string_view> halve_words(
    std::string_view text) noexcept {
    constexpr std::string_view separators = ", \t\r\n";
    text = text.substr(0, text.find_last_not_of(separators) + 1);
    text.remove_prefix(text.substr(0, text.find_first_not_of(separators)).size());
    std::size_t at = text.find_first_of(separators, text.size() / 2);
    if (at == text.npos) at = text.find_last_of(separators);
    return {text.substr(0, at), at == text.npos ? std::string_view() : text.substr(at)};
}

/// Has such a list this word, and no other?
[[nodiscard]] constexpr bool is_only_word(std::string_view text, std::string_view word) noexcept {
    return halve_words(text) == std::pair{word, std::string_view()};
}

}  // namespace proxyfix::inline v0::detail

namespace proxyfix::inline v0 {

/// What is wrong with a text: "10.0.0.1/8: bits set after the prefix".
struct Fault {
    std::string message;  ///< For people; not empty.
};

/// A `T` read from a configuration, or the fault; then it holds a `T{}`. Used like C++23's
/// `std::expected`.
template <class T> class [[nodiscard]] Parsed {
  public:
    /// A value. Implicit, as is the next one, so that a function can return either.
    Parsed(T value) : value_(std::move(value)) {}
    /// No value, and what is wrong.
    Parsed(Fault fault) : error_(std::move(fault.message)) {}

    /// Is there a value?
    [[nodiscard]] bool has_value() const noexcept { return error_.empty(); }
    /// The same, for a condition.
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    /// The value. Precondition: `has_value()`.
    [[nodiscard]] const T& operator*() const& noexcept { return value_; }
    /// The value, moved out. Precondition: `has_value()`.
    [[nodiscard]] T operator*() && noexcept { return std::move(value_); }
    /// Access to the value's members. Precondition: `has_value()`.
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }

    /// The value; if there is none, throws `std::invalid_argument` with `error()`.
    [[nodiscard]] T value() const {
        if (!has_value()) detail::refuse(error_);
        return value_;
    }

    /// What is wrong; empty if there is a value.
    [[nodiscard]] const std::string& error() const& noexcept { return error_; }
    /// The same, moved out.
    [[nodiscard]] std::string error() && noexcept { return std::move(error_); }

  private:
    T value_{};
    std::string error_;  // never empty if there is no value
};

}  // namespace proxyfix::inline v0
