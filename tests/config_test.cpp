// SPDX-License-Identifier: MIT
#include "proxyfix/config.hpp"

#include "catch.hpp"
