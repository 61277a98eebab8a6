"""A matrix's directory: `matrix.jsonl`, grown line by line, and `matrix.json`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import compatibility
from harness.model.compatibility import MatrixEvidence, MatrixRun


class MatrixJournal:
    """The stored evidence of one matrix."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "matrix.jsonl"
        self._run = directory / "matrix.json"

    @property
    def exists(self) -> bool:
        """Whether a matrix was begun here."""
        return self._run.exists()

    def held(self) -> AbstractContextManager[None]:
        """Keep other runs out of the directory; `JournalError` if one is in it."""
        return files.held(self.directory)

    def begin(self, run: MatrixRun) -> None:
        """Start an empty journal; `JournalError` if there is one already."""
        if self.exists:
            message = (
                f"{self.directory} already holds a matrix: continue it with --resume, "
                "or name another folder"
            )
            raise files.JournalError(message)
        files.replace(self._evidence, b"")
        self.write_run(run)

    def write_run(self, run: MatrixRun) -> None:
        """Write `matrix.json` in one piece."""
        files.write_record(self._run, run)

    def append(self, evidence: MatrixEvidence) -> None:
        """Add a cell's evidence and see it onto the disk."""
        files.append(self._evidence, evidence)

    def mend(self) -> None:
        """Cut off a last line that a killed run left unfinished."""
        files.mend(self._evidence)

    def run(self) -> MatrixRun:
        """Return `matrix.json`; `JournalError` if it cannot be read."""
        run = files.decoded(self._run, files.bytes_of(self._run), MatrixRun)
        files.check_format(self._run, run.format, compatibility.FORMAT)
        return run

    def evidence(self) -> tuple[MatrixEvidence, ...]:
        """Return the last evidence of each cell, in the order of the plan."""
        by_cell: dict[object, MatrixEvidence] = {}
        lines = files.bytes_of(self._evidence).splitlines()
        for number, line in enumerate(lines, start=1):
            place = f"{self._evidence}, line {number}"
            evidence = files.decoded(place, line, MatrixEvidence)
            files.check_format(place, evidence.format, compatibility.FORMAT)
            by_cell[evidence.cell] = evidence
        return tuple(by_cell[cell] for cell in self.run().cells if cell in by_cell)


def matrix_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `matrix.jsonl`."""
    return files.schema(MatrixEvidence, "matrix", compatibility.FORMAT)
