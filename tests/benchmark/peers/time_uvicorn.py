#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""usage: time_uvicorn.py CASES SECONDS

Times uvicorn's ProxyHeadersMiddleware around an empty ASGI application.
"""
from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

import timing

try:
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
except ImportError:
    timing.skip("python3-uvicorn is not installed")

PROXIES = ["10.0.0.2", "10.0.0.3"]  # of workloads.hpp; by their addresses, as older versions know no networks


def scope_of(request: dict[str, Any]) -> dict[str, Any]:
    """As uvicorn makes it."""
    return {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
            "server": ("10.0.0.1", 8000), "client": (request["peer"], 40000), "scheme": "http",
            "method": "GET", "root_path": "", "path": "/catalogue", "raw_path": b"/catalogue",
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in request["headers"]]}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    pass


async def batch(app: Any, made: list[dict[str, Any]]) -> int:
    scopes = [scope.copy() for scope in made]
    start = time.perf_counter_ns()
    for scope in scopes:
        await app(scope, None, None)
    return time.perf_counter_ns() - start


async def clients(app: Any, made: list[dict[str, Any]]) -> list[str]:
    scopes = [scope.copy() for scope in made]
    for scope in scopes:
        await app(scope, None, None)
    return [scope["client"][0] for scope in scopes]


def knows_networks() -> bool:
    scope = scope_of({"peer": "192.0.2.1", "headers": [["X-Forwarded-For", "192.0.2.2"]]})
    fixed = ProxyHeadersMiddleware(application, ["192.0.2.1/32"])
    return asyncio.run(clients(fixed, [scope])) == ["192.0.2.2"]


def main() -> None:
    path, seconds = sys.argv[1:]
    run = asyncio.new_event_loop().run_until_complete
    for case in timing.cases(path, walked=knows_networks()):
        fixed = ProxyHeadersMiddleware(application, PROXIES if case["counts"] else case["networks"])
        made = [scope_of(request) for request in case["requests"]]
        timing.check(case, run(clients(fixed, made)))
        timing.report(case, float(seconds), made, lambda scopes: run(batch(fixed, scopes)),
                      lambda scopes: run(batch(application, scopes)))


main()
