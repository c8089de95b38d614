#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves what docs/SECURITY.md promises, and prints a summary with the counts.

conformance   random input, asked of real programs: Werkzeug, ipaddress, Apache httpd, Node.js, nginx,
              HAProxy, waitress, and proxy-addr, which is installed by npm into a temporary directory
exhaustive    every string of up to eight symbols, asked of a second implementation, and every text of
              up to seven symbols that may move a boundary of Forwarded
properties    every promise on 20,000 random requests each
fuzz          libFuzzer and AFL++, 60 seconds for each target, or as many as --seconds says
coverage      every line and branch of the library is run by the unit tests, and each condition
              changes the outcome of its decision by itself (MC/DC)
mutation      a unit test notices each comparison, logical operator and number that is changed, and
              each rule that is broken

All of them unless some are named; the first three run side by side. CXX is the compiler of all but
fuzz and coverage, c++ unless given.
What is not installed is skipped, and the summary says so; where CI is set, that is a failure.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parent
CXX = os.environ.get("CXX", "c++")
PYTHON = "/usr/bin/python3"  # Debian's modules belong to it
SKIPPED = 77
# What a part says of itself at last: "exhaustive: 776354215 strings, 0 differences".
SUMMARY = re.compile(r"^(?:\w.*: \d+ cases|exhaustive:|boundaries:|fuzz:|All tests passed|coverage:|"
                     r"operators:|\d+ mutants|skipped:)")


class Part:
    """Runs commands one after the other or side by side, and keeps what they say of themselves."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.failed = False
        self.said: list[str] = []

    def run(self, *command: object, **environment: str) -> None:
        words = list(map(str, command))
        try:
            ran = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   errors="replace", env=dict(os.environ, **environment))
        except FileNotFoundError as error:  # a program that could not be built, or is missing
            self.said.append(f"FAILED: {error}")
            self.failed = True
            return
        assert ran.stdout
        for line in ran.stdout:
            print(line, end="", flush=True)
            if SUMMARY.match(line):
                self.said.append(line.rstrip())
        if ran.wait() not in (0, SKIPPED):
            self.said.append(f"FAILED: {' '.join(words)}")
            self.failed = True

    def run_all(self, commands: list[tuple[object, ...]], **environment: str) -> None:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for one in [pool.submit(self.run, *command, **environment) for command in commands]:
                one.result()

    def build(self, program: pathlib.Path, sources: list[str], *options: str) -> pathlib.Path:
        self.run(CXX, "-std=c++20", "-O2", f"-I{TESTS.parent / 'include'}",
                 *[TESTS / source for source in sources], "-o", program, *options)
        return program


def conformance(part: Part, work: pathlib.Path, chosen: argparse.Namespace) -> None:
    decide = part.build(work / "decide", ["conformance/decide.cpp"])
    packages = work / "npm"
    packages.mkdir()
    if shutil.which("npm"):
        part.run("npm", "install", "--prefix", packages, "--silent", "--no-audit", "--no-fund",
                 "--no-package-lock", "--ignore-scripts", "proxy-addr@2.0.7")
    fewer = ["--cases", "5000"] if chosen.bounded else []  # of those that ask over a network
    scripts = {"random_environs": [], "positions": fewer, "hosts": fewer, "random_addresses": [],
               "forwarded": []}
    part.run_all([(PYTHON, TESTS / "conformance" / f"{script}.py", decide, *options)
                  for script, options in scripts.items()], NODE_PATH=str(packages / "node_modules"))


def exhaustive(part: Part, work: pathlib.Path, chosen: argparse.Namespace) -> None:
    part.run(part.build(work / "exhaustive", ["exhaustive/exhaustive.cpp"], "-pthread"),
             7 if chosen.bounded else 8)
    part.run(part.build(work / "boundaries", ["exhaustive/boundaries.cpp"], "-pthread"),
             6 if chosen.bounded else 7)


def properties(part: Part, work: pathlib.Path, _: argparse.Namespace) -> None:
    part.run(part.build(work / "properties", ["properties/properties_test.cpp", "allocation.cpp"],
                        "-lCatch2WithMain"), PROXYFIX_REQUESTS="20000")


def fuzz(part: Part, _: pathlib.Path, chosen: argparse.Namespace) -> None:
    part.run(PYTHON, TESTS / "fuzz" / "run.py", "--seconds", chosen.seconds, "--jobs", chosen.jobs)


def coverage(part: Part, _: pathlib.Path, __: argparse.Namespace) -> None:
    part.run(PYTHON, TESTS / "coverage" / "coverage.py")


def mutation(part: Part, _: pathlib.Path, chosen: argparse.Namespace) -> None:
    bounded = ["--bounded"] if chosen.bounded else []
    part.run(PYTHON, TESTS / "mutation" / "operators.py", *bounded, CXX)
    part.run(PYTHON, TESTS / "mutation" / "run.py", CXX)


PARTS = {function.__name__: function
         for function in (conformance, exhaustive, properties, fuzz, coverage, mutation)}


SIDE_BY_SIDE = ("conformance", "exhaustive", "properties")  # each leaves processors idle


def prove(name: str, chosen: argparse.Namespace) -> tuple[Part, float]:
    """A part that was run, and its seconds."""
    print(f"--- {name}", flush=True)
    part, start = Part(name), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proxyfix-prove-") as work:
        PARTS[name](part, pathlib.Path(work), chosen)
    return part, time.monotonic() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--bounded", action="store_true",
                        help="one symbol less, fewer requests over a network, and "
                             "no equivalent mutants")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each fuzzer")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="fuzzers at once")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    names = chosen.parts or list(PARTS)
    with concurrent.futures.ThreadPoolExecutor(len(SIDE_BY_SIDE)) as pool:
        begun = [pool.submit(prove, name, chosen) for name in names if name in SIDE_BY_SIDE]
    done = [one.result() for one in begun]
    done += [prove(name, chosen) for name in names if name not in SIDE_BY_SIDE]
    print("--- summary")
    for part, seconds in done:
        print(f"{part.name} ({seconds:.0f} s)")
        for line in part.said or ["FAILED: it said nothing"]:
            print(f"    {line}")
    failed = sum(part.failed or not part.said for part, _ in done)
    skipped = sum("skipped:" in " ".join(part.said) for part, _ in done)
    print(f"{len(done)} parts, {failed} failed, {skipped} skipped in whole or in part")
    return 1 if failed else 0


sys.exit(main())
