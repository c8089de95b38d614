// SPDX-License-Identifier: MIT
// Each file of the project includes all headers, those that are opt-in too.
#include <proxyfix/adapters/cgi.hpp>
#include <proxyfix/cgi_variables.hpp>
#include <proxyfix/environ_of.hpp>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>
