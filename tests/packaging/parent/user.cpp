// SPDX-License-Identifier: MIT
#include <proxyfix/version.hpp>

static_assert(!proxyfix::version.empty());
