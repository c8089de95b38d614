# SPDX-License-Identifier: MIT
"""What the tests of a mutant may use: it may loop, and ask for memory each time."""


def limited(seconds: int) -> list[str]:
    """The beginning of a command that may use as many seconds of the processor, and 1 GB of memory. If the time is
    over, it gets SIGXCPU."""
    return ["prlimit", f"--cpu={seconds}:{seconds + 1}", f"--as={1 << 30}", "--core=0"]
