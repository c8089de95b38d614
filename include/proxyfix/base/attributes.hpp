// SPDX-License-Identifier: MIT
/// \file
/// What compilers are told about functions: which ones to inline, and which ones not. There is no
/// standard spelling, and no way but a macro; a compiler that does not know these decides itself.
#pragma once

#if defined(__GNUC__)
#define PROXYFIX_HOT [[gnu::always_inline]]         ///< Inlined wherever it is called.
#define PROXYFIX_OUTLINE [[gnu::noinline]]          ///< Never inlined: there is one of it.
#define PROXYFIX_COLD [[gnu::cold, gnu::noinline]]  ///< The same, and small rather than fast.
#else
#define PROXYFIX_HOT
#define PROXYFIX_OUTLINE
#define PROXYFIX_COLD
#endif
