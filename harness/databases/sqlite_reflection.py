"""What a SQLite database holds, read from its catalogue.

Plain pragmas are used and not SQLAlchemy's inspector: that one hides the types as
they are written, does not tell collations, AUTOINCREMENT and triggers, and takes
several times as long.
"""

from __future__ import annotations

import json
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
_REMEMBERED = 4096
_COLUMNS = """
    SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
    FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS c
    WHERE m.type = 'table' AND m.name IN (SELECT value FROM json_each(?))
    ORDER BY m.name, c.cid
"""
_FOREIGN_KEYS = """
    SELECT m.name, k.id, k."from", k."table", k."to", k.on_update, k.on_delete
    FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS k
    WHERE m.type = 'table' AND m.name IN (SELECT value FROM json_each(?))
    ORDER BY m.name, k.id DESC, k.seq
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


class Remembered:
    """Descriptions of tables, by all that the catalogue says of each.

    SQLite derives everything from those texts, so that the same texts make the same
    table, in whichever database. A key that leaves out the columns it leads to is the
    exception: it depends on another table.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[_Entry, ...], TableState] = {}
        self.queries: dict[tuple[_Entry, ...], tuple[list[str], str]] = {}
        """The columns of a table, and what asks for its rows."""

    def get(self, entries: tuple[_Entry, ...]) -> TableState | None:
        """Return the description that these texts were found to make, if any."""
        return self._known.get(entries)

    def keep(self, entries: tuple[_Entry, ...], state: TableState) -> None:
        """Remember what texts make; not for ever, since a run meets many tables."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self.queries.clear()
        self._known[entries] = state


def describe(
    connection: sqlite3.Connection,
    bookkeeping: frozenset[str],
    remembered: Remembered | None = None,
) -> Snapshot:
    """Return what the database holds, all seen at one moment."""
    connection.text_factory = _text
    connection.execute("BEGIN")
    try:
        return _Catalogue(connection, remembered or Remembered()).snapshot(bookkeeping)
    finally:
        connection.execute("ROLLBACK")


class _Catalogue:
    """The catalogue of a database; what is remembered of it is not read again."""

    def __init__(self, connection: sqlite3.Connection, remembered: Remembered) -> None:
        self._connection = connection
        self._entries = _entries(connection)
        self._remembered = remembered
        self._texts = _by_table(self._entries)
        new = [t for t, texts in self._texts.items() if remembered.get(texts) is None]
        self._columns = _columns(connection, new)
        self._keys = _keys(connection, new)

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
        texts = self._texts[entry.name]
        known = self._remembered.get(texts)
        if known is not None:
            return known
        state = self._described(entry)
        if all(row.column_there is not None for row in self._keys[entry.name]):
            self._remembered.keep(texts, state)
        return state

    def _described(self, entry: _Entry) -> TableState:
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
        return [e for e in self._texts.get(table, ()) if e.type == kind]

    def _triggers(self, table: str) -> tuple[str, ...]:
        return tuple(sorted(e.name for e in self._hanging_on(table, "trigger")))

    def _primary_key(self, table: str) -> tuple[str, ...]:
        members = [c for c in self._columns_of(table) if c.primary_key]
        return tuple(c.name for c in sorted(members, key=lambda c: c.primary_key))

    def _columns_of(self, table: str) -> list[_ColumnRow]:
        if table not in self._columns and table in self._texts:
            self._columns.update(_columns(self._connection, [table]))
        return self._columns.get(table, [])

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
        texts = self._texts[table]
        query = self._remembered.queries.get(texts)
        if query is None:
            names = sorted(column.name for column in self._columns_of(table))
            query = _query(table, names, self._primary_key(table))
            self._remembered.queries[texts] = query
        names, words = query
        return tuple(
            dict(zip(names, map(scalar, row), strict=True))
            for row in self._connection.execute(words)
        )


def _query(
    table: str, names: list[str], primary_key: tuple[str, ...]
) -> tuple[list[str], str]:
    order = ", ".join(map(_quoted, (*primary_key, *names)))
    chosen = ", ".join(map(_quoted, names))
    words = f"SELECT {chosen} FROM {_quoted(table)} ORDER BY {order}"  # noqa: S608
    return names, words


def _entries(connection: sqlite3.Connection) -> list[_Entry]:
    query = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
    entries = (_Entry(*row) for row in connection.execute(query))
    return [entry for entry in entries if not entry.name.startswith("sqlite_")]


def _by_table(entries: list[_Entry]) -> dict[str, tuple[_Entry, ...]]:
    """Return what the catalogue says of each table, and of what hangs on it."""
    found: dict[str, tuple[_Entry, ...]] = {}
    for entry in sorted(entries):
        found[entry.table] = (*found.get(entry.table, ()), entry)
    return found


def _columns(
    connection: sqlite3.Connection, tables: list[str]
) -> dict[str, list[_ColumnRow]]:
    if not tables:
        return {}
    found = connection.execute(_COLUMNS, (json.dumps(tables),))
    return {
        table: [_ColumnRow(*row[1:6]) for row in rows if row[6] != _HIDDEN]
        for table, rows in groupby(found, itemgetter(0))
    }


def _keys(
    connection: sqlite3.Connection, tables: list[str]
) -> dict[str, list[_KeyRow]]:
    found: dict[str, list[_KeyRow]] = defaultdict(list)
    if not tables:
        return found
    for table, *row in connection.execute(_FOREIGN_KEYS, (json.dumps(tables),)):
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
