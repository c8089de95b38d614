// SPDX-License-Identifier: MIT
/// \file
/// What most programs need: all but what is opt-in, such as `explain`, `EnvironOf` and the
/// adapters.
#pragma once

#include "proxyfix/environ.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/version.hpp"

/// \namespace proxyfix
/// All names of the library.
