// SPDX-License-Identifier: MIT
// Each file of the project includes all headers that programs include, but for those of frameworks.
#include <proxyfix/adapters/cgi.hpp>
#include <proxyfix/explain.hpp>
#include <proxyfix/layer.hpp>
#include <proxyfix/proxyfix.hpp>
#include <proxyfix/resolve.hpp>
#include <proxyfix/version.hpp>
