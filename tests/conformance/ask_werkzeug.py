#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs each case of werkzeug_cases.hpp, read as JSON lines from a program, through the real Werkzeug.

Exit status: 0 equal, 1 different, 77 Werkzeug is not installed (never where CI is set).
"""
import json
import os
import subprocess
import sys

try:
    from werkzeug.middleware.proxy_fix import ProxyFix
    from werkzeug.wrappers import Request
except ImportError:
    print("skipped: python3-werkzeug is not installed")
    sys.exit(1 if os.environ.get("CI") else 77)


def ask_werkzeug(case):
    environ = dict(case["before"], PATH_INFO="/", REQUEST_METHOD="GET")
    for name, value in case["headers"]:
        key = "HTTP_" + name.upper().replace("-", "_")
        environ[key] = environ[key] + "," + value if key in environ else value  # as WSGI servers do
    seen = {}

    def app(environ, start_response):
        seen.update({key: environ[key] for key in case["after"]})
        seen["url_root"] = Request(environ).root_url
        return []

    ProxyFix(app, **case["trust"])(environ, None)
    return seen


cases = [json.loads(line) for line in subprocess.check_output(sys.argv[1], text=True).splitlines()]
differences = 0
for case in cases:
    ours = dict(case["after"], url_root=case["url_root"])
    theirs = ask_werkzeug(case)
    # docs/werkzeug.md: a trailing slash of the prefix is dropped here.
    theirs["SCRIPT_NAME"] = theirs["SCRIPT_NAME"].rstrip("/")
    if ours != theirs:
        differences += 1
        print(f"{case['name']}\n  proxyfix {ours}\n  werkzeug {theirs}")
print(f"{len(cases)} cases, {differences} differences")
sys.exit(1 if differences or not cases else 0)
