"""What was seen of a MariaDB or MySQL database, and what statements can have changed.

The information schema has no mark of a change that is finer than a second and cheaper
than reading. So the statements tell: one that is known to reach only some tables leaves
the others as they were, where nothing in the database can act by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.databases.mysql_reach import Reach, reach
from harness.databases.mysql_reflection import Catalogue, Described
from harness.databases.states import rows_state
from harness.databases.watch import Heard
from harness.model.snapshot import Snapshot

_ACTING = """
    SELECT EXISTS (SELECT 1 FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = DATABASE())
        OR EXISTS (SELECT 1 FROM information_schema.TRIGGERS
            WHERE TRIGGER_SCHEMA = DATABASE())
        OR EXISTS (SELECT 1 FROM information_schema.EVENTS
            WHERE EVENT_SCHEMA = DATABASE())
"""
_FEW = 30
"""Beyond so many tables, all definitions are as quickly read."""


class MySQLMemory:
    """Keeps descriptions of tables that no statement has touched since."""

    def __init__(self, bookkeeping: frozenset[str]) -> None:
        """Remember nothing yet; `bookkeeping` are tables that are left out."""
        self._bookkeeping = bookkeeping
        self._seen: dict[str, Described] = {}
        self._something_acts = True

    def describe(self, cursor: Any, heard: Heard) -> Snapshot:  # noqa: ANN401
        """Return what the database holds, reading again only what may have changed."""
        catalogue = Catalogue(cursor)
        there = catalogue.names - self._bookkeeping
        reached = None
        if heard is not None and not self._something_acts:
            reached = reach(heard, catalogue.names | self._seen.keys())
        if reached is None:
            self._read_all(cursor, catalogue)
        else:
            self._read_some(catalogue, there, reached)
        described = (self._seen[name] for name in sorted(self._seen))
        theirs = self._bookkeeping if heard is None else frozenset[str]()
        return catalogue.snapshot(theirs, described)

    def _read_all(self, cursor: Any, catalogue: Catalogue) -> None:  # noqa: ANN401
        catalogue.read()
        ours = catalogue.ours(self._bookkeeping)
        self._seen = {name: catalogue.described(name) for name in ours}
        cursor.execute(_ACTING)
        (acting,) = cursor.fetchone()
        self._something_acts = bool(acting) or self._something_is_not_plain(ours)

    def _read_some(self, catalogue: Catalogue, there: set[str], reached: Reach) -> None:
        """Read the tables that were reached; nothing acts, so there are no triggers."""
        written = self._written(reached)
        defined = there & self._defined(there, reached)
        many = len(defined) > _FEW
        if defined:
            catalogue.read(None if many else defined, with_triggers=False)
        full = {name for name, one in self._seen.items() if one.has_rows} | written
        for name in self._seen.keys() - there:
            del self._seen[name]
        for name in defined:
            self._seen[name] = catalogue.described(name, is_empty=name not in full)
        for name in (written & there) - defined:
            one = self._seen[name]
            rows = rows_state(name, catalogue.rows(one.table))
            self._seen[name] = one._replace(rows=rows)
        self._something_acts = self._something_is_not_plain(defined)

    def _something_is_not_plain(self, names: Iterable[str]) -> bool:
        return not all(self._seen[name].plain for name in names)

    def _defined(self, there: set[str], reached: Reach) -> set[str]:
        """Return the tables whose definition may tell something else than it did."""
        came = there - self._seen.keys()
        return came | reached.defined | self._leading_to(reached.renamed)

    def _written(self, reached: Reach) -> set[str]:
        """Return the tables whose rows statements may have changed, or keys with them.

        Where a statement did so on any table but the tool's, all that were named count:
        a key may have come with the same step.
        """
        found = set(reached.written)
        theirs = reached.acting <= self._bookkeeping
        ahead = set(reached.acting if theirs else reached.named)
        while ahead:
            ahead = self._leading_to(ahead, acting=True) - found
            found |= ahead
        return found

    def _leading_to(self, targets: Iterable[str], *, acting: bool = False) -> set[str]:
        """Return the tables that have keys to some, or those keys that act on rows."""
        targets = set(targets)
        return {
            name
            for name, one in self._seen.items()
            if any(t in targets and (a or not acting) for t, a in one.leads_to.items())
        }
