// SPDX-License-Identifier: MIT
/// \file
/// The whole library but for the adapters of frameworks.
#pragma once

#include "proxyfix/adapter.hpp"
#include "proxyfix/address.hpp"
#include "proxyfix/authority.hpp"
#include "proxyfix/endpoint.hpp"
#include "proxyfix/environ.hpp"
#include "proxyfix/grammar.hpp"
#include "proxyfix/layer.hpp"
#include "proxyfix/list.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/trust.hpp"
#include "proxyfix/version.hpp"
