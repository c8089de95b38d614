#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Random requests over all five headers, asked of Werkzeug's ProxyFix.

A rule for each class of docs/werkzeug.md says what this library does instead: it keeps a value, or
writes it otherwise. Applied to the request, the rules give one of which Werkzeug must make exactly
what this library made of the first. Where no rule applied, both must be equal at once.
"""
from __future__ import annotations

import importlib.metadata
import random
import re
import sys

import oracle
from oracle import canonical_client, is_host, is_port

try:
    from werkzeug.middleware.proxy_fix import ProxyFix
    from werkzeug.wrappers import Request
except ImportError:
    oracle.skip("python3-werkzeug is not installed")

HEADERS = ["For", "Proto", "Host", "Port", "Prefix"]
BOUNDS = {"For": 64, "Proto": 64, "Host": 320, "Port": 64, "Prefix": 1100}
BEFORE = {"REMOTE_ADDR": "10.0.0.2", "wsgi.url_scheme": "http", "SERVER_NAME": "app.internal",
          "SERVER_PORT": "8000", "SCRIPT_NAME": "", "PATH_INFO": "/", "REQUEST_METHOD": "GET"}
VARIABLES = ["REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT",
             "SCRIPT_NAME"]

(QUOTE, EMPTY, MALFORMED, WIDE, PORT_IN_FOR, ZONE, ADDRESS_TEXT, CASE, SLASH, EMPTY_PREFIX, HOST_FIELD,
 URL, AT) = CLASSES = [
    "a quote in a list", "an empty value", "a malformed value", "a value wider than its bound",
    "a port in X-Forwarded-For", "a zone, which is dropped", "canonical address text",
    "letter case of a scheme", "a trailing slash of a prefix", "an empty prefix, which is applied",
    "a malformed Host field and X-Forwarded-Port", "a malformed or empty Host field in the URL",
    "an @ of a prefix in the URL"]

GOOD = {
    "For": ["203.0.113.7", "10.0.0.9", "2001:db8::7", "::1", "fe80::1:2"],
    "Proto": ["http", "https", "ws", "wss"],
    "Host": ["shop.example", "shop.example:8443", "a.b-c.example", "192.0.2.1", "192.0.2.1:80",
             "[2001:db8::7]", "[2001:db8::7]:8443", "localhost"],
    "Port": ["80", "443", "8443", "1", "65535"],
    "Prefix": ["/app", "/a/b", "/a.b/~c", "/@:+"],
}
OTHER = {
    "For": ["203.0.113.7:4711", "[2001:db8::7]:4711", "[2001:db8::7]", "2001:DB8::0007",
            "::ffff:192.0.2.1", "0:0:0:0:0:0:0:1", "010.0.0.5", "127.1", "256.1.1.1", "0.0.0.0",
            "::", "unknown", "fe80::1%eth0", "[fe80::2%en-1]:80", "fd00::9%eth0", "fe80::1%",
            "::ffff:192.0.2.1:80", "1.2.3.4:0", "1.2.3.4:", "evil", "<b>", "1" * 65],
    "Proto": ["HTTPS", "Http", "WSS", "ftp", "javascript", "https:", "h ttp", "https\x80"],
    "Host": ["::1", "evil.example/?", "a@b", "a b", "-a", "1.2.3", "0x7f.1", "[::1", "a:0", "a:",
             "a:65536", "a:b:c", "Shop.Example", "shop.example.", "*.example", "a_b", "a" * 254],
    "Port": ["0", "65536", "080", "http", "8443 8443", "-1", "+1", "8443;"],
    "Prefix": ["/", "/app/", "app", "//evil", "/a//b", "/..", "/a/./b", "/a?b", "/a%2fb", "/a#",
               "/\\evil", "http://evil", "/" + "a" * 1024],
}
NOISE = ["", " ", "\t", '"', '"a', 'b"', '"a,b"', '\\"', '"\\', ",", "\x80", "x" * 1101]


def rule_of(header: str, value: str) -> tuple[str | None, list[str]]:
    """What this library takes instead of a value, None: nothing; and the classes of the difference."""
    if value == "":  # Werkzeug takes nothing either, but for a prefix
        return ("", [EMPTY_PREFIX]) if header == "Prefix" else (None, [])
    if header == "For":
        client = canonical_client(value)
        if client is None:
            return None, [MALFORMED]
        classes = [PORT_IN_FOR] * (client[1] != "0") + [ZONE] * ("%" in value)
        plain = re.sub(r"%[^\]]*", "", re.sub(r":[0-9]+$", "", value) if client[1] != "0" else value)
        return client[0], classes + [ADDRESS_TEXT] * (plain != client[0])
    if header == "Proto":
        known = value.lower() in ("http", "https", "ws", "wss")
        return (value.lower(), [CASE] * (value != value.lower())) if known else (None, [MALFORMED])
    if header == "Host":
        return (value, []) if is_host(value) else (None, [MALFORMED])
    if header == "Port":
        return (value, []) if is_port(value) else (None, [MALFORMED])
    segments = value.removesuffix("/").split("/")
    sound = len(value) <= 1024 and value.startswith("/") and segments[0] == "" and all(
        re.fullmatch(r"[A-Za-z0-9._~!$&*+=:@-]+", s) and s not in (".", "..") for s in segments[1:])
    if not sound:
        return None, [MALFORMED]
    return value.removesuffix("/"), [SLASH] * value.endswith("/")


def random_list(rng: random.Random, header: str, well_formed: bool) -> list[str]:
    """Lines of a header, perhaps of well-formed values only."""
    lines: list[str] = []
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        values = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            kind = rng.random()
            pool = GOOD[header] if kind < 0.6 else OTHER[header] if kind < 0.9 else NOISE
            values.append(rng.choice(GOOD[header] if well_formed else pool))
        lines.append(rng.choice([",", ", ", " ,\t"]).join(values))
    return lines


def ask_werkzeug(counts: dict[str, int], http_host: str | None, script_name: str,
                 lines: dict[str, str]) -> dict[str, str]:
    environ = dict(BEFORE, SCRIPT_NAME=script_name)
    if http_host is not None:
        environ["HTTP_HOST"] = http_host
    environ.update({f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in lines.items()})
    seen: dict[str, str] = {}

    def app(environ, _):
        seen.update({key: environ.get(key, "") for key in VARIABLES})
        try:
            seen["url_root"] = Request(environ).root_url
        except Exception as error:  # of a host that is none
            seen["url_root"] = type(error).__name__
        return []

    ProxyFix(app, **{f"x_{name.lower()}": n for name, n in counts.items()})(environ, None)
    return seen


def normalised(header: str, n: int, joined: str) -> tuple[str | None, list[str]]:
    """The one value that this library takes of a header, None: none; and why Werkzeug's differs."""
    raw = joined.split(",")
    if n == 0 or n > len(raw):
        return None, []
    near = raw[-n:]
    classes = [QUOTE] * ('"' in joined) + [EMPTY] * any(not v.strip(" \t") for v in raw)
    if any(len(value) > BOUNDS[header] for value in near):
        return None, classes + [WIDE]
    value, more = rule_of(header, near[0].strip(" \t"))
    return value, classes + more


def expectation(counts: dict[str, int], http_host: str | None, script_name: str,
                joined: dict[str, str]) -> tuple[dict[str, str] | None, list[str]]:
    """What this library must make of a request where a rule says something else than Werkzeug, and
    the classes of the rules. None: no rule applies."""
    classes: list[str] = []
    taken: dict[str, str] = {}
    for name, text in joined.items():
        value, why = normalised(name, counts[name], text)
        classes += why
        if value is not None:
            taken[name] = value
    keeps_faulty_host = "Host" not in taken and http_host is not None and not is_host(http_host)
    if keeps_faulty_host:
        classes += [URL] + [HOST_FIELD] * ("Port" in taken and http_host != "")
    if "@" in taken.get("Prefix", ""):
        classes.append(AT)
    if not classes:
        return None, []
    ones = {name: 1 for name in HEADERS}
    if taken.get("Prefix") == "":  # of which Werkzeug takes nothing
        script_name = ""
    wanted = ask_werkzeug(ones, http_host, script_name, taken)
    if keeps_faulty_host:
        by_name = ask_werkzeug(ones, "app.internal:" + taken.get("Port", "8000"), script_name, taken)
        wanted.update(HTTP_HOST=http_host, url_root=by_name["url_root"])
    wanted["url_root"] = wanted["url_root"].replace("%40", "@")
    return wanted, classes


def main() -> int:
    chosen = oracle.options(__doc__, 200_000)
    rng = chosen.random
    requests = []
    for _ in range(chosen.cases):
        well_formed = rng.random() < 0.5
        counts = {name: rng.choice([0, 1, 1, 2, 3]) for name in HEADERS}
        http_host = rng.choice(["app.internal:8000", "app.internal", None, "[::1]:80", "[::1]"])
        if not well_formed and rng.random() < 0.1:
            http_host = rng.choice(["", "a b", "::1", "a:b:c", "evil/x:1"])
        script_name = rng.choice(["", "", "/mounted"])
        headers = {name: random_list(rng, name, well_formed) for name in HEADERS}
        requests.append((counts, http_host, script_name, headers))
    answers = oracle.ask_us(chosen.program, "environs", [
        [str(n) for n in counts.values()] + [http_host or "", script_name] +
        [text for name, lines in headers.items() for line in lines
         for text in (f"X-Forwarded-{name}", line)]
        for counts, http_host, script_name, headers in requests])

    print("Werkzeug", importlib.metadata.version("Werkzeug"))
    tally = oracle.Tally("Werkzeug's ProxyFix")
    for (counts, http_host, script_name, headers), answer in zip(requests, answers):
        ours = dict(zip(VARIABLES + ["url_root"], [answer[0]] + answer[2:]))
        joined = {name: ",".join(lines) for name, lines in headers.items() if lines}
        raw = ask_werkzeug(counts, http_host, script_name, joined)
        wanted, classes = expectation(counts, http_host, script_name, joined)
        about = f"{counts} Host {http_host!r} below {script_name!r} {headers}\n  ours {ours}\n  raw  {raw}\n  " \
                f"wanted {wanted}"
        tally.add(ours == raw, classes if ours == wanted else [], about)
        if ours == raw and wanted not in (None, ours):
            tally.unclassified.append(about)
    return 0 if tally.report(CLASSES) else 1


sys.exit(main())
