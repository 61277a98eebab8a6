"""What was seen of a PostgreSQL database, and by which marks it is still so.

Every line of the catalogue and of a table carries the number of the transaction that
wrote it (`xmin`). A line that was not there at the last look was written by one that had
not ended then, so its number is not below the smallest of those: it is fresh. A line that
went is missed where lines are counted. So a description is read again where a line that
it rests on is fresh or there are more or fewer of them, and rows likewise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from harness.databases.postgresql_reflection import (
    Catalogue,
    Relation,
    definitions,
    place,
)
from harness.databases.states import rows_state
from harness.databases.watch import Heard
from harness.model.snapshot import RowsState, Snapshot, TableState, TypeState

_FIRST_OF_USERS = 16384
"""What the database itself is made of has smaller identifiers (transam.h)."""

_FRESH = "(age({}xmin) <= (SELECT age($1)) IS NOT FALSE)"
_LINES = f"""
    SELECT oid AS relid, 0 AS one, true AS is_fresh FROM pg_class
        WHERE oid >= {_FIRST_OF_USERS} AND {_FRESH.format("")}
    UNION ALL SELECT attrelid, 0, true FROM pg_attribute
        WHERE attrelid >= {_FIRST_OF_USERS} AND attnum > 0 AND {_FRESH.format("")}
    UNION ALL SELECT adrelid, 1, {_FRESH.format("")} FROM pg_attrdef
    UNION ALL SELECT conrelid, 1, {_FRESH.format("")} FROM pg_constraint
        WHERE conrelid >= {_FIRST_OF_USERS}
    UNION ALL SELECT indrelid, 1, {_FRESH.format("")} FROM pg_index
        WHERE indrelid >= {_FIRST_OF_USERS}
    UNION ALL SELECT x.indrelid, 0, true
        FROM pg_class AS c JOIN pg_index AS x ON x.indexrelid = c.oid
        WHERE c.oid >= {_FIRST_OF_USERS} AND c.relkind IN ('i', 'I')
            AND {_FRESH.format("c.")}
    UNION ALL SELECT tgrelid, 1, {_FRESH.format("")} FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT objoid, 1, {_FRESH.format("")} FROM pg_description
        WHERE objoid >= {_FIRST_OF_USERS} AND classoid = 'pg_class'::regclass
    UNION ALL SELECT s.refobjid, 1, {_FRESH.format("s.")}
        FROM pg_class AS c JOIN pg_depend AS s
            ON s.classid = 'pg_class'::regclass AND s.objid = c.oid
        WHERE c.oid >= {_FIRST_OF_USERS} AND c.relkind = 'S'
            AND s.refclassid = 'pg_class'::regclass AND s.deptype = 'a'
"""  # noqa: S608
_RELATIONS = f"""
    SELECT 'relation', c.oid::bigint, c.relname::text, n.nspname::text,
        c.relkind IN ('v', 'm') AS is_view, CASE WHEN c.relkind IN ('v', 'm') THEN false
            WHEN c.relkind = 'r' AND NOT c.relhassubclass
            THEN pg_relation_size(c.oid) > 0 END AS has_pages,
        coalesce(l.is_fresh, false) AS is_fresh, coalesce(l.number, 0) AS number,
        NULL::text[]
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN (SELECT relid, sum(one) AS number, bool_or(is_fresh) AS is_fresh
        FROM ({_LINES}) AS lines GROUP BY relid) AS l ON l.relid = c.oid
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.oid >= {_FIRST_OF_USERS}
        AND n.nspname !~ '^pg_(toast|temp)'
"""  # noqa: S608
_NAMED = {
    "type": f"pg_type WHERE oid >= {_FIRST_OF_USERS} AND typtype <> 'p' AND typelem = 0",
    "word": f"pg_enum WHERE oid >= {_FIRST_OF_USERS}",
    "collation": f"pg_collation WHERE oid >= {_FIRST_OF_USERS}",
    "function": f"pg_proc WHERE oid >= {_FIRST_OF_USERS}",
    "schema": "pg_namespace WHERE true",
    "sequence": f"pg_class WHERE oid >= {_FIRST_OF_USERS} AND relkind = 'S'",
}
"""What descriptions name that is no table."""

_NAMES = "".join(
    f"UNION ALL SELECT '{kind}', oid::bigint, xmin::text, NULL, NULL, NULL, NULL, NULL, "  # noqa: S608
    f"NULL FROM {where} AND {_FRESH.format('')} "
    for kind, where in _NAMED.items()
)
_LOOK = f"""
    WITH relations AS ({_RELATIONS})
    SELECT 'horizon', NULL::bigint, txid_snapshot_xmin(txid_current_snapshot())::text,
        NULL, NULL::boolean, NULL::boolean, NULL::boolean,
        coalesce(sum(1 + number) FILTER (WHERE NOT is_fresh), 0)::bigint, NULL::text[]
        FROM relations
    UNION ALL SELECT * FROM relations WHERE $2 OR is_fresh OR has_pages IS NOT FALSE
    {_NAMES}
    UNION ALL SELECT 'enum', t.oid::bigint, t.typname::text, NULL, NULL, NULL, NULL, NULL,
        coalesce(e.words, ARRAY[]::text[])
        FROM pg_type AS t LEFT JOIN (SELECT enumtypid,
            array_agg(enumlabel::text ORDER BY enumsortorder) AS words
            FROM pg_enum GROUP BY enumtypid) AS e ON e.enumtypid = t.oid
        WHERE t.oid >= {_FIRST_OF_USERS} AND t.typtype = 'e'
"""  # noqa: S608
_PREPARE = (
    f"DEALLOCATE ALL; PREPARE look (xid, boolean) AS {_LOOK}; "
    "PREPARE definitions (oid[]) AS "
)
_ROWS = """
    SELECT {oid}, count(*), count(*) FILTER (WHERE age(xmin) <= age('{horizon}'::xid))
    FROM ONLY {place}
"""
_XIDS = 1 << 32


class _Line(NamedTuple):
    """A line of the answer to a look; which fields there are depends on the `kind`.

    `has_pages` is None for a table that has others' rows among its own. `number` is how
    many lines a relation rests on; of the `horizon`, how many all do that are not fresh.
    """

    kind: str
    oid: int
    name: str
    schema: str
    is_view: bool
    has_pages: bool | None
    is_fresh: bool
    number: int
    words: list[str]

    @property
    def at_rest(self) -> _Line:
        """What holds of a relation of which nothing is said at the next look."""
        return self._replace(is_fresh=False, has_pages=False)

    @property
    def relation(self) -> Relation:
        """The table or view that the line is of."""
        return Relation(self.oid, self.schema, self.name, self.is_view)


class _Seen(NamedTuple):
    """A table as it was described, the tables it leads to, and its rows if it has any.

    `number` is that of the lines it rests on, `names` what keys of others name in it.
    """

    number: int
    names: dict[int, str]
    table: TableState
    leads_to: frozenset[int]
    rows: RowsState | None


class PostgreSQLMemory:
    """Keeps descriptions, and up to which transaction they are known to hold."""

    def __init__(self, bookkeeping: frozenset[str]) -> None:
        """Remember nothing yet; `bookkeeping` are tables that are left out."""
        self._bookkeeping = bookkeeping
        self._seen: dict[int, _Seen] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._there: dict[int, _Line] = {}
        self._horizon: int | None = None
        self._connection: Any = None

    def describe(self, cursor: Any, heard: Heard) -> Snapshot:  # noqa: ANN401
        """Return what the database holds, reading again only what is marked anew."""
        lines = self._look(cursor)
        catalogue = Catalogue(cursor, (one.relation for one in self._there.values()))
        ours = catalogue.ours(self._bookkeeping)
        self._seen = {o.oid: self._seen[o.oid] for o in ours if o.oid in self._seen}
        anew = self._described(catalogue, ours)
        self._fill(catalogue, ours, anew)
        self._horizon = int(lines[0].name)
        seen = self._snapshot(ours, (one for one in lines if one.kind == "enum"))
        if heard is not None:
            return seen
        books = catalogue.books(self._bookkeeping)
        return msgspec.structs.replace(seen, bookkeeping=books)

    def _look(self, cursor: Any) -> list[_Line]:  # noqa: ANN401
        """Ask what is fresh, and of all relations if more than that may have changed."""
        if cursor.connection is not self._connection:
            cursor.execute(_PREPARE + definitions(cursor))
            self._connection = cursor.connection
        lines = self._asked(cursor, everything=self._horizon is None)
        if self._renamed(lines):
            self._seen, self._there = {}, {}
        if self._lost(lines):
            lines = self._asked(cursor, everything=True)
            self._there = {}
        self._there = {oid: one.at_rest for oid, one in self._there.items()}
        self._there |= {one.oid: one for one in lines if one.kind == "relation"}
        return lines

    def _asked(self, cursor: Any, *, everything: bool) -> list[_Line]:  # noqa: ANN401
        horizon = None if self._horizon is None else str(self._horizon % _XIDS)
        cursor.execute("EXECUTE look (%s, %s)", (horizon, everything))
        return [_Line(*row) for row in cursor.fetchall()]

    def _renamed(self, lines: list[_Line]) -> bool:
        """Tell whether something changed that descriptions name.

        What is new is not named by anything that stayed, and what went cannot have been.
        """
        fresh = {(one.kind, one.oid): one.name for one in lines if one.kind in _NAMED}
        known, self._names = self._names, self._names | fresh
        return any(known.get(one, mark) != mark for one, mark in fresh.items())

    def _lost(self, lines: list[_Line]) -> bool:
        """Tell whether a relation went, or lost a line, of which nothing was said."""
        fresh = {one.oid for one in lines if one.is_fresh}
        stayed = (one for oid, one in self._there.items() if oid not in fresh)
        return lines[0].number != sum(1 + one.number for one in stayed)

    def _described(self, catalogue: Catalogue, ours: list[Relation]) -> set[int]:
        """Describe anew what may tell something else; return what that was.

        The keys of tables that did not change tell the names of those they lead to.
        """
        anew = {
            one.oid
            for one in ours
            if (seen := self._seen.get(one.oid)) is None
            or self._there[one.oid].is_fresh
            or self._there[one.oid].number != seen.number
        }
        before = dict(self._seen)
        self._read(catalogue, ours, anew)
        renamed = {
            oid
            for oid in anew & before.keys()
            if not before[oid].names.items() <= self._seen[oid].names.items()
        }
        leading = {o for o, one in self._seen.items() if one.leads_to & renamed} - anew
        self._read(catalogue, ours, leading)
        return anew

    def _read(
        self,
        catalogue: Catalogue,
        ours: list[Relation],
        only: set[int],
    ) -> None:
        if not only:
            return
        catalogue.read(only, "EXECUTE definitions ($1)")
        for one in ours:
            if one.oid in only:
                seen = self._seen.get(one.oid)
                self._seen[one.oid] = _Seen(
                    number=self._there[one.oid].number,
                    names=catalogue.names(one),
                    table=catalogue.table(one),
                    leads_to=catalogue.leads_to(one),
                    rows=seen.rows if seen else None,
                )

    def _fill(
        self,
        catalogue: Catalogue,
        ours: list[Relation],
        anew: set[int],
    ) -> None:
        """Read the rows that may have changed; of a table described anew, they may."""
        stores = [one for one in ours if not one.is_view]
        asked = [
            o for o in stores if self._there[o.oid].has_pages and o.oid not in anew
        ]
        changed = anew | self._with_other_rows(catalogue, asked)
        for one in stores:
            seen = self._seen[one.oid]
            if self._there[one.oid].has_pages is False:
                if _count(seen.rows) == 0 and one.oid not in anew:
                    continue
                rows = rows_state(one.label, ())
            elif self._there[one.oid].has_pages is None or one.oid in changed:
                rows = catalogue.content_of(one, seen.table)
            else:
                continue
            self._seen[one.oid] = seen._replace(rows=rows)

    def _with_other_rows(self, catalogue: Catalogue, asked: list[Relation]) -> set[int]:
        """Return the tables of which a row is fresh, or that have more or fewer."""
        if not asked:
            return set()
        horizon = (self._horizon or 0) % _XIDS
        queries = (
            _ROWS.format(oid=one.oid, place=place(one), horizon=horizon)
            for one in asked
        )
        return {
            oid
            for oid, count, fresh in catalogue.ask(" UNION ALL ".join(queries))
            if fresh or count != _count(self._seen[oid].rows)
        }

    def _snapshot(self, ours: list[Relation], enums: Iterable[_Line]) -> Snapshot:
        seen = [self._seen[one.oid] for one in ours]
        return Snapshot(
            tables=tuple(one.table for one in seen),
            rows=tuple(one.rows for one in seen if one.rows is not None),
            types=tuple(_types(enums)),
        )


def _types(enums: Iterable[_Line]) -> Iterator[TypeState]:
    for one in sorted(enums, key=lambda one: one.name):
        yield TypeState(one.name, tuple(one.words))


def _count(rows: RowsState | None) -> int | None:
    return None if rows is None else rows.count
