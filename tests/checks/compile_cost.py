#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts what the library costs to compile, in instructions of the compiler and bytes of object code, and
compares that with the table compile_cost.txt.

usage: compile_cost.py [--update] [--runs N] [COMPILER...]

The files that are compiled:

    standard      the standard headers that the umbrella reaches           only parsed, counted
    umbrella      proxyfix/proxyfix.hpp                                    only parsed, counted
    plain         the standard headers, and a handler                      -O2
    first         the umbrella, and the handler in a ProxyFix of five      -O2, counted
                  headers
    plain_type    the same, and a handler for a further type of request    -O2
    further       the same, and that handler in a ProxyFix too             -O2

Instructions are those of all processes of the compiler, under cachegrind, which takes ten to twenty seconds to parse a
file and close to a minute to compile one: so only these three are counted. Bytes are text and data of object
files: what "first" has more than "plain", and "further" more than "plain_type". Both are the same from run to
run, where times on a busy machine differ. Exit status 1 if a figure is more than 3 % above the table,
or not below its bound, whatever the table says. A figure that is lower by more than 3 % asks for
--update, which writes the table, and the one in docs/performance.md. The compilers are two unless some are
named; of a named one that is not in the table the figures are only held against their bounds. --runs prints
the seconds of user time as well, the least of N interleaved runs, and holds them against nothing.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "benchmark"))
from counted_table import BASELINE, CountedTable  # noqa: E402

# What is too much whatever the table says: of the umbrella, how many times as much as the standard headers.
UMBRELLA = 1.5
BOUNDS = {"first ProxyFix, M instructions": 8_500, "first ProxyFix, bytes": 34 * 1024, "further type, bytes": 4 * 1024}

PARSED = ["standard", "umbrella"]
COUNTED = ["first", "umbrella", "standard"]  # which takes longest begins first

INCLUDED = "#include <proxyfix/proxyfix.hpp>\n"
HANDLER = """
std::string hello(const Environ& env) { return "hello " + env.remote_addr; }
"""
PLAIN = """
struct Environ { std::string remote_addr; };
""" + HANDLER + """
std::string serve(Environ& env) { return hello(env); }
"""
FIRST = INCLUDED + """
using proxyfix::Environ;
""" + HANDLER + """
const proxyfix::ProxyFix app{hello, {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1}};
std::string serve(Environ& env) { return app(env); }
"""
TYPE = """
#include <vector>
struct Line { std::string name, value; };
struct Request { std::string peer, client; std::vector<Line> lines; };
std::string greet(const Request& request) { return "hello " + request.client; }
"""
PLAIN_TYPE = FIRST + TYPE + """
std::string serve(Request& request) { return greet(request); }
"""
FURTHER = FIRST + TYPE + """
template <> struct proxyfix::Adapter<Request> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Request& request) noexcept { return request.peer; }
    static const std::vector<Line>& headers(const Request& request) noexcept { return request.lines; }
    static void apply(Request& request, const Resolution& r) {
        if (r.client) request.client = to_string(r.client->address);
    }
    static void erase(Request& request, auto& is_erased) {
        std::erase_if(request.lines, [&is_erased](const Line& line) { return is_erased(line.name); });
    }
};
const proxyfix::ProxyFix further{greet, {.x_for = 1}};
std::string serve(Request& request) { return further(request); }
"""


def texts(compiler: str) -> dict[str, str]:
    """The files, by name."""
    made = subprocess.run([compiler, "-std=c++20", "-Iinclude", "-MM", "include/proxyfix/proxyfix.hpp"],
                          check=True, capture_output=True, text=True, cwd=ROOT)
    reached = made.stdout.replace("\\\n", " ").split(":", 1)[1].split()
    standard = "\n".join(sorted({line for header in reached for line in re.findall(
        r"^#include <[a-z_]+>$", (ROOT / header).read_text(), re.M)})) + "\n"
    assert "#include <string>\n" in standard
    return {"standard": standard, "umbrella": INCLUDED, "plain": standard + PLAIN, "first": FIRST,
            "plain_type": PLAIN_TYPE, "further": FURTHER}


def command(compiler: str, path: pathlib.Path) -> list[str]:
    """Compiles a file, in ROOT: a longer path to the headers would make object files with asserts larger."""
    how = ["-fsyntax-only"] if path.stem in PARSED else ["-O2", "-c", "-o", str(path.with_suffix(".o"))]
    return [compiler, "-std=c++20", "-Iinclude", *how, str(path)]


def seconds(*compile_it: str) -> float:
    """The user time that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(compile_it, check=True, cwd=ROOT)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def instructions(*compile_it: str) -> int:
    """The instructions that a command runs, its child processes included."""
    with tempfile.TemporaryDirectory(prefix="proxyfix-counts-") as directory:
        subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes",
                        "--log-file=/dev/null", f"--cachegrind-out-file={directory}/%p", *compile_it],
                       check=True, cwd=ROOT, env=dict(os.environ, GLIBC_TUNABLES=BASELINE))
        return sum(int(count) for path in pathlib.Path(directory).iterdir()
                   for count in re.findall(r"^summary: (\d+)$", path.read_text(), re.M))


def code_size(program: pathlib.Path) -> int:
    """The bytes of text and data of an object file."""
    printed = subprocess.run(["size", program], check=True, capture_output=True, text=True).stdout
    text, data, *_ = printed.splitlines()[1].split()
    return int(text) + int(data)


def measure(compilers: list[str], work: pathlib.Path, runs: int) -> dict[str, dict[str, float]]:
    """Compiler to figure to its value."""
    paths = {}
    for compiler in compilers:
        (work / compiler).mkdir()
        for name, text in texts(compiler).items():
            paths[compiler, name] = work / compiler / f"{name}.cpp"
            paths[compiler, name].write_text(text)
    commands = {key: command(key[0], path) for key, path in paths.items()}
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(max(runs, 1)):
        for key, compile_it in commands.items():
            best[key] = min(best[key], seconds(*compile_it))
    for compiler in compilers if runs else []:
        print(f"{compiler}: " + ", ".join(f"{name} {best[compiler, name]:.2f} s"
                                          for of, name in commands if of == compiler))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {(compiler, name): pool.submit(instructions, *commands[compiler, name])
                   for name in COUNTED for compiler in compilers}
        millions = {key: round(future.result() / 1e6) for key, future in futures.items()}
    table = {}
    for compiler in compilers:
        size = {name: code_size(path.with_suffix(".o")) for (of, name), path in paths.items()
                if of == compiler and name not in PARSED}
        table[compiler] = {
            "standard headers, M instructions": millions[compiler, "standard"],
            "umbrella, M instructions": millions[compiler, "umbrella"],
            "first ProxyFix, M instructions": millions[compiler, "first"],
            "first ProxyFix, bytes": size["first"] - size["plain"],
            "further type, bytes": size["further"] - size["plain_type"]}
    return table


def markdown(table: dict[str, dict[str, float]]) -> str:
    """The table as documentation."""
    lines = ["| |" + "".join(f" {compiler} |" for compiler in table), "|---|" + "--:|" * len(table)]
    for figure in next(iter(table.values()), {}):
        lines.append(f"| {figure} |" + "".join(f" {figures[figure]:,.0f} |" for figures in table.values()))
    lines.append("| umbrella, of the standard headers |" +
                 "".join(f" × {ratio(figures):.2f} |" for figures in table.values()))
    return "\n" + "\n".join(lines) + "\n\n"


def ratio(figures: dict[str, float]) -> float:
    """How many times as many instructions as the standard headers the umbrella takes."""
    return figures["umbrella, M instructions"] / figures["standard headers, M instructions"]


def bounds(figures: dict[str, float]) -> list[str]:
    """What is not below its bound, whatever the table says, or cannot be true."""
    faults = [f"{figure}: {value}" for figure, value in figures.items() if value <= 0]
    if not 1 < ratio(figures) < UMBRELLA:
        faults.append(f"umbrella: {ratio(figures):.2f} times the standard headers, not below {UMBRELLA}")
    for figure, bound in BOUNDS.items():
        if figures[figure] >= bound:
            faults.append(f"{figure}: {figures[figure]}, not below {bound}")
    return faults


TABLE = CountedTable("compile_cost", HERE / "compile_cost.txt", "What the library costs to compile", "figure", 0,
                     ["g++-12", "clang++-19"], markdown, bounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("compilers", nargs="*", metavar="COMPILER")
    parser.add_argument("--update", action="store_true", help="write the table")
    parser.add_argument("--runs", type=int, default=0, metavar="N", help="print seconds, of N runs")
    chosen = parser.parse_args()

    def measured(compilers: list[str]) -> Iterable[tuple[str, dict[str, float]]]:
        with tempfile.TemporaryDirectory(prefix="proxyfix-compile-cost-") as work:
            return measure(compilers, pathlib.Path(work), chosen.runs).items()

    return TABLE.check(chosen, ["valgrind", "size"], measured)


sys.exit(main())
