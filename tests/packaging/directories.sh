#!/bin/sh
# SPDX-License-Identifier: MIT
# directories.sh WORK
# Who packages proxyfix may choose the directory of the headers, as an absolute path too, and stage the
# files with DESTDIR: CMake and pkg-config find them still.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$1
rm -rf "$work"
mkdir -p "$work"
cd "$work"
. "$here/needs.sh"
needs pkg-config

for headers in include/of/proxies "$PWD/dev/include"; do
    rm -rf build out dev
    cmake -S "$root" -B build -D PROXYFIX_BUILD_TESTS=OFF -D PROXYFIX_BUILD_EXAMPLES=OFF \
        -D CMAKE_INSTALL_PREFIX="$PWD/out" -D CMAKE_INSTALL_INCLUDEDIR="$headers" >log 2>&1 || { cat log && exit 1; }
    DESTDIR=$PWD/staged cmake --install build >log 2>&1 || { cat log && exit 1; }
    cp -R "staged$PWD/." . && rm -rf staged

    rm -rf user
    mkdir user
    cp "$here"/app/* "$here"/installed/CMakeLists.txt user
    cmake -S user -B user/build -D CMAKE_PREFIX_PATH="$PWD/out" >log 2>&1 || { cat log && exit 1; }
    cmake --build user/build >log 2>&1 || { cat log && exit 1; }
    [ "$(user/build/app)" = 203.0.113.7 ] || { echo "$headers: the program printed something else" && exit 1; }

    includedir=$(PKG_CONFIG_PATH="$PWD/out/share/pkgconfig" pkg-config --cflags-only-I proxyfix | sed 's/^-I//; s/ *$//')
    [ -e "$includedir/proxyfix/proxyfix.cppm" ] || { echo "pkg-config says -I$includedir, not $headers" && exit 1; }
done
