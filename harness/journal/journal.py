"""A run's directory: `evidence.jsonl`, grown line by line, and `run.json`.

A line is one cell's evidence, written at once and flushed to the disk, so that a run
killed at any moment loses the cells that were in work and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from harness.model import evidence as evidence_model
from harness.model import run as run_model
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.run import Run

_Kind = TypeVar("_Kind")


class JournalError(ValueError):
    """Stored evidence is missing or cannot be read; the message says what to do."""


class Journal:
    """The stored evidence of one run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "evidence.jsonl"
        self._run = directory / "run.json"

    def begin(self, run: Run) -> None:
        """Start an empty journal."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._evidence.write_bytes(b"")
        self.write_run(run)

    def write_run(self, run: Run) -> None:
        """Write `run.json` in one piece."""
        encoded = msgspec.json.encode(run)
        replace(self._run, msgspec.json.format(encoded, indent=2) + b"\n")

    def append(self, evidence: Evidence) -> None:
        """Add a cell's evidence and see it onto the disk."""
        with self._evidence.open("ab") as file:
            file.write(msgspec.json.encode(evidence) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def mend(self) -> None:
        """Cut off a last line that a killed run left unfinished."""
        text = self._evidence.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            replace(self._evidence, whole)

    def sort(self, cells: Iterable[Cell]) -> None:
        """Put the evidence into the order of the plan, in one piece."""
        by_cell = {evidence.cell: evidence for evidence in self.evidence()}
        self.rewrite(by_cell[cell] for cell in cells if cell in by_cell)

    def rewrite(self, evidence: Iterable[Evidence]) -> None:
        """Replace all evidence, in one piece."""
        lines = (msgspec.json.encode(one) + b"\n" for one in evidence)
        replace(self._evidence, b"".join(lines))

    def run(self) -> Run:
        """Return `run.json`; `JournalError` if it is not there or not readable."""
        run = _decoded(self._run, _bytes_of(self._run), Run)
        _check_format(self._run, run.format, run_model.FORMAT)
        return run

    def evidence(self) -> tuple[Evidence, ...]:
        """Return all evidence; `JournalError` names the line that cannot be read."""
        found = []
        lines = _bytes_of(self._evidence).splitlines()
        for number, line in enumerate(lines, start=1):
            place = f"{self._evidence}, line {number}"
            evidence = _decoded(place, line, Evidence)
            _check_format(place, evidence.format, evidence_model.FORMAT)
            found.append(evidence)
        return tuple(found)


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def evidence_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `evidence.jsonl`."""
    return _schema(Evidence, "evidence", evidence_model.FORMAT)


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema of `run.json`."""
    return _schema(Run, "run", run_model.FORMAT)


def _schema(kind: type, name: str, version: int) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:migration-compare:{name}:{version}",
        **msgspec.json.schema(kind),
    }


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        message = f"{path}: no such file. Run the comparison first, or name its folder"
        raise JournalError(message) from error


def _decoded(place: object, content: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        message = f"{place}: not valid evidence: {error}"
        raise JournalError(message) from error


def _check_format(place: object, found: int, known: int) -> None:
    if found != known:
        message = f"{place}: format {found}, but this version reads format {known}"
        raise JournalError(message)
