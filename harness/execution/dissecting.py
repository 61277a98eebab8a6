"""Carrying out what is timed a few times more, with a probe: what costs what.

Nothing of this is a sample. Times are taken with the tool connected to the database as
ever; round trips are counted in one repetition more, over a line of our own.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from harness.anatomy import Recorded, RecordingError, dissected, kinds, recorded
from harness.contract import Mark
from harness.databases import DatabaseRefused
from harness.databases.footprint import Footprint, rewritten
from harness.execution.story import Story
from harness.model.anatomy import Anatomy, Dissected, Rewritten, Work
from harness.wire import Counts, Wire, place_of, wired

_EMBEDDED = "sqlite"


class Operation(Protocol):
    """Something that can be carried out again and again."""

    @property
    def story(self) -> Story:
        """The story it is part of."""

    @property
    def database(self) -> str | None:
        """The database that it is about, if any."""

    def carry_out(self, hooks: Mapping[str, str]) -> str | None:
        """Do it once; return why it did not go through, if so."""

    def put_back(self) -> None:
        """Make everything again what it was before."""


class Limits(msgspec.Struct, frozen=True):
    """How often at most, and how many seconds it may take once it was done once."""

    repetitions: int
    seconds: float


UNDISSECTED = Limits(0, 0.0)


def dissect(
    operation: Operation, marks: Sequence[Mark], directory: Path, limits: Limits
) -> Anatomy:
    """Return what each part of an operation costs, and what the database does for it."""
    try:
        return _Table(operation, marks, directory).dissect(limits)
    except RecordingError as error:
        return Anatomy(void=str(error))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


class _Table:
    """One operation under the knife."""

    def __init__(
        self, operation: Operation, marks: Sequence[Mark], directory: Path
    ) -> None:
        self._operation = operation
        self._story = operation.story
        self._marks = [f"{mark.phase}\t{mark.name}" for mark in marks]
        self._directory = directory
        self._void = ""
        self._reasons: list[str] = []
        self._unknown: set[str] = set()

    def dissect(self, limits: Limits) -> Anatomy:
        """Repeat as long as there is time, and count once."""
        deadline = time.monotonic() + limits.seconds
        found: list[Dissected] = []
        works: list[Work] = []
        while len(found) < limits.repetitions:
            if self._void or (found and time.monotonic() > deadline):
                break
            for one, work in self._once(None):
                found.append(one)
                works.append(work)
        if self._on_a_server and not self._void:
            works = [self._counted()]
        return Anatomy(
            repetitions=() if self._void else tuple(found),
            work=self._agreed(works),
            unknown=tuple(sorted(self._unknown)),
            reasons=tuple(dict.fromkeys(self._reasons)),
            void=self._void,
        )

    @property
    def _on_a_server(self) -> bool:
        return self._story.session.backend != _EMBEDDED

    def _counted(self) -> Work:
        """Carry it out over a line that counts."""
        name = self._operation.database
        if name is None:
            return Work()
        target = place_of(self._story.databases.url(name))
        with wired(target, self._directory / "wire") as wire, self._routed(wire):
            return next((work for _, work in self._once(wire)), Work())

    @contextmanager
    def _routed(self, wire: Wire) -> Iterator[None]:
        self._story.route = wire.url
        try:
            yield
        finally:
            self._story.route = str

    def _once(self, wire: Wire | None) -> Iterator[tuple[Dissected, Work]]:
        """Carry it out; yield what it took and what was done, if it went through."""
        order, output = self._order()
        before = self._footprint()
        self._void = self._operation.carry_out({"probe": str(order)}) or ""
        if not self._void:
            session = self._story.session
            records = recorded(output, len(session.commands))
            spans = [
                (begun, command.seconds)
                for begun, command in zip(session.begun, session.commands, strict=True)
            ]
            self._unknown.update(name for r in records for name in r.unknown)
            bookkeeping = self._story.history.bookkeeping
            pages = self._rewritten(before, records)
            counts = None if wire is None else wire.take()
            texts = _texts(records) if wire is None else wire.statements()
            work = self._work(texts, counts, pages)
            yield dissected(records, spans, bookkeeping), work
        self._operation.put_back()

    def _order(self) -> tuple[Path, Path]:
        """Write what the probe is told; return the file, and where it will answer."""
        shutil.rmtree(self._directory / "told", ignore_errors=True)
        output = self._directory / "told"
        output.mkdir(parents=True)
        order = self._directory / "order.json"
        order.write_text("\n".join((str(output), *self._marks)), encoding="utf-8")
        return order, output

    def _footprint(self) -> Footprint | None:
        name = self._operation.database
        if name is None:
            return None
        try:
            return self._story.databases.footprint(name)
        except DatabaseRefused as refused:
            self._reasons.append(f"pages are not known: {refused}")
            return None

    def _rewritten(
        self, before: Footprint | None, records: Sequence[Recorded]
    ) -> Rewritten | None:
        after = None if before is None else self._footprint()
        if before is None or after is None:
            return None
        found = rewritten(before, after)
        if self._on_a_server:
            return found
        rows = [record.rows for record in records if record.rows is not None]
        return msgspec.structs.replace(found, rows=sum(rows) if rows else None)

    def _work(
        self,
        statements: Sequence[str] | None,
        counts: Counts | None,
        pages: Rewritten | None,
    ) -> Work:
        if statements is None:
            self._reasons.append(
                "statements are not known: this Python's sqlite3 tells of none, or the "
                "connection to the server is encrypted"
            )
        tables = self._story.history.bookkeeping
        work = Work(
            statements=None if statements is None else kinds(statements, tables),
            rewritten=pages,
        )
        if counts is None:
            return work
        return msgspec.structs.replace(
            work,
            connections=counts.connections,
            round_trips=counts.round_trips,
            bytes_sent=counts.bytes_sent,
            bytes_received=counts.bytes_received,
        )

    def _agreed(self, works: Sequence[Work]) -> Work:
        """Return what was counted, if it was the same each time."""
        first = works[0] if works else Work()
        if all(work.statements == first.statements for work in works):
            return first
        self._reasons.append("the statements were not the same each time")
        return msgspec.structs.replace(first, statements=None)


def _texts(records: Sequence[Recorded]) -> list[str] | None:
    """Return the statements that SQLite says it ran; None if a process could not say."""
    if any(record.traced is None and record.statements for record in records):
        return None
    return [sql for record in records for sql in record.traced or ()]
