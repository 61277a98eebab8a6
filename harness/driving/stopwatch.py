"""Times commands for whoever asks on standard input: a program by itself.

It imports nothing of the harness, and is what one would write to check the harness: an
interpreter's own clock around an ordinary subprocess. Each line that it reads is a command
as JSON (`argv`, `cwd`, `env`), each that it writes the exit code and the seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time


def main() -> None:
    """Time what is asked for until there is no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        begun = time.perf_counter()
        code = subprocess.call(
            asked["argv"],
            cwd=asked["cwd"],
            env=asked["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - begun
        sys.stdout.write(json.dumps([code, seconds]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
