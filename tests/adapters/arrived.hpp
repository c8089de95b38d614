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
