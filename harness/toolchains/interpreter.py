"""The interpreter that an environment is built on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

_QUESTION = """
import json, platform, sys, sysconfig
print(json.dumps({
    "executable": getattr(sys, "_base_executable", sys.executable),
    "version": platform.python_version(),
    "build": sys.version,
    "implementation": sys.implementation.cache_tag,
    "platform": sysconfig.get_platform(),
}))
"""


class Interpreter(msgspec.Struct, frozen=True):
    """What tells one interpreter from another; `executable` is outside any venv."""

    executable: str
    version: str
    build: str
    implementation: str
    platform: str

    def is_older_than(self, version: str) -> bool:
        """Say whether the interpreter is older than a version such as `3.11`."""
        wanted = _numbers(version)
        return _numbers(self.version)[: len(wanted)] < wanted


def probe(executable: Path | None = None) -> Interpreter:
    """Ask an interpreter, by default the running one, what it is.

    Raises OSError or subprocess.CalledProcessError where there is none.
    """
    answer = subprocess.run(
        [str(executable or sys.executable), "-I", "-S", "-c", _QUESTION],
        check=True,
        capture_output=True,
    )
    return msgspec.json.decode(answer.stdout, type=Interpreter)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(part) for part in parts if part.isdecimal())
