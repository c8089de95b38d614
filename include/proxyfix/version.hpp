// SPDX-License-Identifier: MIT
/// \file
/// The version of the library. CMake reads it from here.
#pragma once

#include <string_view>

namespace proxyfix::inline v0 {

/// The library's own version: major, minor and patch number (semantic versioning 2.0.0).
inline constexpr std::string_view version = "0.1.0";

}  // namespace proxyfix::inline v0
