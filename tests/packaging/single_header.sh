#!/bin/sh
# SPDX-License-Identifier: MIT
# single_header.sh WORK
# The single header that the project in WORK/single_header made: it begins with its version and the
# licence, includes what it needs once, is the same wherever it is made, compiles without a warning, not
# beside an adapter, and stands for the header of a program.
set -eu
. "$(dirname "$0")/common.sh"
cd "$1/single_header"
header=build/single_header/proxyfix/proxyfix.hpp

grep -q "^// proxyfix $version, .* as a single header" "$header" || { echo "its version is not told" && exit 1; }
sed -n '/^\/\/ MIT License/,/^#pragma once/s/^\/\/ *//p' "$header" | diff "$root/LICENSE" - ||
    { echo "the licence is not on top" && exit 1; }
! grep '^ *#include "' "$header" || { echo "it includes a header of its own" && exit 1; }
twice=$(grep '^#include' "$header" | sort | uniq -d)
[ -z "$twice" ] || { echo "twice: $twice" && exit 1; }

ln -s "$root" "another place"
LC_ALL=C cmake -D OUT="another.hpp" -P "another place/.cmake/single_header.cmake"
cmp "$header" another.hpp

printf '#include "%s"\n' proxyfix.hpp proxyfix/adapters/cgi.hpp >adapter.cpp
if "$CXX" -std=c++20 -Iproxyfix/include -fsyntax-only adapter.cpp 2>errors; then
    echo "it works with an adapter" && exit 1
fi
grep -q redefinition errors || { cat errors && exit 1; }

# The first header of all, and once more by the name that the program includes.
"$CXX" -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Ibuild/single_header \
    -include "$header" "$root/examples/quickstart.cpp" -o quickstart
./quickstart | grep '^with ProxyFix  *203\.0\.113\.7  *https://shop\.example/store/$' ||
    { echo "quickstart does not find the client" && exit 1; }
