// SPDX-License-Identifier: MIT
/// \file
/// The whole library but for the adapters of frameworks.
#pragma once

#include "proxyfix/environ.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/version.hpp"
