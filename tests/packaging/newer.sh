#!/bin/sh
# SPDX-License-Identifier: MIT
# newer.sh cmake|pkg-config WORK
# Who asks for a newer version than the one in WORK/prefix is refused, and told which one there is; who
# asks for this one is not, on whatever architecture. CMake refuses another minor version, older ones too.
set -eu
. "$(dirname "$0")/common.sh"
tool=$1
work=$(cd "$2" && pwd)
export PKG_CONFIG_PATH="$work/prefix/share/pkgconfig"
needs "$tool"

major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}

ask() { # version
    if [ "$tool" = cmake ]; then
        rm -rf "$work/newer"
        cmake -S "$here/newer" -B "$work/newer" -D WANTED="$1" -D CMAKE_PREFIX_PATH="$work/prefix" \
            -D CMAKE_SIZEOF_VOID_P=1 2>&1
    else
        pkg-config --atleast-version="$1" proxyfix &&
            pkg-config --exists --print-errors "proxyfix >= $1" 2>&1
    fi
}

for wanted in "$major.$minor" "$version"; do
    ask "$wanted" || { echo "$wanted is refused" && exit 1; }
done
older=
[ "$tool" != cmake ] || [ "$minor" -eq 0 ] || older=$major.$((minor - 1))
for wanted in "$major.$((minor + 1))" "$((major + 1)).0" $older; do
    if answer=$(ask "$wanted"); then
        echo "$wanted is not refused" && exit 1
    fi
    [ "$tool" != cmake ] || echo "$answer" | grep -F "proxyfixConfig.cmake, version: $version" ||
        { echo "$answer" && exit 1; }
done
