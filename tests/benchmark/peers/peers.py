#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times this library and its peers side by side, and prints tables in Markdown.

    Werkzeug's ProxyFix and uvicorn's ProxyHeadersMiddleware, of Debian's packages
    proxy-addr for Node.js, which npm installs into a temporary directory
    nginx's module realip, in instructions, since its time is lost in that of a request

All get the same requests, which requests.cpp writes. Each round times every peer with every case, in small
batches, each many times. Of each the fastest time is taken, as the one that other programs disturbed least; so
it is with an empty handler, whose time is taken off. CXX is the compiler, c++ unless given.

What is not installed is skipped, which is a failure where the variable CI is set.
"""
from __future__ import annotations

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Any

import count_nginx
import plot

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DOCUMENT, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- peers.py writes from here -->", "<!-- to here -->"
CXX = os.environ.get("CXX", "c++")
PYTHON = "/usr/bin/python3"  # Debian's modules belong to it
PACKAGE = "proxy-addr@2.0.7"

RESOLVE, WHOLE = "proxyfix: resolve", "proxyfix: ProxyFix"
WERKZEUG, UVICORN = "Werkzeug", "uvicorn"
COUNT, NETWORK = "proxy-addr, by count", "proxy-addr, by network"
ABOUT = {
    RESOLVE: "up to five, checked; decides",
    WHOLE: "up to five, checked; decides and rewrites",
    WERKZEUG: "up to five, not checked; rewrites",
    UVICORN: "For and Proto, not checked; rewrites",
    COUNT: "For, not checked; decides",
    NETWORK: "For, the addresses of proxies checked; decides",
    count_nginx.LAST: "For, checked; rewrites",
    count_nginx.RECURSIVE: "For, checked; rewrites",
}
COLUMNS = {"W1 typical": "W1", "W2 chain": "W2", "W3 64 KB of addresses": "W3 addresses",
           "W3 64 KB of commas": "W3 commas", "W3 64 KB of one token": "W3 token",
           "W4 none forwarded": "W4", "W5 walk, 10 networks": "W5, 10 networks",
           "W5 walk, 200 networks": "W5, 200 networks"}

Figures = dict[str, dict[str, float]]  # by peer and case
Timed = dict[str, tuple[float, float]]  # by case: of a request, and of the empty handler


class Skipped(Exception):
    """A peer is not there."""


def build(source: str, work: pathlib.Path, *options: str) -> pathlib.Path:
    program = work / pathlib.Path(source).stem
    subprocess.run([CXX, "-std=c++20", "-O2", f"-I{ROOT / 'include'}", HERE / source, "-o", program, *options],
                   check=True)
    return program


def lines_of(*command: object) -> list[str]:
    """What a program prints. It may say that its peer is not there."""
    ran = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    if ran.stdout.startswith("skipped: "):
        raise Skipped(ran.stdout.strip().removeprefix("skipped: "))
    if ran.returncode != 0:
        sys.exit(f"FAILED: {' '.join(map(str, command))}")
    return ran.stdout.splitlines()


def timed_by(*command: object) -> Timed:
    """What the programs for peers print."""
    found = map(json.loads, lines_of(*command))
    return {one["case"]: (one["whole"], one["empty"]) for one in found}


class Peers:
    """Those that are there, each made ready."""

    def __init__(self, work: pathlib.Path, seconds: float) -> None:
        self.cases, self.seconds = work / "cases", seconds
        written = lines_of(build("requests.cpp", work))
        self.cases.write_text("\n".join(written) + "\n")
        self.all_cases = [json.loads(line) for line in written]
        self.ours = build("time_proxyfix.cpp", work, "-lbenchmark", "-pthread")
        self.skipped: dict[str, str] = {}
        self.install_proxy_addr(work / "npm")

    def install_proxy_addr(self, packages: pathlib.Path) -> None:
        os.environ["NODE_PATH"] = str(packages / "node_modules")
        packages.mkdir()
        install = ["npm", "install", "--prefix", packages, "--silent", "--no-audit", "--no-fund",
                   "--no-package-lock", "--ignore-scripts", PACKAGE]
        if not shutil.which("node") or not shutil.which("npm"):
            self.skipped[COUNT] = self.skipped[NETWORK] = "node or npm is not installed"
        elif subprocess.run(install).returncode != 0:
            self.skipped[COUNT] = self.skipped[NETWORK] = f"npm cannot install {PACKAGE}"

    def time_ours(self) -> dict[str, Timed]:
        repetitions = 30
        options = ["--benchmark_format=json", "--benchmark_enable_random_interleaving=true",
                   f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={self.seconds / repetitions}"]
        shown = subprocess.run([self.ours, *options], check=True, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        times: Figures = collections.defaultdict(dict)
        for one in json.loads(shown.stdout)["benchmarks"]:
            if one["run_type"] == "iteration":
                what, case = one["run_name"].removesuffix("/manual_time").split(": ", 1)
                time = one["real_time"] / one["requests"]
                times[what][case] = min(time, times[what].get(case, time))
        return {peer: {case: (time, times["empty"][case]) for case, time in times[what].items()}
                for peer, what in ((RESOLVE, "resolve"), (WHOLE, "ProxyFix"))}

    def time_all(self) -> dict[str, Timed]:
        """A round."""
        programs: dict[str, list[object]] = {
            WERKZEUG: [PYTHON, HERE / "time_werkzeug.py", self.cases, self.seconds],
            UVICORN: [PYTHON, HERE / "time_uvicorn.py", self.cases, self.seconds],
            COUNT: ["node", HERE / "time_proxy_addr.cjs", self.cases, self.seconds, "count"],
            NETWORK: ["node", HERE / "time_proxy_addr.cjs", self.cases, self.seconds, "network"]}
        times = self.time_ours()
        for peer, command in programs.items():
            try:
                if peer not in self.skipped:
                    times[peer] = timed_by(*command)
            except Skipped as skipped:
                self.skipped[peer] = str(skipped)
        for peer, timed in times.items():
            by_count = peer in (WERKZEUG, UVICORN, COUNT)
            if set(timed) != {case["name"] for case in self.all_cases if case["counts"] or not by_count}:
                sys.exit(f"FAILED: {peer} timed {', '.join(timed) or 'nothing'}")
        return times


def least(rounds: list[dict[str, Timed]]) -> Figures:
    """Net nanoseconds of a request."""
    return {peer: {case: min(one[peer][case][0] for one in rounds) - min(one[peer][case][1] for one in rounds)
                   for case in cases} for peer, cases in rounds[0].items()}


def versions() -> dict[str, str]:
    def shown(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    def of_module(name: str) -> str:
        return shown(PYTHON, "-c", f"import importlib.metadata as m; print(m.version({name!r}))")

    found = {"compiler": shown(CXX, "--version").partition("\n")[0], "Python": shown(PYTHON, "-V").split()[-1],
             "Werkzeug": of_module("werkzeug"), "uvicorn": of_module("uvicorn"),
             "proxy-addr": PACKAGE.rpartition("@")[2]}
    if shutil.which("node"):
        found["Node.js"] = shown("node", "--version").removeprefix("v")
    if not count_nginx.missing():
        found["nginx"] = count_nginx.version()
    return found


def rounded(number: float) -> str:
    """With two digits: 7.1, 34, 1,200."""
    return f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.2g}'):,.0f}"


def table(first: list[str], figures: Figures, columns: dict[str, str], text: Any) -> str:
    rows = [first + list(columns.values()), ["---"] * len(first) + ["--:"] * len(columns)]
    for peer, by_case in figures.items():
        cells = [text(by_case[case]) if case in by_case else "–" for case in columns]
        rows.append([peer, *([ABOUT[peer]] if len(first) > 1 else []), *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def markdown(results: dict[str, Any]) -> str:
    lengths = {case: plot.bytes_text(length) for case, length in results["lengths"].items() if length}
    known = ", ".join(f"{name} {version}" for name, version in results["versions"].items() if name != "compiler")
    parts = [f"{known}.", "Nanoseconds per request, net of an empty handler:",
             table(["peer", "headers"], results["nanoseconds"], COLUMNS, rounded),
             "Nanoseconds, by the length of X-Forwarded-For, which ends with the address that the proxy wrote:",
             table(["peer"], results["nanoseconds"], lengths, rounded)]
    if results["instructions"]:
        parts += ["Instructions per request, net of an empty handler, or of nginx without realip:",
                  table(["peer", "headers"], results["instructions"], COLUMNS, lambda count: f"{count:,.0f}"),
                  f"Without realip, nginx needs {results['nginx without realip']:,.0f} for a request of W1."]
    return "\n\n".join(parts)


def rewrite(document: pathlib.Path, text: str) -> None:
    """Replaces what stands between the two marks."""
    before, begin, rest = document.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"{document} has no marks"
    document.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")


def measure(work: pathlib.Path, chosen: argparse.Namespace) -> tuple[dict[str, Any], dict[str, str]]:
    """All results, and who is skipped, with the reason."""
    peers = Peers(work, chosen.seconds)
    cases = peers.all_cases
    results: dict[str, Any] = {"versions": versions(),
                               "lengths": {case["name"]: case["length"] for case in cases}, "instructions": {}}
    if absent := count_nginx.missing():
        peers.skipped[count_nginx.LAST] = f"{', '.join(absent)} not installed"
    else:
        print("nginx", file=sys.stderr)
        counts, without = count_nginx.count(cases, work / "nginx")
        results |= {"instructions": counts, "nginx without realip": without}
    rounds = []
    for number in range(1, chosen.rounds + 1):
        print(f"round {number} of {chosen.rounds}", file=sys.stderr)
        rounds.append(peers.time_all())
    return results | {"nanoseconds": least(rounds)}, peers.skipped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.03, help="for each case of a peer in a round")
    parser.add_argument("--json", type=pathlib.Path, help="write the results to this file")
    parser.add_argument("--update", action="store_true", help=f"write the tables in {DOCUMENT.name}, and {PLOT.name}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="proxyfix-peers-") as work:
        results, skipped = measure(pathlib.Path(work), chosen)
    print(markdown(results))
    for peer, reason in skipped.items():
        print(f"skipped: {peer}: {reason}")
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    if chosen.update and not skipped:
        rewrite(DOCUMENT, markdown(results))
        PLOT.write_text(plot.svg(results))
    elif chosen.update:
        print(f"{DOCUMENT.name} stays as it was: not all peers are here")
    return 1 if skipped and (chosen.update or os.environ.get("CI")) else 0


sys.exit(main())
