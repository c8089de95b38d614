# SPDX-License-Identifier: MIT
"""The pages of the documentation: their code blocks, headings and links."""
from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import urllib.parse
from collections.abc import Iterator


@dataclasses.dataclass
class Block:
    """A code block, and what stands in front of it."""
    page: pathlib.Path
    line: int
    language: str
    headings: list[str]  # the outermost first
    paragraph: str
    text: str = ""

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file_name(self) -> str:
        """The name in a first line `// shop.cpp`, or nothing."""
        named = re.match(r"// ([\w.]+\.[ch]pp)\n", self.text)
        return named[1] if named and self.language == "cpp" else ""

    @property
    def is_shown_only(self) -> bool:
        return any("not run" in heading for heading in self.headings)

    @property
    def is_picture(self) -> bool:
        return self.language == "text" and any(c in self.text for c in "─│└")

    @property
    def is_output(self) -> bool:
        return self.language == "text" and not self.is_picture

    @property
    def file_behind(self) -> pathlib.Path | None:
        """The file in tests/ that the paragraph links to, right before a colon at its end."""
        link = re.search(r"\]\(([^)#]*tests/[^)#]*)\):$", self.paragraph)
        return pathlib.Path(os.path.normpath(self.page.parent / link[1])) if link else None


@dataclasses.dataclass
class Page:
    path: pathlib.Path
    blocks: list[Block] = dataclasses.field(default_factory=list)
    links: list[tuple[int, str]] = dataclasses.field(default_factory=list)
    anchors: set[str] = dataclasses.field(default_factory=set)
    faults: list[str] = dataclasses.field(default_factory=list)


def read_page(path: pathlib.Path) -> Page:
    page, block, paragraph, headings, before = Page(path), None, "", [""] * 7, ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if block and line != "```":
            block.text += line + "\n"
        elif block:
            page.blocks.append(block)
            block, paragraph = None, ""
        elif line.startswith("```"):
            block = Block(path, number, line[3:], [h for h in headings if h], paragraph)
        elif heading := re.match(r"(#+) (.*)", line):
            level = len(heading[1])
            headings[level:] = [heading[2]] + [""] * (6 - level)
            # Lower case, hyphens for blanks, no punctuation.
            page.anchors.add(re.sub(r"[^\w-]", "", heading[2].lower().replace(" ", "-")))
            paragraph = ""
        else:
            if re.match(r"\s*(```|~~~)", line) or (line.startswith("    ") and not before):
                page.faults.append(f"{path}:{number}: a code block has ``` at the start of a line")
            if re.match(r"\s*\[[^]]+\]:|.*(\]\[|<(a|img)\s)", line):
                page.faults.append(f"{path}:{number}: write the link where it is used")
            page.links += [(number, link) for link in re.findall(r"(?<=\]\()[^)]*(?=\))|(?<=<)https?:[^>]*", line)]
            paragraph = f"{paragraph}\n{line}" if line and before else line or paragraph
        before = line
    if block:
        page.faults.append(f"{block.place}: the block has no end")
    return page


def check_links(page: Page, pages: dict[pathlib.Path, Page]) -> Iterator[tuple[str, str]]:
    """For each link its kind, and what is wrong with it, if anything is."""
    for line, link in page.links:
        url = urllib.parse.urlsplit(link)
        path, fault = pathlib.Path(os.path.normpath(page.path.parent / url.path)), ""
        path = path if url.path else page.path
        if url.scheme:
            host = url.hostname or ""
            is_public = "." in host and not host.startswith("127.")
            if url.scheme not in ("http", "https") or not is_public or " " in link:
                fault = "no address of a page"
        elif not link or path.parts[0] == ".." or not path.exists():
            fault = "no such file"
        elif "#" in link and (path not in pages or url.fragment not in pages[path].anchors):
            fault = "no such heading"
        yield ("external links" if url.scheme else "links",
               fault and f"{page.path}:{line}: {fault}: {link}")


def check_promises() -> Iterator[tuple[str, str]]:
    """Each promise of SECURITY.md names tests that exist."""
    page = pathlib.Path("docs/SECURITY.md")
    tests = "".join(path.read_text("utf-8") for path in pathlib.Path("tests").rglob("*.[ch]pp"))
    for name in re.findall(r'"[A-Z][^"]*"', page.read_text("utf-8")):
        yield "promises", "" if f"TEST_CASE({name}" in tests else f"{page}: no such test: {name}"
