#!/bin/sh
# SPDX-License-Identifier: MIT
# parent.sh WORK
# A project that adds the directory of proxyfix stays as it was: parent/CMakeLists.txt looks at what
# CMake knows, and here it is compared how its sources are compiled, what it tests and what it installs.
set -eu
. "$(dirname "$0")/common.sh"
in_empty "$1"

configure() { # further arguments of cmake; then outcome has what the parent is and does
    quietly cmake -S "$here/parent" -B build "$@"
    grep '"command":.*own\.cpp' build/compile_commands.json
    (cd build && ctest -N) | grep 'Test.*#'
    quietly cmake --build build
    rm -rf installed
    quietly cmake --install build --prefix "$PWD/installed"
    find installed -type f | sort
}

for settings in OFF ON; do
    rm -rf build
    configure -D WITH_SETTINGS=$settings >before
    configure -D "PROXYFIX=$root" >after
    diff before after || { echo "the parent is compiled, tested or installed in another way" && exit 1; }
    [ "$(wc -l <before)" -eq 3 ] || { echo "the parent has not one command, test and file" && exit 1; }
done

# On request it is installed along.
configure -D PROXYFIX_INSTALL=ON >after
grep -qx installed/share/cmake/proxyfix/proxyfixConfig.cmake after ||
    { echo "with PROXYFIX_INSTALL proxyfix is not installed along" && exit 1; }
echo "with and without settings of its own, the parent stays as it was"
