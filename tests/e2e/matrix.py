#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""matrix.py --server NAME=PATH ... : puts each server behind real proxies, in the configurations
of sites/, and asks it as honest and as spoofing clients. The application must see the client each
time.

A server takes the options of examples/serve.cpp and answers like it; on a unix-domain socket, it
takes --unix PATH instead of --port. Each cell of the matrix counts requests:

    ok      the application sees the client's address, and its scheme, host, port, prefix and path
    4xx     refused, which is right for what is malformed or excessive; of CONNECT and HTTP/2 by 501, too
    closed  the client made headers of the proxies get lost: the values are those without them, and
            none is the client's; or the connection was closed, or the proxy found that the server did so
    h2c     the proxy itself went on in HTTP/2
    FAIL    anything else; details follow the matrix

Exit status: 0 no FAIL, and the control is fooled; 1 not; 77 a program is missing (1 where CI is
set).
"""
from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import signal
import sys
import time
from collections.abc import Callable, Iterator

import http2
import proxies
from clients import (CLIENT, CLIENT_V6, CLOSABLE, KINDS, ONCE, REFUSABLE, SCENARIOS, SILENCE, SILENT, SITE, Client,
                     Message, Reply, Scenario, forged, hiding, openings, request)
from proxies import (APACHE, APACHE_FASTCGI, CADDY, CADDY_FASTCGI, H2O, H2O_FASTCGI, HAPROXY,
                     HAPROXY_FORWARDED, HAPROXY_INNER, LIGHTTPD, LIGHTTPD_FASTCGI, NGHTTPX, NGINX,
                     NGINX_FASTCGI, NGINX_FORWARDED, NGINX_INNER, SQUID, TRAFFIC_SERVER, VARNISH, GivenUp,
                     Hop, Listener, Stage)

SHOWN = 12   # failures shown in detail
SILENCES = 3  # requests without a response, after which a row is given up
GIVEN_UP = (GivenUp, OSError, AssertionError, KeyError)
BYPASSES = ("past all", "past outer")
BYPASS_KINDS = ("forges", "lines", "quotes", "names_")
CONTROLLED = ("honest", "forges", "lines")
FIELDS = ("remote_addr", "url_scheme", "http_host", "server_name", "server_port", "script_name",
          "path_info")
OUTCOMES = ("x_for", "x_proto", "x_host", "x_port", "x_prefix")
FORGED = ("6.6.6.6", "7.7.7.7", "8.8.8.8", "evil", "wss", '"', "%")


@dataclasses.dataclass(frozen=True)
class Topology:
    """Proxies before a server, the outermost first, and how the last one reaches the server."""
    hops: tuple[Hop, ...]
    way: str = "TCP"  # or unix, FastCGI
    by_count: bool = False  # any peer is trusted

    @property
    def name(self) -> str:
        return " > ".join(hop.program.removesuffix("2") for hop in self.hops) + \
            {"TCP": "", "unix": " > unix socket", "FastCGI": " > FastCGI"}[self.way] + " by count" * self.by_count

    @property
    def appending(self) -> list[Hop]:
        """The proxies that count."""
        return list(self.hops[:-1] if self.way == "FastCGI" else self.hops)

    @property
    def options(self) -> list[str]:
        """The trust that fits, as options of the server."""
        hops = self.appending
        if not hops:
            return []
        addresses = "unix:" if self.way == "unix" else ", ".join(hop.source for hop in hops)
        counts = [word for name in hops[0].sets[1:] for word in (f"--{name}", "1")]
        trust = [] if self.by_count else ["--proxies", addresses]
        return ["--forwarded"] * hops[0].is_forwarded + [f"--{hops[0].sets[0]}", str(len(hops)), *counts, *trust]

    def lacks(self, what: str) -> bool:
        """Has one of the proxies nothing for it?"""
        return any(what in hop.lacks for hop in self.hops)

    def has(self, scenario: Scenario) -> bool:
        """Has every proxy what this scenario takes?"""
        takes = {"tls": scenario.tls, "ipv6": scenario.ipv6, "prefix": scenario.prefix,
                 "http10": scenario.http10, "upgrade": scenario.upgrade}
        return not any(takes[what] and self.lacks(what) for what in takes)


TOPOLOGIES = [
    Topology((NGINX,)), Topology((HAPROXY,)), Topology((APACHE,)), Topology((CADDY,)),
    Topology((HAPROXY, NGINX_INNER)), Topology((NGINX, HAPROXY_INNER)),
    Topology((HAPROXY, HAPROXY_INNER)), Topology((APACHE, NGINX_INNER)),
    Topology((CADDY, NGINX_INNER)),
]
# HAProxy passes on the most of what clients send, and without a list of proxies the least is found wrong.
SEARCHED = Topology((HAPROXY,))
BY_COUNT = Topology((NGINX, HAPROXY_INNER), by_count=True)
FEW = ("http", "prefix over TLS", "WebSocket")
# Behind these, the first server only: it shows what the proxy does.
MORE = [Topology((hop,)) for hop in (VARNISH, SQUID, LIGHTTPD, NGHTTPX, H2O, TRAFFIC_SERVER, NGINX_FORWARDED,
                                     HAPROXY_FORWARDED)]
UNIX = Topology((NGINX,), "unix")
FASTCGI = [Topology((*outer, hop), "FastCGI") for outer in ((), (HAPROXY,)) for hop in
           (NGINX_FASTCGI, APACHE_FASTCGI, CADDY_FASTCGI, LIGHTTPD_FASTCGI, H2O_FASTCGI)]
TUNNELS = [*(Topology((hop,)) for hop in (NGINX, HAPROXY, APACHE, CADDY)), *MORE,
           Topology((NGINX, HAPROXY_INNER)), Topology((HAPROXY, HAPROXY_INNER))]

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
    view: Expected = {
        "remote_addr": (CLIENT_V6 if scenario.ipv6 else CLIENT,), "url_scheme": (scenario.scheme,),
        "http_host": (f"{SITE}:{port}",), "server_name": (SITE,), "server_port": (str(port),),
        "script_name": (scenario.prefix,), "path_info": (message.path,)}
    sets = topology.hops[0].sets
    if not topology.appending or "x-host" not in sets or "x-port" not in sets:
        # The Host field, which nobody rewrites for FastCGI; nginx 1.30 fills in the server's name.
        view["http_host"] = ("", SITE) if scenario.http10 else (message.host.format(port=port),)
    if "x-proto" not in sets and topology.appending:
        view["url_scheme"] = ("http",)
    if "x-host" not in sets:  # the server's own
        del view["server_name"], view["server_port"]
        if message.host == "":
            del view["http_host"]
    elif topology.appending and "x-port" not in sets:
        if ":" in message.host and not scenario.http10:
            view["server_port"] = (message.host.format(port=port).rpartition(":")[2],)
        else:
            del view["server_port"]  # the server's own
    return view


def verdict(kind: str, reply: Reply, expected: Expected, hops: tuple[Hop, ...]) -> tuple[str, str]:
    """ok, 4xx, closed or FAIL; and what is wrong."""
    if kind == "Upgrade" and reply.status == 101 and hops[0].speaks_h2c:
        return "h2c", ""
    if kind == "CONNECT" and reply.text != SILENT and (reply.status == 0 or 400 <= reply.status <= 501):
        return "4xx" if reply.status else "closed", ""
    if kind == "CONNECT":
        return "FAIL", f"status {reply.status}"
    if kind in REFUSABLE and 400 <= reply.status < 500:
        return "4xx", ""
    if kind in ("absolute", "chunked", "limits", "bytes") and reply.status in (502, 503):
        return "closed", ""  # civetweb does, or POCO, which leaves the end of a chunked body unread
    if reply.status != 200:
        return "FAIL", f"status {reply.status}"
    view = view_of(reply)
    if view.get("remote_addr") in (CLIENT, CLIENT_V6):
        expected = expected | {"remote_port": ("0", str(reply.client_port))}
    wrong = {name: view.get(name) for name in expected if view.get(name) not in expected[name]}
    if kind == "Upgrade" and "filter" not in hops[0].lacks:
        passed = [line for line in reply.text.splitlines() if line.lower().startswith("received: upgrade:")]
        if any(line.partition(":")[2].partition(":")[2].strip().lower() != "websocket" for line in passed):
            return "FAIL", f"the proxies pass on {', '.join(passed)}"
    if kind == "hosts" and "evil" not in view["http_host"] + view["server_name"] and view["server_port"] != "1":
        # The host is the client's choice.
        wrong = {name: wrong[name] for name in ("remote_addr", "url_scheme", "script_name") if name in wrong}
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

    def __init__(self, name: str) -> None:
        self.name = name
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
        if self.silences == SILENCES:
            raise GivenUp(f"{SILENCES} requests got no response")

    def cell(self, kind: str) -> str:
        counts = self.cells.get(kind)
        if not counts:
            return "-"
        return "/".join(f"{outcome} {number}" for outcome, number in sorted(counts.items()))


class Matrix:
    """Runs rows and prints them."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.client = stage, Client(str(stage.certificate))
        self.failures: list[str] = []
        self.columns: tuple[str, ...] = ()

    def print_heading(self, title: str, *columns: str) -> None:
        self.columns = columns
        print(f"\n{title:44}  {'  '.join(f'{kind:12}' for kind in columns)}".rstrip(), flush=True)

    def print_row(self, row: Row) -> None:
        cells = "  ".join(f"{row.cell(kind):12}" for kind in self.columns)
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

    @contextlib.contextmanager
    def row(self, name: str, column: str) -> Iterator[Row]:
        """A row to fill. At the end what was started for it is ended, and it is printed. That it was given up is a
        failure in `column`."""
        row = Row(name)
        try:
            yield row
            row.failures += [f"{row.name}: {fault}" for fault in self.stage.faults()]
        except GIVEN_UP as error:
            row.add(column, "FAIL")
            row.failures.append(f"{row.name}: given up: {error}")
        finally:
            self.stage.stop()
        self.print_row(row)
        self.failures += row.failures

    def run(self, topology: Topology, name: str, program: str, scenarios: list[Scenario],
            in_full: bool = True) -> None:
        with self.row(f"{topology.name}, {name}", "honest") as row:
            listeners = self.start(topology, program, topology.options)
            for kind in KINDS:
                if kind in ONCE and not in_full or topology.lacks(kind):
                    continue
                # FastCGI knows no 101, and some servers' handlers get no request for a WebSocket.
                if kind == "Upgrade" and (topology.way == "FastCGI" or not any(one.upgrade for one in scenarios)):
                    continue
                for scenario in [SCENARIOS[0]] if kind in ONCE else filter(topology.has, scenarios):
                    self.ask_as(row, kind, scenario, topology, listeners[0])
            if "http2" not in topology.hops[0].lacks:
                self.ask_http2(row, topology, listeners[0])
            if topology.way == "TCP" and not topology.by_count:
                self.bypass(row, "past all", topology, listeners[-1], "peer_not_trusted")
            if len(topology.hops) > 1 and not topology.by_count:
                inner_counts = topology.way == "TCP"
                self.bypass(row, "past outer", topology, listeners[1],
                            "hop_not_trusted" if inner_counts else "peer_not_trusted")

    def ask_as(self, row: Row, kind: str, scenario: Scenario, topology: Topology,
               listener: Listener) -> None:
        port = listener.tls_port if scenario.tls else listener.port
        for message in KINDS[kind](scenario.forged_scheme):
            data = request(scenario, message, port)
            reply = self.client.ask(listener, scenario, data)
            expected = expected_view(topology, scenario, message, listener)
            outcome, why = verdict(kind, reply, expected, topology.hops)
            row.add(kind, outcome)
            if outcome == "FAIL":
                row.fail(kind, scenario, why, data, reply)

    def ask_http2(self, row: Row, topology: Topology, listener: Listener) -> None:
        scenario = SCENARIOS[1]
        for message in http2.messages(f"{SITE}:{listener.tls_port}", scenario.scheme, "/path?q=1"):
            if message.name == "another :scheme" and topology.lacks("absolute"):
                continue
            reply = self.client.ask_http2(listener, message)
            # 502: the proxy found that the application's answer is none to this.
            if message.is_odd and reply.text != SILENT and (reply.status == 0 or 400 <= reply.status <= 502):
                row.add("HTTP/2", "4xx" if reply.status else "closed")
                continue
            expected = expected_view(topology, scenario, Message(), listener)
            if not topology.appending and any(name == "host" for name, _ in message.headers):
                del expected["http_host"]  # the client's choice
            if message.name.endswith(":scheme") and topology.lacks("scheme"):
                del expected["url_scheme"]
            kind = "chunked" if message.trailers else message.kind
            outcome, why = verdict(kind, reply, expected, topology.hops)
            row.add("HTTP/2", outcome)
            if outcome == "FAIL":
                row.fail("HTTP/2", dataclasses.replace(scenario, name=message.name), why,
                         "\r\n".join(map(": ".join, message.headers)).encode("latin-1"), reply)

    def bypass(self, row: Row, column: str, topology: Topology, listener: Listener,
               reason: str) -> None:
        """Asks behind the outer proxies. The client must be seen, and nothing else be trusted:
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
        for kind in BYPASS_KINDS:
            for message in KINDS[kind]("https"):
                message = dataclasses.replace(message, host=Message.host)
                data = request(scenario, message, listener.port)
                reply = self.client.ask(listener, scenario, data)
                outcome, why = verdict(column, reply, unchanged, ())
                view = view_of(reply)
                for name in OUTCOMES[reason == "hop_not_trusted":]:
                    unasked = name.replace("_", "-") not in topology.hops[0].sets
                    if outcome == "ok" and view.get(name) not in (
                            reason, "absent", *["not_configured"] * unasked):
                        outcome, why = "FAIL", f"{name} is {view.get(name)!r}, not {reason!r}"
                row.add(column, outcome)
                if outcome == "FAIL":
                    row.fail(f"{column}, {kind}", scenario, why, data, reply)

    def open_tunnels(self, topology: Topology, program: str) -> None:
        """Asks a server that accepts every method to open a tunnel, and forges in it."""
        with self.row(f"{topology.name}, accepting", "tunnel") as row:
            outer, *_, server = self.start(topology, program, topology.options)

            def seen() -> list[str]:
                told = self.client.ask(server, SCENARIOS[0], b"GET /seen HTTP/1.0\r\n\r\n")
                if told.status != 200:
                    raise GivenUp(told.text)
                return told.text.split()
            self.client.ask(outer, SCENARIOS[0], request(SCENARIOS[0], Message(), outer.port))
            if CLIENT not in (addresses := seen()):
                raise GivenUp(f"of an honest request the server sees {addresses}")
            forging = request(SCENARIOS[0], Message(forged("https", "6.6.6.6, 6.6.6.6")), outer.port)
            asked: list[tuple[str, Callable[[], object]]] = []
            for opening in openings(outer.port):
                asked += [(f"{opening!r}{', at once' * at_once}", lambda o=opening, a=at_once:
                           self.client.open_tunnel(outer, o, forging, a)) for at_once in (False, True)]
            if "http2" not in topology.hops[0].lacks:
                for message in http2.messages(f"{SITE}:{outer.tls_port}", "https", "/path"):
                    asked.append((f"HTTP/2, {message.name}",
                                  lambda m=message: self.client.ask_http2(outer, m, SILENCE)))
            asked.append(("a while", lambda: time.sleep(SILENCE)))
            for what, ask in asked:
                ask()
                addresses = seen()
                row.add("tunnel", "FAIL" if "6.6.6.6" in addresses else "ok" if addresses else "closed")
                if "6.6.6.6" in addresses and not topology.lacks("filter"):
                    row.failures.append(f"{row.name}, tunnel: after {what} the server sees {addresses}")
            if topology.lacks("filter") and "FAIL" not in row.cells["tunnel"]:
                row.failures.append(f"{row.name}: a tunnel goes unnoticed, which this proxy opens")

    def hide_requests(self, name: str, program: str) -> None:
        """Sends requests in the bodies of others, straight to a server, and CONNECT. None may be served."""
        with self.row(f"{name} alone", "hidden") as row:
            listener = self.stage.start_server(program, [])
            honest = self.client.ask(listener, SCENARIOS[0], request(SCENARIOS[0], Message(), listener.port))
            if honest.status != 200:
                raise GivenUp(f"an honest request is answered with {honest.status}")
            for what, head, body in hiding():
                try:
                    answers = self.client.ask_slowly(listener, head, body)
                except TimeoutError:
                    row.add("hidden", "FAIL")
                    row.failures.append(f"{row.name}: neither an answer nor an end: {what}")
                    continue
                is_answered = b"/hidden" in answers or b"6.6.6.6" in answers
                row.add("hidden", "FAIL" if is_answered else "ok")
                if is_answered:
                    row.failures.append(f"{row.name}: a request in the body of another is answered: {what}")
            for message in KINDS["CONNECT"]("https"):
                reply = self.client.ask(listener, SCENARIOS[0], request(SCENARIOS[0], message, listener.port))
                outcome, why = verdict("CONNECT", reply, {}, ())
                row.add("CONNECT", outcome)
                if why:
                    row.failures.append(f"{row.name}: CONNECT {message.target}: {why}")

    def run_control(self, topology: Topology, program: str) -> None:
        """Asks the server that trusts the leftmost X-Forwarded-For. Looks at the address only: it
        must be right for the honest client, and wrong for a spoofing one."""
        with self.row(f"{topology.name}, control", "honest") as row:
            listener = self.start(topology, program, topology.options)[0]
            for kind in CONTROLLED:
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


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--server", metavar="NAME=PATH", nargs="+", action="extend", default=[])
    parser.add_argument("--unix", metavar="NAME", nargs="+", action="extend", default=[],
                        help="servers that take --unix PATH too")
    parser.add_argument("--no-websocket", metavar="NAME", nargs="+", action="extend", default=[],
                        help="servers whose handler gets no WebSocket request")
    parser.add_argument("--fastcgi", metavar="PATH", help="a FastCGI server that takes --unix PATH")
    parser.add_argument("--control", metavar="PATH", help="a server that trusts spoofs")
    parser.add_argument("--part", choices=[*PARTS], help="of it: the servers behind the proxies that most have; other"
                        " proxies, and FastCGI; tunnels, and requests hidden in others")
    parser.add_argument("--sites", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent / "sites")
    arguments = parser.parse_args()
    if any("=" not in server for server in arguments.server):
        parser.error("--server needs NAME=PATH")
    arguments.servers = dict(server.split("=", 1) for server in arguments.server)
    if unknown := {*arguments.unix, *arguments.no_websocket} - set(arguments.servers):
        parser.error(f"not a --server: {', '.join(unknown)}")
    return arguments


def there(topologies: list[Topology], absent: list[str]) -> list[Topology]:
    """Those that have none of the absent proxies."""
    return [one for one in topologies if not any(hop.program in absent for hop in one.hops)]


def run_servers(matrix: Matrix, arguments: argparse.Namespace, _: list[str]) -> None:
    """What a proxy does shows with the first server, and what a server does behind SEARCHED and BY_COUNT: there all
    is asked. Behind the other proxies that stand alone each server is asked in few scenarios, and as the kinds in ONCE
    not at all."""
    matrix.print_heading("the client is seen", *KINDS, "HTTP/2", *BYPASSES)
    for topology in TOPOLOGIES:
        for i, (name, program) in enumerate(arguments.servers.items()):
            in_full = i == 0 or topology == SEARCHED
            if in_full or len(topology.hops) == 1:
                matrix.run(topology, name, program, [
                    scenario for scenario in SCENARIOS if (in_full or scenario.name in FEW)
                    and not (scenario.upgrade and name in arguments.no_websocket)], in_full)
    for name, program in arguments.servers.items():
        matrix.run(BY_COUNT, name, program, SCENARIOS[:1])
    for name in arguments.unix:
        matrix.run(UNIX, name, arguments.servers[name], SCENARIOS, in_full=False)
    if arguments.control:
        matrix.print_heading("without ProxyFix: a spoof must FAIL", *CONTROLLED)
        for topology in TOPOLOGIES:
            if topology.hops[0] in (NGINX, APACHE):  # which append to the client's list
                matrix.run_control(topology, arguments.control)


def run_proxies(matrix: Matrix, arguments: argparse.Namespace, absent: list[str]) -> None:
    """Other proxies before the first server, and web servers before FastCGI."""
    matrix.print_heading("the client is seen", *KINDS, "HTTP/2", *BYPASSES)
    for topology in there(MORE, absent):
        name, program = next(iter(arguments.servers.items()))
        matrix.run(topology, name, program, SCENARIOS)
    for topology in there(FASTCGI, absent) if arguments.fastcgi else []:
        matrix.run(topology, "fastcgi", arguments.fastcgi, SCENARIOS)


def run_tunnels(matrix: Matrix, arguments: argparse.Namespace, absent: list[str]) -> None:
    """Each proxy before a server that accepts all, and each server alone."""
    matrix.print_heading("no tunnel, and no request hidden in another", "tunnel", "hidden", "CONNECT")
    for topology in there(TUNNELS, absent):
        matrix.open_tunnels(topology, str(pathlib.Path(__file__).with_name("accepting_server.py")))
    for name, program in arguments.servers.items():
        matrix.hide_requests(name, program)


PARTS = {"servers": run_servers, "proxies": run_proxies, "tunnels": run_tunnels}


def main() -> int:
    arguments = parse_arguments()
    programs = ["nginx", "haproxy", "apache2", "caddy"]
    if missing := proxies.missing([*programs, "openssl", "timeout"],
                                  ["::1", *(f"127.0.0.{i}" for i in range(1, 14))]):
        print("skipped, as this machine does not have:", *missing)
        return 1 if os.environ.get("CI") else 77
    # Not every Debian has these.
    more = ["varnishd", "squid", "lighttpd", "nghttpx", "h2o", "traffic_server"]
    absent = proxies.missing(more, [])
    if absent:
        print("without these, which this machine does not have:", *absent)
        if os.environ.get("CI"):
            return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    versions = [proxies.version(program) for program in programs + more if program not in absent]

    start = time.monotonic()
    with Stage(arguments.sites) as stage:
        matrix = Matrix(stage)
        for part in [arguments.part] if arguments.part else PARTS:
            PARTS[part](matrix, arguments, absent)
    print(f"\n{matrix.client.sent} requests through {', '.join(versions)} "
          f"in {time.monotonic() - start:.0f} s; {len(matrix.failures)} failures")
    for failure in matrix.failures[:SHOWN]:
        print("\n" + failure)
    if len(matrix.failures) > SHOWN:
        print(f"... and {len(matrix.failures) - SHOWN} more")
    return 1 if matrix.failures else 0


if __name__ == "__main__":
    sys.exit(main())
