#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the umbrella costs a translation unit to compile, and in object code one ProxyFix, and another one
for a further request type.

usage: compile_cost.py [--runs N] COMPILER ROOT
       compile_cost.py --header

Prints a row of a Markdown table, or its heading. The columns: the seconds to include the standard
headers that the umbrella reaches, and the umbrella, and how many times as many instructions the
compiler runs for the latter; the seconds to compile with -O2 a handler behind those standard headers,
and the same handler in a ProxyFix of five headers; the bytes of text and data that the latter adds to
the object file; the bytes that a ProxyFix for a further request type adds to that. The seconds are user
time, the least of N interleaved runs. Exit status 1 if the umbrella takes 1.5 times as many instructions
as the standard headers or more: valgrind counts about the same from run to run, where times on a busy
machine differ; or if the further type adds 8 KB or more.
"""
import argparse
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

LEAST, MOST, FURTHER = 1.05, 1.5, 8 * 1024
HANDLER = """
std::string hello(const Environ& env) { return "hello " + env.remote_addr; }
"""
PLAIN = """
struct Environ { std::string remote_addr; };
""" + HANDLER + """
std::string serve(Environ& env) { return hello(env); }
"""
WRAPPED = """
using proxyfix::Environ;
""" + HANDLER + """
const proxyfix::ProxyFix app{hello, {.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1}};
std::string serve(Environ& env) { return app(env); }
"""
FURTHER_TYPE = """
#include <vector>
struct Line { std::string name, value; };
struct Request { std::string peer, client; std::vector<Line> lines; };
std::string greet(const Request& request) { return "hello " + request.client; }
"""
FURTHER_PLAIN = WRAPPED + FURTHER_TYPE + """
std::string serve(Request& request) { return greet(request); }
"""
FURTHER_WRAPPED = WRAPPED + FURTHER_TYPE + """
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


def parse_arguments():
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--header", action="store_true", help="only print the heading of the table")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="3 unless given")
    parser.add_argument("compiler", metavar="COMPILER", nargs="?")
    parser.add_argument("root", metavar="ROOT", type=pathlib.Path, nargs="?")
    chosen = parser.parse_args()
    if chosen.runs < 1 or not (chosen.header or chosen.root):
        parser.error("either --header or COMPILER and ROOT are needed, and --runs of at least 1")
    return chosen


def standard_headers(command, umbrella):
    """The lines that include what the umbrella and the headers that it reaches take from the
    standard library."""
    made = subprocess.run([*command, "-MM", umbrella], check=True, capture_output=True, text=True)
    reached = made.stdout.replace("\\\n", " ").split(":", 1)[1].split()
    return sorted({line for header in reached for line in
                   re.findall(r"^#include <[a-z_]+>$", pathlib.Path(header).read_text(), re.M)})


def seconds(*command):
    """The user time that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def instructions(*command):
    """The instructions that a command runs, its child processes included."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes",
                        "--log-file=/dev/null", f"--cachegrind-out-file={directory}/%p", *command],
                       check=True)
        return sum(int(count) for path in pathlib.Path(directory).iterdir()
                   for count in re.findall(r"^summary: (\d+)$", path.read_text(), re.M))


def code_size(program):
    """The bytes of text and data of an object file."""
    printed = subprocess.run(["size", program], check=True, capture_output=True, text=True).stdout
    text, data, *_ = printed.splitlines()[1].split()
    return int(text) + int(data)


def main():
    chosen = parse_arguments()
    if chosen.header:
        print("| compiler | standard headers | umbrella | instructions | handler, -O2 | in a ProxyFix | code added "
              "| by a further type |")
        print("|---|---|---|---|---|---|---|---|")
        return 0
    command = [chosen.compiler, "-std=c++20", f"-I{chosen.root}/include"]
    standard = standard_headers(command, chosen.root / "include/proxyfix/proxyfix.hpp")
    headers = {"standard": "\n".join(standard) + "\n", "umbrella": "#include <proxyfix/proxyfix.hpp>\n"}
    texts = {**headers, "plain": headers["standard"] + PLAIN, "wrapped": headers["umbrella"] + WRAPPED,
             "further_plain": headers["umbrella"] + FURTHER_PLAIN,
             "further_wrapped": headers["umbrella"] + FURTHER_WRAPPED}
    best = dict.fromkeys(texts, float("inf"))
    with tempfile.TemporaryDirectory() as directory:
        paths = {name: pathlib.Path(directory) / f"{name}.cpp" for name in texts}
        for name, path in paths.items():
            path.write_text(texts[name])
        for _ in range(chosen.runs):
            for name, path in paths.items():
                how = ["-fsyntax-only"] if name in headers else ["-O2", "-c", "-o", path.with_suffix(".o")]
                best[name] = min(best[name], seconds(*command, *how, path))
        counts = {name: instructions(*command, "-fsyntax-only", paths[name]) for name in headers}
        plain, wrapped, further_plain, further_wrapped = (
            code_size(path.with_suffix(".o")) for name, path in paths.items() if name not in headers)
    ratio = counts["umbrella"] / counts["standard"]
    print(f"| {chosen.compiler} | {best['standard']:.2f} s | {best['umbrella']:.2f} s | × {ratio:.2f} "
          f"| {best['plain']:.2f} s | {best['wrapped']:.2f} s | {wrapped - plain:,} bytes "
          f"| {further_wrapped - further_plain:,} bytes |", flush=True)
    if not standard or not LEAST < ratio < MOST or wrapped <= plain:
        print(f"{chosen.compiler}: the umbrella takes {MOST} times as much or more, or nothing was measured")
        return 1
    if not 0 < further_wrapped - further_plain < FURTHER:
        print(f"{chosen.compiler}: a further request type adds {FURTHER} bytes or more, or nothing was measured")
        return 1
    return 0


sys.exit(main())
