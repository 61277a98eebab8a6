"""What was seen of a MariaDB or MySQL database, and what statements can have changed.

The information schema has no mark of a change that is finer than a second and cheaper
than reading. So the statements tell: one that is known to reach only the tables that it
names leaves the others as they were, where nothing in the database can act by itself.
"""

from __future__ import annotations

import re
from typing import Any

from harness.databases.mysql_reflection import Catalogue, Described
from harness.databases.watch import Heard
from harness.model.snapshot import Snapshot

_PLAIN = re.compile(
    r"\s*(?:create\s+(?:unique\s+)?(?:table|index)|alter\s+table|drop\s+(?:table|index)"
    r"|rename\s+table|truncate|insert|update|delete|replace|commit|rollback|savepoint"
    r"|release)\b",
    re.IGNORECASE,
)
_RENAMING = re.compile(r"\b(?:rename|change|drop)\b", re.IGNORECASE)
_ACTING = """
    SELECT EXISTS (SELECT 1 FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = DATABASE())
        OR EXISTS (SELECT 1 FROM information_schema.TRIGGERS
            WHERE TRIGGER_SCHEMA = DATABASE())
        OR EXISTS (SELECT 1 FROM information_schema.EVENTS
            WHERE EVENT_SCHEMA = DATABASE())
        OR EXISTS (SELECT 1 FROM information_schema.VIEWS
            WHERE TABLE_SCHEMA = DATABASE())
"""
_FEW = 30
"""Beyond so many tables, all are as quickly read."""


class MySQLMemory:
    """Keeps descriptions of tables that no statement has touched since."""

    def __init__(self, bookkeeping: frozenset[str]) -> None:
        """Remember nothing yet; `bookkeeping` are tables that are kept apart."""
        self._bookkeeping = bookkeeping
        self._seen: dict[str, Described] = {}
        self._something_acts = True

    def describe(self, cursor: Any, heard: Heard) -> Snapshot:  # noqa: ANN401
        """Return what the database holds, reading again only what may have changed."""
        catalogue = Catalogue(cursor)
        touched = self._touched(catalogue.names, heard)
        if touched is None:
            self._seen = {}
            catalogue.read()
            cursor.execute(_ACTING)
            self._something_acts = bool(cursor.fetchone()[0])
        else:
            catalogue.read((touched | self._bookkeeping) & catalogue.names)
        gone = self._seen.keys() - catalogue.names
        self._seen = {n: one for n, one in self._seen.items() if n not in gone}
        for name in catalogue.ours(self._bookkeeping):
            self._seen[name] = catalogue.described(name)
        described = (self._seen[name] for name in sorted(self._seen))
        return catalogue.snapshot(self._bookkeeping, described)

    def _touched(self, there: set[str], heard: Heard) -> set[str] | None:
        """Return the tables that may have changed; None if that may be any or many."""
        if heard is None or self._something_acts or not all(map(_PLAIN.match, heard)):
            return None
        texts = [text.lower() for text in heard]
        came = there - self._seen.keys()
        named = {n for n in self._seen if any(n.lower() in text for text in texts)}
        touched = named | came | self._acted_on(named)
        if any(map(_RENAMING.search, texts)):
            touched |= self._leading_to(named)
        return touched if len(touched) <= _FEW else None

    def _acted_on(self, named: set[str]) -> set[str]:
        """Return the tables whose rows a key changes with those of these, and so on."""
        found, ahead = set[str](), named
        while ahead:
            ahead = self._leading_to(ahead, acting=True) - found
            found |= ahead
        return found

    def _leading_to(self, targets: set[str], *, acting: bool = False) -> set[str]:
        """Return the tables that have keys to some, or those keys that act on rows."""
        return {
            name
            for name, one in self._seen.items()
            if any(t in targets and (a or not acting) for t, a in one.leads_to.items())
        }
