// SPDX-License-Identifier: MIT
#include "proxyfix/strip.hpp"

#include "catch.hpp"
