// SPDX-License-Identifier: MIT
#include "proxyfix/field.hpp"

#include "catch.hpp"
