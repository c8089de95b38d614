#!/bin/sh
# SPDX-License-Identifier: MIT
# parent.sh WORK
# A project that adds the directory of proxyfix stays as it was: parent/CMakeLists.txt looks at what
# CMake knows, and here it is compared how its sources are compiled, what it tests and what it installs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$1
rm -rf "$work"
mkdir -p "$work"
cd "$work"

configure() { # further arguments of cmake; then outcome has what the parent is and does
    cmake -S "$here/parent" -B build "$@" >log 2>&1 || { cat log >&2 && exit 1; }
    grep '"command":.*own\.cpp' build/compile_commands.json
    (cd build && ctest -N) | grep 'Test.*#'
    cmake --build build >log 2>&1 || { cat log >&2 && exit 1; }
    rm -rf installed
    cmake --install build --prefix "$PWD/installed" >log 2>&1 || { cat log >&2 && exit 1; }
    find installed -type f | sort
}

for settings in OFF ON; do
    rm -rf build
    configure -D WITH_SETTINGS=$settings >before
    configure -D "PROXYFIX=$root" >after
    diff before after || { echo "the parent is compiled, tested or installed in another way" && exit 1; }
    [ "$(wc -l <before)" -eq 3 ] || { echo "the parent has not one command, test and file" && exit 1; }
    grep -q '"command":.*-std=[a-z+]*2.*user\.cpp' build/compile_commands.json ||
        { echo "what uses proxyfix is not compiled as C++20" && exit 1; }
done

# On request it is installed along.
configure -D PROXYFIX_INSTALL=ON >after
grep -qx installed/share/cmake/proxyfix/proxyfixConfig.cmake after ||
    { echo "with PROXYFIX_INSTALL proxyfix is not installed along" && exit 1; }
echo "with and without settings of its own, the parent stays as it was"
