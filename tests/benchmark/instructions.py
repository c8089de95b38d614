#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of a decision, and compares them with the table instructions.txt.

usage: instructions.py [--update] [COMPILER...]

Counts are the same from run to run, so they are a gate where times would not be. They are net: what an
empty handler behind a pointer needs is taken off. Exit status 1 if a count is more than 3 % above the
table, if hostile headers of different sizes differ by more than 3 %, if one line more of them costs more
than 60 instructions, if 200 networks cost more than 260 instructions more than 10, or if a list of 16 times as many
words takes more than 24 times as long to read. A count that is lower by more
than 3 % asks for --update, which writes the table, and the one in docs/performance.md. The compilers are
three unless some are named; of a named one that is not in the table the counts are only printed.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from counted_table import BASELINE, CountedTable

HERE = pathlib.Path(__file__).resolve().parent
EMPTY = "empty handler"
FLAT, NETWORKS, LINE, WORDS = 1.03, 260, 60, 24


def count(compiler: str, work: pathlib.Path) -> dict[str, float]:
    """Net instructions per request of each case."""
    program = work / "instructions"
    subprocess.run([compiler, "-std=c++20", "-O2", f"-I{HERE.parents[1] / 'include'}",
                    HERE / "instructions.cpp", "-o", program], check=True)
    dumps = work / compiler
    ran = subprocess.run(["valgrind", "--tool=callgrind", "--collect-atstart=no",
                          f"--callgrind-out-file={dumps}", program],
                         check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, GLIBC_TUNABLES=BASELINE))
    counts = {}
    for number, line in enumerate(ran.stdout.splitlines(), 1):
        requests, case = line.split(" ", 1)
        text = dumps.with_name(f"{compiler}.{number}").read_text()
        assert f"Client Request: {case}\n" in text, case
        total = re.search(r"^totals: (\d+)$", text, re.MULTILINE)
        assert total, case
        counts[case] = int(total[1]) / int(requests)
    empty = counts.pop(EMPTY)
    return {case: ir - empty for case, ir in counts.items()}


def markdown(table: dict[str, dict[str, float]]) -> str:
    """The table as documentation."""
    columns = [(what, compiler) for what in ("resolve", "ProxyFix") for compiler in table]
    lines = ["| |" + "".join(f" {what}, {compiler} |" for what, compiler in columns),
             "|---|" + "--:|" * len(columns)]
    for case in (case.split(": ")[1] for case in next(iter(table.values())) if case.startswith("resolve")):
        lines.append(f"| {case} |" + "".join(f" {table[compiler][f'{what}: {case}']:,.0f} |"
                                             for what, compiler in columns))
    return "\n" + "\n".join(lines) + "\n\n"


def bounds(counts: dict[str, float]) -> list[str]:
    """What does not stay within its bounds, whatever the table says."""
    faults = []
    for case, ir in counts.items():
        if ir <= 0:
            faults.append(f"{case}: {ir:.1f}")
        hostile = re.fullmatch(r"(.*: W3) \d+ KB (.*)", case)
        if hostile:
            sizes = [other for name, other in counts.items()
                     if name.startswith(hostile[1]) and name.endswith(hostile[2])]
            assert len(sizes) == 3, case
            if ir > FLAT * min(sizes):
                faults.append(f"{case}: {ir:.1f}, but {min(sizes):.1f} with another size")
        if case.endswith("1000 lines"):
            line = (ir - counts[case.replace("1000", "100")]) / 900
            if line > LINE:
                faults.append(f"{case}: {line:.1f} for each line")
        if case.endswith("200 networks"):
            fewer = counts[case.replace("200", "10")]
            if ir > NETWORKS + fewer:
                faults.append(f"{case}: {ir:.1f}, but {fewer:.1f} with 10")
        if case.endswith("16000 words"):
            fewer = counts[case.replace("16000", "1000")]
            if ir > WORDS * fewer:
                faults.append(f"{case}: {ir:.1f}, but {fewer:.1f} for 1000")
    return faults


TABLE = CountedTable("instructions", HERE / "instructions.txt",
                     "Instructions per request, net of an empty handler", "case", 1,
                     ["g++-12", "clang++-14", "clang++-19"], markdown, bounds)


def measure(compilers: list[str]) -> Iterator[tuple[str, dict[str, float]]]:
    for compiler in compilers:
        with tempfile.TemporaryDirectory(prefix="proxyfix-instructions-") as work:
            yield compiler, count(compiler, pathlib.Path(work))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("compilers", nargs="*", metavar="COMPILER")
    parser.add_argument("--update", action="store_true", help="write the table")
    return TABLE.check(parser.parse_args(), ["valgrind"], measure)


sys.exit(main())
