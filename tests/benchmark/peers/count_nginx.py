# SPDX-License-Identifier: MIT
"""Counts the instructions that nginx's module realip adds to a request, under callgrind.

One nginx, as one process, listens on several ports: without realip, and with it in several ways. Every
case is sent to each of them over a connection of its own. Callgrind dumps the count whenever a
connection is accepted, so each dump is about the connection before. What a port with realip needs more
than the one without is net of all else that nginx does.
"""
from __future__ import annotations

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

Case = dict[str, Any]

# As in instructions.py: of the C library, the functions that every x86-64 has.
BASELINE = "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-SSE4_1,-SSE4_2,-SSSE3,-BMI2"
PEER = "127.0.0.1"
PATIENCE = 300.0  # seconds until nginx must listen, or answer
LAST, RECURSIVE = "nginx realip, last value", "nginx realip, recursive"

# Its clock is not asked at every event, since that would be counted; a header may have a megabyte.
CONFIGURATION = """
daemon off; master_process off; pid {work}/pid; timer_resolution 1000s; events {{}}
http {{
    access_log off; lingering_close off; keepalive_requests 1000000; client_header_buffer_size 2m;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    {servers}
}}
"""
SERVER = """
    server {{
        listen {peer}:{port}; {realip}
        location / {{ return 204; }}
        location = /check {{ return 200 "$remote_addr"; }}
    }}
"""


def missing() -> list[str]:
    os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/local/sbin:/usr/sbin:/sbin"
    return [program for program in ("nginx", "valgrind") if not shutil.which(program)]


def version() -> str:
    shown = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr
    return shown.strip().rpartition("/")[2]


def realip(networks: list[str], recursive: bool) -> str:
    return "".join(f"set_real_ip_from {network}; " for network in [PEER, *networks]) + \
        f"real_ip_header X-Forwarded-For; real_ip_recursive {'on' if recursive else 'off'};"


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((PEER, 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def running(servers: str, port: int, work: pathlib.Path) -> Iterator[None]:
    """nginx under callgrind. Once it listens, one connection has been made."""
    (work / "nginx.conf").write_text(CONFIGURATION.format(work=work, servers=servers))
    log = work / "nginx.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "--dump-before=accept4", f"--callgrind-out-file={work}/dump",
             "nginx", "-e", "stderr", "-p", work, "-c", work / "nginx.conf"],
            env=dict(os.environ, GLIBC_TUNABLES=BASELINE), stdin=subprocess.DEVNULL, stdout=errors,
            stderr=errors)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((PEER, port)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"nginx does not listen\n{log.read_text()}") from None
                time.sleep(0.05)
        yield
    finally:
        # Whatever it counted is written. Of a polite signal that comes just before it waits for the next
        # event, nginx would take notice only after that.
        process.kill()
        process.wait()


def ask(port: int, path: str, case: Case) -> list[str]:
    """The bodies of the answers to the requests of a case, all of which one connection carries."""
    bodies = []
    with socket.create_connection((PEER, port), timeout=PATIENCE) as connection, connection.makefile("rb") as answers:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for left, request in reversed(list(enumerate(reversed(case["requests"])))):
            lines = [f"{name}: {'close' if left == 0 and name.lower() == 'connection' else value}"
                     for name, value in request["headers"]]
            connection.sendall("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode())
            head = b"".join(iter(answers.readline, b"\r\n")).decode()
            assert re.match(r"HTTP/1.1 20[04] ", head), f"{case['name']}: {head}"
            length = re.search(r"Content-Length: (\d+)", head)
            bodies.append(answers.read(int(length[1]) if length else 0).decode())
        assert answers.read() == b"", "nginx closes the connection, so that it is done with it"
    return bodies


def check(port: int, case: Case) -> None:
    """nginx finds the same clients as this library."""
    for request, client in zip(case["requests"], ask(port, "/check", case)):
        assert request["client"] in (client, None), f"{case['name']}: {client}, not {request['client']}"


def totals(work: pathlib.Path) -> list[int]:
    """Instructions between one accepted connection and the next."""
    dumps = sorted(work.glob("dump.*"), key=lambda dump: int(dump.suffix[1:]))
    found = [re.search(r"^totals: (\d+)$", dump.read_text(), re.MULTILINE) for dump in dumps]
    return [int(total[1]) for total in found if total]


def count(cases: list[Case], work: pathlib.Path) -> tuple[dict[str, dict[str, float]], float]:
    """By way of realip and case, net instructions per request; and those that nginx needs without it
    for a request of the first case."""
    work.mkdir()
    ways = {"": ""}  # how a port is set up
    wanted: list[tuple[str, str, Case]] = []  # what is counted, on which of them
    for case in cases:
        wanted.append(("", "", case))
        ways[(on := f"on, {len(case['networks'])}")] = realip(case["networks"], True)
        wanted.append((RECURSIVE, on, case))
        if case["counts"] and case["counts"]["x_for"] == 1:
            ways["off"] = realip([], False)
            wanted.append((LAST, "off", case))
    ports = dict(zip(ways, free_ports(len(ways))))
    servers = "".join(SERVER.format(peer=PEER, port=ports[way], realip=ways[way]) for way in ways)
    with running(servers, ports[""], work):
        for what, way, case in wanted:
            if what:
                check(ports[way], case)
            ask(ports[way], "/catalogue", case)
        ask(ports[""], "/catalogue", cases[0])  # when this connection is accepted, the last case is dumped
    checks = sum(bool(what) for what, _, _ in wanted)
    found = totals(work)
    assert len(found) == 3 + checks + len(wanted) - 1, f"{len(found)} connections were accepted"
    following = iter(found[2:])  # behind the start, and the first connection
    counts: dict[str, dict[str, float]] = {"": {}, LAST: {}, RECURSIVE: {}}
    for what, _, case in wanted:
        if what:
            next(following)
        counts[what][case["name"]] = next(following) / len(case["requests"])
    without = counts.pop("")
    net = {what: {name: ir - without[name] for name, ir in by_case.items()} for what, by_case in counts.items()}
    return net, without[cases[0]["name"]]
