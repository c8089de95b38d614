# SPDX-License-Identifier: MIT
"""The commands of a page, run as a reader would: its files are written, and one shell runs them in order."""
from __future__ import annotations

import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator

from pages import Block

SECONDS = 1200  # until all commands must have ended
STARTS_SERVER = re.compile("(?<!&)&( sleep 1)?$", re.M)
WAITS_FOR_IT = "& until curl -s -o answer http://127.0.0.1:8000/; do sleep 0.05; done"


def free_port() -> int:
    """Below those of outgoing connections, and of the tests with real proxies, which run meanwhile."""
    for port in random.sample(range(10000, 20000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def prepare(directory: pathlib.Path, compiler: str, examples: pathlib.Path, steps: list[Block]) -> None:
    """A copy of the repository, as far as commands need it, with the programs that the page does not build."""
    (directory / "bin").mkdir(parents=True)
    (directory / "bin/c++").write_text(f'#!/bin/sh\nexec {compiler} "$@"\n')
    (directory / "bin/c++").chmod(0o755)
    for name in ("include", "examples"):
        (directory / name).symlink_to(pathlib.Path(name).resolve())
    commands = "".join(step.text for step in steps if step.language == "sh")
    for name in ("inspect", "serve"):
        if not re.search(rf"^c\+\+ .*examples/{name}\.cpp", commands, re.M):
            shutil.copy(examples / name, directory)


def script_of(steps: list[Block]) -> str:
    """Writes a line with its number in front of the output of each step."""
    script = ""
    for number, step in enumerate(steps):
        if step.file_name:
            script += f"cat >{step.file_name} <<'END OF FILE'\n{step.text}END OF FILE\n"
        elif step.language == "sh":
            script += f"echo '=== {number} ==='\n{STARTS_SERVER.sub(WAITS_FOR_IT, step.text)}"
    return script


def outputs(steps: list[Block], directory: pathlib.Path) -> Iterator[tuple[Block, str, str]]:
    """Runs the `sh` blocks. Of each, what the page shows below it, and what it printed. Servers listen on
    a free port instead of 8000, and end with the session."""
    port = str(free_port())
    script = re.sub(r"\b8000\b", port, script_of(steps))
    path = f"{directory}/bin:{os.environ['PATH']}"
    with open(directory / "output", "w", encoding="utf-8") as output:
        shell = subprocess.Popen(["sh", "-c", script], cwd=directory, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT, start_new_session=True, env={**os.environ, "PATH": path})
        with contextlib.suppress(subprocess.TimeoutExpired):
            shell.wait(SECONDS)
        has_ended = shell.poll() is not None
        if not has_ended or WAITS_FOR_IT in script_of(steps):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    text = re.sub(rf"\b{port}\b", "8000", (directory / "output").read_text("utf-8"))
    text += "" if has_ended else f"and it does not end within {SECONDS} s\n"
    parts = re.split(r"=== (\d+) ===\n", text)
    printed = dict(zip(map(int, parts[1::2]), parts[2::2]))
    for number, (step, after) in enumerate(zip(steps, [*steps[1:], steps[-1]])):
        if step.language == "sh":
            yield step, after.text if after.is_output else "", printed.get(number, "nothing, it did not run")
