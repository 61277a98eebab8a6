"""A run's directory: `evidence.jsonl`, grown line by line, and `run.json`.

A line is one cell's evidence, written at once and flushed to the disk, so that a run
killed at any moment loses the cells that were in work and nothing else. The digests of
the lines are in `run.json` once the run has ended, and until then in
`evidence.sha256`: a line is read only if it is as it was written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from harness.journal import files
from harness.journal.digests import (
    REMEDY,
    AlteredError,
    check_lines,
    check_seal,
    digest,
    lines_of,
    seal,
)
from harness.model import evidence as evidence_model
from harness.model import run as run_model
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.run import Run, StoredRun


class Journal:
    """The stored evidence of one run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "evidence.jsonl"
        self._digests = directory / "evidence.sha256"
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
        self._rewrite(())
        self.write_run(run)

    def write_run(self, run: Run) -> None:
        """Write `run.json` in one piece, of a run that goes on."""
        self._write_run(run, None)

    def end(self, run: Run) -> None:
        """Write `run.json` of a run that has ended, with the digests of its evidence."""
        lines = lines_of(files.bytes_of(self._evidence))
        self._write_run(run, tuple(map(digest, lines)))
        with files.writing(self._digests):
            self._digests.unlink(missing_ok=True)

    def append(self, evidence: Evidence) -> None:
        """Add a cell's evidence and see it onto the disk."""
        line = msgspec.json.encode(evidence)
        added = ((self._evidence, line), (self._digests, digest(line).encode()))
        sizes = [(path, path.stat().st_size) for path, _ in added]
        try:
            for path, content in added:
                files.append_line(path, content)
        except BaseException:
            for path, size in sizes:
                os.truncate(path, size)
            raise

    def mend(self) -> int:
        """Keep the lines that are as they were written; return how many were not.

        A last line that a killed run left unfinished is one of these.
        """
        known = self._known(self._stored_run())
        lines = lines_of(files.bytes_of(self._evidence))
        kept = [e for e in lines if known is None or digest(e) in known]
        if known is None and not files.bytes_of(self._evidence).endswith(b"\n"):
            kept = kept[:-1]
        self._rewrite(kept)
        return len(lines) - len(kept)

    def sort(self, cells: Iterable[Cell]) -> None:
        """Put the evidence into the order of these cells, and drop that of others.

        Lines are kept as they were written.
        """
        by_cell = {evidence.cell: line for line, evidence in self._lines()}
        self._rewrite(by_cell[cell] for cell in cells if cell in by_cell)

    def run(self) -> Run:
        """Return `run.json`; `JournalError` if it is not there or not readable."""
        stored = msgspec.structs.asdict(self._stored_run())
        return Run(**{name: stored[name] for name in Run.__struct_fields__})

    def evidence(self) -> tuple[Evidence, ...]:
        """Return all evidence; `JournalError` names the line that cannot be read."""
        return tuple(evidence for _, evidence in self._lines())

    def _lines(self) -> Iterator[tuple[bytes, Evidence]]:
        content = files.bytes_of(self._evidence)
        known = self._known(self._stored_run())
        if known is not None:
            check_lines(self._evidence, content, known)
        for number, line in enumerate(lines_of(content), start=1):
            place = f"{self._evidence}, line {number}"
            evidence = files.decoded(place, line, Evidence)
            files.check_format(place, evidence.format, evidence_model.FORMAT)
            yield line, evidence

    def _known(self, run: StoredRun) -> tuple[str, ...] | None:
        """Return the digests of the evidence; None if there were none at its time."""
        if self._digests.exists():
            return tuple(
                files.bytes_of(self._digests).decode("ascii", "replace").split()
            )
        if run.evidence is None and run.seal:
            message = (
                f"{self._digests} is missing. {REMEDY.format(folder=self.directory)}"
            )
            raise AlteredError(message)
        return run.evidence

    def _rewrite(self, lines: Iterable[bytes]) -> None:
        """Write the evidence anew, and its digests; an interrupt leaves them agreeing."""
        lines = list(lines)
        try:
            files.replace(self._evidence, b"".join(line + b"\n" for line in lines))
            self._write_digests(lines)
        except BaseException:
            if self._evidence.exists():
                self._write_digests(lines_of(self._evidence.read_bytes()))
            raise

    def _write_digests(self, lines: Iterable[bytes]) -> None:
        digests = (f"{digest(line)}\n" for line in lines)
        files.replace(self._digests, "".join(digests).encode())

    def _stored_run(self) -> StoredRun:
        content = files.bytes_of(self._run)
        run = files.decoded(self._run, content, StoredRun)
        files.check_format(self._run, run.format, run_model.FORMAT)
        if run.seal or run.evidence is not None:
            check_seal(self._run, msgspec.json.decode(content))
        return run

    def _write_run(self, run: Run, evidence: tuple[str, ...] | None) -> None:
        fields = {name: getattr(run, name) for name in Run.__struct_fields__}
        stored = StoredRun(**fields, evidence=evidence)
        sealed = seal(msgspec.to_builtins(stored))
        files.write_record(self._run, msgspec.structs.replace(stored, seal=sealed))


def evidence_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line of `evidence.jsonl`."""
    return files.schema(Evidence, "evidence", evidence_model.FORMAT)


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema of `run.json`."""
    return files.schema(StoredRun, "run", run_model.FORMAT)
