#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""accepting_server.py [--forwarded] [--x-for N]...: an origin that answers every method with 200, any Upgrade with 101,
and keeps its connections. Of X-Forwarded-For or Forwarded it takes the N-th
value from the right. It takes the other options of examples/serve.cpp, too, and ignores them; it prints its URL. A proxy that makes a tunnel of
a request passes on what follows as the client wrote it: then this server sees a forged address, whether or not
the client gets an answer. GET /seen tells what addresses it saw since it was asked last."""
from __future__ import annotations

import http.server
import socketserver
import sys
from collections.abc import Callable

seen: list[str] = []
FIELD = "Forwarded" if "--forwarded" in sys.argv else "X-Forwarded-For"
COUNT = int(sys.argv[sys.argv.index("--x-for") + 1]) if "--x-for" in sys.argv else 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name: str) -> Callable[[], None]:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self.answer

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        values = ",".join(self.headers.get_all(FIELD, [""])).split(",")
        address = values[-COUNT].split(";")[0].strip().removeprefix("for=") if COUNT <= len(values) else ""
        text = f"remote_addr: {address}\n" + "".join(
            f"received: {name}: {value}\n" for name, value in self.headers.items())
        if self.path == "/seen":
            text = " ".join(seen)
            seen.clear()
        else:
            seen.append(address or "none")
        if "Upgrade" in self.headers:
            self.send_response(101)
            self.send_header("Upgrade", self.headers["Upgrade"])
            self.send_header("Connection", "Upgrade")
            text = ""
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode("latin-1"))
        self.close_connection = False  # whatever Connection says

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's asks DNS for a name
        self.server_name, self.server_port = self.server_address[:2]


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
