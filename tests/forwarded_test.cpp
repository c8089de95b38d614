// SPDX-License-Identifier: MIT
#include "proxyfix/forwarded.hpp"

#include "catch.hpp"
