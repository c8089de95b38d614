#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The module exports every name that the headers declare in namespace proxyfix, but for those in detail, and
each once.

Needs Debian's python3-clang-19, and so Debian's python3.
"""
import collections
import os
import pathlib
import re
import sys

try:
    from clang import cindex
    from clang.cindex import CursorKind
except ImportError:
    print("skipped: python3-clang-19 is not installed")
    sys.exit(1 if os.environ.get("CI") else 77)

INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"
HEADERS = sorted({*INCLUDE.rglob("*.hpp")} - {*INCLUDE.rglob("adapters/*.hpp")})
HEADERS.append(INCLUDE / "proxyfix/adapters/cgi.hpp")  # of no framework


def declared(scope, path):
    """The qualified names that are declared in a namespace and the ones in it."""
    for cursor in scope.get_children():
        if cursor.kind == CursorKind.NAMESPACE:
            if cursor.spelling != "detail":
                yield from declared(cursor, path if re.fullmatch(r"v\d+", cursor.spelling) else f"{path}{cursor.spelling}::")
        elif cursor.semantic_parent.kind == CursorKind.NAMESPACE:  # and not a member, defined outside
            if not cursor.spelling.startswith("<deduction guide"):
                yield path + cursor.spelling


source = "".join(f'#include "{header}"\n' for header in HEADERS)
unit = cindex.Index.create().parse("all.cpp", ["-std=c++20", f"-I{INCLUDE}"], [("all.cpp", source)])
faults = [diagnostic.spelling for diagnostic in unit.diagnostics]
names = {name for cursor in unit.cursor.get_children()
         if cursor.kind == CursorKind.NAMESPACE and cursor.spelling == "proxyfix"
         for name in declared(cursor, "proxyfix::")}
exported = collections.Counter(
    re.findall(r"^using (proxyfix::.*);$", (INCLUDE / "proxyfix/proxyfix.cppm").read_text(), re.MULTILINE))

faults += [f"not exported: {name}" for name in sorted(names - set(exported))]
faults += [f"exported, but not declared: {name}" for name in sorted(set(exported) - names)]
faults += [f"exported {count} times: {name}" for name, count in exported.items() if count > 1]
if len(names) < 60:
    faults.append(f"only {len(names)} names were found")
if faults:
    sys.exit("\n".join(faults))
print(f"{len(names)} names")
