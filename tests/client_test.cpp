// SPDX-License-Identifier: MIT
#include "proxyfix/client.hpp"

#include "catch.hpp"
