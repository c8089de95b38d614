#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times this library and its peers side by side, and prints tables in Markdown.

    Werkzeug's ProxyFix and uvicorn's ProxyHeadersMiddleware, of Debian's packages
    proxy-addr for Node.js, which npm installs into a temporary directory
    nginx's module realip, in instructions, since its time is lost in that of a request
    cpp-httplib's trusted proxies, if --httplib names a directory with a httplib.h of 0.53

All get the same requests, which requests.cpp writes. Each round times every peer with every case, in small
batches, each many times. Of each the fastest time is taken, as the one that other programs disturbed least; so
it is with an empty handler, whose time is taken off. CXX is the compiler, c++ unless given.

What is not installed is skipped, which is a failure where the variable CI is set. It fails as well if `resolve`
needs more than 0.6 of the instructions of realip: counts, unlike times, are the same on a busy machine.

    peers.py --httplib DIRECTORY --json 12.json     on Debian 12
    peers.py --json 13.json                         on Debian 13
    peers.py --update 12.json 13.json               writes both into docs/; the plot is of the first
"""
from __future__ import annotations

import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Any

import count_nginx
import plot

HERE = pathlib.Path(__file__).resolve().parent
INSTRUCTIONS = HERE.parent / "instructions.txt"
ROOT = HERE.parents[2]
DOCUMENT, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- peers.py writes from here -->", "<!-- to here -->"
CXX = os.environ.get("CXX", "c++")
PYTHON = "/usr/bin/python3"  # Debian's modules belong to it
PACKAGE = "proxy-addr@2.0.7"

RESOLVE, WHOLE = "proxyfix: resolve", "proxyfix: ProxyFix"
WERKZEUG, UVICORN = "Werkzeug", "uvicorn"
COUNT, NETWORK = "proxy-addr, by count", "proxy-addr, by network"
HTTPLIB = "cpp-httplib"
ABOUT = {
    RESOLVE: "up to five, checked; decides",
    WHOLE: "up to five, checked; decides and rewrites",
    WERKZEUG: "up to five, not checked; rewrites",
    UVICORN: "For, not checked, and Proto; rewrites",
    COUNT: "For, not checked; decides",
    NETWORK: "For, the addresses of proxies checked; decides",
    HTTPLIB: "For, not checked; rewrites",
    count_nginx.LAST: "For, checked; rewrites",
    count_nginx.RECURSIVE: "For, checked; rewrites",
}
COLUMNS = {"W1 typical": "W1", "W2 chain": "W2", "W3 64 KB of addresses": "W3 addresses",
           "W3 64 KB of commas": "W3 commas", "W3 64 KB of one token": "W3 token",
           "W4 none forwarded": "W4", "W5 walk, 10 networks": "W5, 10 networks",
           "W5 walk, 200 networks": "W5, 200 networks"}

W1 = "W1 typical"
OF_REALIP = 0.6  # of its instructions, for W1, resolve needs at most

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

    def __init__(self, work: pathlib.Path, seconds: float, httplib: pathlib.Path | None) -> None:
        self.cases, self.seconds = work / "cases", seconds
        written = lines_of(build("requests.cpp", work))
        self.cases.write_text("\n".join(written) + "\n")
        self.all_cases = [json.loads(line) for line in written]
        self.ours = build("time_proxyfix.cpp", work, "-lbenchmark", "-pthread")
        self.httplib = httplib and build("time_httplib.cpp", work, f"-isystem{httplib}", "-lbenchmark", "-pthread")
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

    def benchmark(self, program: pathlib.Path, names: dict[str, str]) -> dict[str, Timed]:
        """What a program in C++ prints, by the names of peers instead of its own."""
        repetitions = 30
        options = ["--benchmark_format=json", "--benchmark_enable_random_interleaving=true",
                   f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={self.seconds / repetitions}"]
        shown = subprocess.run([program, *options], check=True, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        times: Figures = collections.defaultdict(dict)
        for one in json.loads(shown.stdout)["benchmarks"]:
            if one["run_type"] == "iteration":
                what, case = one["run_name"].removesuffix("/manual_time").split(": ", 1)
                time = one["real_time"] / one["requests"]
                times[what][case] = min(time, times[what].get(case, time))
        return {peer: {case: (time, times["empty"][case]) for case, time in times[what].items()}
                for what, peer in names.items()}

    def time_httplib(self) -> dict[str, Timed]:
        names = {"own": HTTPLIB, "resolve": RESOLVE, "ProxyFix": WHOLE}
        return self.benchmark(self.httplib, names) if self.httplib else {}

    def time_all(self) -> dict[str, Timed]:
        """A round."""
        programs: dict[str, list[object]] = {
            WERKZEUG: [PYTHON, HERE / "time_werkzeug.py", self.cases, self.seconds],
            UVICORN: [PYTHON, HERE / "time_uvicorn.py", self.cases, self.seconds],
            COUNT: ["node", HERE / "time_proxy_addr.cjs", self.cases, self.seconds, "count"],
            NETWORK: ["node", HERE / "time_proxy_addr.cjs", self.cases, self.seconds, "network"]}
        times = self.benchmark(self.ours, {"resolve": RESOLVE, "ProxyFix": WHOLE})
        for peer, command in programs.items():
            try:
                if peer not in self.skipped:
                    times[peer] = timed_by(*command)
            except Skipped as skipped:
                self.skipped[peer] = str(skipped)
        every, by_count = ({case["name"] for case in self.all_cases if case["counts"] or walked}
                           for walked in (True, False))
        for peer, timed in times.items():
            expected = {WERKZEUG: [by_count], COUNT: [by_count], UVICORN: [by_count, every]}.get(peer, [every])
            if set(timed) not in expected:
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

    compiler = shown(CXX, "--version").partition("\n")[0].split()[-1]
    found = {pathlib.Path(CXX).name: compiler, "Python": shown(PYTHON, "-V").split()[-1],
             "Werkzeug": of_module("werkzeug"), "uvicorn": of_module("uvicorn"),
             "proxy-addr": PACKAGE.rpartition("@")[2]}
    if shutil.which("node"):
        found["Node.js"] = shown("node", "--version").removeprefix("v")
    if not count_nginx.missing():
        found["nginx"] = count_nginx.version()
    return found


def own_instructions() -> float:
    """Those that `resolve` needs for a request of W1, with g++-12: instructions.py counts them."""
    text = INSTRUCTIONS.read_text()
    found = re.search(rf"^resolve: {W1}  +([\d.]+) ", text, re.MULTILINE)
    assert found and re.search(r"^case +g\+\+-12 ", text, re.MULTILINE), f"{INSTRUCTIONS.name} has another form"
    return float(found[1])


def httplib_version(directory: pathlib.Path) -> str | None:
    """Of the httplib.h there, if it has trusted proxies."""
    header = directory / "httplib.h"
    text = header.read_text() if header.exists() else ""
    found = re.search(r'^#define CPPHTTPLIB_VERSION "(.+)"$', text, re.MULTILINE)
    return found[1] if found and "get_client_ip(" in text else None


def rounded(number: float) -> str:
    """With two digits: 7.1, 34, 1,200."""
    return f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.2g}'):,.0f}"


def table(first: list[str], figures: Figures, columns: dict[str, str], text: Any) -> str:
    rows = [first + list(columns.values()), ["---"] * len(first) + ["--:"] * len(columns)]
    for peer, by_case in figures.items():
        cells = [text(by_case[case]) if case in by_case else "–" for case in columns]
        rows.append([peer, *([ABOUT[peer]] if len(first) > 1 else []), *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def ratios(results: dict[str, Any]) -> dict[str, float]:
    """Of W1: how many times as fast as peers `resolve` is, and its share of the instructions of realip."""
    times, counts = results["nanoseconds"], results["instructions"]
    found = {peer: times[peer][W1] / times[RESOLVE][W1] for peer in (COUNT, WERKZEUG) if peer in times}
    if counts:
        found[count_nginx.LAST] = results["resolve, instructions"] / counts[count_nginx.LAST][W1]
    return found


def markdown(results: dict[str, Any]) -> str:
    lengths = {case: plot.bytes_text(length) for case, length in results["lengths"].items() if length}
    known = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    parts = [f"### {results['system']}", f"{results['date']}: {known}.",
             "Nanoseconds per request, net of an empty handler:",
             table(["peer", "headers"], results["nanoseconds"], COLUMNS, rounded),
             "Nanoseconds, by the length of X-Forwarded-For, which ends with the address that the proxy wrote:",
             table(["peer"], results["nanoseconds"], lengths, rounded)]
    if results["instructions"]:
        parts += ["Instructions per request, net of an empty handler, or of nginx without realip:",
                  table(["peer", "headers"], results["instructions"], COLUMNS, lambda count: f"{count:,.0f}"),
                  f"Without realip, nginx needs {results['nginx without realip']:,.0f} for a request of W1."]
    told = [f"with g++-12, {ratio:.2f} of the instructions of {peer}" if peer == count_nginx.LAST else
            f"{rounded(ratio)} times as fast as {peer}" for peer, ratio in ratios(results).items()]
    if told:
        parts.append(f"`resolve`, for W1: {'; '.join(told)}.")
    return "\n\n".join(parts)


def httplib_markdown(results: dict[str, Any]) -> str:
    return "\n\n".join([f"### {HTTPLIB} {results['httplib version']}",
                        f"{results['date']}, on {results['system']}. Nanoseconds per request, net of an empty handler:",
                        table(["peer", "headers"], results["httplib"], COLUMNS, rounded)])


def all_markdown(*all_results: dict[str, Any]) -> str:
    return "\n\n".join([*map(markdown, all_results),
                        *(httplib_markdown(results) for results in all_results if results["httplib"])])


def rewrite(document: pathlib.Path, text: str) -> None:
    """Replaces what stands between the two marks."""
    before, begin, rest = document.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"{document} has no marks"
    document.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")


def measure(work: pathlib.Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """All results."""
    peers = Peers(work, chosen.seconds, chosen.httplib)
    cases = peers.all_cases
    results: dict[str, Any] = {"system": platform.freedesktop_os_release()["PRETTY_NAME"],
                               "date": datetime.date.today().strftime("%B %Y"), "versions": versions(),
                               "lengths": {case["name"]: case["length"] for case in cases},
                               "instructions": {}, "resolve, instructions": own_instructions()}
    if absent := count_nginx.missing():
        peers.skipped[count_nginx.LAST] = f"{', '.join(absent)} not installed"
    else:
        print("nginx", file=sys.stderr)
        counts, without = count_nginx.count(cases, work / "nginx")
        results |= {"instructions": counts, "nginx without realip": without}
    rounds, with_httplib = [], []
    for number in range(1, chosen.rounds + 1):
        print(f"round {number} of {chosen.rounds}", file=sys.stderr)
        rounds.append(peers.time_all())
        with_httplib.append(peers.time_httplib())
    return results | {"nanoseconds": least(rounds), "httplib": least(with_httplib),
                      "httplib version": chosen.httplib and httplib_version(chosen.httplib),
                      "skipped": peers.skipped}


def update(all_results: list[dict[str, Any]]) -> int:
    """Writes the documentation, unless a peer was skipped."""
    if skipped := [f"{results['system']}: {peer}" for results in all_results for peer in results["skipped"]]:
        print(f"{DOCUMENT.name} stays as it was: skipped was {', '.join(skipped)}")
        return 1
    rewrite(DOCUMENT, all_markdown(*all_results))
    PLOT.write_text(plot.svg(all_results[0]))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.03, help="for each case of a peer in a round")
    parser.add_argument("--httplib", type=pathlib.Path, help="the directory of a httplib.h that has trusted proxies")
    parser.add_argument("--json", type=pathlib.Path, help="write the results to this file")
    parser.add_argument("--update", type=pathlib.Path, nargs="+", metavar="JSON",
                        help=f"measure nothing: write these results into {DOCUMENT.name} and {PLOT.name}")
    chosen = parser.parse_args()
    if chosen.update:
        return update([json.loads(path.read_text()) for path in chosen.update])
    if chosen.httplib and not httplib_version(chosen.httplib):
        parser.error(f"there is no httplib.h with trusted proxies in {chosen.httplib}")
    with tempfile.TemporaryDirectory(prefix="proxyfix-peers-") as work:
        results = measure(pathlib.Path(work), chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    print(all_markdown(results))
    for peer, reason in results["skipped"].items():
        print(f"skipped: {peer}: {reason}")
    is_over = ratios(results).get(count_nginx.LAST, 0) > OF_REALIP
    if is_over:
        print(f"FAILED: resolve needs more than {OF_REALIP} of the instructions of {count_nginx.LAST}")
    return 1 if is_over or (results["skipped"] and os.environ.get("CI")) else 0


sys.exit(main())
