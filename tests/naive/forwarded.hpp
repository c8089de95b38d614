// SPDX-License-Identifier: MIT
/// \file
/// The grammar of an element of Forwarded (RFC 7239, 4) once more.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "grammar.hpp"

namespace naive {

inline bool is_token(const std::string& text) {
    return !text.empty() && consists_of(text, letters + digits + "!#$%&'*+-.^_`|~");
}

/// The parameters for, proto and host of an element, by name in lower case. Of a quoted-string the
/// text between the quotes with its backslashes.
struct Parameter {
    std::string text;
    bool quoted = false;
};
using Element = std::map<std::string, Parameter>;

/// HTAB, and bytes from SP on but for DEL.
inline bool is_text_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/// The text between the quotes of exactly one quoted-string.
inline std::optional<std::string> in_quotes(const std::string& text) {
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
    const std::string inside = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '"') return std::nullopt;
        if (inside[i] == '\\' && ++i == inside.size()) return std::nullopt;
        if (!is_text_byte(inside[i])) return std::nullopt;
    }
    return inside;
}

/// Visible ASCII without '"', ',' and ';', or nothing.
inline bool is_plain_value(const std::string& text) {
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '"' || c == ',' || c == ';') return false;
    }
    return true;
}

inline std::optional<Element> forwarded_element(const std::string& text) {
    // Cuts at the semicolons outside of quotes. A backslash in quotes takes the next byte with it.
    std::vector<std::string> pairs(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') is_quoted = !is_quoted;
        if (text[i] == ';' && !is_quoted) {
            pairs.emplace_back();
            continue;
        }
        pairs.back() += text[i];
        if (is_quoted && text[i] == '\\' && i + 1 < text.size()) pairs.back() += text[++i];
    }
    Element element;
    if (trimmed(text).empty() || is_quoted) return std::nullopt;
    for (const std::string& with_blanks : pairs) {
        const std::string pair = trimmed(with_blanks);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        if (equals == pair.npos || !is_token(pair.substr(0, equals))) return std::nullopt;
        Parameter value{pair.substr(equals + 1)};
        if (const auto inside = in_quotes(value.text)) value = {*inside, true};
        else if (!is_plain_value(value.text)) return std::nullopt;
        const std::string name = in_lower_case(pair.substr(0, equals));
        const bool may_repeat = name != "for" && name != "proto" && name != "host";
        if (!may_repeat && !element.emplace(name, value).second) return std::nullopt;
    }
    return element;
}

/// Without the backslashes of quoted-pairs; nothing if that is longer than 64 bytes.
inline std::optional<std::string> unquoted(const Parameter& value) {
    std::string text;
    for (std::size_t i = 0; i < value.text.size(); ++i) {
        if (value.quoted && value.text[i] == '\\') ++i;
        text += value.text[i];
    }
    if (text.size() > 64) return std::nullopt;
    return text;
}

/// "_" and one or more letters, digits, '.', '_' or '-'.
inline bool is_obfuscated(const std::string& text) {
    return text.size() > 1 && text[0] == '_' && consists_of(text, letters + digits + "._-");
}

}  // namespace naive
