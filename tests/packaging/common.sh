# SPDX-License-Identifier: MIT
# What the scripts of this directory share; they source it.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's/.* version = "\(.*\)";/\1/p' "$root/include/proxyfix/version.hpp")

# needs PROGRAM: skips the test if it is missing, and fails it where CI is set.
needs() {
    command -v "$1" >/dev/null && return
    echo "skipped: $1 is missing"
    [ -z "${CI:-}" ] || exit 1
    exit 77
}

# in_empty DIRECTORY: goes to it, new and empty.
in_empty() {
    rm -rf "$1"
    mkdir -p "$1"
    cd "$1"
}

# quietly COMMAND...: what it prints is shown only if it fails, which ends the test.
quietly() {
    "$@" >log 2>&1 || { cat log >&2 && exit 1; }
}
