"""A run's directory: `evidence.jsonl`, grown line by line, and `run.json`.

A line is one cell's evidence, written at once and flushed to the disk, so that a run
killed at any moment loses the cells that were in work and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from filelock import FileLock, Timeout

from harness.model import evidence as evidence_model
from harness.model import run as run_model
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.run import Run

_Kind = TypeVar("_Kind")


class JournalError(ValueError):
    """Stored evidence is missing or cannot be read; the message says what to do."""


class StorageError(RuntimeError):
    """Evidence cannot be written; what was written before is whole."""


class Journal:
    """The stored evidence of one run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._evidence = directory / "evidence.jsonl"
        self._run = directory / "run.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out of the directory; `JournalError` if one is in it."""
        path = self.directory / ".lock"
        lock = FileLock(path, timeout=0)
        with _writing(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except Timeout as error:
                message = f"{self.directory} is in use by a run: wait for its end"
                raise JournalError(message) from error
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            lock.release()

    def begin(self, run: Run) -> None:
        """Start an empty journal; `JournalError` if there is one already."""
        if self._run.exists() or self._evidence.exists():
            message = (
                f"{self.directory} already holds evidence: continue it with --resume, "
                "or name another folder"
            )
            raise JournalError(message)
        with _writing(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True)
        replace(self._evidence, b"")
        self.write_run(run)

    def write_run(self, run: Run) -> None:
        """Write `run.json` in one piece."""
        encoded = msgspec.json.encode(run)
        replace(self._run, msgspec.json.format(encoded, indent=2) + b"\n")

    def append(self, evidence: Evidence) -> None:
        """Add a cell's evidence and see it onto the disk."""
        line = msgspec.json.encode(evidence) + b"\n"
        with _writing(self._evidence), FileIO(self._evidence, "ab") as file:
            end = file.tell()
            try:
                _write(file, line)
            except BaseException:
                file.truncate(end)
                raise

    def mend(self) -> None:
        """Cut off a last line that a killed run left unfinished."""
        text = _bytes_of(self._evidence)
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            replace(self._evidence, whole)

    def sort(self, cells: Iterable[Cell]) -> None:
        """Put the evidence into the order of these cells, and drop that of others.

        Lines are kept as they were written.
        """
        by_cell = {evidence.cell: line for line, evidence in self._lines()}
        lines = (by_cell[cell] + b"\n" for cell in cells if cell in by_cell)
        replace(self._evidence, b"".join(lines))

    def run(self) -> Run:
        """Return `run.json`; `JournalError` if it is not there or not readable."""
        run = _decoded(self._run, _bytes_of(self._run), Run)
        _check_format(self._run, run.format, run_model.FORMAT)
        return run

    def evidence(self) -> tuple[Evidence, ...]:
        """Return all evidence; `JournalError` names the line that cannot be read."""
        return tuple(evidence for _, evidence in self._lines())

    def _lines(self) -> Iterator[tuple[bytes, Evidence]]:
        lines = _bytes_of(self._evidence).splitlines()
        for number, line in enumerate(lines, start=1):
            place = f"{self._evidence}, line {number}"
            try:
                evidence = _decoded(place, line, Evidence)
            except JournalError as error:
                message = f"{error}. Delete the line; --resume runs its cell again"
                raise JournalError(message) from error
            _check_format(place, evidence.format, evidence_model.FORMAT)
            yield line, evidence


def replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    temporary = path.with_name(f"{path.name}.new")
    try:
        with _writing(path), FileIO(temporary, "wb") as file:
            _write(file, content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "Make room there, or name another folder with --output"
        message = f"{path} cannot be written: {error.strerror}. {remedy}"
        raise StorageError(message) from error


def _write(file: FileIO, content: bytes) -> None:
    """Write all of it and see it onto the disk."""
    while content:
        content = content[file.write(content) :]
    os.fsync(file.fileno())


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Run the comparison first, or name its folder"
        message = f"{path}: {error.strerror}. {remedy}"
        raise JournalError(message) from error


def _decoded(place: object, content: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"{place}: not valid evidence: {error}"
        raise JournalError(message) from error


def _check_format(place: object, found: int, known: int) -> None:
    if found != known:
        message = f"{place}: format {found}, but this version reads format {known}"
        raise JournalError(message)
