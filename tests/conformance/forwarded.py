#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random Forwarded headers (RFC 7239), asked of waitress: the client of the n-th element."""
from __future__ import annotations

import importlib.metadata
import ipaddress
import logging
import random
import re
import sys

import oracle

try:
    from waitress.proxy_headers import proxy_headers_middleware
except ImportError:
    oracle.skip("python3-waitress is not installed")

(FEW, NO_FOR, HIDDEN, FAULTY, QUOTES, BARE, ZONE, LOOSE, ELEMENT, SCHEME, REPEATED,
 SEMICOLON) = CLASSES = [
    "fewer elements than the count", "an element without for", "unknown, or an obfuscated name",
    "a for that is no address", "a quote that is not one pair around a value",
    "an IPv6 address without brackets", "a zone, which is dropped",
    "an element that RFC 7239 does not allow, and that is read here",
    "an element that is not read here",
    "a scheme that waitress does not know", "a parameter that is repeated",
    "a semicolon in quotes"]

CLIENTS = ["203.0.113.7", "10.0.0.9", '"203.0.113.7:4711"', '"[2001:db8::7]"', '"[2001:db8::7]:4711"',
           '"[::1]"', '"198.51.100.1"']
OTHER_CLIENTS = ["unknown", "_hidden", '"_hidden:_port"', '"10.0.0.9:_port"', "junk", "010.0.0.5",
                 "127.1", "2001:db8::7", '"2001:db8::7"', "[2001:db8::7]:80", '"[fe80::1%eth0]:80"',
                 '"::ffff:203.0.113.7:80"', "", '"203.0.113.7:0"', '"203.0.113.7:"', '""',
                 '"', '"203.0.113.7', "203.0.113.7:80", '"203.0.113\\.7"', "0.0.0.0", "[::1]"]
MORE = ["proto=http", "proto=https", "Proto=HTTPS", "by=10.0.0.2", "host=shop.example",
        'host="shop.example:8443"', "secret=x"]
OTHER_MORE = ["by=192.0.2.1:443", "connection=http/1.1", "proto-version=", "host=h.example:8443",
              "by=unknown;by=127.0.0.1", "by=x ; secret=y", "by=x y", "proto=wss", "proto=ftp", "for=6.6.6.6", "", " by=x", "by", "by=", 'by="', 'x="a;b"',
              'x="a,b"', 'x="\\"', "proto", "=x", "host=a b"]


def random_element(rng: random.Random, well_formed: bool) -> str:
    strange = not well_formed and rng.random() < 0.5
    client = rng.choice(OTHER_CLIENTS if strange else CLIENTS)
    pairs = [rng.choice(["for=", "For="]) + client, *rng.sample(MORE, rng.randrange(3))]
    if strange and rng.random() < 0.5:
        pairs.append(rng.choice(OTHER_MORE))
    if strange and rng.random() < 0.2:
        pairs.pop(0)
    rng.shuffle(pairs)
    names = [pair.partition("=")[0].lower() for pair in pairs]
    if not strange and len(set(names)) < len(names):
        return random_element(rng, well_formed)
    return ";".join(pairs)


def kinds(element: str) -> list[str]:
    """Where an element may be read in two ways."""
    found = []
    names = [pair.partition("=")[0].lower() for pair in element.split(";") if pair]
    if len(set(names)) < len(names):
        found.append(REPEATED)
    if element.count('"') % 2 or "\\" in element:
        found.append(QUOTES)
    without = re.sub(r'"[^"]*"', "q", element)
    pair = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+=[!#$%&'*+.^_`|~0-9A-Za-z-]+"
    if not re.fullmatch(rf"({pair})?(;({pair})?)*", without) or element == "":
        found.append(ELEMENT if client_of(element) is None else LOOSE)
    client = re.search(r'(?i)(?:^|;)for=("[^"]*"|[^;]*)', element)
    if not client:
        return found + [NO_FOR]
    node = client[1].strip('"').lower()
    if node.startswith("_") or node == "unknown" or re.search(r":_[a-z]", node):
        return found + [HIDDEN]
    if re.fullmatch(r"[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*", node):
        return found + [BARE]
    if "%" in node:
        return found + [ZONE]
    return found + [FAULTY] * (oracle.canonical_client(node) is None)


TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e\x80-\xff])*"'
PLAIN = r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]*"
PAIR = re.compile(rf"[ \t]*(?:({TOKEN})=({QUOTED}|{PLAIN}))?[ \t]*(?:;|$)")


def client_of(element: str) -> str | None:
    """The address that an element names as senders write it, "" if none; None: it is no element."""
    parameters: dict[str, str] = {}
    at = 0
    while at < len(element):
        pair = PAIR.match(element, at)
        name = pair[1].lower() if pair and pair[1] else ""
        if not pair or (name in parameters and name in ("for", "proto", "host")):
            return None
        if name:
            parameters[name] = pair[2]
        at = pair.end()
    if element == "":
        return None
    node = parameters.get("for", "")
    if node.startswith('"'):
        node = re.sub(r"\\(.)", r"\1", node[1:-1])
    port = re.search(r":_[A-Za-z0-9._-]+$", node)
    if port and re.fullmatch(r"[^\[.]*:[^.]*:.*", node):  # before a port, IPv6 needs its brackets
        return ""
    return (oracle.canonical_client(node[:port.start()] if port else node) or [""])[0]


def wanted(elements: list[str], n: int) -> str:
    """What this library must answer: those right of the chosen element must be sound."""
    if len(elements) < n or None in map(client_of, elements[-n:]):
        return ""
    return client_of(elements[-n]) or ""


def ask_waitress(value: str, n: int) -> str:
    """The client's address; "" if it stays, or the request is answered with 400."""
    seen: dict[str, str] = {"REMOTE_ADDR": "127.0.0.1"}

    def app(environ, _):
        seen.update(environ)
        return []

    middleware = proxy_headers_middleware(app, trusted_proxy="*", trusted_proxy_count=n,
                                          trusted_proxy_headers={"forwarded"},
                                          logger=logging.getLogger("silent"))
    environ = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "HTTP_FORWARDED": value}
    b"".join(middleware(environ, lambda *_: None))
    return seen["REMOTE_ADDR"].replace("127.0.0.1", "")


def main() -> int:
    logging.getLogger("silent").disabled = True
    chosen = oracle.options(__doc__, 50_000)
    rng = chosen.random
    cases = []
    for _ in range(chosen.cases):
        well_formed = rng.random() < 0.5
        elements = [random_element(rng, well_formed) for _ in range(rng.randrange(1, 5))]
        cases.append((rng.choice([",", ", "]).join(elements), rng.randrange(1, 4)))
    ours = oracle.ask_us(chosen.program, "clients", [
        [f"x_for={n}; forwarded=yes", "127.0.0.1", "Forwarded", value] for value, n in cases])
    print("waitress", importlib.metadata.version("waitress"))
    tally = oracle.Tally("waitress, Forwarded")
    for (value, n), (address, *_) in zip(cases, ours):
        theirs = ask_waitress(value, n)
        elements = [element.strip() for element in value.split(",")]
        classes = {kind for element in elements[-n:] for kind in kinds(element)}
        if len(elements) < n:
            classes.add(FEW)
        if re.search(r"(?i)proto=(wss|ftp|ws)", value):
            classes.add(SCHEME)
        if re.search(r'"[^",]*;[^",]*"', value):
            classes.add(SEMICOLON)
        if not classes:  # waitress reads all elements, and refuses the request
            classes = {kind for element in elements for kind in kinds(element)
                       if kind in (ELEMENT, LOOSE, QUOTES)}
        try:
            parsed = ipaddress.ip_address(theirs)
            theirs = str(getattr(parsed, "ipv4_mapped", None) or parsed)
        except ValueError:
            pass
        sound_here = address == wanted(elements, n)
        tally.add(sound_here and address == theirs, sorted(classes) if sound_here else [],
                  f"n = {n} {value!r}: ours {address!r}, theirs {theirs!r}")
    return 0 if tally.report(CLASSES) else 1


sys.exit(main())
