"""A sweep's directory: `sweep.jsonl`, grown line by line, and `sweep.json`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from harness.journal import files
from harness.model import compatibility
from harness.model.compatibility import SweepEvidence, SweepRun


class SweepJournal:
    """The stored evidence of one sweep."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "sweep.jsonl"
        self._run = directory / "sweep.json"

    def held(self) -> AbstractContextManager[None]:
        """Keep other runs out of the directory; `JournalError` if one is in it."""
        return files.held(self.directory)

    def begin(self, run: SweepRun) -> None:
        """Start an empty journal; what an earlier sweep left here is replaced."""
        files.replace(self._evidence, b"")
        files.write_record(self._run, run)

    def append(self, evidence: SweepEvidence) -> None:
        """Add a release's evidence and see it onto the disk."""
        files.append(self._evidence, evidence)

    def run(self) -> SweepRun:
        """Return `sweep.json`; `JournalError` if it cannot be read."""
        run = files.decoded(self._run, files.bytes_of(self._run), SweepRun)
        files.check_format(self._run, run.format, compatibility.FORMAT)
        return run

    def evidence(self) -> tuple[SweepEvidence, ...]:
        """Return the evidence of each release, the oldest first."""
        lines = files.bytes_of(self._evidence).splitlines()
        rows = [
            files.decoded(f"{self._evidence}, line {number}", line, SweepEvidence)
            for number, line in enumerate(lines, start=1)
        ]
        order = [release.version for release in self.run().releases]
        return tuple(sorted(rows, key=lambda row: order.index(row.release.version)))


def sweep_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `sweep.jsonl`."""
    return files.schema(SweepEvidence, "sweep", compatibility.FORMAT)
