# SPDX-License-Identifier: MIT
"""What the peers in Python share: reading the cases, and timing batches of requests."""
from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Case = dict[str, Any]
Batch = Callable[[list[Any]], int]  # handles these requests: nanoseconds
VARIANTS = 64  # of a case, unless its requests are long


def skip(reason: str) -> None:
    """What is not installed is not timed; where CI is set, that is a failure."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("CI") else 77)


def cases(path: str, walked: bool = False) -> Iterator[Case]:
    """Those whose proxies are counted, of a file that requests.cpp wrote; or all."""
    with open(path) as file:
        for line in file:
            case = json.loads(line)
            if walked or case["counts"] is not None:
                yield case


def joined(request: dict[str, Any]) -> dict[str, str]:
    """The headers, their names in lower case, and lines of one name joined with a comma."""
    headers: dict[str, str] = {}
    for name, value in request["headers"]:
        name = name.lower()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def check(case: Case, clients: list[str]) -> None:
    """A peer that finds another client than this library is not set up as it is."""
    for request, client in zip(case["requests"], clients, strict=True):
        if request["client"] not in (client, None):
            sys.exit(f"{case['name']}: {client!r} instead of {request['client']!r}")


def report(case: Case, seconds: float, made: list[Any], whole: Batch, empty: Batch) -> None:
    """Times both in small batches, and prints the nanoseconds of a request in the fastest of each."""
    size = 8 if len(made) == VARIANTS else 1
    batches = [made[i:i + size] for i in range(0, len(made), size)]
    least = [[float("inf"), float("inf")] for _ in batches]
    gc.collect()
    gc.freeze()  # a server does not have all these requests at once
    end = time.monotonic() + seconds
    passed = False
    while not passed or time.monotonic() < end:
        passed = True
        for i, batch in enumerate(batches):
            least[i] = [min(least[i][0], whole(batch)), min(least[i][1], empty(batch))]
    wholes, empties = map(sum, zip(*least))
    print(json.dumps({"case": case["name"], "whole": wholes / len(made), "empty": empties / len(made)}))
