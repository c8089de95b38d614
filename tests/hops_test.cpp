// SPDX-License-Identifier: MIT
#include "proxyfix/hops.hpp"

#include "catch.hpp"
