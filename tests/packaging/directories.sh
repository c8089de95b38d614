#!/bin/sh
# SPDX-License-Identifier: MIT
# directories.sh WORK
# Who packages proxyfix may choose the directory of the headers, as an absolute path too, and stage the
# files with DESTDIR: CMake and pkg-config find them still.
set -eu
. "$(dirname "$0")/common.sh"
needs pkg-config
in_empty "$1"

for headers in include/of/proxies "$PWD/dev/include"; do
    rm -rf build out dev
    quietly cmake -S "$root" -B build -D PROXYFIX_BUILD_TESTS=OFF -D PROXYFIX_BUILD_EXAMPLES=OFF \
        -D CMAKE_INSTALL_PREFIX="$PWD/out" -D CMAKE_INSTALL_INCLUDEDIR="$headers"
    quietly env DESTDIR="$PWD/staged" cmake --install build
    cp -R "staged$PWD/." . && rm -rf staged

    (
        prefix=$PWD/out
        export prefix
        in_empty user
        cp "$here"/app/* "$here"/installed/* .
        quietly sh -eu build.sh
    )
    [ "$(user/build/app)" = 203.0.113.7 ] || { echo "$headers: the program printed something else" && exit 1; }

    includedir=$(PKG_CONFIG_PATH="$PWD/out/share/pkgconfig" pkg-config --cflags-only-I proxyfix | sed 's/^-I//; s/ *$//')
    [ -e "$includedir/proxyfix/proxyfix.cppm" ] || { echo "pkg-config says -I$includedir, not $headers" && exit 1; }
done
