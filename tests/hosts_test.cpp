// SPDX-License-Identifier: MIT
#include "proxyfix/hosts.hpp"

#include "catch.hpp"
