// SPDX-License-Identifier: MIT
/// \file
/// All but what is opt-in: `explain`, and the adapters of frameworks.
#pragma once

#include "proxyfix/environ.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/version.hpp"
