#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: time_werkzeug.py CASES SECONDS

Times Werkzeug's ProxyFix around an empty WSGI application.
"""
from __future__ import annotations

import functools
import io
import sys
import time
from typing import Any

import timing

try:
    from werkzeug.middleware.proxy_fix import ProxyFix
except ImportError:
    timing.skip("python3-werkzeug is not installed")


def environ_of(request: dict[str, Any]) -> dict[str, Any]:
    """As a server makes it (PEP 3333)."""
    headers = timing.joined(request)
    return {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "SERVER_SOFTWARE": "server/1.0", "SERVER_PROTOCOL": "HTTP/1.1",
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/catalogue",
            "QUERY_STRING": "", "REMOTE_ADDR": request["peer"], "REMOTE_PORT": 40000,
            "SERVER_NAME": "app.internal", "SERVER_PORT": "8000",
            **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}}


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    return []


def batch(app: Any, made: list[dict[str, Any]]) -> int:
    environs = [environ.copy() for environ in made]
    start = time.perf_counter_ns()
    for environ in environs:
        app(environ, None)
    return time.perf_counter_ns() - start


def main() -> None:
    path, seconds = sys.argv[1:]
    for case in timing.cases(path):
        made = [environ_of(request) for request in case["requests"]]
        fixed = ProxyFix(application, **case["counts"])
        seen = [environ.copy() for environ in made]
        for environ in seen:
            fixed(environ, None)
        timing.check(case, [environ["REMOTE_ADDR"] for environ in seen])
        timing.report(case, float(seconds), made, functools.partial(batch, fixed),
                      functools.partial(batch, application))


main()
