#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The clients of the end-to-end test: the bytes that each kind sends, and how it sends them."""
from __future__ import annotations

import contextlib
import dataclasses
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import http2
from proxies import TIMEOUT, Listener

CLIENT, CLIENT_V6, SITE = "127.0.0.9", "::1", "shop.example"
SILENCE = 0.3  # seconds after which it is given up that a tunnel answers
SILENT = "nothing came in time"
HTTP2_SETTINGS = "HTTP2-Settings: AAMAAABkAAQAAP__"


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What the client asks for."""
    name: str
    tls: bool = False
    ipv6: bool = False
    prefix: str = ""
    http10: bool = False  # and no Host
    upgrade: bool = False

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def forged_scheme(self) -> str:
        """A scheme that is not the right one."""
        if self.upgrade:
            return "ws" if self.tls else "wss"
        return "http" if self.tls else "https"


SCENARIOS = [
    Scenario("http"),
    Scenario("https", tls=True),
    Scenario("prefix", prefix="/store"),
    Scenario("prefix over TLS", tls=True, prefix="/store"),
    Scenario("IPv6", ipv6=True),
    Scenario("IPv6 over TLS", ipv6=True, tls=True),
    Scenario("HTTP/1.0", http10=True),
    Scenario("WebSocket", upgrade=True),
    Scenario("WebSocket over TLS", upgrade=True, tls=True),
]


@dataclasses.dataclass(frozen=True)
class Message:
    """What a kind of client adds to the request of a scenario."""
    lines: tuple[str, ...] = ()       # header lines, as they are sent
    connection: tuple[str, ...] = ()  # more names in Connection
    host: str = SITE + ":{port}"      # the Host field
    query: str = "q=1"
    authority: str = ""               # of a target in absolute-form
    body: str | None = None           # chunked, with its trailers
    method: str = "GET"
    path: str = "/path"
    target: str = ""                  # instead of all that there is


def forged(scheme: str, address: str = "6.6.6.6") -> tuple[str, ...]:
    return (f"X-Forwarded-For: {address}", f"X-Forwarded-Proto: {scheme}",
            "X-Forwarded-Host: evil.example", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /evil",
            f"Forwarded: for={address};proto={scheme};host=evil.example", f"X-Real-IP: {address}")


NAMES = tuple(line.split(":")[0] for line in forged(""))


def honest(scheme: str) -> list[Message]:
    return [Message(), Message(host=SITE)]


def forges(scheme: str) -> list[Message]:
    return [Message(forged(scheme)),
            # As if proxies of yours had written it.
            Message(forged(scheme, "6.6.6.6, 127.0.0.9, " + ", ".join(
                f"127.0.0.{i}" for i in (1, 2, 3, 4, 6)))),
            Message(forged(scheme, "127.0.0.2")),
            Message(forged(scheme), host=SITE + ":1")]


def several_lines(scheme: str) -> list[Message]:
    upper = tuple(f"{name.upper()}:{value}" for name, value in
                  (line.split(":", 1) for line in forged(scheme, "7.7.7.7,8.8.8.8")))
    lower = tuple(f"{name.lower()}:{value}" for name, value in
                  (line.split(":", 1) for line in forged("wss")))
    return [Message(forged(scheme) + lower + upper)]


def quotes(scheme: str) -> list[Message]:
    return [Message(('X-Forwarded-For: 6.6.6.6, "', 'X-Forwarded-Host: "', 'X-Forwarded-Proto: "',
                     'X-Forwarded-Port: "', 'X-Forwarded-Prefix: "', 'Forwarded: for="6.6.6.6')),
            Message((f'X-Forwarded-For: "6.6.6.6, \\"', f'X-Forwarded-Host: "evil.example, \\',
                     f'X-Forwarded-Proto: "{scheme}, (', 'Forwarded: for=6.6.6.6;host="evil, "'))]


def names_in_connection(scheme: str) -> list[Message]:
    return [Message(connection=NAMES),
            Message(forged(scheme), connection=NAMES),
            Message(forged(scheme), connection=tuple(name.lower() for name in NAMES)),
            Message(forged(scheme) + ("Connection: " + ",".join(NAMES),)),
            *(Message(forged(scheme), connection=(name,)) for name in NAMES[:5])]


def empty(scheme: str) -> list[Message]:
    blank = tuple(name + ":" for name in NAMES)
    return [Message(blank), Message(blank + forged(scheme)), Message(forged(scheme) + blank),
            Message(tuple(name + ": , ," for name in NAMES))]


def underscores(scheme: str) -> list[Message]:
    return [Message(tuple(line.replace("-", "_", many) for line in forged(scheme)))
            for many in (1, 2)] + [
            Message(tuple("HTTP_" + line.replace("-", "_", 2).upper() for line in forged(scheme)) +
                    ("REMOTE_ADDR: 6.6.6.6", "REMOTE-ADDR: 6.6.6.6"))]


def flood(scheme: str) -> list[Message]:
    filler = tuple(f"X-Filler-{i}: {i}" for i in range(80))
    return [Message(filler + forged(scheme)), Message(forged(scheme) + filler),
            Message(("X-Forwarded-For: 6.6.6.6",) * 80),
            # Of a length that a server may take for that of an empty line.
            *(Message((*forged(scheme), "X-Filler: " + "a" * (length - 12)))
              for length in (4093, 4094, 4095, 8186))]


def encoded(scheme: str) -> list[Message]:
    return [Message(("X-Forwarded-For: 6.6.6.6%2c7.7.7.7", "X-Forwarded-Proto: " + scheme + "%2c",
                     "X-Forwarded-Host: evil.example%0d%0aX-Forwarded-For:%206.6.6.6",
                     "X-Forwarded-Port: 1%0d%0a", "X-Forwarded-Prefix: /evil%0d%0a",
                     "Forwarded: for=6.6.6.6%0d%0a"),
                    query="q=%0d%0aX-Forwarded-For:%206.6.6.6%0d%0a")]


def absolute(scheme: str) -> list[Message]:
    return [Message(authority=f"http://{SITE}", host=SITE),
            Message(forged(scheme), authority=f"{scheme}://{SITE}", host=SITE)]


def paths(scheme: str) -> list[Message]:
    """Such as begin like the prefix, and are not below it."""
    return [Message(path=path) for path in ("/storefront/path", "/store.path", "/path/store/path")]


def chunked(scheme: str) -> list[Message]:
    """A body in chunks, and behind it trailers, which are no header lines."""
    return [Message(method="POST", body="3\r\nabc\r\n0\r\n" + "".join(
        line + "\r\n" for line in trailers)) for trailers in
        ((), ("X-Filler: a",), forged(scheme), (*forged(scheme), "Transfer-Encoding: identity"),
         (*forged(scheme), "X-End: 1"), ("X-Begin: 1", *forged(scheme), *forged(scheme)),
         tuple(line.lower() for line in forged(scheme)) + ("X-End: 1",))]


def malformed(scheme: str) -> list[Message]:
    return [Message(("X-Forwarded-For: 6.6.6.6,\r\n 7.7.7.7",)),           # folded
            Message(("X-Filler: a\r\n\tX-Forwarded-For: 6.6.6.6",)),
            Message(("X-Forwarded-For : 6.6.6.6", f"X-Forwarded-Proto : {scheme}")),
            Message((" X-Forwarded-For: 6.6.6.6",)),
            Message(("X-Filler: a\nX-Forwarded-For: 6.6.6.6\nX-Forwarded-Prefix: /evil",)),
            Message(("X-Filler: a\rX-Forwarded-For: 6.6.6.6",)),
            Message(forged(scheme), host=""),
            Message(("X-Forwarded-For: 6.6.6.6\x00", "X-Forwarded-Prefix: /evil\x00"))]


# Bytes that some server takes for a blank, for the end of a line or for the end of the header: controls,
# blanks, DEL, and of those above, the ones that are a blank or a sign somewhere.
ODD = "\x01\x08\t\x0b\x0c\x1c\x1f \x7f\x80\x85\x9f\xa0\xad\xfe\xff"


def odd_bytes(scheme: str) -> list[Message]:
    """At the start and the end of lines, names and values, of the forged lines and of one before."""
    lines = forged(scheme)
    found = []
    for c in ODD:
        found += [Message(("X-A: a" + c, *lines)), Message((c + "X-A: a", *lines)),
                  Message(("X-A" + c + ": a", *lines)), Message(("X-A:" + c + "a", *lines)),
                  Message((*lines, c)), Message((*lines, c + ":")),
                  Message(tuple(line + c for line in lines)), Message(tuple(c + line for line in lines)),
                  Message(tuple(line.replace(":", c + ":", 1) for line in lines)),
                  Message(tuple(line.replace(": ", ":" + c, 1) for line in lines))]
    return found


PUNCTUATION = "!#$%&'*+.^_`|~"  # and the hyphen: what a name may have (RFC 9110, 5.6.2)


def folded(scheme: str) -> list[Message]:
    """Names that some program takes for those with hyphens."""
    return [Message(tuple(where(line, c) for line in forged(scheme))) for c in PUNCTUATION for where in (
        lambda line, c: line.replace("-", c), lambda line, c: line.replace("-", c, 1),
        lambda line, c: line[:2] + line[2:].replace("-", c), lambda line, c: line.replace("-", c + c))]


def limits(scheme: str) -> list[Message]:
    """Numbers of lines, and lengths of one, above which some server drops lines or ends the header."""
    numbers = [number for limit in (64, 100, 128, 200) for number in range(limit - 4, limit + 4)]
    lengths = [length for limit in (4096, 8192, 16384) for length in range(limit - 5, limit + 4)]
    return [*(Message((*(f"X-{i}: {i}" for i in range(number)), *forged(scheme))) for number in numbers),
            *(Message(("X-A: " + "a" * (length - 5), *forged(scheme))) for length in lengths),
            *(Message((*forged(scheme), "X-A: " + "a" * (length - 5))) for length in lengths)]


def hosts(scheme: str) -> list[Message]:
    """Hosts that become elements of Forwarded where a proxy pastes them into it."""
    return [Message(forged(scheme), host=host) for host in (
        "a,for=6.6.6.6", "a,for=[6::6];x=b", "a;for=6.6.6.6", 'a";x="', 'a",for=6.6.6.6;x="', "a, for=6.6.6.6",
        'a\\",for="6.6.6.6', "shop.example,for=6.6.6.6;proto=wss")]


def upgrades(scheme: str) -> list[Message]:
    """What follows a 101 would pass the proxies as it is: none but a WebSocket may be asked for."""
    return [Message(("Upgrade: " + value, HTTP2_SETTINGS), connection=("Upgrade", "HTTP2-Settings"))
            for value in ("h2c", "H2C", "foo", "websocket, h2c", "h2c, websocket", "websocket/13", "TLS/1.0",
                          "websocket h2c", "\"websocket\"", "")] + [
            Message(("Upgrade: websocket", "Upgrade: h2c", HTTP2_SETTINGS), connection=("Upgrade",)),
            Message(("Upgrade: h2c", "Upgrade: websocket", HTTP2_SETTINGS), connection=("Upgrade",))]


def connects(scheme: str) -> list[Message]:
    """A proxy makes a tunnel of what is answered with 2xx."""
    return [Message(method="CONNECT", target=target)
            for target in (SITE + ":80", "127.0.0.1:80", f"http://{SITE}/", "/", "*")]


KINDS = {"honest": honest, "forges": forges, "lines": several_lines, "quotes": quotes,
         "Connection": names_in_connection, "empty": empty, "names_": underscores, "flood": flood,
         "encoded": encoded, "absolute": absolute, "chunked": chunked,
         "malformed": malformed, "bytes": odd_bytes, "folded": folded, "limits": limits, "hosts": hosts,
         "Upgrade": upgrades, "CONNECT": connects,
         "paths": paths}
ONCE = {"bytes", "folded", "limits", "hosts", "Upgrade", "CONNECT", "paths"}  # asked in the first scenario alone, as there are many
# 4xx is a right answer:
REFUSABLE = {"Connection", "flood", "encoded", "absolute", "chunked", "malformed", "bytes", "folded", "limits",
             "hosts", "Upgrade"}
CLOSABLE = {"Connection", "flood", "chunked", "bytes", "limits"}  # they may make the proxies' lines get lost


def request(scenario: Scenario, message: Message, port: int) -> bytes:
    """The bytes of a request to `port`."""
    connection = (("Upgrade",) if scenario.upgrade else ("close",)) + message.connection
    target = message.target or f"{message.authority}{scenario.prefix}{message.path}?{message.query}"
    lines = [f"{message.method} {target} HTTP/1.{0 if scenario.http10 else 1}"]
    if not scenario.http10:
        lines.append("Host: " + message.host.format(port=port))
    lines.append("Connection: " + ", ".join(connection))
    if scenario.upgrade:
        lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    if message.body is not None:
        lines.append("Transfer-Encoding: chunked")
    return ("\r\n".join([*lines, *message.lines, "", ""]) +
            ("" if message.body is None else message.body + "\r\n")).encode("latin-1")


def openings(port: int) -> list[bytes]:
    """First requests that some proxy makes a tunnel of, if they are answered with 2xx or 101."""
    host = f"Host: {SITE}:{port}"
    return ["\r\n".join([line, *lines, "", ""]).encode() for line, *lines in (
        ("CONNECT shop.example:80 HTTP/1.1", host), ("CONNECT shop.example:80 HTTP/1.0", host),
        (f"CONNECT {SITE}:{port} HTTP/1.1", host, "Content-Length: 0"), ("CONNECT / HTTP/1.1", host),
        (f"CONNECT http://{SITE}/ HTTP/1.1", host), ("CONNECT * HTTP/1.1", host),
        ("connect shop.example:80 HTTP/1.1", host), ("FOO / HTTP/1.1", host), ("OPTIONS * HTTP/1.1", host),
        ("TRACE / HTTP/1.1", host), ("PURGE / HTTP/1.1", host), ("SOURCE / HTTP/1.1", host),
        ("GET / HTTP/1.1", host, "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", HTTP2_SETTINGS),
        ("GET / HTTP/1.1", host, "Upgrade: foo", "Connection: Upgrade"))]


SIZES = (4094, 4095, 4096, 8186, 8187, 8190, 16384)  # of lines, in which a buffer of some server ends


def hiding() -> Iterator[tuple[str, bytes, bytes]]:
    """Requests whose bodies are a request: what is special, the head, the body."""
    lines = "".join(line + "\r\n" for line in forged("https"))
    hidden = f"GET /hidden HTTP/1.1\r\nHost: {SITE}\r\n{lines}Connection: close\r\n\r\n".encode()

    def head(method: str, *header: str, version: str = "1.1") -> bytes:
        return "\r\n".join([f"{method} /path HTTP/{version}", f"Host: {SITE}", *header, "", ""]).encode("latin-1")

    length = f"Content-Length: {len(hidden)}"
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"):
        yield method, head(method, length), hidden
        yield f"{method}, chunked", head(method, "Transfer-Encoding: chunked"), \
            f"{len(hidden):x}\r\n".encode() + hidden + b"\r\n0\r\n\r\n"
    yield "HTTP/1.0, kept alive", head("POST", length, "Connection: keep-alive", version="1.0"), hidden
    for number in (*range(60, 68), *range(96, 104), 127, 128, 199, 200):
        yield f"{number} lines before the length", head("POST", *(f"X-{i}: {i}" for i in range(number)), length), hidden
    for size in (5_000, 70_000, 1_100_000, 9_000_000):
        yield f"{size} bytes of requests", head("POST", f"Content-Length: {size}"), (hidden * (size // len(hidden) + 1))[:size]
    # Where a header ends too early, its rest is the first part of the body, and the last part a request.
    rest = "X-Rest: " + "a" * 1000
    behind = len(rest) + 4
    ends = [*((f"a line that ends in {c!r}", "X-A: a" + c) for c in ODD),
            *((f"a line that begins with {c!r}", c + "X-A: a") for c in ODD),
            *((f"a line of {size} bytes", "X-A: " + "a" * (size - 5)) for size in SIZES)]
    for what, line in ends:
        yield f"{what}, before the length", head("GET", line, length), hidden
        for left in (behind, behind + 2, behind + 1 + len(line)):
            body = b"z" * 1000 + hidden.ljust(left, b"\n")
            yield f"{what}, {left} bytes before the end", \
                head("POST", f"Content-Length: {len(body)}", line, rest), body
    yield "Expect", head("POST", length, "Expect: 100-continue"), hidden
    yield "Expect what is not known", head("POST", length, "Expect: something"), hidden
    yield "an Upgrade", head("GET", length, "Upgrade: h2c", "Connection: Upgrade"), hidden


@dataclasses.dataclass(frozen=True)
class Reply:
    """A response: its status, 0 if there was none, and its text; and the client's port."""
    status: int
    text: str
    client_port: int


def no_reply(error: Exception, port: int) -> Reply:
    return Reply(0, SILENT if isinstance(error, TimeoutError) else f"no response: {error!r}", port)


class Client:
    """Sends bytes from the client's address, and counts the requests."""

    def __init__(self, certificate: str) -> None:
        self.context = ssl.create_default_context(cafile=certificate)
        self.http2_context = ssl.create_default_context(cafile=certificate)
        self.http2_context.set_alpn_protocols(["h2"])
        self.sent = 0

    def ask(self, listener: Listener, scenario: Scenario, data: bytes) -> Reply:
        self.sent += 1
        target = ("::1" if scenario.ipv6 else listener.address,
                  listener.tls_port if scenario.tls else listener.port)
        source = (CLIENT_V6 if scenario.ipv6 else CLIENT, 0)
        port = 0
        try:
            with socket.create_connection(target, TIMEOUT, source) as plain:
                port = plain.getsockname()[1]
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if not scenario.tls:
                    return self.exchange(plain, data, port)
                with self.context.wrap_socket(plain, server_hostname=SITE) as secured:
                    return self.exchange(secured, data, port)
        except (OSError, http.client.HTTPException) as error:
            return no_reply(error, port)

    def ask_http2(self, listener: Listener, message: http2.Http2Message,
                  patience: float = TIMEOUT) -> Reply:
        """Over TLS. Its status is 0 if the proxy gave up the stream or the connection, or kept silent."""
        self.sent += 1
        port = 0
        try:
            with socket.create_connection((listener.address, listener.tls_port), TIMEOUT, (CLIENT, 0)) as plain:
                port = plain.getsockname()[1]
                with self.http2_context.wrap_socket(plain, server_hostname=SITE) as secured:
                    assert secured.selected_alpn_protocol() == "h2", "the proxy speaks no HTTP/2"
                    secured.settimeout(patience)
                    return Reply(*http2.Connection(secured).ask(message), port)
        except (OSError, http2.Fault) as error:
            return no_reply(error, port)

    def open_tunnel(self, listener: Listener, first: bytes, second: bytes, at_once: bool) -> None:
        """Sends the second request over the connection of the first, at once or when that one is answered, and
        reads until nothing comes any more."""
        self.sent += 2
        with contextlib.suppress(OSError), socket.create_connection(
                (listener.address, listener.port), TIMEOUT, (CLIENT, 0)) as connection:
            connection.settimeout(SILENCE)
            connection.sendall(first + second * at_once)
            if not at_once:
                with contextlib.suppress(TimeoutError, http.client.HTTPException):
                    http.client.HTTPResponse(connection).begin()
                connection.sendall(second)
            while connection.recv(65536):
                pass

    def ask_slowly(self, listener: Listener, head: bytes, body: bytes) -> bytes:
        """Sends the body a while after the head; all that is answered until the connection ends. Raises
        TimeoutError if it does not."""
        self.sent += 1
        answers = []
        with socket.create_connection((listener.address, listener.port), TIMEOUT,
                                      (CLIENT, 0)) as connection:
            def send() -> None:
                with contextlib.suppress(OSError):  # closed before it was read to the end
                    connection.sendall(head)
                    time.sleep(0.02)
                    connection.sendall(body)
                    connection.shutdown(socket.SHUT_WR)
            sending = threading.Thread(target=send)
            sending.start()
            try:
                while data := connection.recv(65536):
                    answers.append(data)
            except ConnectionError:
                pass
            finally:
                sending.join()
        return b"".join(answers)

    @staticmethod
    def exchange(connection: socket.socket, data: bytes, port: int) -> Reply:
        connection.sendall(data)
        response = http.client.HTTPResponse(connection, method="GET")
        response.begin()
        with response:
            if data.startswith(b"CONNECT "):  # what follows a 2xx is no body
                return Reply(response.status, "", port)
            return Reply(response.status, response.read().decode("latin-1"), port)
