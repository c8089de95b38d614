#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random texts of addresses, asked of Python's ipaddress: accepted or not, and the canonical text.

(The C library's inet_pton and inet_ntop are asked by tests/exhaustive and the fuzzers.)
"""
from __future__ import annotations

import ipaddress
import random
import sys

import oracle

ZONE, MAPPED = CLASSES = ["a zone, which is no part of an Address",
                          "IPv4 mapped into IPv6, whose text is IPv4 here"]


def random_group(rng: random.Random) -> str:
    digits = "%x" % rng.choice([0, 0, 0, 1, 0xffff, rng.getrandbits(16), rng.getrandbits(20)])
    return rng.choice(["", "", "", "0", "00"]) + rng.choice([digits, digits.upper()])


def random_quad(rng: random.Random) -> str:
    octets = [str(rng.choice([0, 1, 9, 10, 127, 255, 256, rng.getrandbits(8)])) for _ in range(4)]
    if rng.random() < 0.1:
        octets[rng.randrange(4)] = rng.choice(["", "00", "01", "0x1", "1e1", "+1", "-1", " 1"])
    return ".".join(octets[:rng.choice([4, 4, 4, 4, 3]) if rng.random() < 0.2 else 4])


def random_address(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        text = random_quad(rng)
    else:
        text = ":".join(random_group(rng) for _ in range(rng.choice([8, 8, 7, 6, 5, 3, 1, 9])))
        if kind < 0.6:  # some groups left out
            first = rng.randrange(len(text) + 1)
            text = text[:first].rstrip(":") + "::" + text[first:].lstrip(":")[rng.randrange(6):]
        elif kind < 0.7:
            text = rng.choice(["::ffff:", "::", "64:ff9b::", "0:0:0:0:0:ffff:", text + ":"])
            text += random_quad(rng)
    if rng.random() < 0.15:  # one byte is changed, added or missing
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(["", *":.%/[]g \t0\x80"]) + text[at + rng.randrange(2):]
    return text + "%eth0" * (rng.random() < 0.02)


def canonical(text: str) -> str:
    """As ipaddress writes it; "" if it is no address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def main() -> int:
    chosen = oracle.options(__doc__, 200_000)
    texts = [random_address(chosen.random) for _ in range(chosen.cases)]
    tally = oracle.Tally("Python's ipaddress")
    valid = 0
    for text, (ours,) in zip(texts, oracle.ask_us(chosen.program, "addresses", [[t] for t in texts])):
        theirs = canonical(text)
        valid += ours != ""
        classes = []
        if "%" in text and ours == "":
            classes = [ZONE]
        elif theirs and (mapped := getattr(ipaddress.ip_address(text), "ipv4_mapped", None)):
            classes = [MAPPED] if ours == str(mapped) else []
        tally.add(ours == theirs, classes, f"{text!r}: ours {ours!r}, theirs {theirs!r}")
    print(f"    {valid} of them are addresses")
    return 0 if tally.report(CLASSES) and valid > chosen.cases // 5 else 1


sys.exit(main())
