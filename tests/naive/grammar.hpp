// SPDX-License-Identifier: MIT
/// \file
/// The grammars once more, written from their definitions, slowly and without any code of the
/// library: what the library is compared with.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace naive {

inline const std::string digits = "0123456789", lower_letters = "abcdefghijklmnopqrstuvwxyz",
                         letters = lower_letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                         hexadecimal = "0123456789abcdefABCDEF";

inline bool consists_of(const std::string& text, const std::string& characters) {
    return text.find_first_not_of(characters) == std::string::npos;
}

inline std::string in_lower_case(std::string text) {
    for (char& c : text) {
        const std::size_t at = letters.find(c);
        if (at != std::string::npos) c = lower_letters[at % 26];
    }
    return text;
}

inline std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator) parts.emplace_back();
        else parts.back() += c;
    }
    return parts;
}

inline std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// Decimal digits without a leading zero, from `least` to `most`.
inline std::optional<int> number(const std::string& text, int least, int most) {
    if (text.empty() || text.size() > 8 || !consists_of(text, digits)) return std::nullopt;
    const int value = std::stoi(text);
    if (value < least || value > most || std::to_string(value) != text) return std::nullopt;
    return value;
}

/// The eight groups of an IPv6 address; an IPv4 address is ::ffff:a.b.c.d.
using Address = std::array<int, 8>;

inline std::optional<Address> ipv4(const std::string& text) {
    const auto parts = split(text, '.');
    if (parts.size() != 4) return std::nullopt;
    std::array<int, 4> octets{};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto octet = number(parts[i], 0, 255);
        if (!octet) return std::nullopt;
        octets[i] = *octet;
    }
    return Address{0, 0, 0, 0, 0, 0xffff, octets[0] * 256 + octets[1], octets[2] * 256 + octets[3]};
}

inline std::string in_hexadecimal(int value) {
    std::string text;
    do text.insert(text.begin(), hexadecimal[static_cast<std::size_t>(value % 16)]);
    while ((value /= 16) != 0);
    return text;
}

inline std::optional<Address> ipv6(std::string text) {
    if (text.find(':') == std::string::npos) return std::nullopt;
    if (text.find('.') != std::string::npos) {  // a dotted quad at the end stands for two groups
        const std::size_t last = text.rfind(':') + 1;
        const auto quad = ipv4(text.substr(last));
        if (!quad) return std::nullopt;
        text.replace(last, text.npos,
                     in_hexadecimal((*quad)[6]) + ':' + in_hexadecimal((*quad)[7]));
    }
    const std::size_t gap = text.find("::");
    const std::string before = text.substr(0, gap);
    const std::string after = gap == text.npos ? "" : text.substr(gap + 2);
    std::vector<std::string> left, right;
    if (!before.empty()) left = split(before, ':');
    if (!after.empty()) right = split(after, ':');
    const std::size_t count = left.size() + right.size();
    if (gap == text.npos ? count != 8 : count > 7) return std::nullopt;
    left.insert(left.end(), 8 - count, "0");
    left.insert(left.end(), right.begin(), right.end());
    Address address{};
    for (std::size_t i = 0; i < 8; ++i) {
        const std::string& group = left[i];
        if (group.empty() || group.size() > 4 || !consists_of(group, hexadecimal))
            return std::nullopt;
        address[i] = std::stoi(group, nullptr, 16);
    }
    return address;
}

inline std::optional<Address> address(const std::string& text) {
    const auto v4 = ipv4(text);
    return v4 ? v4 : ipv6(text);
}

inline bool is_v4(const Address& address) {
    return std::vector(address.begin(), address.begin() + 6) == std::vector{0, 0, 0, 0, 0, 0xffff};
}

/// RFC 5952, 4, in hexadecimal groups only; IPv4 as a dotted quad.
inline std::string text_of(const Address& address) {
    if (is_v4(address)) {
        return std::to_string(address[6] / 256) + '.' + std::to_string(address[6] % 256) + '.' +
               std::to_string(address[7] / 256) + '.' + std::to_string(address[7] % 256);
    }
    std::string all = ":";
    for (const int group : address) all += in_hexadecimal(group) + ':';
    for (int zeros = 8; zeros >= 2; --zeros) {
        std::string run = ":";
        for (int i = 0; i < zeros; ++i) run += "0:";
        const std::size_t at = all.find(run);
        if (at == all.npos) continue;
        all.replace(at, run.size(), "::");
        if (at != 0) all.erase(0, 1);
        if (!all.ends_with("::")) all.pop_back();
        return all;
    }
    return all.substr(1, all.size() - 2);
}

struct Endpoint {
    Address address{};
    int port = 0;
    bool operator==(const Endpoint&) const = default;
};

/// Of "host", "host:port", "[...]" and "[...]:port"; the port is 0 if there is none.
inline std::optional<std::pair<std::string, int>> host_and_port(const std::string& text) {
    std::size_t colon = text.find(':');
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == text.npos) return std::nullopt;
        if (end + 1 == text.size()) return std::pair{text, 0};
        colon = end + 1;
        if (text[colon] != ':') return std::nullopt;
    }
    if (colon == text.npos) return std::pair{text, 0};
    const auto port = number(text.substr(colon + 1), 1, 65535);
    if (!port) return std::nullopt;
    return std::pair{text.substr(0, colon), *port};
}

inline std::optional<Address> host_address(const std::string& host) {
    if (!host.starts_with('[')) return ipv4(host);
    return ipv6(host.substr(1, host.size() - 2));
}

/// An IPv6 address. A link-local one (fe80::/10) may have '%' and a zone behind it, which is
/// dropped: 1 to 15 letters, digits, '.', '_', '~' and '-'.
inline std::optional<Address> ipv6_and_zone(const std::string& text) {
    const std::size_t percent = text.find('%');
    const auto result = ipv6(text.substr(0, percent));
    if (!result || percent == text.npos) return result;
    const std::string zone = text.substr(percent + 1);
    const int first = (*result)[0];
    if (first < 0xfe80 || first > 0xfebf || zone.empty() || zone.size() > 15) return std::nullopt;
    if (!consists_of(zone, letters + digits + "._~-")) return std::nullopt;
    return result;
}

inline std::optional<Address> in_brackets(const std::string& text) {
    if (text.size() < 2 || !text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
    return ipv6_and_zone(text.substr(1, text.size() - 2));
}

/// What ":port" may follow: IPv4, IPv6 in brackets, or IPv6 that ends in a dotted quad.
inline std::optional<Address> before_port(const std::string& text) {
    if (const auto v4 = ipv4(text)) return v4;
    if (const auto v6 = in_brackets(text)) return v6;
    return text.find('.') == text.npos ? std::nullopt : ipv6(text);
}

/// The address and the port of a client, which is neither 0.0.0.0 nor ::.
inline std::optional<Endpoint> client_at(const std::optional<Address>& address,
                                         const std::optional<int>& port) {
    if (!address || !port) return std::nullopt;
    if (*address == Address{} || *address == *ipv4("0.0.0.0")) return std::nullopt;
    return Endpoint{*address, *port};
}

inline std::optional<int> port_number(const std::string& text) { return number(text, 1, 65535); }

/// A value of X-Forwarded-For.
inline std::optional<Endpoint> endpoint(const std::string& text) {
    for (const auto& alone : {ipv4(text), ipv6_and_zone(text), in_brackets(text)}) {
        if (alone) return client_at(alone, 0);
    }
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    return client_at(before_port(text.substr(0, colon)), port_number(text.substr(colon + 1)));
}

/// An address that always has ":port" behind it, IPv6 without brackets too.
inline std::optional<Endpoint> endpoint_and_port(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    const std::string host = text.substr(0, colon);
    const auto bare = ipv6_and_zone(host);
    return client_at(bare ? bare : before_port(host), port_number(text.substr(colon + 1)));
}

inline std::string text_of(const Endpoint& endpoint) {
    const std::string text = text_of(endpoint.address);
    if (endpoint.port == 0) return text;
    return (is_v4(endpoint.address) ? text : '[' + text + ']') + ':' +
           std::to_string(endpoint.port);
}

inline bool is_name(std::string text) {
    if (text.size() > 253) return false;
    if (text.ends_with('.')) text.pop_back();
    const auto labels = split(text, '.');
    for (const std::string& label : labels) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !consists_of(label, letters + digits + "-_")) {
            return false;
        }
    }
    const std::string last = in_lower_case(labels.back());
    const bool is_number = last.starts_with("0x") ? consists_of(last.substr(2), hexadecimal)
                                                  : consists_of(last, digits);
    return !is_number;
}

/// Host and port; the port is 0 if there is none.
inline std::optional<std::pair<std::string, int>> authority(const std::string& text) {
    const auto parts = host_and_port(text);
    if (!parts || !(host_address(parts->first) || is_name(parts->first))) return std::nullopt;
    return parts;
}

inline std::optional<std::string> scheme(const std::string& text) {
    const std::string lower = in_lower_case(text);
    if (lower == "http" || lower == "https" || lower == "ws" || lower == "wss") return lower;
    return std::nullopt;
}

/// The same, and "on" and "off", where the header has another name than X-Forwarded-Proto.
inline std::optional<std::string> scheme_or_switch(const std::string& text) {
    const std::string lower = in_lower_case(text);
    return lower == "on" ? "https" : lower == "off" ? "http" : scheme(text);
}

/// Without its trailing '/'.
inline std::optional<std::string> prefix(const std::string& text) {
    if (text == "/" || text.empty()) return "";
    const std::string path = text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
    if (text.size() > 1024 || !path.starts_with('/')) return std::nullopt;
    for (const std::string& segment : split(path.substr(1), '/')) {
        if (segment.empty() || segment == "." || segment == "..") return std::nullopt;
        if (!consists_of(segment, letters + digits + "-._~!$&*+=:@")) return std::nullopt;
    }
    return path;
}

}  // namespace naive
