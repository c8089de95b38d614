// SPDX-License-Identifier: MIT
/// \file
/// JSON text, from values to objects.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// A string in quotes. Of bytes outside of printable ASCII each is a character of its own, so that
/// any bytes give valid JSON.
inline std::string json(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (byte >= ' ' && byte < 0x7f) out += c;
        else out.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
    }
    return out + '"';
}
inline std::string json(const char* text) { return json(std::string_view(text)); }
template <std::unsigned_integral T> std::string json(T value) {
    if constexpr (std::same_as<T, bool>) return value ? "true" : "false";
    else return std::to_string(value);
}

/// An array of what `to_json` makes of each item.
template <class Items, class ToJson>
std::string json_array(const Items& items, const ToJson& to_json) {
    std::string out;
    for (const auto& item : items) out.append(out.empty() ? "" : ",").append(to_json(item));
    return '[' + out + ']';
}

/// An object; its members are JSON already.
inline std::string json_object(
    std::initializer_list<std::pair<std::string_view, std::string>> members) {
    std::string out;
    for (const auto& [name, value] : members)
        out.append(out.empty() ? "" : ",").append(json(name)).append(":").append(value);
    return '{' + out + '}';
}
