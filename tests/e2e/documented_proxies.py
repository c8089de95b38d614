#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""documented_proxies.py SERVE ROOT: puts the nginx and HAProxy configurations that stand in the
documentation before the example server, and asks it through them as an honest and as a spoofing
client.

Exit status: 0 the client is seen each time, 1 not, 77 a proxy is not installed (never where CI is set).
"""
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SERVE, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
CLIENT = "127.0.0.9"  # the proxies and the server are at 127.0.0.1
SPOOFS = {
    "honest": [],
    "spoofs each header": [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"),
                           ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Port", "1"),
                           ("X-Forwarded-Prefix", "/evil")],
    "sends two lines": [("X-Forwarded-For", "6.6.6.6"), ("x-forwarded-for", "7.7.7.7,8.8.8.8"),
                        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "wss")],
    "opens a quote": [("X-Forwarded-For", '6.6.6.6, "'), ("X-Forwarded-Host", '"')],
    "sends an empty header": [("X-Forwarded-For", ""), ("X-Forwarded-Proto", "")],
}
EXPECTED = {"remote_addr": CLIENT, "url_scheme": "http", "http_host": "shop.example",
            "url_root": "http://shop.example/", "x_for": "applied", "x_proto": "applied",
            "x_host": "applied", "peer": "127.0.0.1"}


def documented(language):
    """The one configuration in this language: where it stands twice, it is the same."""
    text = "".join((ROOT / page).read_text() for page in ("README.md", "docs/trust-model.md"))
    blocks = set(re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M))
    assert len(blocks) == 1, f"{len(blocks)} different {language} blocks"
    return blocks.pop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx(directory, port, upstream, headers=documented("nginx")):
    (directory / "nginx.conf").write_text(f"""
        daemon off; pid {directory}/pid; events {{}}
        http {{
            access_log off;
            client_body_temp_path {directory}/a; proxy_temp_path {directory}/b;
            fastcgi_temp_path {directory}/c; uwsgi_temp_path {directory}/d; scgi_temp_path {directory}/e;
            server {{
                listen 127.0.0.1:{port};
                location / {{ proxy_pass http://127.0.0.1:{upstream}; {headers} }}
            }}
        }}""")
    return ["nginx", "-e", f"{directory}/error.log", "-p", directory, "-c", f"{directory}/nginx.conf"]


def haproxy(directory, port, upstream):
    (directory / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
frontend front
    bind 127.0.0.1:{port}
{documented("haproxy")}
    default_backend app
backend app
    server app 127.0.0.1:{upstream}
""")
    return ["haproxy", "-db", "-f", f"{directory}/haproxy.cfg"]


def ask(port, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(CLIENT, 0))
    connection.putrequest("GET", "/", skip_host=True)
    for name, value in [("Host", "shop.example"), *headers]:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return dict(line.split(": ", 1) for line in body.splitlines() if ": " in line)


def wait_for(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def inner_nginx(directory, port, upstream):
    """Appends to For, and passes the rest on."""
    append = documented("nginx").splitlines()[0]
    assert "X-Forwarded-For" in append
    return nginx(directory, port, upstream, append)


def run(name, x_for, *proxies):
    """Asks the server through the proxies, the outermost last; returns the number of faults."""
    faults = 0
    counts = ["--x-for", str(x_for), "--x-proto", "1", "--x-host", "1"]
    running = [subprocess.Popen([SERVE, *counts], stdout=subprocess.PIPE, text=True)]
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        try:
            port = int(running[0].stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
            for proxy in proxies:
                upstream, port = port, free_port()
                command = proxy(pathlib.Path(directory), port, upstream)
                running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
                wait_for(port)
            for client, headers in SPOOFS.items():
                seen = ask(port, headers)
                wrong = {key: seen.get(key) for key in EXPECTED if seen.get(key) != EXPECTED[key]}
                faults += bool(wrong)
                print(f"{name:18} {client:22} {wrong or 'the client is seen'}")
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait()
    return faults


os.environ["PATH"] += ":/usr/sbin"
missing = [name for name in ("nginx", "haproxy") if not shutil.which(name)]
if missing:
    print("skipped: not installed:", *missing)
    sys.exit(1 if os.environ.get("CI") else 77)
sys.exit(1 if run("nginx", 1, nginx) + run("haproxy", 1, haproxy) +
         run("haproxy, nginx", 2, inner_nginx, haproxy) else 0)
