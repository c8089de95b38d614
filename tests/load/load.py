#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts servers under wrk, directly and behind nginx, with ProxyFix and without. Each request comes
from a client of another address, and the server checks that it sees that one.

Fails if an answer was mixed up (its status is not 2xx), if a socket had an error, if a program ended
or ThreadSanitizer warned, or if there were too few requests with ProxyFix: 1,000 for each server and
path, and, unless --sanitized, 10,000 in all.

Exit status: 0 all is well, 1 not, 77 wrk or nginx is not installed (1 where CI is set).
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import proxies  # noqa: E402 of tests/e2e/
from proxies import GivenUp, Hop, Listener, Stage  # noqa: E402

WARM_UP = 1                           # seconds; wrk takes whole ones
LEAST = 2_500                         # requests with ProxyFix, of each server and path
HOPS = {"direct": 1, "nginx": 2}      # x_for: wrk is the outermost proxy
NGINX = Hop("nginx", "nginx.conf", "127.0.0.3", "127.0.0.3")
WRK = ["wrk", "--threads", "2", "--connections", "16", "--timeout", "20s",
       "--script", str(HERE / "marker.lua")]


class Failed(Exception):
    """wrk did not do its work."""


@dataclasses.dataclass
class Tally:
    """What wrk counted."""
    requests: int = 0
    seconds: float = 0.0
    non_2xx: int = 0
    socket_errors: int = 0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


def total(tallies: list[Tally]) -> Tally:
    return Tally(*(sum(column) for column in zip(*map(dataclasses.astuple, tallies))))


def wrk(to: Listener, seconds: int, arguments: list[str]) -> Tally:
    url = f"http://{to.address}:{to.port}/"
    ended = subprocess.run([*WRK, "--duration", f"{seconds}s", url, "--", *arguments], stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=seconds + 300)
    found = re.search(r"^\{.*\}$", ended.stdout, re.M)
    if ended.returncode != 0 or not found:
        raise Failed(f"wrk ended with status {ended.returncode}: {ended.stdout}{ended.stderr}")
    counts = json.loads(found.group())
    errors = sum(counts[kind] for kind in ("connect", "read", "write", "timeout"))
    return Tally(counts["requests"], counts["seconds"], counts["non_2xx"], errors)


def slices(seconds: int) -> list[int]:
    """Short ones, by turns with ProxyFix and without it: other load then slows both alike."""
    count = min(seconds, 10)
    return [seconds // count + (i < seconds % count) for i in range(count)]


def measure(name: str, program: str, path: str,
            options: argparse.Namespace) -> tuple[dict[str, list[Tally]], list[str]]:
    """What wrk counted in each slice with ProxyFix, without it, and to warm up; and what is wrong."""
    # nginx makes one line of several.
    arguments = ["one-line"] if name in options.unordered and path == "direct" else []
    kinds = {"with": ["--hops", str(HOPS[path])]}
    if not options.sanitized:
        kinds["without"] = ["--without"]
    counted: dict[str, list[Tally]] = {"with": [], "without": [], "warm up": []}
    faults = []
    with Stage(HERE) as stage:
        try:
            listeners = [stage.start_server(program, kinds[kind]) for kind in kinds]
            if path == "nginx":
                listeners = [stage.start_proxy(NGINX, listener) for listener in listeners]
            turn = list(zip(kinds, listeners))
            for _, listener in turn:
                counted["warm up"].append(wrk(listener, WARM_UP, arguments))
            wanted = slices(options.seconds)
            while wanted or total(counted["with"]).requests < LEAST:  # a busy machine takes more slices
                seconds = wanted.pop() if wanted else 1
                for kind, listener in turn:
                    counted[kind].append(wrk(listener, seconds, arguments))
                turn.reverse()
                if total(counted["with"]).socket_errors:
                    break
        except (GivenUp, Failed, OSError, subprocess.TimeoutExpired) as error:
            faults.append(str(error).strip())
        everything = total(sum(counted.values(), []))
        if everything.non_2xx:
            faults.append("answers were mixed up (not 2xx)")
        if everything.socket_errors:
            faults.append("sockets had errors")
        faults += stage.faults()
    return counted, faults


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", action="append", required=True, metavar="NAME=PATH",
                        help="a load server; may be given again")
    parser.add_argument("--unordered", action="append", default=[], metavar="NAME",
                        help="a server whose framework loses the order of lines")
    parser.add_argument("--seconds", type=int, default=3, help="for each figure; 3 unless given")
    parser.add_argument("--sanitized", action="store_true", help="no run without ProxyFix")
    options = parser.parse_args(arguments)
    if options.seconds < 2 or not all("=" in server for server in options.server):
        parser.error("--seconds is at least 2, --server is NAME=PATH")
    if unknown := set(options.unordered) - {server.split("=", 1)[0] for server in options.server}:
        parser.error(f"not a --server: {', '.join(unknown)}")
    return options


def main() -> int:
    options = parse(sys.argv[1:])
    if missing := proxies.missing(["wrk", "nginx", "openssl", "timeout"], ["127.0.0.3"]):
        print("skipped, as this machine does not have:", *missing)
        return 1 if os.environ.get("CI") else 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if options.sanitized:
        os.environ["TSAN_OPTIONS"] = f'suppressions="{HERE / "tsan.supp"}" ' + os.environ.get("TSAN_OPTIONS", "")

    print(f"2 threads and 16 connections of wrk, {options.seconds} s each; load average "
          f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
    print("The ratio is the median of the slices, which run by turns with and without.\n")
    print(f"{'':8} {'':7} {'ProxyFix: requests':^25} {'requests/s':^19} {'':6} {'mixed':>6} {'socket':>7}")
    print(f"{'server':8} {'path':7} {'with':>12} {'without':>12} {'with':>9} {'without':>9} "
          f"{'ratio':>6} {'up':>6} {'errors':>7}")
    faults, in_all = [], 0
    for name, program in (server.split("=", 1) for server in options.server):
        for path in HOPS:
            counted, wrong = measure(name, program, path, options)
            faults += [f"{name}, {path}: {fault}" for fault in wrong]
            fixed, bare = total(counted["with"]), total(counted["without"])
            everything = total(sum(counted.values(), []))
            ratios = [one.rate / other.rate for one, other in zip(counted["with"], counted["without"])
                      if other.requests]
            in_all += fixed.requests
            print(f"{name:8} {path:7} {fixed.requests:12} {bare.requests or '-':>12} {fixed.rate:9.0f} "
                  f"{f'{bare.rate:.0f}' if bare.rate else '-':>9} "
                  f"{f'{statistics.median(ratios):.2f}' if ratios else '-':>6} {everything.non_2xx:6} "
                  f"{everything.socket_errors:7}", flush=True)
    print(f"\n{in_all} requests with ProxyFix:",
          "each saw its own client" if not faults else "FAILED", *faults, sep="\n" if faults else " ")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
