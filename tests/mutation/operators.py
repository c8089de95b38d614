#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Breaks one operator or one number of the library at a time, and demands that a unit test notices.

usage: operators.py [--list] [--bounded] [COMPILER]

The complement of run.py, which breaks rules that somebody thought of: here every comparison, `&&`,
`||`, `!`, number and truth value of the headers is replaced, if it is computed at run time. All
mutants are built into one program, in which an environment variable switches one of them on. What
the compiler computes stays as it is, so compile-time tests hold, and notice nothing. Exit status 0
only if every mutant is killed, but for those in the table EQUIVALENT, and the tests pass without a
mutant. With --bounded the mutants of that table are not run, which takes a third of the time: that one
of them is killed after all goes unnoticed. Needs Debian's python3-clang-19, and so Debian's python3.
"""
import argparse
import concurrent.futures
import dataclasses
import html
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from limits import limited

try:
    from clang import cindex
    from clang.cindex import CursorKind, TokenKind
except ImportError:
    print("skipped: python3-clang-19 is not installed")
    sys.exit(1 if os.environ.get("CI") else 77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
INCLUDE = ROOT / "include/proxyfix"
# All but those that include the header of a framework, which has a dot in its name.
PATHS = {path.relative_to(INCLUDE).with_suffix("").as_posix(): path
         for path in sorted(INCLUDE.rglob("*.hpp"))
         if not re.search(r"#include <.*\.", path.read_text())}
TEXTS = {header: path.read_text() for header, path in PATHS.items()}
TESTS_OF_ADAPTERS = [f"{header}_test.cpp" for header in PATHS if header.startswith("adapters/")]
UNIT_TESTS = re.search(r"add_executable\(unit_tests([^)]*)\)",
                       (TESTS / "CMakeLists.txt").read_text())[1].split() + TESTS_OF_ADAPTERS

IN_STEPS = "What is not taken in one go is taken first and parsed then, to the same result."

# header, a piece of the line around what is replaced, the replacement, why nothing can change
EQUIVALENT = [
    ("base/text", "10, 8)", "8 -> 9", "No maximum has nine digits: that is a precondition."),
    ("base/word", "!std::is_constant_evaluated()", "! -> ", "Byte by byte it is the same word."),
    ("base/word", "equal == 0", "0 -> 1", "Of no bit there are 64 zeros, and 8 - 64 / 8 is 0."),
    ("decision/decide", "unlimited : 1", "1 -> 2",
     "Where no chain is followed, no count is above 1."),
    ("decision/decide", "n > table.highest_element", "> -> >=", "The maximum of equals is either."),
    ("decision/decide", "may_read(lines, 1", "1 -> 2", "No position is above unlimited."),
    ("decision/decide", "table.trusts_any_peer ? 0", "0 -> 1", "A walk begins at position 1."),
    ("decision/field_reader", "begin > 0 && rest", "0 -> 1", IN_STEPS),
    ("decision/field_reader", "rest.size() <= 8", "<= -> <", IN_STEPS),
    ("decision/field_reader", "rest.size() <= 8", "8 -> 9", IN_STEPS),
    ("decision/field_reader", "rest.size() <= 8", "8 -> 7", IN_STEPS),
    ("decision/strip", "position > leftmost.position", "> -> >=",
     "At one position of a header, reading stopped alike."),
    ("decision/policy", "field.count > highest_count", "> -> >=",
     "The maximum of equals is either."),
    ("explain", "number.size() < 3", "< -> <=", "4 - 3 is 1."),
    ("explain", "number.size() < 3", "3 -> 4", "4 - 3 is 1."),
    ("explain", "text.size() < 18", "< -> <=", "20 - 18 is 2."),
    ("explain", "text.size() < 18", "18 -> 19", "20 - 18 is 2."),
    ("explain", "next = 1", "1 -> 2", "The first row is always shown."),
    ("explain/explainer", "found.size() > most_lines", "> -> >=",
     "The difference of equals is 0."),
    ("http/field_name", "size < 8", "< -> <=", "Eight bytes may be compared one by one too."),
    ("http/field_name", "size < 8", "8 -> 9", "Eight bytes may be compared one by one too."),
    ("http/field_name", "last <= 8", "<= -> <", "Of 16 bytes, the last eight are compared twice."),
    ("http/field_name", "last <= 8", "8 -> 7", "Of 16 bytes, the last eight are compared twice."),
    ("http/field_name", "& 31u", "31u -> 30", "Rows of two letters may follow one another."),
    ("http/field_name", "size > 24", "> -> >=", "24 bytes may be compared one by one too."),
    ("http/field_name", "size > 24", "24 -> 23", "24 bytes may be compared one by one too."),
    ("explain/explainer", "highest = 0", "0 -> 1", "No count that is read is below 1."),
    ("explain/explainer", "count > highest ? ", "> -> >=", "The maximum of equals is either."),
    ("explain/explainer", "position > leftmost ? ", "> -> >=",
     "The maximum of equals is either."),
    ("http/list", "stop.position > 0", "> -> >=", "The far way reaches the first value too."),
    ("http/list", "n > 1)", "> -> >=", "The far way reaches the first value too."),
    ("http/list", "window < 8", "< -> <=", "Eight bytes may be looked at one by one too."),
    ("http/list", "window < 8", "8 -> 9", "Eight bytes may be looked at one by one too."),
    ("http/list", "left >= 8", ">= -> >", "The first eight bytes are looked at behind the loop."),
    ("http/list", "left >= 8", "8 -> 9", "The first eight bytes are looked at behind the loop."),
    ("http/list", "if (begin > 0) rest_", "> -> >=",
     "Left of a line's start its rest is not looked at."),
    ("net/address", "? 10u", "10u -> 11", "Neither is a digit."),
    ("net/address", "hundreds <= 9", "<= -> <", "No octet has nine hundreds."),
    ("net/address", "hundreds <= 9", "9 -> 8", "No octet has nine hundreds."),
    ("net/address", "digit_value(text[at]) < 16", "< -> <=", "No digit has the value 16."),
    ("net/address", "digit_value(text[at]) < 16", "16 -> 17", "No digit has the value 16."),
    ("net/address", "i > 0 && i < gap", "< -> <=", "The gap itself is asked for before."),
    ("net/address", "bits < 32", "< -> <=", "The minimum of equals is either."),
    ("net/address", "bits < 32", "32 -> 33", "The minimum of 32 and 32 is 32."),
    ("net/address", "bits < 128", "< -> <=", "The minimum of equals is either."),
    ("net/address", "bits < 128", "128 -> 129", "The minimum of 128 and 128 is 128."),
    ("net/address", "0x9e37'79b9'7f4a'7c15", "0x9e37'79b9'7f4a'7c15 -> 11400714819323198486",
     "No value of a hash is promised."),
    ("net/address", "0xff51'afd7'ed55'8ccd", "0xff51'afd7'ed55'8ccd -> 18397679294719823054",
     "No value of a hash is promised."),
    ("net/address", "mixed >> 32", "32 -> 33", "No value of a hash is promised."),
    ("net/address", "mixed >> 32", "32 -> 31", "No value of a hash is promised."),
    ("net/host", "text.size() < 8", "< -> <=", IN_STEPS),
    ("net/host", "text.size() < 8", "8 -> 9", IN_STEPS),
    ("net/host", "text.size() > 63", "> -> >=", IN_STEPS),
    ("net/host", "text.size() > 63", "63 -> 62", IN_STEPS),
    ("net/host", "Word others = 0", "0 -> 1", "At least one word follows."),
    ("net/host", "at > 7", "> -> >=", "7 - 7 is 0."),
    ("net/host", "at > 7", "7 -> 6", "7 - 7 is 0."),
    ("net/host", "!= repeated(0x80)", "0x80 -> 129", IN_STEPS),
    ("net/host", "!= repeated(0x80)", "0x80 -> 127", IN_STEPS),
    ("net/host", "others << 8) != 0", "0 -> 1", IN_STEPS),
    ("net/host", "(others & 0x80) == 0", "0 -> 1", IN_STEPS),
    ("net/host", "repeated(0x20)", "0x20 -> 31", IN_STEPS),
    ("net/host", "others & 0x80", "0x80 -> 129", "No other bits are set."),
    ("net/host", "text.back() >= 'A'", ">= -> >", IN_STEPS),
    ("net/host", "16u", "16u -> 17", "No digit has the value 16."),
    ("net/host", "host.size() > pattern.size()", "> -> >=",
     "No host begins with a dot: that is a precondition."),
    ("net/network", "text.substr(0, slash).find(':')", "0 -> 1", "An IPv6 address has two colons."),
    ("net/networks", "i->first < j->first", "< -> <=",
     "Two that begin alike become one, in any order."),
    ("net/networks", "ranges_.back().last < range.last) ranges_", "< -> <=",
     "The maximum of equals is either."),
    ("net/networks", "value_or(0", "0 -> 1", "Neither 0 nor 1 is a netmask."),
    ("net/networks", "last < below_v4 ? ", "< -> <=", "The minimum of equals is either."),
    ("net/networks", "first < first_v4 ? ", "< -> <=", "The maximum of equals is either."),
    ("net/networks", "last < last_v4 ? ", "< -> <=", "The minimum of equals is either."),
    ("net/networks", "first < above ? ", "< -> <=", "The maximum of equals is either."),
    ("request/adapter", "is_any = false", "false -> true", "Without lines each field is absent anyway."),
    ("request/environ", "Address(0", "0 -> 1", "It is read only if there is a client."),
    ("request/environ", ", 0)}", "0 -> 1", "It is read only if there is a client."),
    ("request/environ_of", "number > 0", "> -> >=", "0 gives 0 either way."),
    ("request/environ_of", "number <= 65535", "65535 -> 65536", "65536 in 16 bits is 0."),
]

NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MOVED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
SWAPPED = {"&&": "||", "||": "&&", "true": "false", "false": "true", "!": ""}

# Goes before each test: the switch, and headers that are compiled once. For the compiler, no mutant
# is active.
PRELUDE = f"""#include <cstdlib>
#include <type_traits>
inline const int proxyfix_active_mutant = [] {{
    const char* number = std::getenv("PROXYFIX_MUTANT");
    return number ? std::atoi(number) : 0;
}}();
constexpr bool proxyfix_mutant(int number) noexcept {{
    return !std::is_constant_evaluated() && proxyfix_active_mutant == number;
}}
#include "{TESTS}/catch.hpp"
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>
"""
# With assertions, a read out of range is noticed.
FLAGS = ["-std=c++20", "-w", "-Wno-narrowing", "-DCATCH_CONFIG_FAST_COMPILE",
         "-D_GLIBCXX_ASSERTIONS"]
OPTIMIZED = ["properties/properties_test.cpp", "forwarded_test.cpp"]  # these run long


@dataclasses.dataclass
class Site:
    """An expression [start, end) of a header, and the operator or literal `old` at `at` in it. The
    mutants replace that: new texts by their numbers."""
    header: str
    start: int
    end: int
    at: int
    old: str
    mutants: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Mutant:
    site: Site
    number: int

    def __post_init__(self):
        site, text = self.site, TEXTS[self.site.header]
        new = site.mutants[self.number]
        self.change = f"{site.old} -> {new}"
        begin, end = text.rfind("\n", 0, site.at) + 1, text.find("\n", site.at)
        line = text.count("\n", 0, site.at) + 1
        self.name = f'{site.header}.hpp:{line} "{site.old}" -> "{new}"'
        self.line = text[begin:end].strip()

    def is_of(self, entry):
        """Is the entry of EQUIVALENT about this mutant?"""
        header, piece, change, _ = entry
        begin = self.site.at + len(self.site.old) - len(piece)
        around = TEXTS[self.site.header][max(begin, 0):self.site.at + len(piece)]
        return header == self.site.header and change == self.change and piece in around


def span(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def descendants(cursor, path):
    """All cursors of a file below this one."""
    for child in cursor.get_children():
        if child.location.file and child.location.file.name == path:
            yield child
            yield from descendants(child, path)


def constant_spans(cursor, text):
    """The parts of a cursor that the compiler computes."""
    children, name = list(cursor.get_children()), cursor.location.offset
    if cursor.kind == CursorKind.IF_STMT and text.startswith("if constexpr", span(cursor)[0]):
        yield span(children[0])
    if not cursor.kind.is_declaration():
        return
    specifiers = text[span(cursor)[0]:name]
    is_variable = cursor.kind == CursorKind.VAR_DECL
    is_literal = all(below.kind not in (CursorKind.DECL_REF_EXPR, CursorKind.CALL_EXPR)
                     for below in cursor.walk_preorder())
    if ("consteval" in specifiers or is_variable and "constexpr" in specifiers
            or is_variable and cursor.type.is_const_qualified() and is_literal
            or cursor.kind in (CursorKind.STATIC_ASSERT, CursorKind.CONCEPT_DECL,
                               CursorKind.TYPE_ALIAS_DECL)):
        yield span(cursor)
    for child in children:  # in the type of what is declared
        if child.kind.is_expression() and span(child)[0] < name:
            yield span(child)


def replacements(old):
    """The texts that may stand instead of an operator or a literal."""
    if old in SWAPPED:
        return [SWAPPED[old]]
    if old in NEGATED:
        return [NEGATED[old], MOVED[old]] if old in MOVED else [NEGATED[old]]
    value = int(re.sub("[uU'lL]", "", old), 0)
    return [str(value + 1), str(value - 1)] if value > 1 else [str(value + 1)]


def sites_of(header, unit):
    """What can be mutated in a header, and how much else the compiler computes."""
    path, text = str(PATHS[header]), TEXTS[header]
    cursors = list(descendants(unit.cursor, path))
    constant = [part for cursor in cursors for part in constant_spans(cursor, text)]
    expressions = sorted({span(cursor) for cursor in cursors if cursor.kind.is_expression()},
                         key=lambda part: part[1] - part[0])
    ends = [cindex.SourceLocation.from_offset(unit, cindex.File.from_name(unit, path), offset)
            for offset in (0, len(text))]
    found, left_out = [], 0
    for token in unit.get_tokens(extent=cindex.SourceRange.from_locations(*ends)):
        (at, end), old = span(token), token.spelling
        is_literal = old in ("true", "false") or (
            token.kind == TokenKind.LITERAL and old[0].isdigit())
        # clang-format sets blanks around these, and none around template arguments.
        is_binary = old in NEGATED or old in ("&&", "||")
        if is_binary and not (text[at - 1].isspace() and text[end].isspace()):
            continue
        if not is_literal and not is_binary and old != "!":
            continue
        around = [(a, b) for a, b in expressions if (a < at if is_binary else a == at)
                  and (b == end if is_literal else b > end)]
        if around and any(a <= at < b for a, b in constant):
            left_out += 1
        elif around:
            found.append(Site(header, *around[0], at, old))
    return found, left_out


def find_mutants():
    """The mutants of all headers, numbered from 1, and how much the compiler computes."""
    source = "".join(f'#include "{path}"\n' for path in PATHS.values())
    unit = cindex.Index.create().parse(
        "all.cpp", ["-std=c++20", "-DNDEBUG", f"-I{ROOT}/include"], [("all.cpp", source)])
    mutants, all_left_out = [], 0
    for header in PATHS:
        sites, left_out = sites_of(header, unit)
        all_left_out += left_out
        for site in sites:
            for new in replacements(site.old):
                site.mutants[len(mutants) + 1] = new
                mutants.append(Mutant(site, len(mutants) + 1))
    return mutants, all_left_out


def mutated(text, sites, begin, end):
    """The text from `begin` to `end`, in which each expression asks which mutant is active."""
    out = ""
    for site in sorted(sites, key=lambda site: (site.start, -site.end)):  # the outermost first
        if begin <= site.start and site.end <= end:
            out += text[begin:site.start] + schema(text, sites, site)
            begin = site.end
    return out + text[begin:end]


def schema(text, sites, site):
    """The expression of a site, or of a mutant if it is active."""
    within = [other for other in sites if site.start <= other.start and other.end <= site.end]
    left = mutated(text, within, site.start, site.at)
    right = mutated(text, within, site.at + len(site.old), site.end)
    asked = [f"proxyfix_mutant({number})" for number in site.mutants]
    if site.old in NEGATED:
        chosen = f"{left}{site.old}{right}"
        for ask, new in zip(asked, site.mutants.values()):
            chosen = f"{ask} ? {left}{new}{right} : {chosen}"
        return f"({chosen})"
    if site.old not in SWAPPED:
        return f"({site.old} + {' - '.join(asked)})"
    left, right, ask = f"static_cast<bool>({left})", f"static_cast<bool>({right})", asked[0]
    return {"&&": f"({left} != {ask} ? {right} : {ask})",
            "||": f"({left} != {ask} ? !{ask} : {right})",
            "!": f"({right} == {ask})"}.get(site.old, f"({site.old} != {ask})")


def build(mutants, compiler, work):
    """The program of the unit tests with all mutants."""
    shutil.copytree(ROOT / "include", work / "include")
    for header, text in TEXTS.items():
        sites = list({m.site.at: m.site for m in mutants if m.site.header == header}.values())
        (work / "include/proxyfix" / f"{header}.hpp").write_text(
            mutated(text, sites, 0, len(text)))
    version = re.search('"([0-9.]+)"', (ROOT / "include/proxyfix/version.hpp").read_text())[1]
    command = [compiler, *FLAGS, f"-I{work}/include", f"-I{TESTS}",
               f'-DPROXYFIX_CMAKE_VERSION="{version}"']
    pch = ["-fpch-instantiate-templates"] if "clang" in compiler else []

    def precompiled(level):
        prelude = work / f"prelude{level}.hpp"
        prelude.write_text(PRELUDE)
        subprocess.run([*command, level, *pch, "-x", "c++-header", prelude, "-o", f"{prelude}.gch"],
                       check=True)

    def compiled(test):
        level, result = "-O1" if test in OPTIMIZED else "-O0", work / (test.replace("/", "-") + ".o")
        subprocess.run([*command, level, "-include", work / f"prelude{level}.hpp",
                        "-c", TESTS / test, "-o", result], check=True)
        return result

    # First those that are optimized: the linker takes the first of a function that several have.
    tests = OPTIMIZED + [test for test in UNIT_TESTS if test not in OPTIMIZED]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(precompiled, ["-O0", "-O1"]))
        objects = list(pool.map(compiled, tests))
    subprocess.run([compiler, *objects, "-lCatch2WithMain", "-o", work / "tests"], check=True)
    return work / "tests"


def failed_test(program, tests, seconds, mutant=0):
    """The name of the first test case that fails, or "" if all pass."""
    ran = subprocess.run(
        [*limited(seconds), program, tests, "-a", "-#", "-r", "xml"], text=True, errors="replace",
        env={**os.environ, "PROXYFIX_MUTANT": str(mutant)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if ran.returncode == 0:
        return ""
    begun = re.findall(r'<TestCase name="([^"]*)"', ran.stdout)
    how = "timeout: " if ran.returncode == -signal.SIGXCPU else ""
    return how + (html.unescape(begun[-1]) if begun else "(before the first test)")


class Judge:
    """Runs mutants: first the tests of the header, last those on random requests."""

    def __init__(self, program, bounded):
        self.program, self.bounded, self.limits, self.faults = program, bounded, {}, []
        for tests in sorted({tests for header in PATHS for tests in self.stages(header)}):
            begin = time.monotonic()
            failed = failed_test(program, tests, seconds=600)
            self.limits[tests] = 2 + 5 * int(time.monotonic() - begin)
            self.faults += [f"without a mutant: {failed}"] if failed else []

    @staticmethod
    def stages(header):
        include = f'#include "proxyfix/{header}.hpp"'
        tags = [f"[#{pathlib.Path(test).stem}]" for test in UNIT_TESTS
                if include in (TESTS / test).read_text()]
        first = [",".join(tags)] if tags else []
        return [*first, "~Whatever the request*", "Whatever the request*"]

    def killer(self, mutant):
        """The test case that notices a mutant, or "" if none does."""
        if self.bounded and any(map(mutant.is_of, EQUIVALENT)):
            return ""
        tries = (failed_test(self.program, tests, self.limits[tests], mutant.number)
                 for tests in self.stages(mutant.site.header))
        return next(filter(None, tries), "")


def judge_all(mutants, judge):
    """Prints what becomes of each mutant, and returns the faults and a summary."""
    counts = {"killed": 0, "equivalent": 0, "survived": 0}
    unused, faults = list(EQUIVALENT), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, killer in zip(mutants, pool.map(judge.killer, mutants)):
            entries = [entry for entry in unused if mutant.is_of(entry)]
            unused = [entry for entry in unused if entry not in entries]
            fate = "killed" if killer else "equivalent" if entries else "survived"
            counts[fate] += 1
            print(f"{fate}: {mutant.name}: {killer or mutant.line}", flush=True)
            if fate == "survived":
                faults.append(f"survived: {mutant.name}: {mutant.line}")
            elif killer:
                faults += [f"killed, so not equivalent: {entry}" for entry in entries]
    faults += [f"no such mutant: {entry}" for entry in unused]
    return faults, f"operators: {len(mutants)} mutants, " + ", ".join(
        f"{count} {fate}" for fate, count in counts.items()) + (
        " (the equivalent ones were not run)" if judge.bounded else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("compiler", nargs="?", default="c++", metavar="COMPILER")
    parser.add_argument("--bounded", action="store_true", help="do not run the mutants of EQUIVALENT")
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    chosen = parser.parse_args()
    mutants, left_out = find_mutants()
    if chosen.list:
        print("\n".join(f"{mutant.name}: {mutant.line}" for mutant in mutants))
        return 0
    with tempfile.TemporaryDirectory() as directory:
        judge = Judge(build(mutants, chosen.compiler, pathlib.Path(directory)), chosen.bounded)
        faults, summary = (judge.faults, "operators: the tests fail without a mutant")
        if not faults:
            faults, summary = judge_all(mutants, judge)
    print(*faults, f"left out, since the compiler computes it: {left_out}", summary, sep="\n")
    return 1 if faults else 0


sys.exit(main())
