"""Resolves requirements for one interpreter, to a lock with hashes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from harness.model.toolchain import Building
from harness.toolchains import old_resolving
from harness.toolchains.installer import limits, reproducible, run_uv
from harness.toolchains.interpreter import Interpreter

_OPTIONS = (
    *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
    # The same interpreter that will be used: what a source distribution needs is known
    # only once its setup.py has run.
    "--no-python-downloads",
)


OLDEST_FOR_UV = "3.6"
"""Of the interpreters that uv resolves requirements for; pip does for older ones."""


def resolve(
    name: str,
    requirements: tuple[str, ...],
    building: Building,
    interpreter: Interpreter,
) -> str:
    """Return a lock of the requirements for an interpreter.

    Wheels are taken where there are any, source distributions are built where not.
    Raises ToolchainError, with all that was said.
    """
    python = Path(interpreter.executable)
    if interpreter.is_older_than(OLDEST_FOR_UV):
        return old_resolving.resolve(name, requirements, building, python)
    return _resolve_with_uv(name, requirements, building, python)


def _resolve_with_uv(
    name: str, requirements: tuple[str, ...], building: Building, python: Path
) -> str:
    settings = reproducible(name, os.environ)
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory) / "requirements.in"
        source.write_text("\n".join(requirements), encoding="utf-8")
        constraints = Path(directory) / "constraints.txt"
        constraints.write_text("\n".join(building.constraints), encoding="utf-8")
        lock = Path(directory) / "lock.txt"
        command = (
            *("pip", "compile", str(source), "--output-file", str(lock)),
            *("--python", str(python), "--build-constraints", str(constraints)),
            *_OPTIONS,
            *limits(building),
            *settings.options,
        )
        run_uv(name, command, settings)
        return lock.read_text(encoding="utf-8")
