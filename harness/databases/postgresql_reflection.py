"""What a PostgreSQL database holds, read from its catalogue.

The server itself writes types, defaults, conditions and indexes out as text. Tables of
the schema `public` go by their names alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
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
    TypeState,
)

_OURS = (
    "n.nspname NOT IN ('pg_catalog', 'information_schema') "
    "AND n.nspname !~ '^pg_(toast|temp)'"
)
_FROM = """
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
"""
_AMONG = "c.oid = ANY(%(only)s::oid[])"
_RELATIONS = f"""
    SELECT c.oid, n.nspname, c.relname, c.relkind IN ('v', 'm'),
        obj_description(c.oid, 'pg_class') {_FROM}
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {_OURS}
    ORDER BY n.nspname, c.relname
"""
_COLUMNS = f"""
    SELECT c.oid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), l.collname, a.attidentity <> '' OR EXISTS (
            SELECT 1 FROM pg_depend AS s
            WHERE s.refobjid = c.oid AND s.refobjsubid = a.attnum AND s.deptype = 'a'
            AND s.classid = 'pg_class'::regclass AND EXISTS (
                SELECT 1 FROM pg_class WHERE oid = s.objid AND relkind = 'S')),
        to_jsonb(a) ->> 'attgenerated' = 's', col_description(c.oid, a.attnum)
    {_FROM} JOIN pg_attribute AS a ON a.attrelid = c.oid
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation AS l
        ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {_AMONG}
        AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.oid, a.attnum
"""  # noqa: S608
_CONSTRAINTS = f"""
    SELECT c.oid, k.contype::text, k.conname,
        ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, i)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.n
            ORDER BY u.i),
        k.confrelid,
        ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, i)
            JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.n
            ORDER BY u.i),
        k.confdeltype::text, k.confupdtype::text,
        pg_get_expr(k.conbin, k.conrelid, true)
    {_FROM} JOIN pg_constraint AS k ON k.conrelid = c.oid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {_AMONG}
"""  # noqa: S608
_INDEXES = f"""
    SELECT c.oid, i.relname, x.indisunique, pg_get_indexdef(x.indexrelid)
    {_FROM} JOIN pg_index AS x ON x.indrelid = c.oid
    JOIN pg_class AS i ON i.oid = x.indexrelid
    WHERE {_AMONG} AND NOT EXISTS (
        SELECT 1 FROM pg_constraint AS k
        WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
"""  # noqa: S608
_TRIGGERS = f"""
    SELECT c.oid, g.tgname {_FROM} JOIN pg_trigger AS g ON g.tgrelid = c.oid
    WHERE NOT g.tgisinternal AND {_AMONG}
"""
_TYPES = """
    SELECT t.typname, ARRAY(SELECT e.enumlabel::text FROM pg_enum AS e
        WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM pg_type AS t WHERE t.typtype = 'e' ORDER BY t.typname
"""
_LITERAL = re.compile(r"'(?:[^']|'')*'(?=::)")
_CAST = re.compile(r"::[a-z][\w ]*(\(\d+(,\d+)?\))?( with(out)? time zone)?(\[\])?")
_ACTIONS = {
    "a": "no action",
    "r": "restrict",
    "c": "cascade",
    "n": "set null",
    "d": "set default",
}


class Relation(NamedTuple):
    """A table or view; `label` is what it is called."""

    oid: int
    schema: str
    name: str
    is_view: bool
    comment: str | None

    @property
    def label(self) -> str:
        """The name, with its schema where that is not the usual one."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


class _Column(NamedTuple):
    """A column; `counts` says that a sequence of its own fills it.

    What `default` says of one that is `generated` is how; before PostgreSQL 12 none is.
    """

    name: str
    type: str
    not_null: bool
    default: str | None
    collation: str | None
    counts: bool
    generated: bool | None
    comment: str | None


class _Constraint(NamedTuple):
    """A constraint; fields that its kind does not have are empty."""

    kind: str
    name: str
    columns: list[str]
    target: int
    there: list[str]
    on_delete: str
    on_update: str
    condition: str | None


class _Index(NamedTuple):
    """An index that no constraint made."""

    name: str
    is_unique: bool
    definition: str


def describe(cursor: Any, bookkeeping: frozenset[str]) -> Snapshot:  # noqa: ANN401
    """Return what the database holds; the transaction is the caller's."""
    catalogue = _whole(cursor)
    ours = catalogue.ours(bookkeeping)
    return catalogue.snapshot(
        bookkeeping,
        map(catalogue.table, ours),
        (catalogue.content(one) for one in ours if not one.is_view),
    )


def outlined(cursor: Any, bookkeeping: frozenset[str]) -> str:  # noqa: ANN401
    """Return all definitions, how many rows there are, and the bookkeeping."""
    return _whole(cursor).outline(bookkeeping)


def _whole(cursor: Any) -> Catalogue:  # noqa: ANN401
    catalogue = Catalogue(cursor)
    catalogue.read(relation.oid for relation in catalogue.relations)
    return catalogue


class Catalogue:
    """The catalogue of a database: which tables there are, and what `read` was told."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401
        """See which tables and views there are; nothing else is known of them yet."""
        self._cursor = cursor
        self.relations = [Relation(*row) for row in self._ask(_RELATIONS)]
        self._labels = {relation.oid: relation.label for relation in self.relations}

    def read(self, only: Iterable[int]) -> None:
        """Read what there is to know of the relations with these identifiers."""
        oids = list(only)
        self._columns = self._by_relation(_COLUMNS, oids, _Column)
        self._constraints = self._by_relation(_CONSTRAINTS, oids, _Constraint)
        self._indexes = self._by_relation(_INDEXES, oids, _Index)
        self._triggers = self._by_relation(_TRIGGERS, oids, str)

    def ours(self, bookkeeping: frozenset[str]) -> list[Relation]:
        """Return the tables and views that are no tool's own, in order."""
        ours = (one for one in self.relations if one.label not in bookkeeping)
        return sorted(ours, key=lambda relation: relation.label)

    def snapshot(
        self,
        bookkeeping: frozenset[str],
        tables: Iterable[TableState],
        rows: Iterable[RowsState],
    ) -> Snapshot:
        """Return tables, views and rows, with all else that there is."""
        theirs = [one for one in self.relations if one.label in bookkeeping]
        return Snapshot(
            tables=tuple(tables),
            rows=tuple(rows),
            bookkeeping={relation.label: self._rows(relation) for relation in theirs},
            types=tuple(TypeState(name, tuple(w)) for name, w in self._ask(_TYPES)),
        )

    def leads_to(self, relation: Relation) -> frozenset[int]:
        """Return the tables that the foreign keys of a table lead to."""
        return frozenset(key.target for key in self._of_kind(relation, "f"))

    def content(self, relation: Relation) -> RowsState:
        """Return the rows of a table; a view has none of its own."""
        return rows_state(relation.label, self._rows(relation))

    def outline(self, bookkeeping: frozenset[str]) -> str:
        """Return what changes if the database does, without reading all rows."""
        relations = sorted(self.relations, key=lambda relation: relation.label)
        content = [
            self._rows(one) if one.label in bookkeeping else self._count(one)
            for one in relations
            if not one.is_view
        ]
        return repr((list(map(self.table, relations)), self._ask(_TYPES), content))

    def _count(self, relation: Relation) -> list[tuple[Any, ...]]:
        return self._ask(f"SELECT count(*) FROM {place(relation)}")  # noqa: S608

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(query)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found

    def _by_relation(
        self,
        query: str,
        oids: list[int],
        kind: Any,  # noqa: ANN401
    ) -> dict[int, list[Any]]:
        found = defaultdict(list)
        if oids:
            self._cursor.execute(query, {"only": oids})
            for oid, *row in self._cursor.fetchall():
                found[oid].append(kind(*row))
        return found

    def table(self, relation: Relation) -> TableState:
        """Describe a table or view."""
        key = self._primary_key(relation)
        columns: list[_Column] = self._columns[relation.oid]
        return TableState(
            name=relation.label,
            columns=tuple(_column(c, key) for c in columns),
            primary_key=key,
            uniques=in_order(
                ConstraintState(c.name, f"({', '.join(c.columns)})")
                for c in self._of_kind(relation, "u")
            ),
            indexes=in_order(
                ConstraintState(index.name, _index_says(index))
                for index in self._indexes[relation.oid]
            ),
            foreign_keys=in_order(
                ConstraintState(c.name, self._key_says(c))
                for c in self._of_kind(relation, "f")
            ),
            checks=in_order(
                ConstraintState(c.name, c.condition or "")
                for c in self._of_kind(relation, "c")
            ),
            triggers=tuple(sorted(self._triggers[relation.oid])),
            autoincrement=any(c.counts for c in columns if c.name in key),
            comment=relation.comment,
        )

    def _primary_key(self, relation: Relation) -> tuple[str, ...]:
        keys = self._of_kind(relation, "p")
        return tuple(name for key in keys for name in key.columns)

    def _of_kind(self, relation: Relation, kind: str) -> list[_Constraint]:
        return [c for c in self._constraints[relation.oid] if c.kind == kind]

    def _key_says(self, key: _Constraint) -> str:
        actions = {"delete": key.on_delete, "update": key.on_update}
        return key_says(
            key.columns,
            self._labels.get(key.target, "?"),
            key.there,
            {event: _ACTIONS[action] for event, action in actions.items()},
        )

    def _rows(self, relation: Relation) -> tuple[dict[str, Scalar], ...]:
        """Return the rows by primary key, or by all columns; columns by name."""
        names = sorted(column.name for column in self._columns[relation.oid])
        if not names:
            return ()
        order = (*map(_quoted, self._primary_key(relation)), *map(_as_text, names))
        table = place(relation)
        chosen = ", ".join(map(_quoted, names))
        query = f"SELECT {chosen} FROM {table} ORDER BY {', '.join(order)}"  # noqa: S608
        return tuple(
            dict(zip(names, map(scalar, row), strict=True)) for row in self._ask(query)
        )


def _column(column: _Column, key: tuple[str, ...]) -> ColumnState:
    """Describe a column; the sequence of a primary key is told of the table."""
    told_elsewhere = (column.counts and column.name in key) or column.generated
    return ColumnState(
        name=column.name,
        type=column.type,
        nullable=not column.not_null,
        default=None if told_elsewhere else _default(column.default),
        collation=column.collation,
        generated=f"{plain_condition(column.default or '')}, stored"
        if column.generated
        else None,
        comment=column.comment,
    )


def _default(written: str | None) -> str | None:
    """Return a default without the cast that the server puts behind a literal."""
    if written is None:
        return None
    literal = _LITERAL.match(written)
    end = literal.end() if literal else 4 * written.startswith("NULL::")
    if end and _CAST.fullmatch(written, end):
        written = written[:end]
    return plain_default(written)


def _index_says(index: _Index) -> str:
    """Return a definition without names and what every index has: `unique (a, b)`."""
    _, _, method = index.definition.partition(" USING ")
    says = method.removeprefix("btree ")
    return f"unique {says}" if index.is_unique else says


def place(relation: Relation) -> str:
    """Return how SQL names a table, wherever one looks from."""
    return f"{_quoted(relation.schema)}.{_quoted(relation.name)}"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _as_text(name: str) -> str:
    """Return a column as something that can be ordered, whatever its type."""
    return f"{_quoted(name)}::text"
