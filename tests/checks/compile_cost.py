#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compile_cost.py COMPILER ROOT: what the umbrella costs to compile, against the standard headers
that it includes. Prints both and their ratio; exit status 1 if it is 1.5 or more."""
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

compiler, root = sys.argv[1], pathlib.Path(sys.argv[2])
includes = set()
for header in (root / "include/proxyfix").glob("*.hpp"):
    includes |= set(re.findall(r"#include (<[a-z_]+>)", header.read_text()))
sources = {"standard headers": "".join(f"#include {name}\n" for name in sorted(includes)),
           "umbrella": "#include <proxyfix/proxyfix.hpp>\n"}


def seconds(path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([compiler, "-std=c++20", f"-I{root}/include", "-fsyntax-only", path], check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


with tempfile.TemporaryDirectory() as directory:
    paths = {}
    for name, text in sources.items():
        paths[name] = pathlib.Path(directory) / f"{name.split()[0]}.cpp"
        paths[name].write_text(text)
    best = {name: float("inf") for name in sources}
    for _ in range(15):  # interleaved, and the least of each: noise only adds
        for name, path in paths.items():
            best[name] = min(best[name], seconds(path))

ratio = best["umbrella"] / best["standard headers"]
print(", ".join(f"{name} {value:.3f} s" for name, value in best.items()) + f", ratio {ratio:.2f}")
sys.exit(0 if includes and ratio < 1.5 else 1)
