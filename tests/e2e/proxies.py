#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts proxies with the configurations in sites/, and servers, unprivileged and on loopback.

A file in sites/ is for users to copy. Here its ports, paths and application are replaced by those
of a run, and what a start without privileges needs is put around it.
"""
from __future__ import annotations

import dataclasses
import os
import pathlib
import pwd
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import Any

START = 60.0     # seconds until a program must listen
TIMEOUT = 120    # seconds for any step of a request
OUTLIVE = "600"  # seconds after which a program ends, should this one be killed

APPLICATION, SOCKET, CERTIFICATE = "127.0.0.1:8000", "/run/shop.sock", "/etc/ssl/shop.example"


@dataclasses.dataclass(frozen=True)
class Hop:
    """A proxy: its program, its file in sites/, where it listens, where it connects from."""
    program: str
    site: str
    address: str
    source: str


NGINX = Hop("nginx", "nginx.conf", "127.0.0.3", "127.0.0.3")
HAPROXY = Hop("haproxy", "haproxy.cfg", "127.0.0.2", "127.0.0.2")
APACHE = Hop("apache2", "apache.conf", "127.0.0.4", "127.0.0.4")
CADDY = Hop("caddy", "Caddyfile", "127.0.0.5", "127.0.0.1")
NGINX_INNER = Hop("nginx", "nginx-inner.conf", "127.0.0.3", "127.0.0.3")
HAPROXY_INNER = Hop("haproxy", "haproxy-inner.cfg", "127.0.0.6", "127.0.0.6")
NGINX_FASTCGI = Hop("nginx", "nginx-fastcgi.conf", "127.0.0.3", "")
APACHE_FASTCGI = Hop("apache2", "apache-fastcgi.conf", "127.0.0.4", "")


@dataclasses.dataclass(frozen=True)
class Listener:
    """Where to connect: a proxy's address and ports, or a server's."""
    address: str
    port: int
    tls_port: int = 0


class GivenUp(Exception):
    """A program did not start, or does not answer: why."""


def free_port(*addresses: str) -> int:
    """A port free at all the addresses, below those that outgoing connections get."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        try:
            for address in addresses:
                with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((address, port))
            return port
        except OSError:
            continue
    raise GivenUp(f"no port is free at {', '.join(addresses)}")


def make_certificate(directory: pathlib.Path) -> None:
    """shop.example.pem, the certificate and its key, and shop.example.key."""
    key, certificate = directory / "shop.example.key", directory / "shop.example.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=shop.example",
                    "-addext", "subjectAltName=DNS:shop.example", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    with certificate.open("a") as file:
        file.write(key.read_text())


def nginx_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    temporary = "".join(f"{kind}_temp_path {d}/{kind};" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = site.with_suffix(".main")
    main.write_text(f"daemon off; worker_processes 1; pid {site}.pid; events {{}}\n"
                    f"http {{ access_log off; {temporary} include {site}; }}\n")
    return ["nginx", "-e", "stderr", "-p", str(d), "-c", str(main)]


def haproxy_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    main = site.with_suffix(".main")
    main.write_text("global\n  nbthread 1\n  maxconn 200\n"
                    f"defaults\n  timeout connect {TIMEOUT}s\n  timeout client {TIMEOUT}s\n"
                    f"  timeout server {TIMEOUT}s\n")
    return ["haproxy", "-db", "-f", str(main), "-f", str(site)]


APACHE_MODULES = pathlib.Path("/usr/lib/apache2/modules")


def apache_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    modules = "".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n" for name in
                      ("mpm_event", "authz_core", "headers", "macro", "ssl", "proxy", "proxy_http",
                       "proxy_fcgi"))
    main = site.with_suffix(".main")
    main.write_text(f"{modules}ServerName localhost\nDefaultRuntimeDir {d}\nPidFile {site}.pid\n"
                    f"ErrorLog /dev/stderr\nMutex file:{d}\nStartServers 1\nServerLimit 1\n"
                    f"ThreadsPerChild 8\nMaxRequestWorkers 8\nMinSpareThreads 1\n"
                    f"MaxSpareThreads 8\nInclude {site}\n")
    return ["apache2", "-d", str(d), "-f", str(main), "-DFOREGROUND"]


def caddy_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    main = site.with_suffix(".main")
    main.write_text("{\n\tadmin off\n\tauto_https off\n}\n"
                    f"import {site}\n")
    return ["caddy", "run", "--config", str(main), "--adapter", "caddyfile"]


COMMANDS = {"nginx": nginx_command, "haproxy": haproxy_command, "apache2": apache_command,
            "caddy": caddy_command}


def missing(programs: list[str], addresses: list[str]) -> list[str]:
    """What is not there: programs, and addresses of this machine."""
    os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/local/sbin:/usr/sbin:/sbin"
    absent = [name for name in programs if not shutil.which(name)]
    for address in addresses:
        try:
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
                probe.bind((address, 0))
        except OSError:
            absent.append(address)
    return absent


def version(program: str) -> str:
    arguments = {"caddy": ["version"], "openssl": ["version"]}.get(program, ["-v"])
    shown = subprocess.run([program, *arguments], capture_output=True, text=True)
    found = re.search(r"\d+\.\d+\.\d+\S*", shown.stdout + shown.stderr)
    return f"{program} {found.group() if found else '?'}"


class Stage:
    """A working directory, and the programs that run in it until the `with` block ends."""

    def __init__(self, sites: pathlib.Path) -> None:
        self.sites = sites
        self.running: list[subprocess.Popen[str]] = []
        self.logs: list[pathlib.Path] = []  # of those that run

    def __enter__(self) -> Stage:
        self.temporary = tempfile.TemporaryDirectory(prefix="proxyfix-e2e-")
        self.directory = pathlib.Path(self.temporary.name)
        self.user: dict[str, Any] = {}
        try:
            make_certificate(self.directory)
            if os.geteuid() == 0:
                nobody = pwd.getpwnam("nobody")
                self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
                for path in (self.directory, *self.directory.iterdir()):
                    os.chown(path, nobody.pw_uid, nobody.pw_gid)
        except BaseException:
            self.temporary.cleanup()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.temporary.cleanup()

    @property
    def certificate(self) -> pathlib.Path:
        return self.directory / "shop.example.pem"

    def stop(self) -> None:
        """Ends what runs, the outermost first."""
        for kind in (signal.SIGTERM, signal.SIGKILL):
            for process in reversed(self.running):
                if process.poll() is None or kind == signal.SIGKILL:
                    try:
                        os.killpg(process.pid, kind)
                    except ProcessLookupError:
                        pass
            deadline = time.monotonic() + 3
            while kind == signal.SIGTERM and time.monotonic() < deadline:
                if all(process.poll() is not None for process in self.running):
                    break
                time.sleep(0.01)
        for process in self.running:
            process.wait()
            if process.stdout:
                process.stdout.close()
        self.running.clear()
        self.logs.clear()

    def start(self, command: list[str], **options: Any) -> subprocess.Popen[str]:
        """A program in a session of its own, which ends sometime, with a log of its own."""
        log = self.directory / f"{len(self.running)}.log"
        with log.open("w") as errors:
            if self.user:
                os.chown(log, self.user["user"], self.user["group"])  # Apache opens it again
            process = subprocess.Popen(["timeout", OUTLIVE, *command], stdin=subprocess.DEVNULL,
                                       stderr=errors, text=True, start_new_session=True, **options)
        self.running.append(process)
        self.logs.append(log)
        return process

    def faults(self) -> list[str]:
        """What ended by itself, or got a warning of a sanitizer."""
        found = []
        for process, log in zip(self.running, self.logs):
            text = log.read_text(errors="replace")
            if process.poll() is not None:
                found.append(f"{process.args} ended with status {process.returncode}\n{text}")
            elif "Sanitizer" in text or "runtime error:" in text:
                found.append(text)
        return found

    def start_server(self, program: str, options: list[str]) -> Listener:
        """A server on a port of its own choice; it prints its URL."""
        process = self.start([program, "--port", "0", *options], stdout=subprocess.PIPE)
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], START)
        line = process.stdout.readline() if ready else ""
        found = re.search(r":(\d+)/?$", line.strip())
        if not found:
            raise GivenUp(f"{program} {' '.join(options)}\nprinted {line!r}, no URL\n" +
                          self.logs[-1].read_text())
        return Listener("127.0.0.1", int(found.group(1)))

    def start_on_socket(self, program: str, options: list[str]) -> pathlib.Path:
        """A server on a unix-domain socket."""
        path = self.directory / f"shop-{len(self.running)}.sock"
        path.unlink(missing_ok=True)
        process = self.start([program, "--unix", str(path), *options], stdout=subprocess.DEVNULL)

        def is_there() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1)
                probe.connect(str(path))
            path.chmod(0o666)
            return True
        self.wait(process, is_there, self.logs[-1])
        return path

    def start_proxy(self, hop: Hop, upstream: Listener | pathlib.Path | None) -> Listener:
        """The proxy with its site file, before `upstream`, or as a server of its own."""
        text = (self.sites / hop.site).read_text()

        def replace(old: str, new: str | Callable[[re.Match[str]], str]) -> None:
            nonlocal text
            assert re.search(old, text), f"{hop.site} has no {old}"
            text = re.sub(old, new, text)

        addresses = [hop.address] + ["::1"] * ("[::1]" in text)
        port, tls_port = free_port(*addresses), 0
        if "8443" in text:
            while tls_port in (0, port):
                tls_port = free_port(*addresses)
            replace(re.escape(CERTIFICATE), f"{self.directory}/shop.example")
            replace(r"\b8443\b", str(tls_port))
        replace(r"\b8080\b", str(port))
        if upstream is None:
            assert APPLICATION not in text
        elif isinstance(upstream, Listener):
            replace(re.escape(APPLICATION), f"{upstream.address}:{upstream.port}")
        elif SOCKET in text:
            replace(re.escape(SOCKET), str(upstream))
        else:
            replace(rf"{re.escape(APPLICATION)}(/?);", lambda m: f"unix:{upstream}{m[1] and ':/'};")
            replace(rf"proxy_bind {hop.source};", "")

        site = self.directory / f"{len(self.running)}-{hop.site}"
        site.write_text(text)
        process = self.start(
            COMMANDS[hop.program](site, self.directory), stdout=subprocess.DEVNULL,
            cwd=self.directory, **self.user,
            env={"PATH": os.environ["PATH"], "HOME": str(self.directory),
                 "XDG_DATA_HOME": str(self.directory), "XDG_CONFIG_HOME": str(self.directory)})

        def listens() -> bool:
            for address in addresses:
                for number in (port, tls_port) if tls_port else (port,):
                    socket.create_connection((address, number), timeout=1).close()
            return True
        self.wait(process, listens, self.logs[-1])
        return Listener(hop.address, port, tls_port)

    @staticmethod
    def wait(process: subprocess.Popen[str], is_ready: Callable[[], bool],
             log: pathlib.Path) -> None:
        deadline = time.monotonic() + START
        while True:
            try:
                if is_ready():
                    return
            except OSError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise GivenUp(f"{process.args}: {error}\n{log.read_text()}") from None
            time.sleep(0.01)
