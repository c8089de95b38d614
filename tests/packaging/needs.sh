# SPDX-License-Identifier: MIT
# needs PROGRAM: skips the test if it is missing, and fails it where CI is set. Scripts here source this.
needs() {
    command -v "$1" >/dev/null && return
    echo "skipped: $1 is missing"
    [ -z "${CI:-}" ] || exit 1
    exit 77
}
