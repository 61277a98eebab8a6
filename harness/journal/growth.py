"""A measurement of growth on disk: `growth.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import growth
from harness.model.growth import Grown

NAME = "growth.json"
BESIDE = Path("speed") / NAME
"""Where it lies in the folder of a run."""


def write(path: Path, grown: Grown) -> None:
    """Write a measurement in one piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_record(path, grown)


def read(path: Path) -> Grown:
    """Return a stored measurement, from its file or folder; `JournalError` if none."""
    path = path / NAME if path.is_dir() else path
    found = files.decoded(path, files.bytes_of(path), Grown)
    files.check_format(path, found.format, growth.FORMAT)
    return found


def read_beside(directory: Path) -> Grown | None:
    """Return what was measured after a run, into its folder; None if nothing was."""
    return read(directory / BESIDE) if (directory / BESIDE).exists() else None


def growth_schema() -> dict[str, Any]:
    """Return the JSON Schema of `growth.json`."""
    return files.schema(Grown, "growth", growth.FORMAT)
