#!/bin/sh
# SPDX-License-Identifier: MIT
# shown.sh WORK
# docs/packaging.md shows what the tests of this directory run: each block of code, but in a section
# that says "not run" in its heading, stands behind a link to its file, and is that file without the line
# about the licence. Every file that a user would write is shown.
set -eu
. "$(dirname "$0")/common.sh"
page=$root/docs/packaging.md
in_empty "$1"
work=$PWD

awk -v work="$work" '
    /^```/ && inside { inside = 0; next }
    inside           { if (run) print > file; next }
    /^#/             { run = !/not run/ }
    /^```/           {
        inside = 1
        if (!run) next
        file = sprintf("%s/block%02d", work, ++count)
        printf "" > file
        link = last
        if (!sub(/.*\]\(\.\.\/tests\/packaging\//, "", link) || !sub(/\).*/, "", link)) link = "no link"
        print link > (file ".link")
    }
    NF               { last = $0 }
' "$page"

blocks=0
for block in "$work"/block??; do
    file=$(cat "$block.link")
    [ -f "$here/$file" ] || { echo "no file of tests/packaging stands before: $(cat "$block")" && exit 1; }
    sed '1{/SPDX-License-Identifier/d}' "$here/$file" | diff - "$block" ||
        { echo "docs/packaging.md shows something else than $file" && exit 1; }
    blocks=$((blocks + 1))
done
cd "$here"
for file in */build.sh */meson.build installed/CMakeLists.txt subdirectory/CMakeLists.txt \
    fetched/CMakeLists.txt module/main.cpp; do
    grep -qxF "$file" "$work"/*.link || { echo "docs/packaging.md does not show $file" && exit 1; }
done
echo "$blocks blocks"
