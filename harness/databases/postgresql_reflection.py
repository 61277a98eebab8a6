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
_RELATIONS = f"""
    SELECT c.oid, n.nspname, c.relname, c.relkind IN ('v', 'm') {_FROM}
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {_OURS}
    ORDER BY n.nspname, c.relname
"""
_COLUMNS = """
    SELECT a.attrelid::bigint, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid), l.collname,
        a.attidentity <> '' OR EXISTS (
            SELECT 1 FROM pg_depend AS s JOIN pg_class AS q
                ON q.oid = s.objid AND q.relkind = 'S'
            WHERE s.refclassid = 'pg_class'::regclass AND s.refobjid = a.attrelid
            AND s.refobjsubid = a.attnum AND s.deptype = 'a'
            AND s.classid = 'pg_class'::regclass),
        {generated}, (SELECT w.description FROM pg_description AS w
            WHERE w.objoid = a.attrelid AND w.classoid = 'pg_class'::regclass
            AND w.objsubid = a.attnum)
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation AS l
        ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
    WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
"""
_GENERATED = ("false", "a.attgenerated = 's'")
_GENERATES = 120000
_CONSTRAINTS = """
    SELECT k.conrelid::bigint, k.contype::text, k.conname,
        ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(n, i)
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.n
            ORDER BY u.i),
        k.confrelid::bigint,
        ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(n, i)
            JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.n
            ORDER BY u.i),
        k.confdeltype::text, k.confupdtype::text,
        pg_get_expr(k.conbin, k.conrelid, true)
    FROM pg_constraint AS k
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conrelid = ANY($1)
"""
_INDEXES = """
    SELECT x.indrelid::bigint, i.relname, x.indisunique, pg_get_indexdef(x.indexrelid)
    FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid
    WHERE x.indrelid = ANY($1) AND NOT EXISTS (
        SELECT 1 FROM pg_constraint AS k WHERE k.conrelid = x.indrelid
        AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
"""
_TRIGGERS = """
    SELECT g.tgrelid::bigint, g.tgname FROM pg_trigger AS g
    WHERE NOT g.tgisinternal AND g.tgrelid = ANY($1)
"""
_COMMENTS = """
    SELECT w.objoid::bigint, w.description FROM pg_description AS w
    WHERE w.objoid = ANY($1) AND w.classoid = 'pg_class'::regclass AND w.objsubid = 0
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

    @property
    def label(self) -> str:
        """The name, with its schema where that is not the usual one."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


class _Column(NamedTuple):
    """A column; `counts` says that a sequence of its own fills it.

    What `default` says of one that is `generated` is how; before PostgreSQL 12 none is.
    """

    number: int
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


class _Trigger(NamedTuple):
    """A trigger that somebody made."""

    name: str


class _Comment(NamedTuple):
    """What was written about a table or view."""

    words: str


def _together(*questions: tuple[str, Any]) -> str:
    """Return one question for the answers to several, each a list of objects."""
    parts = (
        (query, ", ".join(f'"{field}"' for field in ("oid", *kind._fields)))
        for query, kind in questions
    )
    answers = (f"(SELECT json_agg(q) FROM ({q}) AS q ({f}))" for q, f in parts)  # noqa: S608
    return f"SELECT {', '.join(answers)}"


_KINDS = (_Column, _Constraint, _Index, _Trigger, _Comment)
_DEFINITIONS = _together(
    *zip((_COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _COMMENTS), _KINDS, strict=True)
)


def definitions(cursor: Any) -> str:  # noqa: ANN401
    """Return the question for all definitions; `$1` is an array of identifiers."""
    generates = cursor.connection.server_version >= _GENERATES
    return _DEFINITIONS.format(generated=_GENERATED[generates])


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

    def __init__(
        self,
        cursor: Any,  # noqa: ANN401
        relations: Iterable[Relation] | None = None,
    ) -> None:
        """See which tables and views there are, if they are not known already."""
        self._cursor = cursor
        self.relations = (
            [Relation(*row) for row in self.ask(_RELATIONS)]
            if relations is None
            else list(relations)
        )
        self._labels = {relation.oid: relation.label for relation in self.relations}

    def read(self, only: Iterable[int], question: str = "") -> None:
        """Read what there is to know of the relations with these identifiers.

        `question` is `definitions`, where that was prepared.
        """
        oids = f"'{{{','.join(map(str, only))}}}'::oid[]"
        question = question or definitions(self._cursor)
        ((*answers,),) = self.ask(question.replace("$1", oids))
        found = map(_by_relation, answers, _KINDS)
        self._columns, self._constraints, self._indexes, *rest = found
        self._triggers, self._comments = rest

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
            types=tuple(TypeState(name, tuple(w)) for name, w in self.ask(_TYPES)),
        )

    def books(
        self, bookkeeping: frozenset[str]
    ) -> dict[str, tuple[dict[str, Scalar], ...]]:
        """Read the tables that a tool keeps for itself, and return their rows."""
        theirs = [one for one in self.relations if one.label in bookkeeping]
        self.read(one.oid for one in theirs)
        return {relation.label: self._rows(relation) for relation in theirs}

    def leads_to(self, relation: Relation) -> frozenset[int]:
        """Return the tables that the foreign keys of a table lead to."""
        return frozenset(key.target for key in self._of_kind(relation, "f"))

    def names(self, relation: Relation) -> dict[int, str]:
        """Return what the keys of others name: the table as 0, and its columns."""
        columns = {one.number: one.name for one in self._columns[relation.oid]}
        return {0: relation.label} | columns

    def content(self, relation: Relation) -> RowsState:
        """Return the rows of a table that was read; a view has none of its own."""
        return rows_state(relation.label, self._rows(relation))

    def content_of(self, relation: Relation, table: TableState) -> RowsState:
        """Return the rows of a table that was described before."""
        names = [column.name for column in table.columns]
        rows = self._rows_of(relation, names, table.primary_key)
        return rows_state(relation.label, rows)

    def outline(self, bookkeeping: frozenset[str]) -> str:
        """Return what changes if the database does, without reading all rows."""
        relations = sorted(self.relations, key=lambda relation: relation.label)
        content = [
            self._rows(one) if one.label in bookkeeping else self._count(one)
            for one in relations
            if not one.is_view
        ]
        return repr((list(map(self.table, relations)), self.ask(_TYPES), content))

    def _count(self, relation: Relation) -> list[tuple[Any, ...]]:
        return self.ask(f"SELECT count(*) FROM {place(relation)}")  # noqa: S608

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the lines that answer a question."""
        self._cursor.execute(query)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
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
            triggers=tuple(sorted(one.name for one in self._triggers[relation.oid])),
            autoincrement=any(c.counts for c in columns if c.name in key),
            comment=next((one.words for one in self._comments[relation.oid]), None),
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
        names = [column.name for column in self._columns[relation.oid]]
        return self._rows_of(relation, names, self._primary_key(relation))

    def _rows_of(
        self, relation: Relation, columns: list[str], key: tuple[str, ...]
    ) -> tuple[dict[str, Scalar], ...]:
        """Return the rows by primary key, or by all columns; columns by name."""
        names = sorted(columns)
        if not names:
            return ()
        order = (*map(_quoted, key), *map(_as_text, names))
        table = place(relation)
        chosen = ", ".join(map(_quoted, names))
        query = f"SELECT {chosen} FROM {table} ORDER BY {', '.join(order)}"  # noqa: S608
        return tuple(
            dict(zip(names, map(scalar, row), strict=True)) for row in self.ask(query)
        )


def _by_relation(
    answer: list[dict[str, Any]] | None,
    kind: Any,  # noqa: ANN401
) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for one in answer or ():
        found[one.pop("oid")].append(kind(**one))
    return found


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
