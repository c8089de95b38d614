#!/bin/sh
# SPDX-License-Identifier: MIT
# compile.sh COMPILER...
# Programs as users write them, with warnings as errors at each level of optimization: what a compiler
# warns of in a user's own lines depends on both. Then they must do what they say.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

for compiler; do
    for level in -O0 -O1 -O2 -O3 -Os; do
        for program in *.cpp; do
            printf '%s -std=c++20 %s %s -I../../include -c %s -o %s\n' "$compiler" "$level" "$warnings" \
                "$program" "$work/$compiler$level-${program%.cpp}.o"
        done
    done
done >"$work/commands"
xargs -P "$(getconf _NPROCESSORS_ONLN)" -L 1 env <"$work/commands"
for compiler; do
    for program in *.cpp; do
        "$compiler" "$work/$compiler-O2-${program%.cpp}.o" -o "$work/program"
        "$work/program" >"$work/printed" || { cat "$work/printed" && echo "$compiler: $program fails" && exit 1; }
    done
done
echo "$(wc -l <"$work/commands") compilations without a warning"
