#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh [FILE]
# Compiles the library for the page with Emscripten, as Debian has it (em++ 3.1.6), into FILE:
# proxyfix_wasm.js unless given.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/proxyfix_wasm.js}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

em++ -std=c++20 -Oz -fno-exceptions -fno-rtti -DNDEBUG -Wall -Wextra -Werror \
    -I"$here/../../include" -I"$here/../../examples" "$here/playground.cpp" \
    --no-entry -sSTANDALONE_WASM -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=1048576 -sTOTAL_STACK=262144 -sMALLOC=emmalloc -o "$work/playground.wasm"
{
    echo "// SPDX-License-Identifier: MIT"
    echo "// The library, compiled by build.sh: a change of it is made there, and not here."
    echo "const proxyfixWasm ="
    echo "    '$(base64 -w 0 "$work/playground.wasm")';"
} >"$file"
