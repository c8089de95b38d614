#!/bin/sh
# SPDX-License-Identifier: MIT
# Configures, builds and runs the tests; further arguments go to cmake, as in
#     sh tests/run.sh -D CMAKE_CXX_COMPILER=clang++
# Installs CMake and Catch2 where they are missing and apt-get can be used. BUILD_DIR is the build
# directory, build by default.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build}

missing=
command -v cmake >/dev/null || missing="$missing cmake"
if ! command -v make >/dev/null; then
    if command -v ninja >/dev/null; then
        export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}" # cmake's own default is make
    else
        missing="$missing make"
    fi
fi
case "$*" in
    *Catch2_DIR*) ;;
    *)
        [ -n "$(find /usr/include /usr/local/include /opt/homebrew/include -name 'catch*.hpp' \
            -path '*/catch2/*' 2>/dev/null | head -n 1)" ] || missing="$missing catch2"
        ;;
esac
if [ -n "$missing" ]; then
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    if command -v apt-get >/dev/null && { [ -z "$sudo" ] || command -v sudo >/dev/null; }; then
        $sudo apt-get -o DPkg::Lock::Timeout=300 update -q
        # shellcheck disable=SC2086 # a list of packages
        $sudo apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends $missing
    else
        echo "Please install:$missing (Catch2 is called catch2 or catch-devel)." >&2
        echo "If Catch2 is elsewhere: sh tests/run.sh -D Catch2_DIR=..." >&2
        exit 1
    fi
fi

cmake -S . -B "$build" "$@"
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
cmake --build "$build" --parallel "$jobs"
ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel $((jobs + 1)) # some wait
