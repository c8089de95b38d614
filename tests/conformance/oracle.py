# SPDX-License-Identifier: MIT
"""What the scripts that ask other programs share: asking ours, and counting differences by class."""
from __future__ import annotations

import argparse
import collections
import ipaddress
import os
import random
import re
import subprocess
import sys

SEPARATOR = "\x1f"


def options(description: str, cases: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("program", help="the program built from decide.cpp")
    parser.add_argument("--cases", type=int, default=cases)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chosen.random = random.Random(chosen.seed)
    return chosen


def ask_us(program: str, what: str, records: list[list[str]]) -> list[list[str]]:
    """What the library answers to each record, by one process."""
    text = "".join(SEPARATOR.join(record) + "\n" for record in records)
    answers = subprocess.run([program, what], input=text.encode("latin-1"), check=True,
                             stdout=subprocess.PIPE).stdout.decode("latin-1").split("\n")[:-1]
    assert len(answers) == len(records), f"{len(records)} questions, {len(answers)} answers"
    return [answer.split(SEPARATOR) for answer in answers]


def skip(reason: str) -> None:
    """What is not installed is not asked; where CI is set, that is a failure."""
    print(f"skipped: {reason}")
    sys.exit(1 if os.environ.get("CI") else 77)


def is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9][0-9]{0,4}", text)) and int(text) <= 65535


def is_address(text: str, version: int) -> bool:
    try:
        return "%" not in text and ipaddress.ip_address(text).version == version
    except ValueError:
        return False


def is_host(text: str) -> bool:
    name, bracket, rest = text, "", ""
    if text.startswith("["):
        name, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or "%" in name:
            return False
        port = rest[1:] if rest else None
    else:
        name, colon, port = text.partition(":")
        port = port if colon else None
    if port is not None and not is_port(port):
        return False
    if bracket:
        return is_address(name, 6)
    labels = (name[:-1] if name.endswith(".") else name).split(".")
    if re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", labels[-1]):
        return is_address(name, 4)
    return len(name) <= 253 and all(
        re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?", label) for label in labels)


def v6_without_zone(text: str) -> ipaddress.IPv6Address | None:
    """An IPv6 address, a link-local one perhaps with a zone."""
    address, percent, zone = text.partition("%")
    if not is_address(address, 6):
        return None
    parsed = ipaddress.IPv6Address(address)
    is_zone = parsed.is_link_local and re.fullmatch(r"[A-Za-z0-9._~-]{1,15}", zone)
    return None if percent and not is_zone else parsed


def canonical_client(text: str) -> tuple[str, str] | None:
    """Address and port of a value of X-Forwarded-For, "0" if it has none; or None."""
    def v4(text: str) -> ipaddress.IPv4Address | None:
        return ipaddress.IPv4Address(text) if is_address(text, 4) else None

    def in_brackets(text: str) -> ipaddress.IPv6Address | None:
        return v6_without_zone(text[1:-1]) if re.fullmatch(r"\[.*\]", text, re.DOTALL) else None

    parsed, port = v4(text) or v6_without_zone(text) or in_brackets(text), "0"
    if parsed is None:
        head, _, port = text.rpartition(":")
        quad = v6_without_zone(head) if "." in head and "%" not in head else None
        parsed = v4(head) or in_brackets(head) or quad
        if parsed is None or not is_port(port):
            return None
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return None if parsed.is_unspecified else (str(parsed), port)


class Tally:
    """Counts what is equal, and what differs for a reason that the documentation names."""

    def __init__(self, oracle: str) -> None:
        self.oracle = oracle
        self.cases = self.equal = 0
        self.classes: collections.Counter[str] = collections.Counter()
        self.unclassified: list[str] = []

    def add(self, equal: bool, classes: list[str], about: str) -> None:
        """A case. If it is not equal, `classes` say why; there must be one."""
        self.cases += 1
        self.equal += equal
        if not equal:
            self.classes.update(classes)
            if not classes:
                self.unclassified.append(about)

    def report(self, expected: list[str]) -> bool:
        """Prints the counts. False if a difference has no class, or a class has no difference."""
        print(f"{self.oracle}: {self.cases} cases, {self.equal} equal, "
              f"{len(self.unclassified)} unclassified differences")
        for name in expected:
            print(f"    {self.classes[name]:7}  {name}")
        for about in self.unclassified[:10]:
            print(f"UNCLASSIFIED {about}")
        unknown, unseen = set(self.classes) - set(expected), set(expected) - set(self.classes)
        for name in sorted(unknown):
            print(f"a class that is not expected: {name}")
        for name in sorted(unseen):
            print(f"no difference was seen of class: {name}")
        return self.cases > 0 and not self.unclassified and not unknown and not unseen
