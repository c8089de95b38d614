#!/bin/sh
# SPDX-License-Identifier: MIT
# docs.sh COMPILER EXAMPLES WORK [with-frameworks]
# Every C++ block of README.md and docs/ compiles; one with main() runs and prints what the comments
# behind its std::cout lines say. README.md shows the very output of quickstart, and behind each shell
# block that runs ./inspect stands its very output. Configurations are those that are tested. Every link to a file has one. Run from the
# repository; EXAMPLES is the directory of the example programs.
set -eu
compiler=$1 examples=$2 work=$3 frameworks=${4:-}
rm -rf "$work"
mkdir -p "$work"

awk -v work="$work" '
    /^```cpp$/ { inside = 1; file = sprintf("%s/block%02d.cpp", work, ++count); next }
    /^```$/    { inside = 0 }
    inside     { print > file }
' README.md docs/*.md
blocks=0 skipped=0
for block in "$work"/*.cpp; do
    # The first framework header, if any: <proxyfix/...> and the standard library's are none.
    header=$(sed -n 's/^#include <\([A-Za-z]*\(\/[A-Za-z/]*\)*\.h\(pp\)*\)>$/\1/p' "$block" |
        grep -v '^proxyfix/' | head -n 1)
    if [ -n "$header" ]; then
        installed=$(echo "#include <$header>" | "$compiler" -std=c++20 -E -x c++ - >/dev/null 2>&1 && echo yes) || true
        if [ -z "$frameworks" ] || { [ -z "$installed" ] && [ -z "${CI:-}" ]; }; then
            echo "skipped: a block that includes $header"
            skipped=$((skipped + 1))
            continue
        fi
    fi
    blocks=$((blocks + 1))
    if grep -q 'int main' "$block"; then
        "$compiler" -std=c++20 -Iinclude "$block" -o "$work/program"
        expected=$(sed -n 's|.*std::cout.*// ||p' "$block")
        [ -n "$expected" ] || { echo "$block does not say what it prints" && exit 1; }
        printed=$("$work/program")
        [ "$printed" = "$expected" ] || { echo "$block prints: $printed" && exit 1; }
    else
        "$compiler" -std=c++20 -Iinclude -fsyntax-only "$block"
    fi
done
[ "$blocks" -ge 2 ] || { echo "only $blocks C++ blocks were found" && exit 1; }

awk '/^```text$/ { inside = 1; next } /^```$/ { inside = 0; print "" } inside' README.md >"$work/shown"
"$examples/quickstart" >"$work/printed"
while IFS= read -r line; do
    grep -qxF -e "$line" "$work/shown" || { echo "README.md does not show: $line" && exit 1; }
done <"$work/printed"
[ -s "$work/printed" ] || { echo "quickstart prints nothing" && exit 1; }

awk -v work="$work" '
    /^```sh$/   { inside = 1; text = ""; next }
    /^```text$/ { inside = 2; text = ""; next }
    /^```$/     {
        if (inside == 1 && text ~ /\.\/inspect/) { printf "%s", text > sprintf("%s/run%02d", work, ++count); pending = 1 }
        if (inside == 2 && pending) { printf "%s", text > sprintf("%s/run%02d.expected", work, count); pending = 0 }
        inside = 0; next
    }
    inside      { text = text $0 "\n" }
' README.md docs/*.md
runs=0
for run in "$work"/run??; do
    runs=$((runs + 1))
    (cd "$examples" && sh "$run") >"$run.printed" 2>&1 || [ $? -eq 1 ]
    diff "$run.expected" "$run.printed" || { echo "inspect prints something else" && exit 1; }
done
[ "$runs" -ge 3 ] || { echo "only $runs outputs of inspect were found" && exit 1; }

# A configuration stands behind a link to its file, and is that file, which the end-to-end test runs.
sites=0
for site in tests/e2e/sites/*; do
    awk -v link="(../$site):" '
        index($0, link)    { wanted = 1; next }
        /^```/ && inside   { exit }
        /^```/ && wanted   { inside = 1; next }
        inside             { print }
    ' docs/proxies.md >"$work/site"
    diff "$site" "$work/site" || { echo "docs/proxies.md shows something else than $site" && exit 1; }
    sites=$((sites + 1))
done
[ "$sites" -ge 6 ] || { echo "only $sites configurations were found" && exit 1; }

# The short configurations of the other pages are lines of these files.
lines=0
for kind in nginx/nginx.conf haproxy/haproxy.cfg; do
    awk -v start="^\`\`\`${kind%/*}\$" '$0 ~ start { inside = 1; next } /^```$/ { inside = 0 } inside' \
        README.md docs/trust-model.md | sed 's/^ *//; s/  */ /g' >"$work/short"
    sed 's/^ *//; s/  *#.*//; s/  */ /g' "tests/e2e/sites/${kind#*/}" >"$work/site"
    while IFS= read -r line; do
        grep -qxF -e "$line" "$work/site" || { echo "${kind#*/} does not have: $line" && exit 1; }
        lines=$((lines + 1))
    done <"$work/short"
done
[ "$lines" -ge 9 ] || { echo "only $lines lines of configurations were found" && exit 1; }

# Each promise names tests that exist.
promised=0
grep -o '"[A-Z][^"]*"' docs/SECURITY.md >"$work/promises"
while IFS= read -r name; do
    promised=$((promised + 1))
    grep -rqF "TEST_CASE($name" tests || { echo "docs/SECURITY.md: no such test: $name" && exit 1; }
done <"$work/promises"
[ "$promised" -ge 17 ] || { echo "only $promised promises were found" && exit 1; }

links=0
for page in README.md docs/*.md; do
    for link in $(awk '/^```/ { code = !code } !code' "$page" | grep -o ']([^)]*)' |
        sed 's/^](//; s/)$//'); do
        case $link in http*) continue ;; esac
        links=$((links + 1))
        case $link in
            '#'*) file=$page ;;
            *) file=$(dirname "$page")/${link%%#*} ;;
        esac
        [ -e "$file" ] || { echo "$page: no such file: $link" && exit 1; }
        case $link in
            *'#'*)
                # The anchor of a heading: lower case, hyphens for spaces, no punctuation.
                sed -n 's/^#* //p' "$file" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-' | grep -qxF -e "${link#*#}" ||
                    { echo "$page: no such heading: $link" && exit 1; }
                ;;
        esac
    done
done
[ "$links" -ge 5 ] || { echo "only $links links were found" && exit 1; }
echo "$blocks C++ blocks ($skipped skipped), $runs outputs of inspect, $sites configurations, $promised promises, $links links"
