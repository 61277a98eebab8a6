"""The interpreter that an environment is built on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

# Understood by Python 2.7 as well, which has no -I: what lies in the current directory
# is put out of reach by hand.
_QUESTION = """
import sys
sys.path = [place for place in sys.path if place]
import json, platform, sysconfig
tag = platform.python_implementation().lower() + "-%d%d" % sys.version_info[:2]
print(json.dumps({
    "executable": getattr(sys, "_base_executable", sys.executable),
    "version": platform.python_version(),
    "build": sys.version,
    "implementation": getattr(getattr(sys, "implementation", None), "cache_tag", tag),
    "platform": sysconfig.get_platform(),
}))
"""
_PATIENCE = 60.0
"""Seconds after which a program that does not answer is no interpreter."""


class Interpreter(msgspec.Struct, frozen=True):
    """What tells one interpreter from another; `executable` is outside any venv."""

    executable: str
    version: str
    build: str
    implementation: str
    platform: str

    def is_older_than(self, version: str) -> bool:
        """Say whether the interpreter is older than a version such as `3.11`."""
        wanted = numbers(version)
        return numbers(self.version)[: len(wanted)] < wanted


def probe(executable: Path | None = None) -> Interpreter:
    """Ask an interpreter, by default the running one, what it is.

    Raises OSError or subprocess.SubprocessError where there is none.
    """
    answer = subprocess.run(
        [str(executable or sys.executable), "-E", "-s", "-S", "-c", _QUESTION],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE,
    )
    return msgspec.json.decode(answer.stdout, type=Interpreter)


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, for comparisons: `2.7.18` is (2, 7, 18)."""
    parts = version.split(".")
    return tuple(int(part) for part in parts if part.isdecimal())
