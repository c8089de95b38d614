// SPDX-License-Identifier: MIT
/// \file
/// A request as it arrives at any server.
#pragma once

#include <string>
#include <utility>
#include <vector>

struct Arrived {
    std::vector<std::pair<std::string, std::string>> lines{};  // besides "Host: app.internal"
    std::string peer = "10.0.0.2";
};

/// The request's head, as it comes over the connection.
inline std::string head_of(const Arrived& arrived) {
    std::string head = "GET /cart?item=1 HTTP/1.1\r\nHost: app.internal\r\n";
    for (const auto& [name, value] : arrived.lines) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
    return head + "\r\n";
}
