// SPDX-License-Identifier: MIT
/// \file
/// What compilers are told about functions: which ones to inline, and which ones not. There is no
/// standard spelling, and no way but a macro; a compiler that does not know these decides itself.
#pragma once

// HOT: inlined wherever it is called. OUTLINE: never inlined, so that there is one of it. COLD: the
// same, for errors only; g++ makes all that leads to it small and slow, in the user's code as well.
#if defined(__GNUC__)
#define PROXYFIX_HOT [[gnu::always_inline]]
#define PROXYFIX_OUTLINE [[gnu::noinline]]
#define PROXYFIX_COLD [[gnu::cold, gnu::noinline]]
#else
#define PROXYFIX_HOT
#define PROXYFIX_OUTLINE
#define PROXYFIX_COLD
#endif
