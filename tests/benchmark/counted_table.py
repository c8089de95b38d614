# SPDX-License-Identifier: MIT
"""A table of counts, by compiler, that is kept in the repository and shown in docs/performance.md: what is
counted now is compared with it. Used by instructions.py and tests/checks/compile_cost.py.
"""
from __future__ import annotations

import argparse
import dataclasses
import os
import pathlib
import re
import shutil
from collections.abc import Callable, Iterable

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "performance.md"
# A table is of one version of a compiler: its point releases repair faults, and stay within this, which is far
# above what differs from run to run.
WORSE = 1.03
# Of the C library, the functions that every x86-64 has: which ones are chosen would depend on the machine.
BASELINE = "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-SSE4_1,-SSE4_2,-SSSE3,-BMI2"

Counts = dict[str, float]  # by case
Table = dict[str, Counts]  # by compiler


@dataclasses.dataclass
class CountedTable:
    script: str  # without its suffix: "instructions"
    path: pathlib.Path
    title: str  # what the counts are
    heading: str  # of the first column
    digits: int  # behind the point
    compilers: list[str]  # unless some are named
    markdown: Callable[[Table], str]  # the table as documentation
    bounds: Callable[[Counts], list[str]]  # what does not stay within its bounds, whatever the table says

    def read(self) -> Table:
        if not self.path.exists():
            return {}
        rows = [re.split(r"  +", line) for line in self.path.read_text().splitlines() if not line.startswith("#")]
        return {compiler: {row[0]: float(row[i]) for row in rows[1:]} for i, compiler in enumerate(rows[0][1:], 1)}

    def write(self, table: Table) -> None:
        cases = list(next(iter(table.values())))
        width = max(map(len, cases)) + 2
        lines = [f"# {self.title}: written by {self.script}.py --update",
                 self.heading.ljust(width) + "".join(compiler.rjust(14) for compiler in table)]
        for case in cases:
            lines.append(case.ljust(width) +
                         "".join(f"{counts[case]:.{self.digits}f}".rjust(14) for counts in table.values()))
        self.path.write_text("\n".join(lines) + "\n")
        begin, end = (f"<!-- {self.script}.py writes {where} here -->\n" for where in ("from", "to"))
        before, rest = DOCUMENT.read_text().split(begin)
        DOCUMENT.write_text(before + begin + self.markdown(self.read()) + end + rest.split(end)[1])

    def check(self, chosen: argparse.Namespace, programs: list[str],
              measure: Callable[[list[str]], Iterable[tuple[str, Counts]]]) -> int:
        """Compares what `measure` gives for each compiler with the table, or with --update writes it. The exit
        status: 77 if a program is missing, but 1 where the variable CI is set."""
        compilers = chosen.compilers or self.compilers
        missing = [program for program in [*programs, *compilers] if not shutil.which(program)]
        if missing:
            print(f"skipped: not installed: {', '.join(missing)}")
            return 1 if os.environ.get("CI") else 77
        table, faults, better, measured = self.read(), [], 0, 0
        if not chosen.update and self.markdown(table) not in DOCUMENT.read_text():
            faults.append(f"{DOCUMENT.name} does not show the table: run {self.script}.py --update")
        for compiler, counts in measure(compilers):
            measured += len(counts)
            is_gated = not chosen.update and (compiler in table or not chosen.compilers)
            known = table.get(compiler, {})
            print(compiler)
            for case, value in counts.items():
                before, shown = known.get(case), f"{value:,.{self.digits}f}"
                print(f"    {case:42} {shown:>12}" + (f" {100 * value / before - 100:+8.1f} %" if before else "      new"))
                if is_gated and (before is None or value > WORSE * before):
                    faults.append(f"{compiler}: {case}: {shown}, in the table {before}")
                better += before is not None and value < before / WORSE
            if not chosen.update and (gone := set(known) - set(counts)):
                faults.append(f"{compiler}: not measured: {', '.join(sorted(gone))}")
            faults += [f"{compiler}: {fault}" for fault in self.bounds(counts)]
            table[compiler] = counts
        if chosen.update:
            self.write(table)
        elif better:
            print(f"{better} counts are better by more than 3 %: run {self.script}.py --update")
        print("\n".join(faults) or f"{self.script}: {measured} counts within their bounds")
        return 1 if faults else 0
