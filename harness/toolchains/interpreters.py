"""The Python interpreters that are on this machine, wherever they were installed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from findpython.providers import ALL_PROVIDERS

from harness.toolchains.interpreter import Interpreter, numbers, probe


def find(version: str) -> Path | None:
    """Return the newest interpreter of a version such as `2.7` or `3.8.18`, if any.

    It is an executable that runs, and it lies outside any virtual environment.
    """
    wanted = numbers(version)
    fitting = (i for i in available() if numbers(i.version)[: len(wanted)] == wanted)
    newest = next(reversed(list(fitting)), None)
    return Path(newest.executable) if newest else None


def not_found(version: str) -> tuple[str, str]:
    """Return what to say where there is no interpreter: the problem and the remedy."""
    problem = f"no Python {version} was found on this machine"
    return problem, f"install one with pyenv, or put a python{version} on the PATH"


@cache
def available() -> tuple[Interpreter, ...]:
    """Return the CPython interpreters that were found, one per version, newest last.

    The running one comes before others of its version. They are looked for once: on
    the PATH, under pyenv, and where else interpreters are usually installed.
    """
    by_version: dict[str, Interpreter] = {}
    # Of two names for one interpreter, such as python3.7m and python3.7, the plain one.
    plain_first = sorted(_probed(), key=lambda i: (len(i.executable), i.executable))
    for interpreter in (probe(), *plain_first):
        by_version.setdefault(interpreter.version, interpreter)
    return tuple(sorted(by_version.values(), key=lambda i: numbers(i.version)))


def _probed() -> Iterator[Interpreter]:
    for executable in _executables():
        try:
            interpreter = probe(executable)
        except (OSError, subprocess.SubprocessError):
            continue  # A shim of a version that is not chosen: no interpreter.
        if interpreter.implementation.startswith("cpython"):
            yield interpreter


def _executables() -> Iterator[Path]:
    """Return what looks like an interpreter, each file once.

    The library's own check is passed by, for it asks with an option that Python 2.7
    does not have.
    """
    providers = (kind.create() for kind in ALL_PROVIDERS.values())
    found = (p for provider in providers if provider for p in provider.find_pythons())
    for executable in dict.fromkeys(python.real_path for python in found):
        if not _is_copy_in_environment(executable):
            yield executable


def _is_copy_in_environment(executable: Path) -> bool:
    """Tell whether a file is what some tools copy into a virtual environment."""
    return (executable.parent.parent / "pyvenv.cfg").exists()
