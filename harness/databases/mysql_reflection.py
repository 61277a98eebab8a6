"""What a MariaDB or MySQL database holds, read from its information schema.

A unique constraint is a unique index there, so all of these are told as constraints.
The index that the server makes for a foreign key, under the same name, is told as part
of the key for as long as there is the key.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, NamedTuple

from harness.databases.sql_text import plain_condition, plain_default
from harness.databases.states import in_order, key_says, rows_state, scalar
from harness.model.operations import Scalar
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    RowsState,
    Snapshot,
    TableState,
)

_NAMES = """
    SELECT TABLE_NAME FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'SEQUENCE'
"""
COLLATION = "utf8mb4_general_ci"
"""What a table of our databases has if nothing is said."""
_ENGINE = "InnoDB"
_TABLES = """
    SELECT TABLE_NAME, TABLE_TYPE = 'VIEW', TABLE_COLLATION, TABLE_COMMENT, ENGINE,
        TABLE_TYPE = 'BASE TABLE' AND ENGINE IN ('InnoDB', 'MyISAM', 'Aria', 'MEMORY')
    FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'SEQUENCE' {only}
    ORDER BY TABLE_NAME
"""
_COLUMNS = """
    SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE = 'YES', COLUMN_DEFAULT,
        COLLATION_NAME, EXTRA, GENERATION_EXPRESSION, COLUMN_COMMENT
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() {only}
    ORDER BY TABLE_NAME, ORDINAL_POSITION
"""
_INDEXES = """
    SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE = 0, COLUMN_NAME, SUB_PART, INDEX_TYPE
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() {only}
    ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
"""
_KEYS = """
    SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME,
        REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL {only}
    ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION
"""
_RULES = """
    SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE
    FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE() {only}
"""
_CHECKS_OF_MARIADB = """
    SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE
    FROM information_schema.CHECK_CONSTRAINTS AS t
    WHERE CONSTRAINT_SCHEMA = DATABASE() {only}
"""
_CHECKS_OF_MYSQL = """
    SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE
    FROM information_schema.CHECK_CONSTRAINTS AS c
    JOIN information_schema.TABLE_CONSTRAINTS AS t
        ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA
        AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
    WHERE c.CONSTRAINT_SCHEMA = DATABASE() {only}
"""
_TRIGGERS = """
    SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME
    FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE()
        {only}
"""
_AMONG = "AND TABLE_NAME IN %s"
_INTRODUCER = re.compile(r"\b_(?:utf8(?:mb[34])?|latin1|ascii|binary)(?=\\?')")
_KNOWS_CHECKS = (8, 0, 16)
_Rows = tuple[tuple[Any, ...], ...]


class _Table(NamedTuple):
    """A table or view, with the collation of columns that do not name one.

    The rows of one that is `plain` are nowhere else, and change by no other table's.
    """

    name: str
    is_view: bool
    collation: str | None
    comment: str | None
    engine: str | None
    plain: bool


class _Column(NamedTuple):
    """A column as the server describes it."""

    name: str
    type: str
    nullable: bool
    default: str | None
    collation: str | None
    extra: str
    expression: str | None
    comment: str | None

    @property
    def counts(self) -> bool:
        """Whether the server fills it by counting."""
        return "auto_increment" in self.extra.lower()


class _Part(NamedTuple):
    """A column of the index `of` that name; `length` is that of a prefix."""

    of: str
    is_unique: bool
    column: str | None
    length: int | None
    method: str


class _Reference(NamedTuple):
    """A column of a foreign key."""

    key: str
    column: str
    target: str
    there: str
    on_delete: str
    on_update: str

    @property
    def acts(self) -> bool:
        """Whether a change of the row it leads to can change the row it is of."""
        return {self.on_delete, self.on_update} - {"NO ACTION", "RESTRICT"} != set()


class _Check(NamedTuple):
    """A check with its condition."""

    name: str
    condition: str


def describe(cursor: Any, bookkeeping: frozenset[str]) -> Snapshot:  # noqa: ANN401
    """Return what the database holds; the transaction is the caller's."""
    catalogue = Catalogue(cursor)
    catalogue.read()
    return catalogue.snapshot(
        bookkeeping, map(catalogue.described, catalogue.ours(bookkeeping))
    )


class Described(NamedTuple):
    """A table, and its rows; a view has none of its own.

    `leads_to` are the tables of its foreign keys, and whether those act on its rows. A
    table that is not `plain` may have the rows of others among its own.
    """

    table: TableState
    rows: RowsState | None
    leads_to: dict[str, bool]
    plain: bool

    @property
    def has_rows(self) -> bool:
        """Whether there are rows, or may be some without a statement that names it."""
        return self.rows is None or self.rows.count > 0 or not self.plain


class Catalogue:
    """The information schema on one database: the names of tables, and what was read."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401
        """See which tables and views there are; nothing else is known of them yet."""
        self._cursor = cursor
        ((self._version,),), names = self._ask("SELECT VERSION()", _NAMES)
        self._is_mariadb = "MariaDB" in self._version
        self.names = {name for (name,) in names}

    def read(
        self, only: Iterable[str] | None = None, *, with_triggers: bool = True
    ) -> None:
        """Read what there is to know of some tables and views, or of all of them.

        The server finds by name what is asked for by name, and opens nothing else.
        """
        queries = {
            _TABLES: _AMONG,
            _COLUMNS: _AMONG,
            _INDEXES: _AMONG,
            _KEYS: _AMONG,
            _RULES: _AMONG,
            self._of_checks(): _AMONG.replace("TABLE_NAME", "t.TABLE_NAME"),
            _TRIGGERS if with_triggers else "": "AND EVENT_OBJECT_TABLE IN %s",
        }
        queries.pop("", None)
        names = None if only is None else tuple(only)
        found = dict(zip(queries, self._among(names, queries), strict=True))
        self._tables = {row[0]: _Table(*row) for row in found[_TABLES]}
        self._columns = _by_table(found[_COLUMNS], _Column)
        self._parts = _by_table(found[_INDEXES], _Part)
        self._references = _references(found[_KEYS], found[_RULES])
        self._checks = _by_table(found.get(self._of_checks(), ()), _Check)
        self._triggers = _by_table(found.get(_TRIGGERS, ()), str)

    def ours(self, bookkeeping: frozenset[str]) -> list[str]:
        """Return the names of what was read and is no tool's own, in order."""
        return sorted(self._tables.keys() - bookkeeping)

    def described(self, name: str, *, is_empty: bool = False) -> Described:
        """Describe a table or view that was read; rows are not looked for in vain."""
        table = self._tables[name]
        state = self._table(table)
        known_empty = table.is_view or (is_empty and table.plain)
        rows = rows_state(name, () if known_empty else self.rows(state))
        return Described(
            table=state,
            rows=None if table.is_view else rows,
            leads_to=self._leads_to(name),
            plain=bool(table.plain),
        )

    def _leads_to(self, name: str) -> dict[str, bool]:
        """Return the tables of a table's keys, and whether one acts on its rows."""
        found = defaultdict[str, bool](bool)
        for keys in self._keys(name).values():
            found[keys[0].target] |= any(key.acts for key in keys)
        return dict(found)

    def snapshot(
        self, bookkeeping: frozenset[str], described: Iterable[Described]
    ) -> Snapshot:
        """Return tables, views and rows, with those that a tool keeps for itself."""
        described = tuple(described)
        return Snapshot(
            tables=tuple(one.table for one in described),
            rows=tuple(one.rows for one in described if one.rows is not None),
            bookkeeping={
                name: self.rows(self._table(self._tables[name]))
                for name in sorted(self.names & bookkeeping)
            },
        )

    def _ask(self, *queries: str) -> list[_Rows]:
        """Ask everything at once: an answer of its own costs as much as a question."""
        self._cursor.execute(";".join(queries))
        found = [self._cursor.fetchall()]
        while self._cursor.nextset():
            found.append(self._cursor.fetchall())
        return found

    def _among(
        self, names: tuple[str, ...] | None, queries: dict[str, str]
    ) -> list[_Rows]:
        """Ask about tables of these names; each question has its own condition."""
        if names is None:
            return self._ask(*(query.format(only="") for query in queries))
        return self._ask(
            *(
                self._cursor.mogrify(query.format(only=condition), (names,))
                for query, condition in queries.items()
            )
        )

    def _of_checks(self) -> str:
        """Return the question for checks, if there can be any to be told of."""
        if self._is_mariadb:
            return _CHECKS_OF_MARIADB
        numbers = tuple(map(int, self._version.partition("-")[0].split(".")))
        return _CHECKS_OF_MYSQL if numbers >= _KNOWS_CHECKS else ""

    def _table(self, table: _Table) -> TableState:
        columns: list[_Column] = self._columns[table.name]
        indexes = self._indexes(table.name)
        return TableState(
            name=table.name,
            columns=tuple(self._column(column, table) for column in columns),
            primary_key=self._primary_key(table.name),
            uniques=in_order(
                ConstraintState(name, _index_says(parts))
                for name, parts in indexes.items()
                if parts[0].is_unique
            ),
            indexes=in_order(
                ConstraintState(name, _index_says(parts))
                for name, parts in indexes.items()
                if not parts[0].is_unique
            ),
            foreign_keys=in_order(
                ConstraintState(name, _key_says(references))
                for name, references in self._keys(table.name).items()
            ),
            checks=in_order(
                ConstraintState(check.name, self._condition(check))
                for check in self._checks[table.name]
            ),
            triggers=tuple(sorted(self._triggers[table.name])),
            autoincrement=any(column.counts for column in columns),
            comment=None if table.is_view else table.comment or None,
            collation=_unless(table.collation, COLLATION),
            engine=_unless(table.engine, _ENGINE),
        )

    def _column(self, column: _Column, table: _Table) -> ColumnState:
        own = column.collation != table.collation
        return ColumnState(
            name=column.name,
            type=column.type,
            nullable=bool(column.nullable),
            default=self._default(column),
            collation=column.collation if own else None,
            generated=_generated(column),
            comment=column.comment or None,
        )

    def _condition(self, check: _Check) -> str:
        """Return a condition; MySQL marks every literal with a character set."""
        condition = check.condition
        if not self._is_mariadb:
            condition = _INTRODUCER.sub("", condition).replace("\\'", "'")
        return plain_condition(condition)

    def _default(self, column: _Column) -> str | None:
        """Return a default; MariaDB writes it as SQL, MySQL as the value that it is."""
        default = column.default
        if self._is_mariadb or "DEFAULT_GENERATED" in column.extra:
            default = plain_default(default)
        _, updated, what = column.extra.lower().partition("on update ")
        return f"{default} {updated}{what}" if updated else default

    def _primary_key(self, table: str) -> tuple[str, ...]:
        parts = (part for part in self._parts[table] if part.of == "PRIMARY")
        return tuple(str(part.column) for part in parts)

    def _indexes(self, table: str) -> dict[str, list[_Part]]:
        """Return the indexes but for the primary key's and those of foreign keys."""
        found = {
            name: list(parts)
            for name, parts in groupby(self._parts[table], lambda part: part.of)
            if name != "PRIMARY"
        }
        for name, references in self._keys(table).items():
            columns = [reference.column for reference in references]
            parts = found.get(name, [])
            if [part.column for part in parts] == columns and not parts[0].is_unique:
                del found[name]
        return found

    def _keys(self, table: str) -> dict[str, list[_Reference]]:
        grouped = groupby(self._references[table], lambda reference: reference.key)
        return {name: list(references) for name, references in grouped}

    def rows(self, table: TableState) -> tuple[dict[str, Scalar], ...]:
        """Return the rows by primary key, or by all columns; columns by name."""
        names = sorted(column.name for column in table.columns)
        order = ", ".join(map(_quoted, (*table.primary_key, *names)))
        chosen = ", ".join(map(_quoted, names))
        there = _quoted(table.name)
        query = f"SELECT {chosen} FROM {there} ORDER BY {order}"  # noqa: S608
        (found,) = self._ask(query)
        return tuple(dict(zip(names, map(scalar, row), strict=True)) for row in found)


def _by_table(rows: _Rows, kind: Callable[..., Any]) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for table, *row in rows:
        found[table].append(kind(*row))
    return found


def _references(keys: _Rows, rules: _Rows) -> dict[str, list[_Reference]]:
    """Put together what keys lead to and what they do; the server is slow at that."""
    actions = {(table, key): tuple(both) for table, key, *both in rules}
    return _by_table(
        tuple((*row, *actions[row[:2]]) for row in keys if row[:2] in actions),
        _Reference,
    )


def _unless(said: str | None, ordinary: str) -> str | None:
    return None if said == ordinary else said


def _generated(column: _Column) -> str | None:
    if not column.expression:
        return None
    manner = "stored" if "stored" in column.extra.lower() else "virtual"
    return f"{plain_condition(column.expression)}, {manner}"


def _index_says(parts: list[_Part]) -> str:
    columns = ", ".join(
        f"{part.column or 'an expression'}{f'({part.length})' if part.length else ''}"
        for part in parts
    )
    method = parts[0].method
    return f"({columns})" if method == "BTREE" else f"{method.lower()} ({columns})"


def _key_says(references: list[_Reference]) -> str:
    """Return what a foreign key says; to restrict is to say nothing there."""
    first = references[0]
    actions = {"delete": first.on_delete, "update": first.on_update}
    return key_says(
        (reference.column for reference in references),
        first.target,
        (reference.there for reference in references),
        {
            event: "NO ACTION" if action == "RESTRICT" else action
            for event, action in actions.items()
        },
    )


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
