#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every code block of README.md and docs/ is compiled, run, compared or parsed, and links within lead somewhere.

cpp    compiles. One with main() runs and prints what the comments behind its std::cout lines say; so do
       blocks without an #include, which are bodies of functions. A block that begins with `// NAME.cpp`
       or `// NAME.hpp` is a file that the commands of its page compile.
sh     has no syntax error, and the files that it names exist. It runs if a `text` block follows, or if
       the page has files of its own.
text   is what the `sh` block in front of it printed, or what the example prints that the paragraph in
       front of it names, or a picture: that has lines of box-drawing characters.
cmake  configures, against the source tree or an installed library.
nginx, haproxy, apache, caddy, varnish, squid, lighttpd, h2o, trafficserver
       have only lines of the configurations that the end-to-end test runs.

Where only version 2 of Catch2 is installed, code is changed as docs/testing.md says.

In a table, what stands under "as text for `parse_trust`" between backticks, and has a `=`, is such a text.

A block behind a link to a file in tests/ and a colon is that file, but for its SPDX line. Other
languages, and what else cannot run here, stand under a heading that says "not run".
"""
from __future__ import annotations

import argparse
import collections
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys

from pages import Block, Page, check_links, check_promises, read_page
from session import outputs, prepare

SKIPPED = 77
SITES = pathlib.Path("tests/e2e/sites")
SITE_FILES = {"nginx": "nginx*.conf", "haproxy": "haproxy*.cfg", "apache": "apache*.conf", "caddy": "Caddyfile*",
              "varnish": "varnish.vcl", "squid": "squid.conf", "lighttpd": "lighttpd*.conf", "h2o": "h2o*.conf",
              "trafficserver": "trafficserver/*"}
NOT_TO_BE_COPIED = "nghttpx.conf"
CATCH2_V3 = "<catch2/catch_test_macros.hpp>"
CATCH2_V2 = {CATCH2_V3: "<catch2/catch.hpp>", "-lCatch2Main -lCatch2": "-lCatch2WithMain"}
# How many there are at least: a check that finds nothing to look at must not pass.
LEAST = {"compiled": 9, "run": 16, "commands": 20, "commands run": 10, "outputs": 10, "configured": 1, "files": 8,
         "lines": 12, "pictures": 5, "promises": 17, "trusts": 16, "links": 150, "external links": 18}


def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=300, check=False, **more)  # type: ignore[call-overload]


def said_in_comments(text: str) -> str:
    return "".join(re.findall(r"std::cout.*// (.*\n)", text))


class Check:
    """What was found: faults, what was skipped, and how many there are of each kind."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.compiler: str = arguments.compiler
        self.compile = [self.compiler, "-std=c++20", f"-I{pathlib.Path('include').resolve()}"]
        self.examples: pathlib.Path = arguments.examples.resolve()
        self.work: pathlib.Path = arguments.work.resolve()
        self.with_frameworks: bool = arguments.with_frameworks
        self.jobs = concurrent.futures.ThreadPoolExecutor(2)
        self.futures: list[concurrent.futures.Future[None]] = []
        self.faults: list[str] = []
        self.skipped: list[str] = []   # for what is missing
        self.left_out: list[str] = []  # as was asked for
        self.counts: collections.Counter[str] = collections.Counter()
        self.compiled: set[str] = set()
        self.fragments: list[Block] = []  # blocks of C++ without an #include

    def has_header(self, header: str) -> bool:
        preprocess = [self.compiler, "-std=c++20", "-E", "-x", "c++", "-"]
        return run(preprocess, input=f"#include {header}\n").returncode == 0

    def start(self, job: object, *arguments: object) -> None:
        self.futures.append(self.jobs.submit(job, *arguments))  # type: ignore[arg-type]

    def expect(self, place: str, expected: str, printed: str) -> None:
        printed = re.sub(r"^Randomness seeded to: \d+\n", "", printed)  # by Catch2 v3
        shown, real = expected.strip("\n").split("\n"), printed.strip("\n").split("\n")
        if shown != real:
            difference = difflib.unified_diff(shown, real, "shown", "printed", lineterm="")
            self.faults.append("\n".join([f"{place}: what it shows is not what is printed:", *difference]))

    def page(self, page: Page) -> None:
        """Gives each block to its rule."""
        has_files = any(block.file_name for block in page.blocks)
        steps = []
        for block, before, after in zip(page.blocks, [None, *page.blocks], [*page.blocks[1:], None]):
            example = re.search(r"example `(\w+)`", block.paragraph)
            if block.file_behind:
                self.same_as_file(block, block.file_behind)
            elif block.file_name:
                steps.append(block)
                if not any(block.file_name in other.text for other in page.blocks
                           if other.file_name != block.file_name):
                    self.faults.append(f"{block.place}: nothing on the page uses {block.file_name}")
            elif block.language == "cpp" and "#include" in block.text:
                self.cpp(block)
            elif block.language == "cpp":
                self.fragments.append(block)
            elif block.language == "sh":
                self.shell_syntax(block)
                if not block.is_shown_only and (has_files or (after and after.is_output)):
                    steps.append(block)
            elif block.is_picture:
                self.counts["pictures"] += 1
            elif block.is_shown_only:
                self.counts["not run"] += 1
            elif block.is_output and before and before.language == "sh":
                steps.append(block)
            elif block.is_output and example:
                self.counts["outputs"] += 1
                self.expect(block.place, block.text, run([str(self.examples / example[1])]).stdout)
            elif block.language == "cmake":
                self.counts["configured"] += 1
                self.start(self.configure, block)
            elif block.language in SITE_FILES:
                self.site_lines(block)
            else:
                self.faults.append(f"{block.place}: nobody checks this block of '{block.language}'")
        if steps and not self.misses(str(page.path), "".join(step.text for step in steps)):
            self.counts["commands run"] += sum(step.language == "sh" for step in steps)
            self.counts["outputs"] += sum(step.is_output for step in steps)
            self.start(self.session, page, steps)

    def misses(self, place: str, text: str) -> bool:
        """Does the code need a header or a program that is not there?"""
        headers = re.findall(r"^#include (<(?!proxyfix/)[\w/]+\.h(?:pp)?>)", text, re.M)
        for adapter in re.findall(r"^#include <(proxyfix/adapters/\w+\.hpp)>", text, re.M):
            own = (pathlib.Path("include") / adapter).read_text("utf-8")
            headers += re.findall(r"^#include (<[\w/]+\.h(?:pp)?>)$", own, re.M)
        if not self.with_frameworks and any(not h.startswith("<catch2/") for h in headers):
            self.left_out.append(f"{place}: web frameworks are switched off")
            return True
        missing = [h for h in headers if not self.has_header(h)]
        missing += [p for p in ("curl", "pkg-config") if p + " " in text and not shutil.which(p)]
        missing += [f"pkg-config of {p}" for p in sorted(set(re.findall(r"pkg-config .*--libs ([\w-]+)", text)))
                    if "pkg-config" not in missing and run(["pkg-config", "--exists", p]).returncode != 0]
        if missing:
            found = self.faults if os.environ.get("CI") else self.skipped
            found.append(f"{place}: {', '.join(missing)} is missing")
        return bool(missing)

    def cpp(self, block: Block) -> None:
        if block.text in self.compiled or self.misses(block.place, block.text):
            return
        self.compiled.add(block.text)
        source = self.work / f"{block.page.stem}-{block.line}.cpp"
        source.write_text(f'#line {block.line + 1} "{block.page}"\n{block.text}', "utf-8")
        has_main = "int main" in block.text
        self.counts["run" if has_main else "compiled"] += 1
        if has_main and not said_in_comments(block.text):
            self.faults.append(f"{block.place}: it does not say what it prints")
        self.start(self.compile_source, source, block.place, said_in_comments(block.text) if has_main else None)

    def trust_texts(self, page: Page) -> None:
        """Each is read, and written again as it stands there."""
        column = 0
        for number, line in enumerate(page.path.read_text("utf-8").splitlines(), 1):
            cells = line.split("|") if line.startswith("|") else []
            headers = [i for i, cell in enumerate(cells) if cell.endswith("as text for `parse_trust` ")]
            if headers or not cells:
                column = headers[0] if headers else 0
            for text in re.findall("`([^`]*=[^`]*)`", cells[column] if column else ""):
                self.counts["trusts"] += 1
                self.fragments.append(Block(page.path, number, "cpp", [], "", (
                    f'const auto trust = parse_trust(R"({text})");\n'
                    f"std::cout << (trust ? to_string(*trust) : trust.error()) << '\\n';  // {text}\n")))

    def run_fragments(self) -> None:
        """All are one program, which prints where each begins."""
        bodies, expected = "", ""
        for block in self.fragments:
            bodies += f'std::cout << "{block.place}\\n";\n{{\n#line {block.line + 1} "{block.page}"\n{block.text}}}\n'
            expected += f"{block.place}\n{said_in_comments(block.text)}"
        source = self.work / "fragments.cpp"
        source.write_text("#include <iostream>\n#include <proxyfix/proxyfix.hpp>\nint main() {\n"
                          f"using namespace proxyfix;\nstd::cout << std::unitbuf;\n{bodies}}}\n", "utf-8")
        self.counts["run"] += len(self.fragments)
        self.start(self.compile_source, source, "what has no #include", expected)

    def compile_source(self, source: pathlib.Path, place: str, expected: str | None) -> None:
        program = source.with_suffix("")
        how = ["-fsyntax-only"] if expected is None else ["-o", str(program)]
        compiled = run([*self.compile, str(source), *how])
        if compiled.returncode != 0:
            self.faults.append(f"{place}: it does not compile:\n{compiled.stdout}")
        elif expected is not None:
            ended = run([str(program)])
            self.expect(place, expected, ended.stdout + ("" if ended.returncode == 0 else "and it fails"))

    def session(self, page: Page, steps: list[Block]) -> None:
        directory = self.work / page.path.stem
        prepare(directory, self.compiler, self.examples, steps)
        for block, shown, printed in outputs(steps, directory):
            self.expect(block.place, shown, printed)

    def configure(self, block: Block) -> None:
        """Configures the block, behind the first lines of a project unless it has them."""
        directory = self.work / f"{block.page.stem}-{block.line}.cmake"
        directory.mkdir()
        (directory / "proxyfix").symlink_to(pathlib.Path.cwd())
        text = block.text if "project(" in block.text else (
            "cmake_minimum_required(VERSION 3.23)\nproject(shop LANGUAGES CXX)\n"
            + ("" if "add_executable(" in block.text else "add_executable(app main.cpp)\n") + block.text)
        for name in re.findall(r"\b\w+\.cpp\b", text):
            (directory / name).touch()
        (directory / "CMakeLists.txt").write_text(text, "utf-8")
        compiler, library = f"-DCMAKE_CXX_COMPILER={self.compiler}", f"{directory}/library"
        commands = [["cmake", "-S", str(directory), "-B", f"{directory}/build", compiler,
                     f"-DCMAKE_PREFIX_PATH={directory}/prefix", f"-DFETCHCONTENT_SOURCE_DIR_PROXYFIX={os.getcwd()}"]]
        if re.search(r"^[^#\n]*find_package\(proxyfix", text, re.M):
            commands[:0] = [["cmake", "-S", ".", "-B", library, compiler, "-DPROXYFIX_BUILD_TESTS=OFF",
                             "-DPROXYFIX_BUILD_EXAMPLES=OFF"],
                            ["cmake", "--install", library, "--prefix", f"{directory}/prefix"]]
        for command in commands:
            configured = run(command)
            if configured.returncode != 0:
                self.faults.append(f"{block.place}: CMake says:\n{configured.stdout}")
                break

    def same_as_file(self, block: Block, path: pathlib.Path) -> None:
        self.counts["files"] += 1
        text = path.read_text("utf-8") if path.is_file() else "no such file"
        if block.text != re.sub(r"^\W+SPDX-License-Identifier: MIT\W*\n", "", text):
            self.faults.append(f"{block.place}: it shows something else than {path}")

    def site_lines(self, block: Block) -> None:
        def plain(line: str) -> str:
            return " ".join(re.sub(r"(^|\s)#.*", "", line).split())
        tested = {plain(line) for path in SITES.glob(SITE_FILES[block.language])
                  for line in path.read_text("utf-8").splitlines()}
        for line in map(plain, block.text.splitlines()):
            self.counts["lines"] += 1
            if line not in tested:
                self.faults.append(f"{block.place}: no configuration that is tested has: {line}")

    def shell_syntax(self, block: Block) -> None:
        self.counts["commands"] += 1
        checked = run(["sh", "-n"], input=block.text)
        if checked.returncode != 0:
            self.faults.append(f"{block.place}: {checked.stdout}")
        for name in re.findall(r"(?:^|\s|-I)((?:include|examples|tests|docs)/[\w./-]+)", block.text):
            if not os.path.exists(name):
                self.faults.append(f"{block.place}: no such file: {name}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run it from the repository.")
    parser.add_argument("compiler")
    parser.add_argument("examples", type=pathlib.Path, help="the directory of the example programs")
    parser.add_argument("work", type=pathlib.Path, help="a directory that is made anew")
    parser.add_argument("--with-frameworks", action="store_true")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)

    paths = [pathlib.Path("README.md"), *sorted(pathlib.Path("docs").rglob("*.md"))]
    pages = {path: read_page(path) for path in paths}
    check = Check(arguments)
    if not check.has_header(CATCH2_V3) and check.has_header(CATCH2_V2[CATCH2_V3]):
        for block in (block for page in pages.values() for block in page.blocks):
            for new, old in CATCH2_V2.items():
                block.text = block.text.replace(new, old)
    for page in pages.values():
        check.faults += page.faults
        check.page(page)
        check.trust_texts(page)
    check.run_fragments()
    for kind, fault in [*check_promises(), *(found for page in pages.values() for found in check_links(page, pages))]:
        check.counts[kind] += 1
        check.faults += [fault] if fault else []
    for future in check.futures:
        future.result()

    blocks = [block for page in pages.values() for block in page.blocks]
    shown = {block.file_behind for block in blocks}
    check.faults += [f"{site}: no page shows it" for site in SITES.rglob("*")
                     if site.is_file() and site not in shown and site.name != NOT_TO_BE_COPIED]
    check.faults += [f"only {check.counts[kind]} of {kind} were found, and not {least}"
                     for kind, least in LEAST.items() if check.counts[kind] < least and not check.skipped + check.left_out]
    figures = ", ".join(f"{number} {kind}" for kind, number in sorted(check.counts.items()))
    print("\n".join([f"{len(pages)} pages, {len(blocks)} code blocks: {figures}",
                     *(f"skipped: {what}" for what in check.skipped + check.left_out), *check.faults]))
    return 1 if check.faults else SKIPPED if check.skipped else 0


if __name__ == "__main__":
    sys.exit(main())
