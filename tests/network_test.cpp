// SPDX-License-Identifier: MIT
#include "proxyfix/network.hpp"

#include "catch.hpp"
