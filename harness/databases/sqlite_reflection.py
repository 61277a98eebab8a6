"""What a SQLite database holds, read from its catalogue.

Plain pragmas are used and not SQLAlchemy's inspector: that one hides the types as
they are written, does not tell collations, AUTOINCREMENT and triggers, and takes
several times as long.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from harness.databases.sql_text import plain_default
from harness.databases.sqlite_ddl import (
    Constraint,
    TableText,
    read_index,
    read_table,
)
from harness.databases.states import in_order, key_says, rows_state, scalar
from harness.model.operations import Scalar
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    Snapshot,
    TableState,
)

_HIDDEN = 1
_COLUMNS = """
    SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
    FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c
    WHERE m.type = 'table' ORDER BY m.name, c.cid
"""
_FOREIGN_KEYS = """
    SELECT m.name, k.id, k."from", k."table", k."to", k.on_update, k.on_delete
    FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS k
    WHERE m.type = 'table' ORDER BY m.name, k.id DESC, k.seq
"""


class _Entry(NamedTuple):
    """A line of the catalogue."""

    type: str
    name: str
    table: str
    sql: str


class _ColumnRow(NamedTuple):
    """A column as the pragma tells it; `primary_key` counts from 1."""

    name: str
    type: str
    not_null: int
    default: str | None
    primary_key: int


class _KeyRow(NamedTuple):
    """A column of a foreign key as the pragma tells it."""

    key: int
    column: str
    target: str
    column_there: str | None
    on_update: str
    on_delete: str


def describe(connection: sqlite3.Connection, bookkeeping: frozenset[str]) -> Snapshot:
    """Return what the database holds, all seen at one moment."""
    connection.text_factory = _text
    connection.execute("BEGIN")
    try:
        return _Catalogue(connection).snapshot(bookkeeping)
    finally:
        connection.execute("ROLLBACK")


class _Catalogue:
    """The catalogue of a database, read in three queries."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._entries = _entries(connection)
        self._columns = _columns(connection)
        self._keys = _keys(connection)

    def snapshot(self, bookkeeping: frozenset[str]) -> Snapshot:
        """Return tables, views and rows; a view has no rows of its own."""
        tables = [entry for entry in self._entries if entry.type == "table"]
        ours = [entry for entry in tables if entry.name not in bookkeeping]
        theirs = sorted(entry.name for entry in tables if entry.name in bookkeeping)
        views = [entry for entry in self._entries if entry.type == "view"]
        return Snapshot(
            tables=tuple(
                self._view(entry) if entry.type == "view" else self._table(entry)
                for entry in sorted((*ours, *views), key=lambda entry: entry.name)
            ),
            rows=tuple(
                rows_state(name, self._all_rows(name))
                for name in sorted(entry.name for entry in ours)
            ),
            bookkeeping={name: self._all_rows(name) for name in theirs},
        )

    def _table(self, entry: _Entry) -> TableState:
        text = read_table(entry.sql)
        columns = self._columns[entry.name]
        primary_key = self._primary_key(entry.name)
        return TableState(
            name=entry.name,
            columns=tuple(_column(c, text, primary_key) for c in columns),
            primary_key=primary_key,
            uniques=in_order(
                ConstraintState(c.name, f"({', '.join(c.columns)})")
                for c in _of_kind(text, "unique")
            ),
            indexes=in_order(
                ConstraintState(index.name, read_index(index.sql))
                for index in self._hanging_on(entry.name, "index")
                if index.sql
            ),
            foreign_keys=self._foreign_keys(entry.name, text),
            checks=in_order(
                ConstraintState(c.name, c.condition) for c in _of_kind(text, "check")
            ),
            triggers=self._triggers(entry.name),
            autoincrement=text.autoincrement,
        )

    def _view(self, entry: _Entry) -> TableState:
        """Describe a view; one that no longer works has no columns."""
        pragma = f"PRAGMA table_info({_quoted(entry.name)})"
        try:
            found = self._connection.execute(pragma).fetchall()
        except sqlite3.OperationalError:
            found = []
        columns = tuple(ColumnState(row[1], row[2], nullable=True) for row in found)
        return TableState(entry.name, columns, triggers=self._triggers(entry.name))

    def _hanging_on(self, table: str, kind: str) -> list[_Entry]:
        return [e for e in self._entries if e.type == kind and e.table == table]

    def _triggers(self, table: str) -> tuple[str, ...]:
        return tuple(sorted(e.name for e in self._hanging_on(table, "trigger")))

    def _primary_key(self, table: str) -> tuple[str, ...]:
        members = [c for c in self._columns.get(table, ()) if c.primary_key]
        return tuple(c.name for c in sorted(members, key=lambda c: c.primary_key))

    def _foreign_keys(self, table: str, text: TableText) -> tuple[ConstraintState, ...]:
        """Put the keys of the pragma and the names in the statement together."""
        names: dict[tuple[str, ...], list[str | None]] = defaultdict(list)
        for constraint in _of_kind(text, "foreign key"):
            names[constraint.columns].append(constraint.name)
        found = []
        for _, group in groupby(self._keys[table], key=lambda row: row.key):
            rows = list(group)
            columns = tuple(row.column for row in rows)
            name = names[columns].pop(0) if names[columns] else None
            found.append(ConstraintState(name, self._key_says(rows)))
        return in_order(found)

    def _key_says(self, rows: list[_KeyRow]) -> str:
        first = rows[0]
        named = tuple(row.column_there for row in rows if row.column_there is not None)
        return key_says(
            (row.column for row in rows),
            first.target,
            named or self._primary_key(first.target),
            {"delete": first.on_delete, "update": first.on_update},
        )

    def _all_rows(self, table: str) -> tuple[dict[str, Scalar], ...]:
        """Return the rows by primary key, or by all columns; columns by name."""
        names = sorted(column.name for column in self._columns[table])
        order = ", ".join(map(_quoted, (*self._primary_key(table), *names)))
        chosen = ", ".join(map(_quoted, names))
        query = f"SELECT {chosen} FROM {_quoted(table)} ORDER BY {order}"  # noqa: S608
        return tuple(
            dict(zip(names, map(scalar, row), strict=True))
            for row in self._connection.execute(query)
        )


def _entries(connection: sqlite3.Connection) -> list[_Entry]:
    query = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
    entries = (_Entry(*row) for row in connection.execute(query))
    return [entry for entry in entries if not entry.name.startswith("sqlite_")]


def _columns(connection: sqlite3.Connection) -> dict[str, list[_ColumnRow]]:
    return {
        table: [_ColumnRow(*row[1:6]) for row in rows if row[6] != _HIDDEN]
        for table, rows in groupby(connection.execute(_COLUMNS), itemgetter(0))
    }


def _keys(connection: sqlite3.Connection) -> dict[str, list[_KeyRow]]:
    found: dict[str, list[_KeyRow]] = defaultdict(list)
    for table, *row in connection.execute(_FOREIGN_KEYS):
        found[table].append(_KeyRow(*row))
    return found


def _column(
    row: _ColumnRow, text: TableText, primary_key: tuple[str, ...]
) -> ColumnState:
    """Describe a column.

    An `INTEGER PRIMARY KEY` stands for the row's number and is never null, whether
    the statement says so or not (SQLite, CREATE TABLE, 5).
    """
    is_row_number = primary_key == (row.name,) and row.type.upper() == "INTEGER"
    return ColumnState(
        name=row.name,
        type=row.type,
        nullable=not (row.not_null or is_row_number),
        default=plain_default(row.default),
        collation=text.collations.get(row.name),
        generated=text.generated.get(row.name),
    )


def _of_kind(text: TableText, kind: str) -> list[Constraint]:
    return [constraint for constraint in text.constraints if constraint.kind == kind]


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _text(value: bytes) -> str:
    return value.decode(errors="backslashreplace")
