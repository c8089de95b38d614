// SPDX-License-Identifier: MIT
#include "proxyfix/networks.hpp"

#include "catch.hpp"
