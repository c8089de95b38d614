#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Demands that the unit tests reach every line of the headers and both sides of every branch, and show
that each condition by itself changes the outcome of its decision (MC/DC).

usage: coverage.py [CLANG_SUFFIX]

Builds the unit tests, and those of the adapters whose frameworks are installed, with clang++-19.
Templates and inline functions are compiled many times: a line or the side of a branch is covered if
any of these is, and a line only if all that begins on it was reached. What only the compiler ran is
not covered, nor what nobody instantiates. Left out are consteval functions, concepts, branches on
constants, and those in defaulted functions, which clang does not tell apart. A line that cannot be
reached says so, `// not covered: <reason>`; that is an error without a reason, and if it is
reached. Exit status 0 only if nothing is uncovered.

A decision is two or more conditions with `&&` and `||` between them. A condition is covered if, in one
instance, two evaluations differ in it and in the outcome, and in no other condition that both have
evaluated. clang measures neither a decision in an operand of another one, as in `a && !(b || c)`, of
which it warns, nor one in front of a `?:` of class type. Both are faults here; it measures them if
they are variables.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
HEADERS = ROOT / "include" / "proxyfix"
SUFFIX = "-" + (sys.argv[1:] or ["19"])[0]
VERSION = re.search(r'version = "(.*)"', (HEADERS / "version.hpp").read_text())[1]
COMPILER = [f"clang++{SUFFIX}", f"-I{ROOT / 'include'}", f'-DPROXYFIX_CMAKE_VERSION="{VERSION}"',
            *"-std=c++20 -O0 -DNDEBUG -pthread -fprofile-instr-generate -fcoverage-mapping".split(),
            "-fcoverage-mcdc", "-fprofile-update=atomic"]  # tests have threads
HTTPLIB = subprocess.getoutput("pkg-config --cflags --libs cpp-httplib").split()
ADAPTERS = [  # name, with which its tests begin, the header of its framework, further options
    ("cgi", "string", []),
    ("httplib", "httplib.h", HTTPLIB),
    ("beast", "boost/beast/http.hpp", []),
    ("poco", "Poco/Net/HTTPServerRequest.h", ["-lPocoNet", "-lPocoFoundation"]),
    ("civetweb", "civetweb.h", ["-lcivetweb"]),
]
# A line like the first one is in a function, and with the brace of the second one a lambda begins.
STATEMENT = re.compile(r"^(?!.*requires).*(\breturn\b|\)[^;()]*\{)")
LAMBDA = re.compile(r"(?<!\])\](<[^()]*>)?(\([^()]*\))?[^][;{}()=]*\{")
UNMEASURED = re.compile(rf"{HEADERS}/(.* warning: .*MC/DC.*)")  # clang, about a decision


if not all(map(shutil.which, (COMPILER[0], f"llvm-cov{SUFFIX}", f"llvm-profdata{SUFFIX}"))):
    print(f"skipped: clang++{SUFFIX} or llvm{SUFFIX} is not installed")
    sys.exit(1 if os.environ.get("CI") else 77)


def output(*command, **options):
    """What a command prints; if it fails, so does the whole."""
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    if ran.returncode != 0 or "mismatched data" in ran.stderr:
        sys.exit(f"{command}\n{ran.stdout}{ran.stderr}")
    if unmeasured := UNMEASURED.search(ran.stderr):
        sys.exit(unmeasured[1])
    return ran.stdout


def build(work, programs):
    pch = work / "catch.pch"
    output(*COMPILER, "-fpch-instantiate-templates", "-x", "c++-header", TESTS / "catch.hpp", "-o", pch)

    def compiled(source, options):
        to = work / (source.replace("/", "_") + ".o")
        output(*COMPILER, *options, "-include-pch", pch, "-c", TESTS / source, "-o", to)
        return to

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        made = {source: pool.submit(compiled, source, options)
                for sources, options in reversed(programs.values())  # frameworks take longest
                for source in sources}
    for name, (sources, options) in programs.items():
        objects = [made[source].result() for source in sources]
        output(*COMPILER, *objects, "-lCatch2WithMain", *options, "-o", work / name)


def measured(program):
    """Runs a program, and gives what llvm-cov exports of each of its functions, and for each decision
    its file and how llvm-cov shows it. One profile of all programs would drop functions that have a
    name in common and another body."""
    counts = f"{program}.counts"
    output(program, env={**os.environ, "LLVM_PROFILE_FILE": counts})
    output(f"llvm-profdata{SUFFIX}", "merge", counts, "-o", counts)
    of = program, f"-instr-profile={counts}", "--sources", HEADERS
    exported = json.loads(output(f"llvm-cov{SUFFIX}", "export", *of))["data"][0]
    shown = output(f"llvm-cov{SUFFIX}", "show", *of, "--show-mcdc", "--show-instantiations=false")
    decisions = [(file, decision)
                 for file, text in re.findall(r"^(/.*):\n((?:(?!/).*\n)*)", shown, re.MULTILINE)
                 for decision in text.split("---> MC/DC Decision Region")[1:]]
    # What is exported does not tell constants from conditions that are not covered.
    if len(decisions) != sum(len(file["mcdc_records"]) for file in exported["files"]):
        sys.exit("llvm-cov does not show the decisions that it exports")
    return exported["functions"], decisions


class Header:
    def __init__(self, path):
        self.name = str(path.relative_to(HEADERS))
        self.lines = path.read_text().splitlines()
        self.code = [re.sub(r"\s*//.*", "", line) for line in self.lines]
        self.instances = collections.defaultdict(list)  # of the function that ends at a place
        self.regions = collections.defaultdict(collections.Counter)  # how often, by line
        self.branches = collections.defaultdict(collections.Counter)
        self.conditions = collections.defaultdict(set)  # what was found out, by place and name
        self.not_run, indent = set(), None  # lines of consteval functions and of concepts
        for number, text in enumerate(self.code, 1):
            if indent is None and re.search(r"\b(consteval|concept)\b", text):
                indent = re.match(" *", text)[0]
            if indent is not None:
                self.not_run.add(number)
                indent = None if re.fullmatch(indent + r"(\S.*)?[;}]", text) else indent

    def add(self, regions, branches):
        """Adds an instance of a function: its regions and branches in this header."""
        if regions:
            regions.sort(key=lambda region: (region[:2], [-end for end in region[2:4]]))
            self.instances[tuple(max(region[2:4] for region in regions))].append(regions)
        for *place, true, false, _, _, _ in branches:
            if not self.code[place[0] - 1].endswith("= default;"):
                self.branches[tuple(place)] += collections.Counter(true=true, false=false)

    def add_conditions(self, decision):
        """Adds an instance of a decision, as llvm-cov shows it."""
        places = re.findall(r"Condition C(\d+) --> \((\d+):(\d+)\)", decision)
        found = re.findall(r"C\d+-Pair: (covered|not covered|constant folded)", decision)
        for (number, line, column), result in zip(places, found, strict=True):
            if "None." in decision:  # was executed
                result = result.replace("not covered", "not measured")
            self.conditions[int(line), int(column), f"condition {number} of {len(places)}"].add(result)

    def add_up(self):
        """Of each line, how often the regions were reached that it is in or that begin on it."""
        for (last, _), instances in self.instances.items():
            # An instance that was not emitted is a single region, whatever is in it.
            emitted = [i for i in instances if len(i) > 1 or i[0][4] > 0] or instances[:1]
            first = min(regions[0][0] for regions in emitted)
            for number in set(range(first, last + 1)) - self.not_run:
                text = self.code[number - 1]
                at = [number, len(text) - len(text.lstrip()) + 1]
                for regions in emitted if text else []:
                    here = [region for region in regions if region[:2] <= at < region[2:4]][-1:]
                    here += [region for region in regions if region[0] == number]
                    for *place, count, _, _, kind in here:
                        if kind == 0:  # code
                            self.regions[number][tuple(place)] += count

    def report(self):
        """How many lines are covered, and how many there are, and so on for branches and conditions;
        and the faults."""
        self.add_up()
        lines, sides, conditions, faults = [], [], [], []
        for number, (text, whole) in enumerate(zip(self.code, self.lines), 1):
            missed = {(column if first == number else 1, "not reached")
                      for (first, column, *_), count in self.regions[number].items() if count == 0}
            if STATEMENT.search(text) and number not in self.not_run and not self.regions[number]:
                missed.add((1, "never instantiated"))
            begun = {column for first, column, *_ in self.regions[number] if first == number}
            missed.update((brace.end(), "never called") for brace in LAMBDA.finditer(text)
                          if brace.end() not in begun and number not in self.not_run)
            excuse = re.search("// not covered:(.*)", whole)
            if not excuse and (self.regions[number] or missed):
                lines.append(not missed)
            for (first, column, *_), counts in self.branches.items():
                for side in ("true", "false") if first == number else ():
                    sides += [] if excuse else [counts[side] > 0]
                    missed |= set() if counts[side] > 0 else {(column, f"never {side}")}
            for (first, column, name), found in self.conditions.items():
                if first == number and found != {"constant folded"}:
                    conditions += [] if excuse else ["covered" in found]
                    what = "never decides alone" if "not covered" in found else "is never measured"
                    missed |= set() if "covered" in found else {(column, f"{name} {what}")}
            if excuse:
                what = "no reason is given" if missed else "is covered after all"
                missed = set() if missed and excuse[1].strip() else {(1, what)}
            faults += [f"{self.name}:{number}:{column}: {what}: {whole.strip()}"
                       for column, what in sorted(missed)]
        return [count(one) for one in (lines, sides, conditions) for count in (sum, len)], faults


def main():
    headers = {str(path): Header(path) for path in sorted(HEADERS.rglob("*.hpp"))}
    unit_tests = re.search(r"add_executable\(unit_tests\s([^)]*)\)",
                           (TESTS / "CMakeLists.txt").read_text())[1].split()
    programs = {"unit_tests": (unit_tests, [])}  # sources, options
    for name, framework, options in ADAPTERS:
        if subprocess.run([*COMPILER, "-include", framework, *options, "-E", "-x", "c++",
                           os.devnull], capture_output=True).returncode == 0:
            for test in (TESTS / "adapters").glob(f"{name}*_test.cpp"):
                programs[test.stem] = [f"adapters/{test.name}", "allocation.cpp"], options
        else:
            print(f"skipped: adapters/{name}.hpp is not measured: there is no {framework}")
            if os.environ.get("CI"):
                sys.exit(1)
            del headers[str(HEADERS / "adapters" / f"{name}.hpp")]
    with tempfile.TemporaryDirectory() as directory:
        build(pathlib.Path(directory), programs)
        for program in programs:
            functions, decisions = measured(pathlib.Path(directory) / program)
            for function in functions:
                for index, file in enumerate(function["filenames"]):
                    if file in headers:
                        headers[file].add([r for r in function["regions"] if r[5] == index],
                                          [b for b in function["branches"] if b[6] == index])
            for file, decision in decisions:
                if file in headers:
                    headers[file].add_conditions(decision)
    total, all_faults = [0] * 6, []
    for header in headers.values():
        counts, faults = header.report()
        total = [a + b for a, b in zip(total, counts)]
        all_faults += faults
        print("{}: lines {}/{}, branches {}/{}, mcdc {}/{}".format(header.name, *counts))
    summary = "coverage: lines {}/{}, branches {}/{}, conditions (MC/DC) {}/{}".format(*total)
    print(*all_faults, summary, sep="\n")
    return 1 if all_faults else 0


sys.exit(main())
