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

/// The parameters of an element of Forwarded, by name in lower case. Of a quoted-string the text
/// between the quotes with its backslashes.
struct Parameter {
    std::string text;
    bool quoted = false;
};
using Element = std::map<std::string, Parameter>;

inline std::optional<Element> forwarded_element(const std::string& text) {
    // Cuts at the semicolons outside of quotes. A backslash in quotes takes the next byte with it.
    std::vector<std::string> pairs(1);
    bool in_quotes = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') in_quotes = !in_quotes;
        if (text[i] == ';' && !in_quotes) {
            pairs.emplace_back();
            continue;
        }
        pairs.back() += text[i];
        if (in_quotes && text[i] == '\\' && i + 1 < text.size()) pairs.back() += text[++i];
    }
    Element element;
    if (text.empty() || in_quotes) return std::nullopt;
    for (const std::string& pair : pairs) {
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        if (equals == pair.npos || !is_token(pair.substr(0, equals))) return std::nullopt;
        Parameter value{pair.substr(equals + 1)};
        if (value.text.starts_with('"')) {
            value.quoted = true;
            if (value.text.size() < 2 || !value.text.ends_with('"')) return std::nullopt;
            value.text = value.text.substr(1, value.text.size() - 2);
            for (std::size_t i = 0; i < value.text.size(); ++i) {
                if (value.text[i] == '"') return std::nullopt;
                if (value.text[i] == '\\' && ++i == value.text.size()) return std::nullopt;
                const auto byte = static_cast<unsigned char>(value.text[i]);
                if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return std::nullopt;
            }
        } else if (!is_token(value.text)) {
            return std::nullopt;
        }
        const std::string name = in_lower_case(pair.substr(0, equals));
        if (!element.emplace(name, value).second || element.size() > 8) return std::nullopt;
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
