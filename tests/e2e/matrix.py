#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""matrix.py --server NAME=PATH ... : puts each server behind real proxies, in the configurations
of sites/, and asks it as honest and as spoofing clients. The application must see the client each
time.

A server takes the options of examples/serve.cpp and answers like it; on a unix-domain socket, it
takes --unix PATH instead of --port. Each cell of the matrix counts requests:

    ok      the application sees the client's address, and its scheme, host, port, prefix and path
    4xx     refused, which is right for what is malformed or excessive
    closed  the client made headers of the proxies get lost: the values are those without them, and
            none is the client's
    lost    the framework loses the order of the proxies' lines, so they are rejected: the values
            are those without them
    FAIL    anything else; details follow the matrix

Exit status: 0 no FAIL, and the control is fooled; 1 not; 77 a program is missing (1 where CI is
set).
"""
from __future__ import annotations

import argparse
import collections
import dataclasses
import os
import pathlib
import signal
import sys
import time

import proxies
from clients import (CLIENT, CLIENT_V6, CLOSABLE, KINDS, REFUSABLE, SCENARIOS, SITE, Client,
                     Message, Reply, Scenario, forged, request)
from proxies import (APACHE, APACHE_FASTCGI, CADDY, HAPROXY, HAPROXY_INNER, NGINX, NGINX_FASTCGI,
                     NGINX_INNER, GivenUp, Hop, Listener, Stage)

SHOWN = 12   # failures shown in detail
SILENCES = 3  # requests without a response, after which a row is given up
BYPASSES = ("past all", "past outer")
BYPASS_KINDS = ("forges", "lines", "quotes", "names_")
FIELDS = ("remote_addr", "url_scheme", "http_host", "server_name", "server_port", "script_name",
          "path_info")
OUTCOMES = ("x_for", "x_proto", "x_host", "x_port", "x_prefix")
FORGED = ("6.6.6.6", "7.7.7.7", "8.8.8.8", "evil", "wss", '"', "%")


@dataclasses.dataclass(frozen=True)
class Topology:
    """Proxies before a server, the outermost first, and how the last one reaches the server."""
    hops: tuple[Hop, ...]
    way: str = "TCP"  # or unix, FastCGI

    @property
    def name(self) -> str:
        return " > ".join(hop.program.removesuffix("2") for hop in self.hops) + \
            {"TCP": "", "unix": " > unix socket", "FastCGI": " > FastCGI"}[self.way]

    @property
    def appending(self) -> list[Hop]:
        """The proxies that count."""
        return list(self.hops[:-1] if self.way == "FastCGI" else self.hops)

    @property
    def has_several_lines(self) -> bool:
        """Does the server get more than one line of X-Forwarded-For from honest clients?"""
        return self.way == "TCP" and self.hops[-1] == HAPROXY_INNER

    @property
    def options(self) -> list[str]:
        """The trust that fits, as options of the server."""
        hops = self.appending
        if not hops:
            return []
        addresses = "unix:" if self.way == "unix" else ", ".join(hop.source for hop in hops)
        return ["--x-for", str(len(hops)), "--x-proto", "1", "--x-host", "1", "--x-port", "1",
                "--x-prefix", "1", "--proxies", addresses]


TOPOLOGIES = [
    Topology((NGINX,)), Topology((HAPROXY,)), Topology((APACHE,)), Topology((CADDY,)),
    Topology((HAPROXY, NGINX_INNER)), Topology((NGINX, HAPROXY_INNER)),
    Topology((HAPROXY, HAPROXY_INNER)), Topology((APACHE, NGINX_INNER)),
    Topology((CADDY, NGINX_INNER)),
]
UNIX = Topology((NGINX,), "unix")
FASTCGI = [Topology((NGINX_FASTCGI,), "FastCGI"), Topology((APACHE_FASTCGI,), "FastCGI"),
           Topology((HAPROXY, NGINX_FASTCGI), "FastCGI"),
           Topology((HAPROXY, APACHE_FASTCGI), "FastCGI")]

View = dict[str, str]
Expected = dict[str, tuple[str, ...]]  # any of these values


def view_of(reply: Reply) -> View:
    """What the application says that it saw."""
    view: View = {}
    for line in reply.text.splitlines():
        name, _, value = line.partition(":")
        view.setdefault(name, value.strip())
    return view


def expected_view(topology: Topology, scenario: Scenario, message: Message,
                  listener: Listener) -> Expected:
    """What an application must see through the proxies."""
    port = listener.tls_port if scenario.tls else listener.port
    hosts: tuple[str, ...] = (f"{SITE}:{port}",)
    if not topology.appending:  # nobody rewrites the Host field for FastCGI
        hosts = (message.host.format(port=port),)
        if scenario.http10:
            hosts = ("", SITE)  # nginx 1.30 fills in the name of the server
    return {"remote_addr": (CLIENT_V6 if scenario.ipv6 else CLIENT,), "url_scheme": (scenario.scheme,),
            "http_host": hosts, "server_name": (SITE,), "server_port": (str(port),),
            "script_name": (scenario.prefix,), "path_info": ("/path",)}


def expected_without_order(topology: Topology, message: Message, port: int) -> Expected:
    """What an application must see where several lines arrive, and their order is lost."""
    return {"remote_addr": (topology.hops[-1].source,), "url_scheme": ("http",),
            "http_host": (SITE, message.host.format(port=port)), "script_name": ("",),
            "path_info": ("/path",), "x_for": ("unordered_lines",),
            **{name: ("hop_not_trusted",) for name in ("x_proto", "x_host", "x_port")}}


def verdict(kind: str, reply: Reply, expected: Expected, hops: tuple[Hop, ...]) -> tuple[str, str]:
    """ok, 4xx, closed or FAIL; and what is wrong."""
    if kind in REFUSABLE and 400 <= reply.status < 500:
        return "4xx", ""
    if kind in ("absolute", "chunked") and reply.status == 502:
        return "closed", ""  # civetweb does, or POCO, which leaves the end of a chunked body unread
    if reply.status != 200:
        return "FAIL", f"status {reply.status}"
    view = view_of(reply)
    if view.get("remote_addr") in (CLIENT, CLIENT_V6):
        expected = expected | {"remote_port": ("0", str(reply.client_port))}
    wrong = {name: view.get(name) for name in expected if view.get(name) not in expected[name]}
    if not wrong:
        return "ok", ""
    if kind in CLOSABLE and is_closed(wrong, hops):
        return "closed", ""
    return "FAIL", ", ".join(f"{name} is {value!r}, not {' or '.join(map(repr, expected[name]))}"
                             for name, value in wrong.items())


def is_closed(wrong: dict[str, str | None], hops: tuple[Hop, ...]) -> bool:
    """Are the wrong fields only the server's own, and nothing that a client chose?"""
    addresses = {hop.source for hop in hops}
    return (wrong.get("remote_addr", hops[0].source) in addresses and
            wrong.get("url_scheme", "http") == "http" and wrong.get("server_port") != "1" and
            not any(value is None or mark in value for value in wrong.values() for mark in FORGED))


class Row:
    """The cells of one topology and server."""

    def __init__(self, name: str, loses_order: bool = False) -> None:
        self.name = name
        self.loses_order = loses_order  # the framework does, of lines that the proxies send
        self.cells: dict[str, collections.Counter[str]] = {}
        self.failures: list[str] = []
        self.silences = 0

    def add(self, kind: str, outcome: str) -> None:
        self.cells.setdefault(kind, collections.Counter())[outcome] += 1

    def fail(self, kind: str, scenario: Scenario, why: str, data: bytes, reply: Reply) -> None:
        self.silences += reply.status == 0
        sent = "".join(f"      {line!r}\n" for line in data.split(b"\r\n") if line)
        seen = "".join(f"      {line}\n" for line in reply.text.splitlines())
        self.failures.append(f"{self.name}, {kind}, {scenario.name}: {why}\n   sent\n{sent}"
                             f"   answered with {reply.status}\n{seen}")

    def cell(self, kind: str) -> str:
        counts = self.cells.get(kind)
        if not counts:
            return "-"
        return "/".join(f"{outcome} {number}" for outcome, number in sorted(counts.items()))


class Matrix:
    """Runs rows and prints them."""
    columns = (*KINDS, *BYPASSES)
    widths = {kind: max(len(kind), 12) for kind in columns}

    def __init__(self, stage: Stage) -> None:
        self.stage, self.client = stage, Client(str(stage.certificate))
        self.failures: list[str] = []

    def print_heading(self, title: str) -> None:
        cells = "  ".join(f"{kind:{self.widths[kind]}}" for kind in self.columns)
        print(f"\n{title:44}  {cells}".rstrip(), flush=True)

    def print_row(self, row: Row) -> None:
        cells = "  ".join(f"{row.cell(kind):{self.widths[kind]}}" for kind in self.columns)
        print(f"{row.name:44}  {cells}".rstrip(), flush=True)

    def start(self, topology: Topology, program: str, options: list[str]) -> list[Listener]:
        """Starts the server and the proxies; where they listen, the outermost first."""
        stage, listeners = self.stage, []
        if topology.way == "TCP":
            listeners.append(stage.start_server(program, options))
            upstream: Listener | pathlib.Path = listeners[0]
        else:
            upstream = stage.start_on_socket(program, options)
        for hop in reversed(topology.hops):
            upstream = stage.start_proxy(hop, upstream)
            listeners.insert(0, upstream)
        return listeners

    def run(self, topology: Topology, name: str, program: str, scenarios: list[Scenario],
            loses_order: bool = False) -> None:
        row = Row(f"{topology.name}, {name}", loses_order and topology.has_several_lines)
        try:
            listeners = self.start(topology, program, topology.options)
            for kind in KINDS:
                for scenario in scenarios:
                    self.ask_as(row, kind, scenario, topology, listeners[0])
            if topology.way == "TCP":
                self.bypass(row, "past all", topology, listeners[-1], "peer_not_trusted")
                self.hide_request(row, listeners[-1])
            if len(topology.hops) > 1:
                inner_counts = topology.way == "TCP"
                self.bypass(row, "past outer", topology, listeners[1],
                            "hop_not_trusted" if inner_counts else "peer_not_trusted")
            row.failures += [f"{row.name}: {fault}" for fault in self.stage.faults()]
        except GivenUp as error:
            row.add("honest", "FAIL")
            row.failures.append(f"{row.name}: given up: {error}")
        finally:
            self.stage.stop()
        self.print_row(row)
        self.failures += row.failures

    def ask_as(self, row: Row, kind: str, scenario: Scenario, topology: Topology,
               listener: Listener) -> None:
        port = listener.tls_port if scenario.tls else listener.port
        for message in KINDS[kind](scenario.forged_scheme):
            data = request(scenario, message, port)
            reply = self.client.ask(listener, scenario, data)
            expected = expected_view(topology, scenario, message, listener)
            if row.loses_order:
                expected = expected_without_order(topology, message, port)
            outcome, why = verdict(kind, reply, expected, topology.hops)
            if row.loses_order and outcome == "ok":
                outcome = "lost"
            row.add(kind, outcome)
            if outcome == "FAIL":
                row.fail(kind, scenario, why, data, reply)
            if row.silences == SILENCES:
                raise GivenUp(f"{SILENCES} requests got no response")

    def bypass(self, row: Row, column: str, topology: Topology, listener: Listener,
               reason: str) -> None:
        """Asks behind the outer proxies. The client must be seen, and nothing else be believed:
        all must be as without forwarded headers."""
        scenario = SCENARIOS[0]
        plain = request(scenario, Message(), listener.port)
        reply = self.client.ask(listener, scenario, plain)
        unchanged: Expected = {name: (view_of(reply).get(name, ""),) for name in FIELDS}
        wanted: Expected = {"remote_addr": (CLIENT,), "url_scheme": ("http",), "script_name": ("",),
                            "http_host": (f"{SITE}:{listener.port}",), "path_info": ("/path",)}
        outcome, why = verdict(column, reply, unchanged | wanted, ())
        row.add(column, outcome)
        if outcome == "FAIL":
            row.fail(column, scenario, why, plain, reply)
        if row.loses_order and column == "past outer":  # of the client's lines and the proxy's
            unchanged["remote_addr"] = (CLIENT, topology.hops[-1].source)
        for kind in BYPASS_KINDS:
            for message in KINDS[kind]("https"):
                message = dataclasses.replace(message, host=Message.host)
                data = request(scenario, message, listener.port)
                reply = self.client.ask(listener, scenario, data)
                outcome, why = verdict(column, reply, unchanged, ())
                view = view_of(reply)
                for name in OUTCOMES[reason == "hop_not_trusted":]:
                    if outcome == "ok" and view.get(name) not in (reason, "absent"):
                        outcome, why = "FAIL", f"{name} is {view.get(name)!r}, not {reason!r}"
                row.add(column, outcome)
                if outcome == "FAIL":
                    row.fail(f"{column}, {kind}", scenario, why, data, reply)

    def hide_request(self, row: Row, listener: Listener) -> None:
        """Sends a request in the body of another. It must not be answered. (The first one may lose
        its answer if the server closes the connection before the body is read.)"""
        hidden = request(SCENARIOS[0], Message(forged("https")), listener.port)
        for method in ("GET", "POST"):
            head = (f"{method} /path HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {len(hidden)}"
                    "\r\n\r\n").encode()
            answers = self.client.ask_slowly(listener, head, hidden).count(b"HTTP/1.1 200 ")
            row.add("past all", "ok" if answers <= 1 else "FAIL")
            if answers > 1:
                row.failures.append(f"{row.name}: {method} with a request in its body got {answers} "
                                    "answers")

    def run_control(self, topology: Topology, program: str) -> None:
        """Asks the server that believes the leftmost X-Forwarded-For. Looks at the address only: it
        must be right for the honest client, and wrong for a spoofing one."""
        row = Row(f"{topology.name}, control")
        try:
            listener = self.start(topology, program, topology.options)[0]
            for kind in ("honest", "forges", "lines"):
                for scenario in SCENARIOS:
                    port = listener.tls_port if scenario.tls else listener.port
                    for message in KINDS[kind](scenario.forged_scheme):
                        data = request(scenario, message, port)
                        reply = self.client.ask(listener, scenario, data)
                        address = view_of(reply).get("remote_addr")
                        is_right = address == (CLIENT_V6 if scenario.ipv6 else CLIENT)
                        row.add(kind, "ok" if is_right else "FAIL")
                        if reply.status != 200 or is_right != (kind == "honest"):
                            row.fail(kind, scenario, f"the control sees {address!r}", data, reply)
        except GivenUp as error:
            row.failures.append(f"{row.name}: {error}")
        finally:
            self.stage.stop()
        self.print_row(row)
        self.failures += row.failures


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--server", metavar="NAME=PATH", nargs="+", action="extend", default=[])
    parser.add_argument("--unix", metavar="NAME", nargs="+", action="extend", default=[],
                        help="servers that take --unix PATH too")
    parser.add_argument("--unordered", metavar="NAME", nargs="+", action="extend", default=[],
                        help="servers whose framework loses the order of lines")
    parser.add_argument("--no-websocket", metavar="NAME", nargs="+", action="extend", default=[],
                        help="servers whose handler gets no WebSocket request")
    parser.add_argument("--fastcgi", metavar="PATH", help="a FastCGI server that takes --unix PATH")
    parser.add_argument("--control", metavar="PATH", help="a server that believes spoofs")
    parser.add_argument("--sites", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent / "sites")
    arguments = parser.parse_args()
    if any("=" not in server for server in arguments.server):
        parser.error("--server needs NAME=PATH")
    arguments.servers = dict(server.split("=", 1) for server in arguments.server)
    if unknown := {*arguments.unix, *arguments.unordered, *arguments.no_websocket} - set(arguments.servers):
        parser.error(f"not a --server: {', '.join(unknown)}")
    return arguments


def main() -> int:
    arguments = parse_arguments()
    programs = ["nginx", "haproxy", "apache2", "caddy"]
    if missing := proxies.missing([*programs, "openssl", "timeout"],
                                  ["::1", *(f"127.0.0.{i}" for i in (1, 2, 3, 4, 5, 6, 9))]):
        print("skipped, as this machine does not have:", *missing)
        return 1 if os.environ.get("CI") else 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    versions = [proxies.version(program) for program in programs]
    start = time.monotonic()
    with Stage(arguments.sites) as stage:
        matrix = Matrix(stage)
        matrix.print_heading("the client is seen")
        for topology in TOPOLOGIES:
            for name, program in arguments.servers.items():
                matrix.run(topology, name, program, [
                    scenario for scenario in SCENARIOS
                    if not (scenario.upgrade and name in arguments.no_websocket)],
                    loses_order=name in arguments.unordered)
        for name in arguments.unix:
            matrix.run(UNIX, name, arguments.servers[name], SCENARIOS)
        for topology in FASTCGI if arguments.fastcgi else []:
            matrix.run(topology, "fastcgi", arguments.fastcgi, SCENARIOS)
        if arguments.control:
            matrix.print_heading("without ProxyFix: a spoof must FAIL")
            for topology in TOPOLOGIES:
                if topology.hops[0] in (NGINX, APACHE):  # which append to the client's list
                    matrix.run_control(topology, arguments.control)
    print(f"\n{matrix.client.sent} requests through {', '.join(versions)} "
          f"in {time.monotonic() - start:.0f} s; {len(matrix.failures)} failures")
    for failure in matrix.failures[:SHOWN]:
        print("\n" + failure)
    if len(matrix.failures) > SHOWN:
        print(f"... and {len(matrix.failures) - SHOWN} more")
    return 1 if matrix.failures else 0


if __name__ == "__main__":
    sys.exit(main())
