"""A run's directory: `evidence.jsonl`, grown line by line, and `run.json`.

A line is one cell's evidence, written at once and flushed to the disk, so that a run
killed at any moment loses the cells that were in work and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import evidence as evidence_model
from harness.model import run as run_model
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.run import Run


class Journal:
    """The stored evidence of one run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "evidence.jsonl"
        self._run = directory / "run.json"

    def held(self) -> AbstractContextManager[None]:
        """Keep other runs out of the directory; `JournalError` if one is in it."""
        return files.held(self.directory)

    def begin(self, run: Run) -> None:
        """Start an empty journal; `JournalError` if there is one already."""
        if self._run.exists() or self._evidence.exists():
            message = (
                f"{self.directory} already holds evidence: continue it with --resume, "
                "or name another folder"
            )
            raise files.JournalError(message)
        with files.writing(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True)
        files.replace(self._evidence, b"")
        self.write_run(run)

    def write_run(self, run: Run) -> None:
        """Write `run.json` in one piece."""
        files.write_record(self._run, run)

    def append(self, evidence: Evidence) -> None:
        """Add a cell's evidence and see it onto the disk."""
        files.append(self._evidence, evidence)

    def mend(self) -> None:
        """Cut off a last line that a killed run left unfinished."""
        files.mend(self._evidence)

    def sort(self, cells: Iterable[Cell]) -> None:
        """Put the evidence into the order of these cells, and drop that of others.

        Lines are kept as they were written.
        """
        by_cell = {evidence.cell: line for line, evidence in self._lines()}
        lines = (by_cell[cell] + b"\n" for cell in cells if cell in by_cell)
        files.replace(self._evidence, b"".join(lines))

    def run(self) -> Run:
        """Return `run.json`; `JournalError` if it is not there or not readable."""
        run = files.decoded(self._run, files.bytes_of(self._run), Run)
        files.check_format(self._run, run.format, run_model.FORMAT)
        return run

    def evidence(self) -> tuple[Evidence, ...]:
        """Return all evidence; `JournalError` names the line that cannot be read."""
        return tuple(evidence for _, evidence in self._lines())

    def _lines(self) -> Iterator[tuple[bytes, Evidence]]:
        lines = files.bytes_of(self._evidence).splitlines()
        for number, line in enumerate(lines, start=1):
            place = f"{self._evidence}, line {number}"
            try:
                evidence = files.decoded(place, line, Evidence)
            except files.JournalError as error:
                message = f"{error}. Delete the line; --resume runs its cell again"
                raise files.JournalError(message) from error
            files.check_format(place, evidence.format, evidence_model.FORMAT)
            yield line, evidence


def evidence_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `evidence.jsonl`."""
    return files.schema(Evidence, "evidence", evidence_model.FORMAT)


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema of `run.json`."""
    return files.schema(Run, "run", run_model.FORMAT)
