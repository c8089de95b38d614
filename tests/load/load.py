#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts servers under wrk, directly and behind nginx, with ProxyFix and without. Each request comes
from a client of another address, and the server checks that it sees that one.

Fails if an answer was mixed up (its status is not 2xx), if a socket had an error, if a program ended
or ThreadSanitizer warned, or if there were too few requests with ProxyFix: 1,000 for each server and
path, and, unless --sanitized, 10,000 in all.

Exit status: 0 all is well, 1 not, 77 wrk or nginx is not installed (1 where CI is set).
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import pwd
import random
import re
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

START, STOP = 15.0, 5.0               # seconds until a program must listen, and have ended
WARM_UP = 1                           # seconds; wrk takes whole ones
LEAST, LEAST_IN_ALL = 1_000, 10_000   # requests with ProxyFix
HOPS = {"direct": 1, "nginx": 2}      # x_for: wrk is the outermost proxy
WRK = ["wrk", "--threads", "2", "--connections", "16", "--timeout", "2s",
       "--script", str(pathlib.Path(__file__).with_name("marker.lua"))]
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Failed(Exception):
    """A program did not do its work."""


@dataclasses.dataclass
class Tally:
    """What wrk counted."""
    requests: int = 0
    seconds: float = 0.0
    non_2xx: int = 0
    socket_errors: int = 0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


def total(tallies: list[Tally]) -> Tally:
    return Tally(*(sum(column) for column in zip(*map(dataclasses.astuple, tallies))))


def free_port() -> int:
    """One below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Stage:
    """A working directory, and the programs that run in it until the `with` block ends."""

    def __init__(self, outlive: int) -> None:
        self.outlive = str(outlive)  # seconds after which a program ends, should this one be killed
        self.running: dict[str, subprocess.Popen[str]] = {}  # by name; NAME.log is its log

    def __enter__(self) -> Stage:
        self.temporary = tempfile.TemporaryDirectory(prefix="proxyfix-load-")
        self.directory = pathlib.Path(self.temporary.name)
        return self

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            for process in reversed(self.running.values()):
                self.kill(process, signal.SIGTERM)
            deadline = time.monotonic() + STOP
            for process in self.running.values():
                try:
                    process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.kill(process, signal.SIGKILL)
                    process.wait(STOP)
                if process.stdout:
                    process.stdout.close()
        finally:
            self.temporary.cleanup()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    @staticmethod
    def kill(process: subprocess.Popen[str], number: signal.Signals) -> None:
        if process.poll() is None:
            os.killpg(process.pid, number)

    def start(self, name: str, command: list[str], **options) -> subprocess.Popen[str]:
        with open(self.directory / f"{name}.log", "w") as log:
            self.running[name] = subprocess.Popen(
                ["timeout", self.outlive, *command], stdin=subprocess.DEVNULL, stderr=log, text=True,
                start_new_session=True, **options)
        return self.running[name]

    def start_server(self, name: str, command: list[str]) -> int:
        """The port that the server chose: it prints its URL."""
        process = self.start(name, command, stdout=subprocess.PIPE)
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], START)
        found = re.search(r":(\d+)/?$", process.stdout.readline().strip() if ready else "")
        if not found:
            raise Failed(f"{name} printed no URL")
        return int(found.group(1))

    def start_nginx(self, program: str, upstreams: list[int]) -> list[int]:
        """The port of nginx before each of the upstreams."""
        d, user = self.directory / "nginx", {}
        d.mkdir()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(d, nobody.pw_uid, nobody.pw_gid)
            self.directory.chmod(0o711)
        temporary = " ".join(f"{kind}_temp_path {d}/{kind};" for kind in
                             ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        ports = [free_port() for _ in upstreams]
        sites = "".join(f"""
            upstream app{port} {{ server 127.0.0.1:{upstream}; keepalive 32; }}
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://app{port};
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                }}
            }}""" for port, upstream in zip(ports, upstreams))
        (d / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; pid {d}/pid; events {{}}
            http {{ access_log off; {temporary} {sites} }}""")
        process = self.start("nginx", [program, "-e", "stderr", "-p", str(d), "-c", f"{d}/nginx.conf"],
                             stdout=subprocess.DEVNULL, **user)
        deadline = time.monotonic() + START
        for port in ports:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        raise Failed("nginx does not listen") from None
                    time.sleep(0.02)
        return ports

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def faults(self) -> list[str]:
        ended = [f"{name} ended with status {process.returncode}"
                 for name, process in self.running.items() if process.poll() is not None]
        return ended + [f"ThreadSanitizer warned of {name}" for name in self.running
                        if "WARNING: ThreadSanitizer" in self.log(name)]

    def print_logs(self) -> None:
        for name in self.running:
            for line in self.log(name).splitlines()[:5 if name == "nginx" else 60]:
                print(f"  {name}: {line}")


def wrk(port: int, seconds: int) -> Tally:
    url = f"http://127.0.0.1:{port}/"
    ended = subprocess.run([*WRK, "--duration", f"{seconds}s", url], stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=seconds + 30)
    found = re.search(r"^\{.*\}$", ended.stdout, re.M)
    if ended.returncode != 0 or not found:
        raise Failed(f"wrk ended with status {ended.returncode}: {ended.stdout}{ended.stderr}")
    counts = json.loads(found.group())
    errors = sum(counts[kind] for kind in ("connect", "read", "write", "timeout"))
    return Tally(counts["requests"], counts["seconds"], counts["non_2xx"], errors)


def slices(seconds: int) -> list[int]:
    """Short ones, by turns with ProxyFix and without it: other load then slows both alike."""
    count = min(seconds, 10)
    return [seconds // count + (i < seconds % count) for i in range(count)]


def measure(program: str, path: str,
            options: argparse.Namespace) -> tuple[dict[str, list[Tally]], list[str]]:
    """What wrk counted in each slice with ProxyFix, without it, and to warm up; and what is wrong."""
    kinds = {"with": ["--hops", str(HOPS[path])]}
    if not options.sanitized:
        kinds["without"] = ["--without"]
    counted: dict[str, list[Tally]] = {"with": [], "without": [], "warm up": []}
    faults = []
    with Stage(3 * options.seconds + 120) as stage:
        try:
            ports = [stage.start_server(f"server-{kind}", [program, *kinds[kind]]) for kind in kinds]
            if path == "nginx":
                ports = stage.start_nginx(options.nginx, ports)
            turn = list(zip(kinds, ports))
            for _, port in turn:
                counted["warm up"].append(wrk(port, WARM_UP))
            for seconds in slices(options.seconds):
                for kind, port in turn:
                    counted[kind].append(wrk(port, seconds))
                turn.reverse()
        except (Failed, OSError, subprocess.TimeoutExpired) as error:
            faults.append(str(error).strip())
        everything = total(sum(counted.values(), []))
        if everything.non_2xx:
            faults.append("answers were mixed up (not 2xx)")
        if everything.socket_errors:
            faults.append("sockets had errors")
        if total(counted["with"]).requests < LEAST:
            faults.append(f"fewer than {LEAST} requests")
        faults += stage.faults()
        if faults:
            stage.print_logs()
    return counted, faults


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", action="append", required=True, metavar="NAME=PATH",
                        help="a load server; may be given again")
    parser.add_argument("--seconds", type=int, default=5, help="for each figure; 5 unless given")
    parser.add_argument("--sanitized", action="store_true", help="no run without ProxyFix")
    parser.add_argument("--nginx", default="nginx", metavar="PROGRAM")
    options = parser.parse_args(arguments)
    if options.seconds < 2 or not all("=" in server for server in options.server):
        parser.error("--seconds is at least 2, --server is NAME=PATH")
    return options


def main() -> int:
    options = parse(sys.argv[1:])
    os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
    missing = [name for name in ("wrk", options.nginx, "timeout") if not shutil.which(name)]
    if missing:
        print("skipped: not installed:", *missing)
        return 1 if os.environ.get("CI") else 77
    if options.sanitized:
        suppressions = pathlib.Path(__file__).with_name("tsan.supp")
        os.environ["TSAN_OPTIONS"] = f'suppressions="{suppressions}" ' + os.environ.get("TSAN_OPTIONS", "")
    for number in ENDING:
        signal.signal(number, lambda n, _: sys.exit(128 + n))

    print(f"2 threads and 16 connections of wrk, {options.seconds} s each; load average "
          f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")
    print("The ratio is the median of the slices, which run by turns with and without.\n")
    print(f"{'':8} {'':7} {'ProxyFix: requests':^25} {'requests/s':^19} {'':6} {'mixed':>6} {'socket':>7}")
    print(f"{'server':8} {'path':7} {'with':>12} {'without':>12} {'with':>9} {'without':>9} "
          f"{'ratio':>6} {'up':>6} {'errors':>7}")
    faults, in_all = [], 0
    for name, program in (server.split("=", 1) for server in options.server):
        for path in HOPS:
            counted, wrong = measure(program, path, options)
            faults += [f"{name}, {path}: {fault}" for fault in wrong]
            fixed, bare = total(counted["with"]), total(counted["without"])
            everything = total(sum(counted.values(), []))
            ratios = [one.rate / other.rate for one, other in zip(counted["with"], counted["without"])
                      if other.requests]
            in_all += fixed.requests
            print(f"{name:8} {path:7} {fixed.requests:12} {bare.requests or '-':>12} {fixed.rate:9.0f} "
                  f"{f'{bare.rate:.0f}' if bare.rate else '-':>9} "
                  f"{f'{statistics.median(ratios):.2f}' if ratios else '-':>6} {everything.non_2xx:6} "
                  f"{everything.socket_errors:7}", flush=True)
    if in_all < LEAST_IN_ALL and not options.sanitized:
        faults.append(f"fewer than {LEAST_IN_ALL} requests in all")
    print(f"\n{in_all} requests with ProxyFix:",
          "each saw its own client" if not faults else "FAILED", *faults, sep="\n" if faults else " ")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
