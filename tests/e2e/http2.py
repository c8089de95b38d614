# SPDX-License-Identifier: MIT
"""Clients that speak HTTP/2 (RFC 9113), by python3-h2: honest ones, and such as send what HTTP/1.1 could
not say, or must not pass on as it."""
from __future__ import annotations

import dataclasses
import os
import socket
import sys

try:
    import h2.config
    import h2.connection
    import h2.events
    import h2.exceptions
except ImportError:
    print("skipped, as this machine does not have: python3-h2")
    sys.exit(1 if os.environ.get("CI") else 77)

Fault = h2.exceptions.H2Error  # what the proxy sends is no HTTP/2, as where the application writes it
SITE = "shop.example"
Headers = list[tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class Http2Message:
    """What a kind of client sends in one stream."""
    name: str
    headers: Headers
    body: bytes = b""
    trailers: Headers = dataclasses.field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind in HTTP/1.1 that may have the same consequences."""
        return {"Connection": "Connection", "bytes above 127": "bytes"}.get(self.name, "HTTP/2")

    @property
    def is_odd(self) -> bool:
        """May it be refused?"""
        return self.name not in ("honest", "forges", "twice")


def messages(authority: str, scheme: str, path: str) -> list[Http2Message]:
    """`scheme` is the right one."""
    start: Headers = [(":method", "GET"), (":scheme", scheme), (":authority", authority), (":path", path)]
    other = "http" if scheme == "https" else "https"
    lines = [("x-forwarded-for", "6.6.6.6, 6.6.6.6"), ("x-forwarded-proto", "wss"), ("x-forwarded-host", "evil.example"),
             ("x-forwarded-port", "1"), ("x-forwarded-prefix", "/evil"),
             ("forwarded", "for=6.6.6.6;proto=wss;host=evil.example"), ("x-real-ip", "6.6.6.6")]
    post = [(":method", "POST"), *start[1:]]

    def renamed(old: str, new: str, count: int = -1) -> Headers:
        return [(name.replace(old, new, count), value) for name, value in lines]

    hidden = f"GET {path} HTTP/1.1\r\nHost: {SITE}\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines) + "\r\n"
    return [
        Http2Message("honest", start),
        Http2Message("forges", start + lines),
        Http2Message("twice", start + lines + lines),
        Http2Message("upper case", start + [(name.upper(), value) for name, value in lines]),
        Http2Message("Title-Case", start + [(name.title(), value) for name, value in lines]),
        Http2Message("a Host beside :authority", start + [("host", "evil.example")] + lines),
        Http2Message("two Hosts", start + [("host", authority), ("host", "evil.example")] + lines),
        Http2Message("Connection", start + [("connection", "x-forwarded-for, x-forwarded-proto")] + lines),
        Http2Message("Upgrade", start + [("connection", "upgrade"), ("upgrade", "h2c")] + lines),
        Http2Message("another :scheme", [start[0], (":scheme", "ftp"), *start[2:]] + lines),
        Http2Message("the other :scheme", [start[0], (":scheme", other), *start[2:]] + lines),
        Http2Message("underscores", start + renamed("-", "_")),
        Http2Message("one underscore", start + renamed("-", "_", 1)),
        Http2Message("dots", start + renamed("-", ".")),
        Http2Message("blanks behind names", start + [(name + " ", value) for name, value in lines]),
        Http2Message("blanks before names", start + [(" " + name, value) for name, value in lines]),
        Http2Message("colons behind names", start + [(name + ":", value) for name, value in lines]),
        Http2Message("a line end in a value",
                     start + [("x-a", "a\r\n" + "\r\n".join(f"{n}: {v}" for n, v in lines))]),
        Http2Message("a line feed in a value", start + [("x-a", "a\nx-forwarded-prefix: /evil")]),
        Http2Message("a line end in a name", start + [("x-a: a\r\nx-forwarded-prefix", "/evil")]),
        Http2Message("a header in the path",
                     [*start[:3], (":path", f"{path} HTTP/1.1\r\nX-Forwarded-Prefix: /evil\r\nX-A: ")]),
        Http2Message("a header in :authority",
                     [*start[:2], (":authority", f"{authority}\r\nX-Forwarded-Prefix: /evil"), start[3]]),
        Http2Message("a header in :method", [(":method", f"GET {path} HTTP/1.1\r\nX-Forwarded-Prefix: /evil\r\nX-A:"),
                                             *start[1:]]),
        Http2Message("bytes above 127", start + [("x-a", "\xff\x80")] + [(n, v + "\xff") for n, v in lines]),
        Http2Message("a zero byte", start + [(n, v + "\0") for n, v in lines]),
        Http2Message("trailers", post, b"abc", lines),
        Http2Message("trailers and an end", post, b"abc", lines + [("x-end", "1")]),
        Http2Message("a length and chunks", post + [("content-length", "3"), ("transfer-encoding", "chunked")] +
                     lines, b"abc"),
        Http2Message("a request in a body", post + [("content-length", str(len(hidden)))], hidden.encode()),
        Http2Message("a body longer than told", post + [("content-length", "3")], b"abc" + hidden.encode()),
        Http2Message("CONNECT", [(":method", "CONNECT"), (":authority", authority)], hidden.encode()),
        Http2Message("CONNECT with all", [(":method", "CONNECT"), *start[1:]], hidden.encode()),
        *(Http2Message(f"extended CONNECT: {protocol}",
                       [(":method", "CONNECT"), (":protocol", protocol), *start[1:]], hidden.encode())
          for protocol in ("websocket", "h2c", "connect-udp")),
    ]


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Each character a byte; h2 would make two of some."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class Connection:
    """Speaks HTTP/2 over a socket. Nothing that is sent is checked, as a client of ill will would."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            header_encoding="latin-1", validate_outbound_headers=False, normalize_outbound_headers=False,
            validate_inbound_headers=False, normalize_inbound_headers=False))
        self.h2.initiate_connection()
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def ask(self, message: Http2Message) -> tuple[int, str]:
        """The status, 0 if the stream or the connection was given up, and the text of the response."""
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, encoded(message.headers), end_stream=not message.body)
        if message.body:
            self.h2.send_data(stream, message.body, end_stream=not message.trailers)
        if message.trailers:
            self.h2.send_headers(stream, encoded(message.trailers), end_stream=True)
        self.flush()
        status, text = 0, b""
        while True:
            data = self.socket.recv(65536)
            if not data:
                return status, text.decode("latin-1")
            for event in self.h2.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
                    status = int(dict(event.headers)[":status"])
                elif isinstance(event, h2.events.DataReceived):
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    text += event.data
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    self.flush()
                    return status, text.decode("latin-1")
                elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    return status, text.decode("latin-1")
            self.flush()
