# SPDX-License-Identifier: MIT
"""nginx, HAProxy and Apache httpd with the files in sites/, each asked over one connection."""
from __future__ import annotations

import contextlib
import http.client
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

import oracle

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import proxies  # noqa: E402

HOPS = {"nginx": proxies.Hop("nginx", "nginx.conf", "127.0.0.3", ""),
        "haproxy": proxies.Hop("haproxy", "haproxy.cfg", "127.0.0.2", ""),
        "apache2": proxies.Hop("apache2", "apache.conf", "127.0.0.4", "")}


class Server:
    """A connection that is made again when the server has closed it, as servers do at times."""

    def __init__(self, listener: proxies.Listener) -> None:
        self.connection = http.client.HTTPConnection(listener.address, listener.port, timeout=proxies.TIMEOUT)

    def ask(self, host: str, *lines: tuple[str, str]) -> tuple[http.client.HTTPResponse, str]:
        try:
            return self.ask_once(host, lines)
        except (ConnectionError, http.client.BadStatusLine):
            self.connection.close()
            return self.ask_once(host, lines)

    def ask_once(self, host: str,
                 lines: tuple[tuple[str, str], ...]) -> tuple[http.client.HTTPResponse, str]:
        self.connection.putrequest("GET", "/", skip_host=True, skip_accept_encoding=True)
        for name, value in (("Host", host), *lines):
            self.connection.putheader(name, value)
        self.connection.endheaders()
        response = self.connection.getresponse()
        return response, response.read().decode("latin-1")


@contextlib.contextmanager
def running(*names: str) -> Iterator[list[Server]]:
    """The servers of these names, for as long as the `with` block runs."""
    absent = proxies.missing([*names, "openssl"], [HOPS[name].address for name in names])
    if absent:
        oracle.skip(f"{', '.join(absent)} not there")
    print(*map(proxies.version, names), sep=", ")
    with proxies.Stage(HERE / "sites") as stage:
        yield [Server(stage.start_proxy(HOPS[name], None)) for name in names]


def require_node(*packages: str) -> None:
    """Node.js, and npm packages that NODE_PATH leads to; their versions are printed."""
    if not shutil.which("node"):
        oracle.skip("node is not installed")
    show = "console.log('node', process.version.slice(1), ...process.argv.slice(1).map(name => " \
           "`${name} ${require(name + '/package.json').version}`))"
    shown = subprocess.run(["node", "-e", show, *packages], capture_output=True, text=True)
    if shown.returncode != 0:
        oracle.skip(f"npm has not installed {', '.join(packages)} in NODE_PATH")
    print(shown.stdout, end="")


def ask_node(script: str, lines: list[str]) -> list[list[str]]:
    """What a script for Node.js answers to each line."""
    result = subprocess.run(["node", HERE / script], input="".join(f"{line}\n" for line in lines),
                            stdout=subprocess.PIPE, text=True, check=True)
    answers = [answer.split(oracle.SEPARATOR) for answer in result.stdout.split("\n")[:-1]]
    assert len(answers) == len(lines), f"{len(lines)} questions, {len(answers)} answers"
    return answers
