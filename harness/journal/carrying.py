"""The record of a history that was carried over: `carry-over.json` in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import carrying
from harness.model.carrying import CarryOver

NAME = "carry-over.json"


def write(folder: Path, record: CarryOver) -> None:
    """Write the record anew."""
    files.write_record(folder / NAME, record)


def carry_over_schema() -> dict[str, Any]:
    """Return the JSON Schema of `carry-over.json`."""
    return files.schema(CarryOver, "carry-over", carrying.FORMAT)
