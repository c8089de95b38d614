// SPDX-License-Identifier: MIT
#include <proxyfix/version.hpp>

static_assert(!proxyfix::version.empty());
static_assert(__cplusplus >= 202002L, "what uses proxyfix is compiled as C++20 or newer");
