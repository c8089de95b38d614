// SPDX-License-Identifier: MIT
/// \file
/// What programs need, but for `explain` and the adapters of web frameworks.
#pragma once

#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/request/line_view.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/version.hpp"

/// \namespace proxyfix
/// All names of the library.
/// \namespace proxyfix::detail
/// What the library is made of: no program needs these names, and any version may change them.
