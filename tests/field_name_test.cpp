// SPDX-License-Identifier: MIT
#include "proxyfix/field_name.hpp"

#include "catch.hpp"
