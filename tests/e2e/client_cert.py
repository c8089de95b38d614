#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""client_cert.py SERVE: behind HAProxy and nginx, which ask clients for a certificate, trusted_line is the certificate of
the client, or absent, whatever the client forges.

Exit status: 0 so it is, and a forgery wins without the lines of the configurations that keep it out; 1 not; 77 a program
is missing (1 where CI is set)."""
from __future__ import annotations

import base64
import collections
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.parse

import proxies
from clients import CLIENT, SITE
from proxies import Hop, Listener, Stage

HERE = pathlib.Path(__file__).resolve().parent
HAPROXY = Hop("haproxy", "haproxy-client-cert.cfg", "127.0.0.2", "127.0.0.2")
NGINX = Hop("nginx", "nginx-client-cert.conf", "127.0.0.3", "127.0.0.3")
NAMES = {HAPROXY: "Client-Cert", NGINX: "X-Client-Cert"}
# What is replaced in a configuration; what must then be seen of a client who forges a certificate and has none, and of one
# who has one.
CONTROLS = [(HAPROXY, [(r".*del-header \^client.*\n", "")], "applied forged", "applied own"),
            (HAPROXY, [(r".*del-header \^client.*\n", ""), ("set-header Client", "add-header Client")],
             "applied forged", "malformed"),
            (NGINX, [(r".*proxy_set_header X-Client-Cert.*\n", "")], "applied forged", "applied forged")]
ALICE, BOB, STRANGER = "alice", "bob", "stranger"  # Alice is the client, who knows Bob's certificate


def make_certificates(directory: pathlib.Path) -> None:
    """Of an authority, shop.example.clients.pem, and of its clients; of another authority, and of the stranger."""
    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=directory)

    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for authority in ("shop.example.clients", "other"):
        openssl(*new, "-x509", "-days", "2", "-subj", f"/CN={authority}", "-keyout", f"{authority}.key",
                "-out", f"{authority}.pem")
    for name in (ALICE, BOB, STRANGER):
        authority = "other" if name == STRANGER else "shop.example.clients"
        openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
                "-set_serial", "1", "-out", f"{name}.pem")


class Check:
    """Asks, compares and counts."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.asked, self.faults = stage, 0, 0
        self.pem = {name: (stage.directory / f"{name}.pem").read_text() for name in (ALICE, BOB)}

    def value(self, hop: Hop, name: str) -> str:
        """As the proxy writes the certificate of `name`."""
        if hop == NGINX:
            return urllib.parse.quote(self.pem[name], safe="")
        return f":{base64.b64encode(ssl.PEM_cert_to_DER_cert(self.pem[name])).decode()}:"

    def ask(self, url: str, listener: Listener, *options: str) -> str:
        """What the server answers; or nothing, if it is not asked."""
        port = re.sub(r".*:(\d+)/$", r"\1", url)
        ran = subprocess.run(
            ["curl", "-sS", "--max-time", "60", "--noproxy", "*", "--cacert", self.stage.certificate, "--interface", CLIENT,
             "--connect-to", f"{SITE}:{port}:{listener.address}:{port}", *options, url], capture_output=True, text=True)
        assert ran.returncode != 58, ran.stderr  # curl cannot load its own certificate
        self.asked += 1
        return ran.stdout if "\ntrusted " in ran.stdout else ""

    def seen(self, hop: Hop, answer: str) -> str:
        """"applied own", "applied forged", another text behind "applied", or a reason; "refused" if there is no answer."""
        if not answer:
            return "refused"
        found = re.search(rf"^trusted {NAMES[hop]}: (.*)$", answer, re.MULTILINE)
        said = found[1] if found else "nothing"
        if said.startswith("applied ") and hop == NGINX:  # its escapes may be of another letter case
            said = "applied " + urllib.parse.quote(urllib.parse.unquote(said.removeprefix("applied ")), safe="")
        return said.replace(self.value(hop, ALICE), "own").replace(self.value(hop, BOB), "forged")

    def expect(self, what: str, wanted: str, *seen: str) -> None:
        found = collections.Counter(seen)
        is_right = {*seen} == {wanted}
        print(f"{what:50} {', '.join(f'{text} {n}' for text, n in found.items())}", "" if is_right else f"FAIL, not {wanted}",
              flush=True)
        self.faults += not is_right

    def own(self) -> list[str]:
        return ["--cert", f"{self.stage.directory}/{ALICE}.pem", "--key", f"{self.stage.directory}/{ALICE}.key"]

    def forgeries(self, hop: Hop) -> list[list[str]]:
        """Bob's certificate, in each way, as options of curl."""
        name, value = NAMES[hop], self.value(hop, BOB)
        lines = [[name], [name, name], [name.upper()], [name.replace("-", "_"), name], [name.replace("-", "."), name],
                 [name, "Client-Cert", "Client-Cert-Chain"] if hop == HAPROXY else [name, "Client-Cert"]]
        forged = [[word for one in names for word in ("-H", f"{one}: {value}")] for names in lines]
        return [*forged, ["-H", f"{name};"], ["--http1.1", "-H", f"Connection: close, {name}", "-H", f"{name}: {value}"]]

    def ask_resumed(self, proxy: Listener) -> tuple[bool, str]:
        """Whether a second connection resumes the session of the first, and its answer."""
        context = ssl.create_default_context(cafile=str(self.stage.certificate))
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # where a session is known behind the handshake
        context.load_cert_chain(self.stage.directory / f"{ALICE}.pem", self.stage.directory / f"{ALICE}.key")
        session, resumed, answer = None, False, b""
        for _ in range(2):
            with context.wrap_socket(socket.create_connection((proxy.address, proxy.tls_port), 60), server_hostname=SITE,
                                     session=session) as client:
                client.sendall(f"GET / HTTP/1.1\r\nHost: {SITE}\r\nConnection: close\r\n\r\n".encode())
                answer = b"".join(iter(lambda: client.recv(65536), b""))
                session, resumed = client.session, bool(client.session_reused)
        self.asked += 2
        return resumed, answer.decode("latin-1").replace("\r", "")

    def ask_proxy(self, hop: Hop, server: Listener, proxy: Listener) -> None:
        http, https, own = f"http://{SITE}:{proxy.port}/", f"https://{SITE}:{proxy.tls_port}/", self.own()
        ways = [("http", http, [], "absent"), ("https", https, ["--http1.1"], "absent"), ("HTTP/2", https, ["--http2"], "absent"),
                ("https, a certificate", https, ["--http1.1", *own], "applied own"),
                ("HTTP/2, a certificate", https, ["--http2", *own], "applied own")]
        for way, url, options, wanted in ways:
            seen = []
            for forgery in ([], *self.forgeries(hop)):
                if "--http1.1" in forgery and "--http2" in options:
                    continue
                answer = self.ask(url, proxy, *options, *forgery)
                seen.append(self.seen(hop, answer) + " and the forgery" * (self.value(hop, BOB) in answer))
            self.expect(f"{hop.program}, {way}", wanted, *seen)
        stranger = ["--cert", f"{self.stage.directory}/{STRANGER}.pem", "--key", f"{self.stage.directory}/{STRANGER}.key"]
        self.expect(f"{hop.program}, a certificate of another authority", "refused",
                    self.seen(hop, self.ask(https, proxy, *stranger)))
        resumed, answer = self.ask_resumed(proxy)
        self.expect(f"{hop.program}, a session that is resumed", "True, applied own", f"{resumed}, {self.seen(hop, answer)}")
        past = self.ask(f"http://{SITE}:{server.port}/", server, *self.forgeries(hop)[0])
        self.expect(f"past {hop.program}", "peer_not_trusted", self.seen(hop, past))


def main() -> int:
    serve = sys.argv[1]
    if missing := proxies.missing(["nginx", "haproxy", "openssl", "timeout", "curl"], ["127.0.0.2", "127.0.0.3", CLIENT]):
        print("skipped, as this machine does not have:", *missing)
        return 1 if os.environ.get("CI") else 77
    with tempfile.TemporaryDirectory() as name:
        sites = pathlib.Path(name) / "sites"
        with Stage(sites) as stage:
            make_certificates(stage.directory)
            check = Check(stage)

            def start(hop: Hop, *replaced: tuple[str, str]) -> tuple[Listener, Listener]:
                shutil.copytree(HERE / "sites", sites, dirs_exist_ok=True)
                text = (sites / hop.site).read_text()
                for old, new in replaced:
                    assert re.search(old, text), f"{hop.site} has no {old}"
                    text = re.sub(old, new, text)
                (sites / hop.site).write_text(text)
                trust = f"x_for=1; x_proto=1; proxies={hop.source}"
                server = stage.start_server(serve, ["--trust", trust, "--line", NAMES[hop]])
                return server, stage.start_proxy(hop, server)

            for hop in NAMES:
                check.ask_proxy(hop, *start(hop))
                stage.stop()
            for hop, replaced, without, with_one in CONTROLS:
                _, proxy = start(hop, *replaced)
                url, forged = f"https://{SITE}:{proxy.tls_port}/", check.forgeries(hop)[0]
                what = f"control, {hop.program}, {len(replaced)} replaced"
                check.expect(what, without, check.seen(hop, check.ask(url, proxy, *forged)))
                check.expect(f"{what}, a certificate", with_one, check.seen(hop, check.ask(url, proxy, *check.own(), *forged)))
                stage.stop()
    print(f"\n{check.asked} requests through {proxies.version('haproxy')}, {proxies.version('nginx')}; {check.faults} failures")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
