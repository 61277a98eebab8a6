"""What was seen of a PostgreSQL database, and by which marks it is still so.

Every line of the catalogue and of a table carries the number of the transaction that
wrote it (`xmin`), and stands at a place (`ctid`). A description is read again where a
line that it rests on was written anew, came or went; rows are read again where the
definition did, or where one of them is not where it was.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.databases.postgresql_reflection import Catalogue, Relation, place
from harness.databases.states import rows_state
from harness.databases.watch import Heard
from harness.model.snapshot import RowsState, Snapshot, TableState

_FIRST_OF_USERS = 16384
"""What the database itself is made of has smaller identifiers (transam.h)."""

_MARKS = f"""
    SELECT m.relid, md5(string_agg(m.mark, ' ')), md5(string_agg(m.name, ' ')) FROM (
        SELECT oid AS relid, 'c' || xmin AS mark, quote_ident(relname) AS name
            FROM pg_class
            WHERE oid >= {_FIRST_OF_USERS} AND relkind IN ('r', 'p', 'f', 'v', 'm')
        UNION ALL SELECT attrelid, 'a' || attnum || ':' || xmin,
            attnum || quote_ident(attname) FROM pg_attribute
            WHERE attrelid >= {_FIRST_OF_USERS} AND attnum > 0
        UNION ALL SELECT adrelid, 'd' || oid || ':' || xmin, NULL FROM pg_attrdef
        UNION ALL SELECT conrelid, 'k' || oid || ':' || xmin, NULL FROM pg_constraint
            WHERE conrelid >= {_FIRST_OF_USERS}
        UNION ALL SELECT x.indrelid, 'i' || c.oid || ':' || x.xmin || ':' || c.xmin, NULL
            FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid
            WHERE x.indrelid >= {_FIRST_OF_USERS}
        UNION ALL SELECT tgrelid, 't' || oid || ':' || xmin, NULL FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT objoid, 'w' || objsubid || ':' || xmin, NULL
            FROM pg_description
            WHERE objoid >= {_FIRST_OF_USERS} AND classoid = 'pg_class'::regclass
        UNION ALL SELECT refobjid, 's' || objid || ':' || refobjsubid || ':' || xmin,
            NULL
            FROM pg_depend WHERE refobjid >= {_FIRST_OF_USERS} AND deptype = 'a'
                AND refclassid = 'pg_class'::regclass AND classid = refclassid
    ) AS m GROUP BY m.relid
"""  # noqa: S608
_NAMES = f"""
    SELECT 'type', oid::bigint, xmin::text FROM pg_type
        WHERE oid >= {_FIRST_OF_USERS} AND typtype NOT IN ('c', 'p') AND typelem = 0
    UNION ALL SELECT 'word', oid::bigint, xmin::text FROM pg_enum
        WHERE oid >= {_FIRST_OF_USERS}
    UNION ALL SELECT 'collation', oid::bigint, xmin::text FROM pg_collation
        WHERE oid >= {_FIRST_OF_USERS}
    UNION ALL SELECT 'function', oid::bigint, xmin::text FROM pg_proc
        WHERE oid >= {_FIRST_OF_USERS}
    UNION ALL SELECT 'schema', oid::bigint, xmin::text FROM pg_namespace
    UNION ALL SELECT 'sequence', oid::bigint, xmin::text FROM pg_class
        WHERE relkind = 'S' AND oid >= {_FIRST_OF_USERS}
"""  # noqa: S608
_PLAIN = f"""
    SELECT c.oid, pg_relation_size(c.oid) = 0 FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.oid >= {_FIRST_OF_USERS}
        AND NOT EXISTS (SELECT 1 FROM pg_inherits AS h WHERE h.inhparent = c.oid)
"""  # noqa: S608
_ROWS = """
    SELECT {oid}, md5(string_agg(ctid || ':' || xmin, ' ' ORDER BY ctid)) FROM ONLY {place}
"""
_NO_ROWS = "none"
_GONE = (None, None)
_Marks = dict[int, tuple[str | None, str | None]]


class _Seen(NamedTuple):
    """A table as it was described, the tables it leads to, and its rows if it has any.

    `mark` is of all lines that it rests on, `names` of what keys of others name in it.
    `rows_mark` is None where only reading the rows can tell whether they changed.
    """

    mark: str | None
    names: str | None
    rows_mark: str | None
    table: TableState
    leads_to: frozenset[int]
    rows: RowsState | None


class PostgreSQLMemory:
    """Keeps descriptions, and the marks they were read under."""

    def __init__(self, bookkeeping: frozenset[str]) -> None:
        """Remember nothing yet; `bookkeeping` are tables that are kept apart."""
        self._bookkeeping = bookkeeping
        self._seen: dict[int, _Seen] = {}
        self._names: dict[tuple[str, int], str] = {}

    def describe(self, cursor: Any, _: Heard) -> Snapshot:  # noqa: ANN401
        """Return what the database holds, reading again only what is marked anew."""
        self._forget_if_renamed(cursor)
        cursor.execute(_MARKS)
        marks = {oid: (mark, names) for oid, mark, names in cursor.fetchall()}
        catalogue = Catalogue(cursor)
        rows_marks = _rows_marks(cursor, catalogue.relations)
        stayed = self._stayed(marks, rows_marks)
        catalogue.read(r.oid for r in catalogue.relations if r.oid not in stayed)
        ours = catalogue.ours(self._bookkeeping)
        for one in ours:
            if one.oid not in stayed:
                stayed[one.oid] = _described(catalogue, one, marks, rows_marks)
        self._seen = {one.oid: stayed[one.oid] for one in ours}
        seen = self._seen.values()
        return catalogue.snapshot(
            self._bookkeeping,
            (one.table for one in seen),
            (one.rows for one in seen if one.rows is not None),
        )

    def _forget_if_renamed(self, cursor: Any) -> None:  # noqa: ANN401
        """Forget everything if something changed that descriptions name.

        What is new is not named by anything that stayed, and what went cannot have been.
        """
        cursor.execute(_NAMES)
        names = {(kind, oid): mark for kind, oid, mark in cursor.fetchall()}
        if any(names.get(one, mark) != mark for one, mark in self._names.items()):
            self._seen = {}
        self._names = names

    def _stayed(self, marks: _Marks, rows_marks: dict[int, str]) -> dict[int, _Seen]:
        """Return what is as it was: marks are, and names in tables that it leads to."""
        now = {oid: marks.get(oid, _GONE) for oid in self._seen}
        renamed = {o for o, one in self._seen.items() if now[o][1] != one.names}
        return {
            oid: one
            for oid, one in self._seen.items()
            if now[oid][0] == one.mark
            and not one.leads_to & renamed
            and (one.rows is None or one.rows_mark is not None)
            and one.rows_mark == rows_marks.get(oid)
        }


def _described(
    catalogue: Catalogue,
    relation: Relation,
    marks: _Marks,
    rows_marks: dict[int, str],
) -> _Seen:
    mark, names = marks.get(relation.oid, _GONE)
    rows_mark = rows_marks.get(relation.oid)
    rows = None
    if rows_mark == _NO_ROWS:
        rows = rows_state(relation.label, ())
    elif not relation.is_view:
        rows = catalogue.content(relation)
    return _Seen(
        mark=mark,
        names=names,
        rows_mark=rows_mark,
        table=catalogue.table(relation),
        leads_to=catalogue.leads_to(relation),
        rows=rows,
    )


def _rows_marks(cursor: Any, relations: list[Relation]) -> dict[int, str]:  # noqa: ANN401
    """Return marks of the rows of tables that have no others' rows among theirs."""
    empty = _asked(cursor, _PLAIN)
    filled = [one for one in relations if empty.get(one.oid) is False]
    queries = (_ROWS.format(oid=one.oid, place=place(one)) for one in filled)
    marks = _asked(cursor, " UNION ALL ".join(queries)) if filled else {}
    return dict.fromkeys(empty, _NO_ROWS) | {o: m or _NO_ROWS for o, m in marks.items()}


def _asked(cursor: Any, query: str) -> dict[int, Any]:  # noqa: ANN401
    cursor.execute(query)
    return dict(cursor.fetchall())
