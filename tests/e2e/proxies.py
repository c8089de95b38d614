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

SEPARATOR = "\0"  # between the files of a site
APPLICATION, SOCKET, CERTIFICATE = "127.0.0.1:8000", "/run/shop.sock", "/etc/ssl/shop.example"


@dataclasses.dataclass(frozen=True)
class Hop:
    """A proxy: its program, its file in sites/ or a directory of several, where it listens, where it
    connects from; which headers it sets, and which scenarios it has nothing for."""
    program: str
    site: str
    address: str
    source: str
    sets: tuple[str, ...] = ("x-for", "x-proto", "x-host", "x-port", "x-prefix")
    # Of tls, ipv6, prefix, http10, upgrade, http2; absolute: it takes no target in absolute-form for one;
    # filter: it opens tunnels; scheme: in HTTP/2 it is the client that tells the scheme.
    lacks: tuple[str, ...] = ()
    speaks_h2c: bool = False  # so it answers "Upgrade: h2c" with 101 itself
    is_forwarded: bool = False  # it sets them in Forwarded


NGINX = Hop("nginx", "nginx.conf", "127.0.0.3", "127.0.0.3")
HAPROXY = Hop("haproxy", "haproxy.cfg", "127.0.0.2", "127.0.0.2")
APACHE = Hop("apache2", "apache.conf", "127.0.0.4", "127.0.0.4", lacks=("http2",))
CADDY = Hop("caddy", "Caddyfile", "127.0.0.5", "127.0.0.1")
VARNISH = Hop("varnishd", "varnish.vcl", "127.0.0.10", "127.0.0.1", lacks=("tls", "ipv6", "upgrade", "http2"))
SQUID = Hop("squid", "squid.conf", "127.0.0.7", "127.0.0.7", ("x-for", "x-proto", "x-host", "x-port"),
            ("prefix", "upgrade", "http2"))
LIGHTTPD = Hop("lighttpd", "lighttpd.conf", "127.0.0.8", "127.0.0.1",
               ("x-for", "x-proto", "x-host", "x-prefix"), ("upgrade",), speaks_h2c=True)
NGHTTPX = Hop("nghttpx", "nghttpx.conf", "127.0.0.11", "127.0.0.1", ("x-for",),
              ("prefix", "http10", "filter"), speaks_h2c=True)
H2O = Hop("h2o", "h2o.conf", "127.0.0.12", "127.0.0.1", ("x-for",),
          ("prefix", "http10", "upgrade", "absolute"), speaks_h2c=True)
TRAFFIC_SERVER = Hop("traffic_server", "trafficserver", "127.0.0.13", "127.0.0.1", lacks=("upgrade",))
NGINX_FORWARDED = Hop("nginx", "nginx-forwarded.conf", "127.0.0.3", "127.0.0.3", ("x-for", "x-proto"),
                      ("prefix", "http10"), is_forwarded=True)
HAPROXY_FORWARDED = Hop("haproxy", "haproxy-forwarded.cfg", "127.0.0.2", "127.0.0.2", ("x-for", "x-proto"),
                        ("prefix", "http10"), is_forwarded=True)
NGINX_INNER = Hop("nginx", "nginx-inner.conf", "127.0.0.3", "127.0.0.3")
HAPROXY_INNER = Hop("haproxy", "haproxy-inner.cfg", "127.0.0.6", "127.0.0.6")
NGINX_FASTCGI = Hop("nginx", "nginx-fastcgi.conf", "127.0.0.3", "", lacks=("http2",))
APACHE_FASTCGI = Hop("apache2", "apache-fastcgi.conf", "127.0.0.4", "", lacks=("http2",))
CADDY_FASTCGI = Hop("caddy", "Caddyfile-fastcgi", "127.0.0.5", "", (), ("http10",))
LIGHTTPD_FASTCGI = Hop("lighttpd", "lighttpd-fastcgi.conf", "127.0.0.8", "", (), ("http10",), speaks_h2c=True)
H2O_FASTCGI = Hop("h2o", "h2o-fastcgi.conf", "127.0.0.12", "", (), ("prefix", "http10", "absolute", "scheme"),
                  speaks_h2c=True)


@dataclasses.dataclass(frozen=True)
class Listener:
    """Where to connect: a proxy's address and ports, or a server's."""
    address: str
    port: int
    tls_port: int = 0


class GivenUp(Exception):
    """A program did not start, or does not answer: why."""


def claim_ports() -> tuple[range, socket.socket]:
    """Ports of which no other stage draws, below those that outgoing connections get; and the socket
    that claims them, at the first."""
    for first in range(20000, 32000, 1000):
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", first))
            return range(first + 1, first + 1000), claim
        except OSError:
            claim.close()
    raise GivenUp("other tests use all ports")


def free_port(ports: range, *addresses: str) -> int:
    """One of the ports, free at all the addresses."""
    for _ in range(1000):
        port = random.choice(ports)
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


def varnish_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    """It listens where its command line says, which stands in the file."""
    where = re.search(r"varnishd -a (\S+)", site.read_text())
    assert where
    return ["varnishd", "-F", "-n", f"{site}.work", "-a", where[1], "-f", str(site), "-s", "malloc,16m"]


def squid_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    main = site.with_suffix(".main")
    main.write_text("visible_hostname localhost\n"  # else it asks DNS for one, and waits
                    f"include {site}\npid_filename {site}.pid\naccess_log none\ncache_log /dev/stderr\n"
                    f"coredump_dir {d}\nnetdb_filename none\nworkers 1\nshutdown_lifetime 0 seconds\n"
                    "pinger_enable off\nmax_filedescriptors 1024\n")
    return ["squid", "-N", "-n", f"t{os.getpid()}", "-f", str(main)]


def lighttpd_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    main = site.with_suffix(".main")
    main.write_text(f'server.document-root = "{d}"\nserver.errorlog = "/dev/stderr"\n'
                    f'include "{site}"\n')
    return ["lighttpd", "-D", "-f", str(main)]


def nghttpx_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    return ["nghttpx", f"--conf={site}", "--workers=1", "--single-process", "--no-ocsp",
            "--accesslog-file=/dev/null", "--errorlog-file=/dev/stderr", "--log-level=ERROR"]


def h2o_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    return ["h2o", "-c", str(site)]


def traffic_server_command(site: pathlib.Path, d: pathlib.Path) -> list[str]:
    """`site` is a directory, in which the files of Debian's /etc/trafficserver are added."""
    work = {name: d / f"trafficserver-{name}" for name in ("run", "log", "cache")}
    for path in work.values():
        path.mkdir(exist_ok=True)
    with (site / "records.config").open("a") as records:
        records.write(f"""
CONFIG proxy.config.local_state_dir STRING {work["run"]}
CONFIG proxy.config.log.logging_enabled INT 0
CONFIG proxy.config.crash_log_helper STRING NULL
CONFIG proxy.config.exec_thread.autoconfig INT 0
CONFIG proxy.config.exec_thread.limit INT 1
CONFIG proxy.config.cache.ram_cache.size INT 1048576
""")
    (site / "storage.config").write_text(f"{work['cache']} 64M\n")
    for name in ("plugin", "hosting", "volume", "parent", "cache", "splitdns", "socks"):
        (site / f"{name}.config").touch()
    for name in ("ip_allow", "logging", "sni", "strategies"):
        shutil.copy(f"/etc/trafficserver/{name}.yaml", site)
    root = site.with_suffix(".runroot.yaml")
    root.write_text("prefix: /usr\nexec_prefix: /usr\nbindir: /usr/bin\nsbindir: /usr/bin\n"
                    "libdir: /usr/lib/trafficserver\nincludedir: /usr/include\nmandir: /usr/share/man\n"
                    "infodir: /usr/share/info\nplugindir: /usr/lib/trafficserver/modules\n"
                    f"sysconfdir: {site}\nlogdir: {work['log']}\nruntimedir: {work['run']}\n"
                    f"localstatedir: {work['run']}\ncachedir: {work['cache']}\ndatadir: {work['cache']}\n")
    return ["traffic_server", f"--run-root={root}"]


COMMANDS = {"nginx": nginx_command, "haproxy": haproxy_command, "apache2": apache_command,
            "caddy": caddy_command, "varnishd": varnish_command, "squid": squid_command,
            "lighttpd": lighttpd_command, "nghttpx": nghttpx_command, "h2o": h2o_command,
            "traffic_server": traffic_server_command}


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
    arguments = {"caddy": ["version"], "openssl": ["version"], "varnishd": ["-V"],
                 "traffic_server": ["--version"]}.get(program, ["-v"])
    shown = subprocess.run([program, *arguments], capture_output=True, text=True)
    found = re.search(r"\d+\.\d+(\.\d+\S*)?", shown.stdout + shown.stderr)
    return f"{program} {found.group() if found else '?'}"


class Stage:
    """A working directory, and the programs that run in it until the `with` block ends."""

    def __init__(self, sites: pathlib.Path) -> None:
        self.sites = sites
        self.running: list[subprocess.Popen[str]] = []
        self.logs: list[pathlib.Path] = []  # of those that run

    def __enter__(self) -> Stage:
        self.ports, self.claim = claim_ports()
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
            self.claim.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.temporary.cleanup()
        self.claim.close()

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
        source = self.sites / hop.site
        files = sorted(source.iterdir()) if source.is_dir() else [source]
        text = SEPARATOR.join(file.read_text() for file in files)

        def replace(old: str, new: str | Callable[[re.Match[str]], str]) -> None:
            nonlocal text
            assert re.search(old, text), f"{hop.site} has no {old}"
            text = re.sub(old, new, text)

        addresses = [hop.address] + ["::1"] * ("::1" in text)
        port, tls_port = free_port(self.ports, *addresses), 0
        if "8443" in text:
            while tls_port in (0, port):
                tls_port = free_port(self.ports, *addresses)
            replace(re.escape(CERTIFICATE), f"{self.directory}/shop.example")
            replace(r"\b8443\b", str(tls_port))
        replace(r"\b8080\b", str(port))
        if upstream is None:
            assert APPLICATION not in text
        elif isinstance(upstream, Listener) and APPLICATION in text:
            replace(re.escape(APPLICATION), f"{upstream.address}:{upstream.port}")
        elif isinstance(upstream, Listener):
            assert upstream.address == "127.0.0.1"
            replace(r"\b8000\b", str(upstream.port))
        elif SOCKET in text:
            replace(re.escape(SOCKET), str(upstream))
        else:
            replace(rf"{re.escape(APPLICATION)}(/?);", lambda m: f"unix:{upstream}{m[1] and ':/'};")
            replace(rf"proxy_bind {hop.source};", "")

        site = self.directory / f"{len(self.running)}-{hop.site}"
        if source.is_dir():
            site.mkdir(exist_ok=True)
            for file, part in zip(files, text.split(SEPARATOR)):
                (site / file.name).write_text(part)
        else:
            site.write_text(text)
        before = {*self.directory.iterdir()} - {site}
        command = COMMANDS[hop.program](site, self.directory)
        for made in {*self.directory.iterdir()} - before if self.user else ():
            for path in (made, *made.rglob("*")):
                os.chown(path, self.user["user"], self.user["group"])
        process = self.start(
            command, stdout=subprocess.DEVNULL,
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
