"""Resolves requirements for one interpreter, to a lock with hashes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from harness.model.toolchain import Building
from harness.toolchains.installer import limits, reproducible, run_uv

_OPTIONS = (
    *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
    # The same interpreter that will be used: what a source distribution needs is known
    # only once its setup.py has run.
    "--no-python-downloads",
)


def resolve(
    name: str, requirements: tuple[str, ...], building: Building, python: Path
) -> str:
    """Return a lock of the requirements for an interpreter.

    Wheels are taken where there are any, source distributions are built where not.
    Raises ToolchainError, with all that was said.
    """
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
