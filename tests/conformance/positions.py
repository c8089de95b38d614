#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random X-Forwarded-For headers, asked of nginx, Apache httpd, HAProxy and the npm package
proxy-addr: which address is the client's, by count and by network.

Where every value that is looked at is a plain address, all agree. Else a difference falls into a
class that is found in these values.
"""
from __future__ import annotations

import ipaddress
import random
import re
import sys

import oracle
import servers

PEER = "127.0.0.1"
NETWORKS = [ipaddress.ip_network(text) for text in ("127.0.0.0/8", "10.0.0.0/8", "fd00::/8")]

(PORT, QUAD_PORT, BAD_PORT, BRACKETS, EMPTY, FRONT, FEW, OCTAL, SHORT, ZONE, NO_ZONE, NOBODY, TAB,
 BLANK, TEXT, QUOTE) = CLASSES = [
    "a port", "IPv6 that ends in a dotted quad, and a port", "a port that is none", "an IPv6 address in brackets", "an empty value",
    "a comma as the first byte", "fewer values than the count", "an octet with a leading zero",
    "an address of fewer than four numbers, or in hexadecimal",
    "a zone, which is dropped", "a zone behind an address that is not link-local", "0.0.0.0 or ::", "a tab",
    "a blank between two texts", "another text", "a quote further left"]

PLAIN = ["203.0.113.7", "6.6.6.6", "10.0.0.9", "10.0.0.8", "2001:db8::7", "2001:DB8:0::8", "fd00::9",
         "::ffff:10.0.0.7", "::ffff:198.51.100.1"]
OTHER = ["203.0.113.7:4711", "10.0.0.9:80", "[2001:db8::7]:4711", "[fd00::9]:80", "[2001:db8::7]",
         "[fd00::9]", "", "", "junk", "unknown", "010.0.0.5", "10.0.0.010", "192.1", "3221225985",
         "0xc0.0.0.1", "fe80::1%eth0", "[fe80::2%en-1]:80", "fd00::9%eth0",
         "::ffff:10.0.0.9:80", "0.0.0.0", "::", "10.0.0.9\t", "6.6.6.6 10.0.0.9", '"10.0.0.9',
         '10.0.0.9"', '"', "256.1.1.1", "1.2.3.4:0", "1.2.3.4:", "1.2.3.4:99999", "10.0.0.9;"]


def kinds(value: str) -> list[str]:
    """What of a value is no plain address."""
    text = value.strip(" \t")
    found = [TAB] * ("\t" in value)
    client = oracle.canonical_client(text)
    if client:
        if re.fullmatch(r"[^\[]*:.*:.*\..*:[0-9]+", text):
            return found + [QUAD_PORT]
        return (found + [PORT] * (client[1] != "0") + [BRACKETS] * text.endswith("]") +
                [ZONE] * ("%" in text))
    if text == "":
        return found + [EMPTY]
    if " " in text:
        return found + [BLANK]
    if "%" in text:
        return found + [NO_ZONE]
    if re.fullmatch(r"[0-9.]+:[0-9]*", text):
        return found + [BAD_PORT]
    if text in ("0.0.0.0", "::"):
        return found + [NOBODY]
    if re.fullmatch(r"[0-9]+(\.[0-9]+){3}", text) and re.search(r"\b0[0-9]", text):
        return found + [OCTAL]
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?|0x[0-9a-f.]+", text):
        return found + [SHORT]
    return found + [TEXT]


def is_proxy(value: str) -> bool:
    """An address in the networks."""
    client = oracle.canonical_client(value.strip(" \t"))
    return client is not None and any(ipaddress.ip_address(client[0]) in net for net in NETWORKS)


def canonical(text: str) -> str:
    """An address as this library writes it; another text as it is."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    return str(getattr(address, "ipv4_mapped", None) or address)


def random_values(rng: random.Random) -> list[str]:
    pool = PLAIN if rng.random() < 0.5 else PLAIN + OTHER
    return [rng.choice(["", " "]) + rng.choice(pool) for _ in range(rng.randrange(1, 6))]


def walked(values: list[str]) -> list[str]:
    """The values up to the first one that is no proxy, from the right."""
    near = []
    for value in reversed(values):
        near.append(value)
        if not is_proxy(value):
            break
    return near


class Question:
    """What one program is asked: by which networks, up to which count, and why it may differ."""

    def __init__(self, name: str, networks: str, count: str, expected: list[str]) -> None:
        self.name, self.networks, self.count, self.expected = name, networks, count, expected
        self.answers: list[str] = []  # "": nobody

    def wanted(self, values: list[str]) -> str:
        """What this library must answer."""
        if self.count != "all" and len(values) < int(self.count):
            return ""
        chosen = walked(values)[-1] if self.count == "all" else values[-int(self.count)]
        return (oracle.canonical_client(chosen.strip(" \t")) or [""])[0]

    def classes(self, values: list[str]) -> list[str]:
        near = walked(values) if self.count == "all" else values[-int(self.count):]
        found = {kind for value in near for kind in kinds(value)}
        if self.count != "all" and len(values) < int(self.count):
            found.add(FEW)
        if values[0].strip() == "" and len(near) + 1 >= len(values):
            found.add(FRONT)
        if '"' in "".join(values):
            found.add(QUOTE)
        return sorted(found & set(self.expected))


def main() -> int:
    chosen = oracle.options(__doc__, 20_000)
    servers.require_node("proxy-addr")
    lists = [random_values(chosen.random) for _ in range(chosen.cases)]
    known = ",".join(map(str, NETWORKS))
    nginx = {"last": Question("nginx, real_ip_recursive off", known, "1",
                              [BRACKETS, EMPTY, FRONT, OCTAL, NOBODY, TAB, BLANK, ZONE, QUAD_PORT]),
             "walk": Question("nginx, real_ip_recursive on", known, "all",
                              [BRACKETS, EMPTY, FRONT, OCTAL, NOBODY, TAB, BLANK, TEXT, SHORT, ZONE,
                               NO_ZONE, QUAD_PORT, BAD_PORT])}
    apache = Question("Apache httpd's mod_remoteip", known, "all",
                      [PORT, QUAD_PORT, BRACKETS, OCTAL, NOBODY, TEXT, SHORT, ZONE, NO_ZONE, BAD_PORT,
                       EMPTY, BLANK, TAB])
    haproxy = [Question(f"HAProxy's req.hdr_ip(x-forwarded-for,-{n})", "any", str(n),
                        [PORT, QUAD_PORT, BRACKETS, OCTAL, ZONE, NOBODY, BAD_PORT, QUOTE]) for n in (1, 2, 3)]
    text = [PORT, QUAD_PORT, BAD_PORT, BRACKETS, EMPTY, OCTAL, SHORT, ZONE, NO_ZONE, NOBODY, TAB, BLANK,
            TEXT]
    addr = [Question(f"proxy-addr, {n} hops", "any", str(n), text + [FEW] * (n > 1))
            for n in (1, 2, 3)]
    addr.append(Question("proxy-addr, by network", known, "all", text))

    with servers.running("nginx", "apache2", "haproxy") as (nginx_server, apache_server,
                                                            haproxy_server):
        for values in lists:
            line = ("X-Forwarded-For", ",".join(values))
            for host, question in nginx.items():
                question.answers.append(nginx_server.ask(host, line)[1].replace(PEER, ""))
            response, _ = apache_server.ask("localhost", line)
            apache.answers.append(response.getheader("X-Address", "?").replace(PEER, ""))
            for question, answer in zip(haproxy, haproxy_server.ask("localhost", line)[1].split(" ")):
                question.answers.append(answer)
    for answers in servers.ask_node("proxy_addr.cjs",
                                    [PEER + oracle.SEPARATOR + ",".join(values) for values in lists]):
        for question, answer in zip(addr, answers):
            question.answers.append(answer.replace(PEER, ""))

    sound = True
    for question in [*nginx.values(), apache, *haproxy, *addr]:
        ours = oracle.ask_us(chosen.program, "clients", [
            [f"proxies={question.networks}; x_for={question.count}", PEER, "X-Forwarded-For",
             ",".join(values)]
            for values in lists])
        tally = oracle.Tally(question.name)
        for values, (address, *_), answer in zip(lists, ours, question.answers):
            sound_here = address == question.wanted(values)
            tally.add(sound_here and address == canonical(answer),
                      question.classes(values) if sound_here else [],
                      f"{values}: ours {address!r}, theirs {answer!r}")
        sound = tally.report(question.expected) and sound
    return 0 if sound else 1


sys.exit(main())
