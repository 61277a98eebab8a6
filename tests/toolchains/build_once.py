"""Builds a toolchain in a process of its own: `python -m … CACHE LOCK`.

Prints what is logged, and at the end the environment as JSON.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import msgspec

from harness.toolchains import build
from tests.toolchains.packages import toolchain


def main(cache: str, lock: str) -> None:
    """Build, and tell."""
    # A parent in the background of a shell would have had it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    environment = build(toolchain(Path(lock)), Path(cache), tell)
    tell(msgspec.json.encode(environment).decode())


def tell(line: str) -> None:
    """Print a line that the parent sees at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
