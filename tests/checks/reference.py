#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The reference documentation builds without a warning, and every public name is on its pages.

usage: reference.py CMAKE BUILD

Builds the target `reference`. Doxygen does not warn about all that lacks a comment, nor about what it
did not understand; so its XML output is read too. Exit status: 0 all is well, 1 not, 77 Doxygen is not
installed (1 where CI is set).
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Some of each kind, and what is hard to parse: constraints, specialisations, friends, literals.
KNOWN = """proxyfix proxyfix::Trust proxyfix::Trust::x_for proxyfix::resolve proxyfix::nth_from_right
proxyfix::Address::parse proxyfix::Address::operator<=> proxyfix::operator| proxyfix::Networks::operator|
proxyfix::literals::operator""_ip proxyfix::ProxyFix::operator() proxyfix::Rewritable proxyfix::Layer
proxyfix::Reason::malformed proxyfix::Outcome::error proxyfix::detail::decide proxyfix::ProxyRecord::server_port proxyfix::EnvironOf
proxyfix::Adapter<R>::apply proxyfix::Adapter<httplib::Request>::fill std::hash<proxyfix::Address>""".split()
OTHERS = ("std", "reference.md")  # what is neither a header nor a name of the library
FEWEST = 480  # headers and names


def is_documented(element):
    return any("".join(text.itertext()).strip() for kind in ("briefdescription", "detaileddescription")
               for text in element.findall(kind))


def public_names(folder):
    """Of each header and each public name: the name, whether it has a comment, its page, and where on it."""
    for file in sorted(folder.glob("*.xml")):
        for compound in xml.etree.ElementTree.parse(file).getroot().iter("compounddef"):
            kind, scope = compound.get("kind"), compound.findtext("compoundname").replace(" ", "")
            if kind not in ("file", "namespace", "class", "struct", "concept") or scope in OTHERS:
                continue
            page = compound.get("id") + ".html"
            yield scope, is_documented(compound), page, ""
            if kind == "file":  # its members are those of its namespaces
                continue
            for member in compound.iter("memberdef"):
                name = member.findtext("name").replace(" ", "")
                if member.get("prot") != "public" and kind != "namespace":
                    continue
                # To Doxygen, what is in an anonymous union is public.
                if name.endswith("_") and not is_documented(member):
                    continue
                anchor = member.get("id").rpartition("_1")[2]
                yield f"{scope}::{name}", is_documented(member), page, anchor
                for value in member.findall("enumvalue"):
                    anchor = value.get("id").rpartition("_1")[2]
                    yield f"{scope}::{name}::{value.findtext('name')}", is_documented(value), page, anchor


def main():
    cmake, build = sys.argv[1], pathlib.Path(sys.argv[2])
    if not shutil.which("doxygen"):
        print("skipped: doxygen is not installed")
        return 1 if os.environ.get("CI") else 77
    if subprocess.run([cmake, "--build", build, "--target", "reference"]).returncode != 0:
        return 1

    output = build / "reference"
    names, faults, pages = set(), [], {}
    for name, documented, page, anchor in public_names(output / "xml"):
        names.add(name)
        if not documented:
            faults.append(f"{name} has no comment")
        if page not in pages:
            file = output / "html" / page
            pages[page] = file.read_text() if file.exists() else ""
        if not pages[page] or (anchor and f'id="{anchor}"' not in pages[page]):
            faults.append(f"{name} is not on its page, {page}")
    faults += [f"{name} was not found" for name in KNOWN if name not in names]
    if len(names) < FEWEST:
        faults.append(f"only {len(names)} names were found")

    table = (ROOT / "docs/reference.md").read_text()
    main_page = (output / "html/index.html").read_text()
    known = {part for name in names for part in (name, name.rpartition("::")[2], name.partition("<")[0])}
    for column in re.findall(r"^\| \[`proxyfix/[^|]*\|([^|]*)\|", table, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", column):
            if name not in known and f'operator""{name}' not in known:
                faults.append(f"docs/reference.md names {name}, which was not found")
    headers = ROOT / "include/proxyfix"
    for header in sorted([*headers.glob("*.hpp"), *headers.glob("adapters/*.hpp")]):  # what users include
        text = header.relative_to(ROOT / "include").as_posix()
        if f"| [`{text}`](../include/{text}) |" not in table:
            faults.append(f"docs/reference.md does not name {text} with a link to it")
        if not re.search(rf">{re.escape(text)}</a></(code|span)>", main_page):  # span: Doxygen 1.17
            faults.append(f"the main page has no link to {text}")
    for page in (output / "html").rglob("*.*"):
        if re.search(rb"(?<![\w./-])" + re.escape(f"{ROOT}/".encode()), page.read_bytes()):
            faults.append(f"{page.name} has the path of this machine")
    print(*faults, f"{len(names)} names", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
