#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random hosts with a port or without, asked of Apache httpd's check of the Host field, and of the
WHATWG URL parser in Node.js.

A host that this library accepts must be one for both, and mean the same to a browser. What only they
accept falls into a class that is found in the text.
"""
from __future__ import annotations

import ipaddress
import random
import re
import sys

import oracle
import servers

LONG, HYPHEN, NUMBER, ZEROS, DOTS, LAST_LABEL = APACHE = [
    "a label of more than 63 bytes, or a name of more than 253", "a hyphen at the end of a label",
    "a name that ends in a number", "a port with leading zeros", "an empty label",
    "accepted here: a last label that starts with a digit or '_'"]
OTHER, NO_PORT, PORT_0, PUNYCODE = [
    "another byte than a letter, a digit, '-', '_' and '.'", "a colon without a port", "port 0",
    "accepted here: xn-- and no punycode"]
NODE = [LONG, HYPHEN, NUMBER, ZEROS, DOTS, OTHER, NO_PORT, PORT_0, PUNYCODE]

PIECES = ["a", "shop", "example", "Shop", "x1", "1", "0", "127", "255", "256", "0x7f", "0X", "-", "_",
          ".", ".", ".", ".", "..", "xn--", "xn--nxasmq6b", "a" * 63, "a" * 64, "b" * 60, "%41", "*",
          "@", "/", "?", "#", "\\", "!", "$", "'", '"', "<", "^", "|", "\u00fc", "[::1]", "::", " "]
PORTS = ["", "", "", ":80", ":8080", ":443", ":0", ":", ":080", ":65535", ":65536", ":99999", ":-1",
         ":x", ":80:80"]


def random_host(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.15:
        host = ".".join(str(rng.choice([0, 1, 10, 255, 256, 999])) for _ in range(rng.choice([4, 4, 3, 5])))
    elif kind < 0.3:
        groups = ["%x" % rng.choice([0, 0, 1, 0xffff]) for _ in range(rng.choice([8, 8, 7]))]
        host = "[" + ":".join(groups).replace(":0:0", "::", rng.choice([0, 1, 1, 2])) + "]"
        host = host.replace("]", rng.choice(["]", "]", "%eth0]", ":1.2.3.4]", ""]), 1)
    elif kind < 0.6:
        host = ".".join(rng.choice(PIECES[:14] + ["a" * 63, "a" * 64]) for _ in range(rng.randrange(1, 6)))
    elif kind < 0.8:
        labels = ["a", "shop", "example", "Shop", "x1", "a_b", "b-c", "0", "127", "a" * 63, "xn--a"]
        host = ".".join(rng.choice(labels) for _ in range(rng.randrange(1, 5)))
    else:
        host = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 7)))
    return (host + rng.choice(["", "", "", "."]) + rng.choice(PORTS)).replace("\u00fc", "\xfc").strip()


def reasons(text: str) -> list[str]:
    """What of a text this library does not accept, where others do."""
    name, colon, port = text.partition(":") if not text.startswith("[") else (text, "", "")
    if text.startswith("[") and "]" in text:
        name, _, rest = text.rpartition("]")
        name, colon, port = name + "]", rest[:1], rest[1:]
    found = []
    labels = name.removesuffix(".").split(".")
    if not name.startswith("["):
        if re.search(r"[^A-Za-z0-9._-]", name):
            found.append(OTHER)
        if any(len(label) > 63 for label in labels) or len(name) > 253:
            found.append(LONG)
        if any(label.startswith("-") or label.endswith("-") for label in labels):
            found.append(HYPHEN)
        if re.fullmatch(r"[0-9]+|0[xX][0-9A-Fa-f]*", labels[-1]):
            found.append(NUMBER)
        if "" in labels:
            found.append(DOTS)
    elif re.search(r"[^0-9A-Fa-f:.\[\]]", name):
        found.append(OTHER)
    if colon and not port:
        found.append(NO_PORT)
    if re.fullmatch(r"0+[1-9][0-9]*", port):
        found.append(ZEROS)
    if re.fullmatch(r"0+", port):
        found.append(PORT_0)
    if re.search(r"[^0-9]", port):
        found.append(OTHER)
    return found


def as_browser(host: str, port: str) -> list[str]:
    """What WHATWG URL makes of a host and port that this library accepts."""
    if host.startswith("["):
        address = ipaddress.IPv6Address(host[1:-1])
        mapped = address.ipv4_mapped
        text = f"::ffff:{int(mapped) >> 16:x}:{int(mapped) & 0xffff:x}" if mapped else str(address)
        host = f"[{text}]"
    return [host.lower(), "0" if port == "80" else port, ""]


def main() -> int:
    chosen = oracle.options(__doc__, 20_000)
    servers.require_node()
    texts = [random_host(chosen.random) for _ in range(chosen.cases)]
    texts = [text for text in texts if text]
    ours = oracle.ask_us(chosen.program, "hosts", [[text] for text in texts])
    accepted = sum(answer != [""] for answer in ours)

    apache = oracle.Tally("Apache httpd's Host check")
    with servers.running("apache2") as (server,):
        for text, answer in zip(texts, ours):
            response, _ = server.ask(text)
            theirs = response.status != 400
            classes = [reason for reason in reasons(text) if reason in APACHE]
            if not theirs:
                classes = [LAST_LABEL] * bool(re.search(r"\.[0-9_][^.]*\.?$", answer[0]))
            if (answer != [""]) != oracle.is_host(text):
                classes = []
            apache.add((answer != [""]) == theirs == oracle.is_host(text), classes,
                       f"{text!r}: ours {answer}, status {response.status}")

    node = oracle.Tally("Node.js's WHATWG URL")
    for text, answer, theirs in zip(texts, ours, servers.ask_node("hosts.mjs", texts)):
        if answer == [""]:
            classes = reasons(text)
        else:
            classes = [PUNYCODE] * (theirs == [""] and "xn--" in text.lower())
        same = theirs == [""] if answer == [""] else theirs == as_browser(*answer)
        node.add(same, classes, f"{text!r}: ours {answer}, theirs {theirs}")
    print(f"    {accepted} of them are accepted here")
    sound = [apache.report(APACHE), node.report(NODE)]
    return 0 if all(sound) and accepted > chosen.cases // 10 else 1


sys.exit(main())
