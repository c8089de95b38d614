#!/bin/sh
# SPDX-License-Identifier: MIT
# use.sh KIND WORK
# Builds a project from scratch that uses proxyfix in the way KIND: the files of app/, and those of
# KIND/, of which build.sh is run with proxyfix beside it. Then the program must find the client.
# KIND install puts what the kinds need that use an installed proxyfix to WORK/prefix.
set -eu
. "$(dirname "$0")/common.sh"
kind=$1
mkdir -p "$2"
work=$(cd "$2" && pwd)

case $kind in
    pkg_config) needs pkg-config ;;
    meson_installed) needs meson && needs pkg-config ;;
    meson_folder) needs meson ;;
    fetched) needs git ;;
    module) needs clang++-19 ;;
esac

in_empty "$work/$kind"
cp "$here"/app/* .
cp "$here/$kind"/* .
ln -s "$root" proxyfix

# The compiler that the library is tested with.
mkdir bin
printf '#!/bin/sh\nexec "%s" "$@"\n' "${CXX:-$(command -v c++)}" >bin/c++
chmod +x bin/c++
PATH=$PWD/bin:$PATH
export PATH CXX=c++ prefix="$work/prefix"

# A repository that git takes for the one in CMakeLists.txt.
if [ "$kind" = fetched ]; then
    mkdir repository
    cp -R "$root/CMakeLists.txt" "$root/include" repository
    {
        git init repository
        git -C repository add .
        git -C repository -c user.name=test -c user.email=test@localhost commit -m "Everything"
        git -C repository tag "v$version"
    } >/dev/null 2>&1
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.file://$PWD/repository.insteadOf" \
        GIT_CONFIG_VALUE_0=https://git.example/proxyfix.git
fi
# It is installed elsewhere first, and moved: nothing in it may know where it was.
if [ "$kind" = install ]; then
    rm -rf "$work/prefix"
    prefix=$PWD/elsewhere
fi

quietly sh -eu build.sh

if [ "$kind" = install ]; then
    mv elsewhere "$work/prefix"
    { (cd "$root" && find include -type f) && printf 'share/%s\n' cmake/proxyfix/proxyfixConfig.cmake \
        cmake/proxyfix/proxyfixConfigVersion.cmake pkgconfig/proxyfix.pc; } | sort >expected
    (cd "$work/prefix" && find . -type f) | sed 's|^\./||' | sort | diff expected - ||
        { echo "other files than these were installed" && exit 1; }
    exit
fi
program=app
[ -d build ] && [ -e build/app ] && program=build/app
printed=$("./$program")
expected=203.0.113.7
[ ! -e expected ] || expected=$(cat expected)
[ "$printed" = "$expected" ] || { echo "the program printed: $printed" && exit 1; }
echo "$printed"
