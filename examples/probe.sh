#!/bin/sh
# SPDX-License-Identifier: MIT
# Sends forgeries through your own proxies to serve (serve.cpp), which stands in the application's place with
# its Trust, and reads what it answers. For a staging system. Needs curl.
#
#     ./serve --port 8000 --x-for 1 --x-proto 1     # on the machine of the innermost proxy: 127.0.0.1:8000
#     sh examples/probe.sh https://staging.example/ [OPTION OF CURL...]
#
# Exit status: 0 no attempt won; 1 one did, or a count is wrong; 2 serve does not answer, or an attempt could
# not be made.
# It cannot see: trailers, which curl does not send; who can connect past your proxies; what only some
# requests meet, as another data centre; what your application's own server does with names, bytes, lines
# and bodies; a CONNECT that reaches serve if a proxy replaces the pages of errors.
set -u
[ $# -ge 1 ] || { echo "usage: probe.sh URL [OPTION OF CURL...]" >&2 && exit 2; }
url=$1
shift
bad=0 failures=0

ask() { curl -sS --max-time 20 "$@" 2>&1; }
# What serve says it sees, without the lines that it received.
seen() { sed -nE 's/^(remote_addr|url_scheme|http_host|script_name): /\1=/p'; }
field() { printf '%s\n' "$answer" | sed -n "s/^$1: //p" | head -n 1; }
told() { printf '%-58s %s\n' "$1" "$2"; }
found() { told "$1" "BAD: $2" && bad=1; }
failed() { told "$1" "FAILED: $2" && failures=1; }

# What it is, and the options of curl: no forgery may change what serve sees.
forge() {
    what=$1
    shift
    answer=$(ask -H Expect: "$@")
    status=$?
    now=$(printf '%s\n' "$answer" | seen)
    case $status in
        0 | 16 | 52 | 56 | 92) ;; # answered, or the connection or stream is closed
        *) failed "$what" "$answer" && return ;;
    esac
    if [ -z "$now" ]; then
        told "$what" "refused"
    elif [ "$now" = "$honest" ]; then
        told "$what" "ok"
    else
        found "$what" "the application sees $(printf '%s\n' "$now" | grep -vxF "$honest" | tr '\n' ' ')"
    fi
}

answer=$(ask "$@" "$url")
honest=$(printf '%s\n' "$answer" | seen)
if [ -z "$honest" ]; then
    printf 'No answer of serve at %s:\n%s\n' "$url" "$answer" >&2
    exit 2
fi
echo "You are seen as $(field remote_addr), at $(field url_root). If that is wrong, stop here."
for name in x_for x_proto x_host x_port x_prefix; do
    case $(field "$name") in
        too_few_values) found "$name" "too_few_values: its count is too high" ;;
        absent) told "$name" "absent: does a proxy set or remove it on every request? If not, its count must be 0" ;;
        malformed | *_not_trusted | chain_too_long | unreliable_lines) found "$name" "$(field "$name") for an honest request" ;;
        *) told "$name" "$(field "$name")" ;;
    esac
done

authority=$(printf '%s\n' "$url" | sed -E 's,^[a-z]*://,,; s,[/?].*,,')
path=$(printf '%s\n' "$url" | sed -E 's,^[a-z]*://[^/?]*,,')
other=https
case $(field url_scheme) in https) other=http ;; esac
forgery() { # the value of X-Forwarded-For, as the options of curl
    set -- -H "X-Forwarded-For: $1" -H "X-Forwarded-Proto: $other" -H 'X-Forwarded-Host: evil.example' \
        -H 'X-Forwarded-Port: 1' -H 'X-Forwarded-Prefix: /evil' \
        -H "Forwarded: for=6.6.6.6;proto=$other;host=evil.example"
    for option; do printf '%s\n' "$option"; done
}
# The options that follow the lines of a forgery. One option a line.
with() { # value of X-Forwarded-For, what it is, more options
    address=$1 what=$2
    shift 2
    old=$IFS
    IFS='
'
    # shellcheck disable=SC2046 # one option a line
    forge "$what" $(forgery "$address") "$@"
    IFS=$old
}
addresses="6.6.6.6, $(field remote_addr), $(field peer)"

with 6.6.6.6 "each header, forged" "$@" "$url"
with "$addresses" "as if your proxies had written it" "$@" "$url"
with 6.6.6.6 "twice, in other letters" -H 'x-forwarded-for: 7.7.7.7' -H 'X-FORWARDED-PREFIX: /evil' "$@" "$url"
with 6.6.6.6 "Connection: the names of the headers" --http1.1 \
    -H 'Connection: close, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Prefix' "$@" "$url"
forge "X_Forwarded_For, X.Forwarded.Prefix" -H 'X_Forwarded_For: 6.6.6.6' -H 'X_Forwarded_Prefix: /evil' \
    -H 'X.Forwarded.For: 6.6.6.6' -H 'X.Forwarded.Prefix: /evil' "$@" "$url"
with 6.6.6.6 "behind a line that ends in a byte 0xFF" -H "$(printf 'X-A: a\377')" "$@" "$url"
forge "a value that ends in a byte 0xFF" -H "$(printf 'X-Forwarded-For: 6.6.6.6\377')" "$@" "$url"
with 6.6.6.6 "a target with another scheme" --http1.1 --request-target "$other://$authority${path:-/}" "$@" "$url"
with 6.6.6.6 "HTTP/2, or what the proxy speaks instead" --http2 "$@" "$url"

# A proxy makes a tunnel of what is answered with 101, or of CONNECT with 2xx.
for value in h2c 'websocket, h2c' other; do
    answer=$(ask --http1.1 -H 'Connection: Upgrade, HTTP2-Settings' -H "Upgrade: $value" \
        -H 'HTTP2-Settings: AAMAAABkAAQAAP__' -o - -w '\nstatus %{http_code}\n' "$@" "$url")
    what="Upgrade: $value"
    case $(printf '%s\n' "$answer" | grep -iE '^(received: upgrade:|status )') in
        *eceived*) found "$what" "it reaches the application: let a proxy pass on websocket alone" ;;
        *101) found "$what" "101: a tunnel, unless the proxy that you reach speaks $value itself" ;;
        *000) failed "$what" "$answer" ;;
        *) told "$what" "ok" ;;
    esac
done
host=$authority
case $host in *:*) ;; *) case $url in https:*) host=$host:443 ;; *) host=$host:80 ;; esac ;; esac
answer=$(ask --http1.1 -X CONNECT --request-target "$host" -H "Host: $host" -o - \
    -w '\nstatus %{http_code}\n' "$@" "$url")
status=$?
case $status-$answer in
    *"CONNECT is not served here"*) found "CONNECT" "it reaches the application: let a proxy reject it" ;;
    *"status 2"*) found "CONNECT" "a tunnel: let a proxy reject it" ;;
    0-* | 52-* | 56-*) told "CONNECT" "ok" ;;
    *) failed "CONNECT" "$answer" ;;
esac

answer=$(ask "$@" "$url")
[ "$(printf '%s\n' "$answer" | seen)" = "$honest" ] ||
    failed "an honest request again" "another answer: what was refused above may say nothing"
[ $failures -eq 0 ] || exit 2
exit $bad
