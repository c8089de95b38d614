#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The clients of the end-to-end test: the bytes that each kind sends, and how it sends them."""
from __future__ import annotations

import dataclasses
import http.client
import socket
import ssl
import time

from proxies import TIMEOUT, Listener

CLIENT, CLIENT_V6, SITE = "127.0.0.9", "::1", "shop.example"


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


def chunked(scheme: str) -> list[Message]:
    """A body in chunks, and behind it trailers, which are no header lines."""
    return [Message(method="POST", body="3\r\nabc\r\n0\r\n" + "".join(
        line + "\r\n" for line in trailers)) for trailers in
        ((), ("X-Filler: a",), forged(scheme), (*forged(scheme), "Transfer-Encoding: identity"))]


def malformed(scheme: str) -> list[Message]:
    return [Message(("X-Forwarded-For: 6.6.6.6,\r\n 7.7.7.7",)),           # folded
            Message(("X-Filler: a\r\n\tX-Forwarded-For: 6.6.6.6",)),
            Message(("X-Forwarded-For : 6.6.6.6", f"X-Forwarded-Proto : {scheme}")),
            Message((" X-Forwarded-For: 6.6.6.6",)),
            Message(("X-Filler: a\nX-Forwarded-For: 6.6.6.6\nX-Forwarded-Prefix: /evil",)),
            Message(("X-Filler: a\rX-Forwarded-For: 6.6.6.6",)),
            Message(forged(scheme), host=""),
            Message(("X-Forwarded-For: 6.6.6.6\x00", "X-Forwarded-Prefix: /evil\x00"))]


KINDS = {"honest": honest, "forges": forges, "lines": several_lines, "quotes": quotes,
         "Connection": names_in_connection, "empty": empty, "names_": underscores, "flood": flood,
         "encoded": encoded, "absolute": absolute, "chunked": chunked,
         "malformed": malformed}
REFUSABLE = {"flood", "encoded", "absolute", "chunked", "malformed"}  # 4xx is a right answer
CLOSABLE = {"Connection", "flood", "chunked"}  # they may make the proxies' lines get lost


def request(scenario: Scenario, message: Message, port: int) -> bytes:
    """The bytes of a request to `port`."""
    connection = (("Upgrade",) if scenario.upgrade else ("close",)) + message.connection
    lines = [f"{message.method} {message.authority}{scenario.prefix}/path?{message.query} HTTP/1.{0 if scenario.http10 else 1}"]
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


@dataclasses.dataclass(frozen=True)
class Reply:
    """A response: its status, 0 if there was none, and its text; and the client's port."""
    status: int
    text: str
    client_port: int


class Client:
    """Sends bytes from the client's address, and counts the requests."""

    def __init__(self, certificate: str) -> None:
        self.context = ssl.create_default_context(cafile=certificate)
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
            return Reply(0, f"no response: {error!r}", port)

    def ask_slowly(self, listener: Listener, head: bytes, body: bytes) -> bytes:
        """Sends the body a while after the head; all that is answered until the connection ends."""
        self.sent += 1
        with socket.create_connection((listener.address, listener.port), TIMEOUT,
                                      (CLIENT, 0)) as connection:
            answer = b""
            try:
                connection.sendall(head)
                time.sleep(0.1)
                connection.sendall(body)
                connection.shutdown(socket.SHUT_WR)
                while data := connection.recv(65536):
                    answer += data
            except OSError:
                pass  # closed before it was read to the end
            return answer

    @staticmethod
    def exchange(connection: socket.socket, data: bytes, port: int) -> Reply:
        connection.sendall(data)
        response = http.client.HTTPResponse(connection, method="GET")
        response.begin()
        with response:
            return Reply(response.status, response.read().decode("latin-1"), port)
