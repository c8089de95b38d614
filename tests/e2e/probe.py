#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""probe.py SERVE: examples/probe.sh finds nothing in a good chain, and in each bad one what is wrong with it, perhaps
among more.

Exit status: 0 so it is; 1 not; 77 a program is missing (1 where CI is set)."""
from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import proxies
from clients import CLIENT, SITE
from matrix import Topology
from proxies import HAPROXY, NGINX, Hop, Stage

HERE = pathlib.Path(__file__).resolve().parent
PROBE = HERE.parents[1] / "examples/probe.sh"
# What it is, the proxy, what is replaced in its configuration, the trust if it is not the right one, what is found.
Replaced = tuple[str, str]
NOTHING: Replaced = ("", "")
CHAINS: list[tuple[str, Hop, Replaced, list[str], list[str]]] = [
    ("good", NGINX, NOTHING, [], []),
    ("good", HAPROXY, NOTHING, [], []),
    ("a count too high", NGINX, NOTHING, ["--x-for", "2", "--x-proto", "1"], ["x_for", "each header, forged"]),
    ("a header that is passed on", NGINX, (r".*proxy_set_header X-Forwarded-Prefix.*\n", ""), [],
     ["each header, forged"]),
    ("headers that are passed on", HAPROXY, (r".*del-header \^x.*\n", ""), [], ["each header, forged"]),
    ("a tunnel by CONNECT", HAPROXY, (r".*http-request deny.*METH_CONNECT\n", ""), [], ["CONNECT"]),
    ("a tunnel by Upgrade", NGINX, (r'default   ""', "default $http_upgrade"), [],
     ["Upgrade: h2c", "Upgrade: websocket, h2c", "Upgrade: other"]),
]

ATTEMPTS = ["each header, forged", "as if your proxies had written it", "twice, in other letters",
            "Connection: the names of the headers", "X_Forwarded_For, X.Forwarded.Prefix",
            "behind a line that ends in a byte 0xFF", "a value that ends in a byte 0xFF",
            "a target with another scheme", "HTTP/2, or what the proxy speaks instead", "Upgrade: h2c",
            "Upgrade: websocket, h2c", "Upgrade: other", "CONNECT"]


def main() -> int:
    serve = sys.argv[1]
    if missing := proxies.missing(["nginx", "haproxy", "openssl", "timeout", "curl"],
                                  ["::1", "127.0.0.2", "127.0.0.3", CLIENT]):
        print("skipped, as this machine does not have:", *missing)
        return 1 if os.environ.get("CI") else 77
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        sites = pathlib.Path(name) / "sites"
        with Stage(sites) as stage:
            for what, hop, (old, new), trust, wanted in CHAINS:
                shutil.copytree(HERE / "sites", sites, dirs_exist_ok=True)
                text = (sites / hop.site).read_text()
                assert re.search(old, text), f"{hop.site} has no {old}"
                (sites / hop.site).write_text(re.sub(old, new, text) if old else text)
                for scheme in ("http", "https") if what == "good" else ("http",):
                    server = stage.start_server(serve, trust or Topology((hop,)).options)
                    proxy = stage.start_proxy(hop, server)
                    port = proxy.tls_port if scheme == "https" else proxy.port
                    ran = subprocess.run(
                        ["sh", PROBE, f"{scheme}://{SITE}:{port}/", "--noproxy", "*", "--cacert", stage.certificate, "--interface", CLIENT,
                         "--connect-to", f"{SITE}:{port}:{proxy.address}:{port}"], capture_output=True, text=True)
                    stage.stop()
                    found = [line[:58].strip() for line in ran.stdout.splitlines() if "BAD: " in line]
                    answered = re.findall(r"^(.*?) +(?:ok|refused|BAD: .*)$", ran.stdout, re.MULTILINE)
                    is_right = ran.returncode == bool(wanted) and not ran.stderr and {*ATTEMPTS} <= {*answered} and (
                        {*wanted} <= {*found} if wanted else not found)
                    print(f"{what}, {hop.program}, {scheme}: {'; '.join(found) or 'nothing found'}",
                          "" if is_right else f"FAIL\n{ran.stdout}{ran.stderr}{ran.returncode}", flush=True)
                    faults += not is_right
        nothing = subprocess.run(["sh", PROBE, "http://127.0.0.1:1/"], capture_output=True, text=True)
        faults += nothing.returncode != 2 or "No answer of serve" not in nothing.stderr
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
