"""Looks at the database of a replay, and only where something can have changed."""

from __future__ import annotations

import re

import msgspec

from harness.databases.databases import backend_of
from harness.databases.snapshot import watch
from harness.databases.watch import Sent
from harness.judgement.difference import compare
from harness.model.difference import Difference
from harness.model.replay import Statement
from harness.model.snapshot import Snapshot


class Lens:
    """Keeps what was seen last; the first look is at what is there to begin with."""

    def __init__(self, url: str, bookkeeping: tuple[str, ...]) -> None:
        """Look at the database at a URL; `bookkeeping` are tables of the tool."""
        self._url = url
        self._bookkeeping = bookkeeping
        self._watch = watch(url, bookkeeping)
        self.seen = self._watch.look()

    def told(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """Return statements, those on the tool's own tables marked."""
        names = "|".join(map(re.escape, self._bookkeeping))
        own = re.compile(rf"(?<!\w)(?:{names})(?!\w)" if names else "(?!)")
        return tuple(
            msgspec.structs.replace(one, bookkeeping=own.search(one.text) is not None)
            for one in statements
        )

    def look(
        self, statements: tuple[Statement, ...] | None = None
    ) -> tuple[Snapshot, Snapshot]:
        """Return what was seen before, and what is there now.

        `statements` are all that were sent since; None if some may not have been heard.
        """
        heard = None if statements is None else tuple(map(_sent, statements))
        before, self.seen = self.seen, self._watch.look(heard)
        return before, self.seen

    def lost(self) -> str | None:
        """Return why the database can no longer be reached; None while it can be."""
        backend = backend_of(self._url)
        lost = backend.lost()
        words = backend.last_words() if lost else ""
        return f"{lost}: {words}" if words else lost

    def missed(self) -> tuple[Difference, ...]:
        """Read everything once more, and return what no look had seen.

        That is what was sent past everything that is listened to.
        """
        anew = watch(self._url, self._bookkeeping)
        before, self.seen = self.seen, anew.look()
        return differences(before, self.seen)


def _sent(statement: Statement) -> Sent:
    return Sent(statement.text, statement.rows)


def differences(before: Snapshot, after: Snapshot) -> tuple[Difference, ...]:
    """Return how a database changed; tables that did not are not gone through."""
    if before == after:
        return ()
    old, new = _apart(before, after), _apart(after, before)
    return compare(old, new)


def row_counts(before: Snapshot, after: Snapshot) -> dict[str, tuple[int, int]]:
    """Return the numbers of rows before and after, where they are not the same."""
    was = {rows.table: rows.count for rows in before.rows}
    now = {rows.table: rows.count for rows in after.rows}
    pairs = {t: (was.get(t, 0), now.get(t, 0)) for t in sorted(was.keys() | now.keys())}
    return {table: pair for table, pair in pairs.items() if pair[0] != pair[1]}


def _apart(one: Snapshot, other: Snapshot) -> Snapshot:
    """Return a snapshot without the tables that are alike in another one."""
    tables = {table.name: table for table in other.tables}
    rows = {state.table: state for state in other.rows}
    alike = {t.name for t in one.tables if _same(tables.get(t.name), t)} & {
        s.table for s in one.rows if _same(rows.get(s.table), s)
    }
    return msgspec.structs.replace(
        one,
        tables=tuple(t for t in one.tables if t.name not in alike),
        rows=tuple(s for s in one.rows if s.table not in alike),
    )


def _same(one: object, other: object) -> bool:
    """Compare by identity first: what was not read again is the same object."""
    return one is other or one == other
