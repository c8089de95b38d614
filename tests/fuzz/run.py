#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the fuzzers with AddressSanitizer and UndefinedBehaviorSanitizer and runs them.

usage: run.py [--seconds N] [--jobs N] [--corpus DIRECTORY] [TARGET...]

Each target runs for N seconds, 60 unless given, from seeds made of what real proxies sent and of
known attacks (seeds.cpp). `forwarded` is fuzzed by AFL++ as well. With --corpus, what is found stays
in a directory, and the next run goes on from there: so they can run for hours. Exit status 0 only if
nothing crashed, leaked, hung or broke what the target demands.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = ["-std=c++20", f"-I{HERE.parent.parent / 'include'}"]
SANITIZERS = ["-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
TARGETS = {"address": 128, "authority": 1024, "prefix": 2048, "forwarded": 512, "resolve": 1024,
           "properties": 600, "explain": 1024, "request_head": 2048,
           "trust_text": 512}  # the longest input, in bytes
BY_AFL = "forwarded"


def find(*names: str) -> str | None:
    """The first of these programs that is installed. None, after a message: none is."""
    found = next((name for name in names if shutil.which(name)), None)
    if not found:
        print(f"skipped: {' or '.join(names)} is not installed")
        if os.environ.get("CI"):
            sys.exit(1)
    return found


def build(command: list[str], source: str, program: pathlib.Path) -> None:
    allocation = [HERE.parent / "allocation.cpp"] if source != "seeds" else []
    built = subprocess.run([*command, *INCLUDE, HERE / f"{source}.cpp", *allocation, "-o", program],
                           capture_output=True, text=True)
    if built.returncode != 0:
        sys.exit(f"{source} does not compile\n{built.stderr}")


def report(what: str, output: str, inputs: set[pathlib.Path]) -> bool:
    """Prints what went wrong, with the inputs that did it. False."""
    print(f"FAILED: {what}\n{output[-4000:]}")
    for path in sorted(inputs):
        print(f"{path}: {path.read_bytes()!r}")
    sys.stdout.flush()
    return False


def run_libfuzzer(target: str, work: pathlib.Path, corpus: pathlib.Path, seconds: int) -> bool:
    """Did all go well? Prints how often the target ran."""
    found = corpus / target
    found.mkdir(parents=True, exist_ok=True)
    before = set(corpus.glob(f"{target}-*"))
    ran = subprocess.run(
        [work / target, f"-max_total_time={seconds}", f"-max_len={TARGETS[target]}", "-timeout=300",
         "-rss_limit_mb=2048", f"-dict={HERE / 'forwarding.dict'}", f"-artifact_prefix={corpus / target}-",
         "-print_final_stats=1", found, work / f"seeds-{target}"], capture_output=True, text=True)
    executions = re.search(r"number_of_executed_units: (\d+)", ran.stderr)
    reached = re.findall(r"cov: (\d+)", ran.stderr)
    print(f"fuzz: {target}: {executions[1] if executions else 'no'} executions in {seconds} s, "
          f"{reached[-1] if reached else 'no'} edges, {'a crash' if ran.returncode else '0 crashes'}",
          flush=True)
    if ran.returncode == 0 and executions and int(executions[1]) > 0:
        return True
    return report(target, ran.stderr, set(corpus.glob(f"{target}-*")) - before)


def run_afl(target: str, work: pathlib.Path, corpus: pathlib.Path, seconds: int) -> bool:
    """The same by AFL++. What it found before counts along."""
    output = corpus / f"afl-{target}"
    environment = dict(os.environ, AFL_SKIP_CPUFREQ="1", AFL_NO_UI="1", AFL_NO_AFFINITY="1",
                       AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_AUTORESUME="1",
                       AFL_HANG_TMOUT="300000", AFL_FORKSRV_INIT_TMOUT="300000")
    ran = subprocess.run(["afl-fuzz", "-V", str(seconds), "-i", work / f"seeds-{target}", "-o", output,
                          "-x", HERE / "forwarding.dict", "-m", "none", "--", work / f"afl-{target}"],
                         capture_output=True, text=True, env=environment)
    stats_file = output / "default" / "fuzzer_stats"
    stats = dict(re.findall(r"(\w+)\s*: (\S+)", stats_file.read_text() if stats_file.exists() else ""))
    inputs = {path for kind in ("crashes", "hangs")
              for path in (output / "default" / kind).glob("id:*")}
    print(f"fuzz: {target} by AFL++: {stats.get('execs_done', 'no')} executions in "
          f"{stats.get('run_time', 'no')} s, {stats.get('edges_found', 'no')} edges, "
          f"{len(inputs)} crashes", flush=True)
    if ran.returncode == 0 and not inputs and int(stats.get("execs_done", 0)) > 0:
        return True
    return report(f"{target} by AFL++", ran.stdout + ran.stderr, inputs)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the fuzzers")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many run at once")
    parser.add_argument("--corpus", type=pathlib.Path, help="where what is found stays")
    chosen = parser.parse_args()
    if chosen.seconds < 1 or chosen.jobs < 1:
        parser.error("--seconds and --jobs are at least 1")
    targets = chosen.targets or list(TARGETS)
    if unknown := set(targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    clang = find("clang++-19", "clang++-14", "clang++")
    afl = BY_AFL in targets and find("afl-fuzz") and find("afl-clang-fast++")
    if not clang:
        return 77
    with tempfile.TemporaryDirectory(prefix="proxyfix-fuzz-") as directory, \
            concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        work = pathlib.Path(directory)
        corpus = (chosen.corpus or work / "corpus").resolve()
        builds = [pool.submit(build, [clang, *SANITIZERS, "-fsanitize=fuzzer"], f"{target}_fuzz",
                              work / target) for target in targets]
        if afl:
            builds.append(pool.submit(build, [afl, *SANITIZERS, "-fsanitize=fuzzer"],
                                      f"{BY_AFL}_fuzz", work / f"afl-{BY_AFL}"))
        builds.append(pool.submit(build, [clang], "seeds", work / "seeds"))
        for one in builds:
            one.result()
        for target in targets:
            subprocess.run([work / "seeds", work / f"seeds-{target}", target], check=True)
        runs = [pool.submit(run_libfuzzer, target, work, corpus, chosen.seconds) for target in targets]
        if afl:
            runs.append(pool.submit(run_afl, BY_AFL, work, corpus, chosen.seconds))
        try:
            sound = [one.result() for one in runs]
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            print("interrupted")
            return 130
    return 0 if all(sound) else 1


sys.exit(main())
