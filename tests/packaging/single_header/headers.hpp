// SPDX-License-Identifier: MIT
#include "proxyfix.hpp"
#include "proxyfix.hpp"  // and once more
