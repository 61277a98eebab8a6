"""Schemas, rows and operations to draw from, with what trips tools up among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from harness.exploration.soundness import primary_key
from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    Backfill,
    CreateIndex,
    CreateTable,
    DropCheck,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    DropUnique,
    Operation,
    RenameColumn,
    RenameTable,
    Scalar,
)
from harness.model.rows import Row
from harness.model.schema import (
    BigInteger,
    Boolean,
    Check,
    Column,
    ColumnType,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Schema,
    String,
    Table,
    Text,
    Unique,
)

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
DRAWN: tuple[type[Operation], ...] = (
    AddColumn,
    AlterColumn,
    RenameColumn,
    DropColumn,
    CreateTable,
    RenameTable,
    DropTable,
    CreateIndex,
    DropIndex,
    AddUnique,
    DropUnique,
    AddCheck,
    DropCheck,
    AddForeignKey,
    DropForeignKey,
    Backfill,
)
"""The kinds of operations that are drawn; the report names the others.

Comments and types of words are not: SQLite, where most searches run, has neither, and a
candidate that cannot change a comment would end most stories.
"""

_MORE_OFTEN = (
    AlterColumn,
    AddCheck,
    DropCheck,
    AddForeignKey,
    DropForeignKey,
    Backfill,
)
"""What needs more than a table to act on is drawn in vain more often, too."""

TABLES = ("users", "teams", "orders", "group")
COLUMNS = ("name", "title", "amount", "state", "team_id", "order", "class")
REFERRING = "team_id"
"""A column that foreign keys can start from: it holds nothing, or the id of a row."""

_PLAIN = frozenset(COLUMNS) - {"order", "class"}
_TEXTS = ("a", "", "it's", "50%", "%s", ':x "y"', "é漢", "back\\slash", "NULL", ";--")
_WIDE = "😀"
"""What needs four bytes; MySQL is spoken to in a character set that has three."""
_WHOLE = (0, 1, -1, 2**31 - 1, -(2**31))
_BIG = (*_WHOLE, 2**63 - 1, -(2**63))
_TIMES = ("2013-11-05 10:00:00", "1999-12-31 23:59:59")
_LENGTHS = (20, 50, 200)
_SELDOM = st.sampled_from((False, False, False, True))
ID = Column("id", Integer(), nullable=False, primary_key=True)


def types(backends: tuple[str, ...]) -> st.SearchStrategy[ColumnType]:
    """Draw a type; a collation only where all the backends know it."""
    collations = (None, "NOCASE") if backends == ("sqlite",) else (None,)
    return st.one_of(
        st.builds(String, st.sampled_from(_LENGTHS), st.sampled_from(collations)),
        st.just(Integer()),
        st.just(Text()),
        st.just(Boolean()),
        st.just(BigInteger()),
        st.just(DateTime()),
        st.builds(Numeric, st.sampled_from((6, 10)), st.sampled_from((0, 2))),
    )


def values(
    column_type: ColumnType, backends: tuple[str, ...]
) -> st.SearchStrategy[Scalar]:
    """Draw a value of a type, as likely as not from its edges."""
    match column_type:
        case String() | Text():
            return st.sampled_from(_TEXTS if "mysql" in backends else (*_TEXTS, _WIDE))
        case Boolean():
            return st.booleans()
        case Integer():
            return st.sampled_from(_WHOLE)
        case BigInteger():
            return st.sampled_from(_BIG)
        case DateTime():
            return st.sampled_from(_TIMES)
        case Numeric(precision=precision, scale=scale):
            most = 10 ** (precision - scale) - 1
            return st.sampled_from((0, 1, -most, most, *((0.5,) if scale else ())))
        case Enum(words=words):
            return st.sampled_from(words)


def _defaults(
    column_type: ColumnType, backends: tuple[str, ...]
) -> st.SearchStrategy[str]:
    match column_type:
        case Boolean():
            return st.sampled_from(("0", "1"))
        case Numeric():
            return st.sampled_from(("0", "-7"))
        case _:
            return values(column_type, backends).map(str)


@st.composite
def columns(draw: st.DrawFn, name: str, backends: tuple[str, ...]) -> Column:
    """Draw a column that is no key; one that is required has a default."""
    if name == REFERRING:
        return Column(name, Integer())
    column_type = draw(types(backends))
    default = draw(st.none() | _defaults(column_type, backends))
    nullable = default is None or draw(st.booleans())
    return Column(name, column_type, nullable=nullable, default=default)


@st.composite
def tables(draw: st.DrawFn, name: str, backends: tuple[str, ...]) -> Table:
    """Draw a table that refers to no other; its constraints carry its name."""
    names = draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=4))
    own = tuple(draw(columns(column, backends)) for column in names)
    table = Table(name, (ID, *own), autoincrement=draw(_SELDOM))
    for build in (_uniques, _indexes, _checks):
        if draw(_SELDOM):
            part = draw(build(table, "0"))
            table = _hung(table, part) if part is not None else table
    return table


def _hung(table: Table, part: Unique | Index | Check) -> Table:
    match part:
        case Unique():
            return table.with_changes(uniques=(part,))
        case Index():
            return table.with_changes(indexes=(part,))
        case Check():
            return table.with_changes(checks=(part,))


def _some(
    table: Table, build: Callable[[tuple[str, ...]], _Item | None]
) -> st.SearchStrategy[_Item | None]:
    """Draw something on one or two columns that can be indexed; None if none can."""
    names = [c.name for c in table.columns if not isinstance(c.type, Text)]
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return chosen.map(lambda drawn: build(tuple(drawn)))


def _uniques(table: Table, mark: str) -> st.SearchStrategy[Unique | None]:
    """Draw a unique constraint; None in place of one on the primary key alone."""
    name, key = f"uq_{table.name}_{mark}", primary_key(table)
    return _some(table, lambda names: None if names == key else Unique(name, names))


def _indexes(table: Table, mark: str) -> st.SearchStrategy[Index | None]:
    return st.booleans().flatmap(
        lambda unique: _some(
            table, lambda names: Index(f"ix_{table.name}_{mark}", names, unique)
        )
    )


def _checks(table: Table, mark: str) -> st.SearchStrategy[Check | None]:
    """Draw a condition that holds for every value that is drawn."""
    conditions = [
        condition
        for column in table.columns
        if column.name in _PLAIN
        for condition in _conditions(column)
    ]
    if not conditions:
        return st.none()
    name = f"ck_{table.name}_{mark}"
    return st.sampled_from(conditions).map(lambda condition: Check(name, condition))


def _conditions(column: Column) -> tuple[str, ...]:
    name = column.name
    match column.type:
        case String() | Text():
            literals = ("root", "100%", "a:b")
            return tuple(f"{name} <> '{literal}'" for literal in literals)
        case Integer() | BigInteger() | Numeric():
            return (f"{name} <> 13", f"({name} > 13 OR {name} < 13)")
        case _:
            return ()


@st.composite
def rows_of(
    draw: st.DrawFn, table: Table, backends: tuple[str, ...]
) -> tuple[Row, ...]:
    """Draw up to three rows; what a unique constraint wants is for others to see to."""
    return tuple(
        {
            column.name: number + 1
            if column.primary_key
            else draw(_cell(column, backends))
            for column in table.columns
        }
        for number in range(draw(st.integers(0, 3)))
    )


def _cell(column: Column, backends: tuple[str, ...]) -> st.SearchStrategy[Scalar]:
    if column.name == REFERRING:
        return st.sampled_from((None, 1, 2))
    drawn = values(column.type, backends)
    return st.none() | drawn if column.nullable else drawn


@st.composite
def operations(
    draw: st.DrawFn, schema: Schema, mark: str, backends: tuple[str, ...]
) -> Operation | None:
    """Draw an operation on a schema; None if there is nothing for it to act on.

    `mark` goes into the names of new constraints, so that they are new.
    """
    kind = draw(st.sampled_from((*DRAWN, *_MORE_OFTEN)))
    if kind is CreateTable:
        name = draw(st.sampled_from(TABLES))
        return CreateTable(_marked(draw(tables(name, backends)), mark))
    if not schema.tables:
        return None
    table = draw(st.sampled_from(schema.tables))
    return draw(_on_table(kind, table, schema, mark, backends))


def _marked(table: Table, mark: str) -> Table:
    """Give the constraints of a new table names that no older table has."""
    return table.with_changes(
        uniques=tuple(Unique(f"{u.name}_{mark}", u.columns) for u in table.uniques),
        indexes=tuple(
            Index(f"{i.name}_{mark}", i.columns, i.unique) for i in table.indexes
        ),
        checks=tuple(Check(f"{c.name}_{mark}", c.condition) for c in table.checks),
    )


def _on_table(
    kind: type[Operation],
    table: Table,
    schema: Schema,
    mark: str,
    backends: tuple[str, ...],
) -> st.SearchStrategy[Operation | None]:
    """Return a strategy for a kind of operation on an existing table."""
    name, own = table.name, [c for c in table.columns if not c.primary_key]
    if kind is RenameTable:
        return st.builds(RenameTable, st.just(name), st.sampled_from((*TABLES, "new")))
    if kind is DropTable:
        return st.just(DropTable(name))
    if kind is AddColumn:
        free = [c for c in COLUMNS if c not in {x.name for x in own}]
        drawn = st.sampled_from(free or [mark]).flatmap(lambda c: columns(c, backends))
        return drawn.map(lambda column: AddColumn(name, column))
    if kind is CreateIndex:
        return _if_any(_indexes(table, mark), lambda index: CreateIndex(name, index))
    if kind is AddUnique:
        return _if_any(_uniques(table, mark), lambda unique: AddUnique(name, unique))
    if kind is AddCheck:
        return _if_any(_checks(table, mark), lambda check: AddCheck(name, check))
    if kind is RenameColumn:
        old = st.sampled_from([c.name for c in table.columns])
        return st.builds(
            RenameColumn, st.just(name), old, st.sampled_from((*COLUMNS, "renamed"))
        )
    if kind is AddForeignKey:
        return foreign_keys(table, schema, mark)
    if kind is DropColumn:
        return _one_of(own, lambda column: st.just(DropColumn(name, column.name)))
    if kind is AlterColumn:
        return _one_of(own, lambda column: _alterations(name, column))
    if kind is Backfill:
        return _one_of(own, lambda column: _backfills(table, column, backends))
    drops: dict[type[Operation], list[Operation]] = {
        DropIndex: [DropIndex(name, index) for index in table.indexes],
        DropUnique: [DropUnique(name, unique) for unique in table.uniques],
        DropCheck: [DropCheck(name, check) for check in table.checks],
        DropForeignKey: [DropForeignKey(name, key) for key in table.foreign_keys],
    }
    return _one_of(drops[kind], st.just)


def _one_of(
    items: list[_Item], then: Callable[[_Item], st.SearchStrategy[_Result]]
) -> st.SearchStrategy[_Result | None]:
    return st.sampled_from(items).flatmap(then) if items else st.none()


def _if_any(
    parts: st.SearchStrategy[_Item | None], build: Callable[[_Item], Operation]
) -> st.SearchStrategy[Operation | None]:
    return parts.map(lambda part: None if part is None else build(part))


def foreign_keys(
    table: Table, schema: Schema, mark: str
) -> st.SearchStrategy[AddForeignKey | None]:
    """Draw a key from a column that can be empty to the primary key of a table."""
    pairs = [
        (column.name, target.name, key.name)
        for column in table.columns
        if column.nullable and isinstance(column.type, Integer)
        for target in schema.tables
        for key in target.columns
        if key.primary_key
    ]
    actions = st.sampled_from((None, "CASCADE", "SET NULL"))
    return _one_of(
        pairs,
        lambda pair: actions.map(
            lambda action: AddForeignKey(
                table.name,
                ForeignKey(
                    f"fk_{table.name}_{mark}", pair[:1], pair[1], pair[2:], action
                ),
            )
        ),
    )


def _alterations(table: str, column: Column) -> st.SearchStrategy[Operation]:
    required = AlterColumn(table, column, nullable=not column.nullable)
    return st.sampled_from(
        [
            *(AlterColumn(table, column, type=t) for t in _neighbours(column.type)),
            required,
            *(
                AlterColumn(table, column, type=t, nullable=not column.nullable)
                for t in _neighbours(column.type)[:1]
            ),
        ]
    )


def _neighbours(column_type: ColumnType) -> list[ColumnType]:
    """Return the types that a column of a type may become."""
    match column_type:
        case String(length=length, collation=collation):
            others = [String(n, collation) for n in _LENGTHS if n != length]
            return [*others, Text()] if collation is None else [*others]
        case Text():
            return [String(200)]
        case Integer():
            return [BigInteger()]
        case BigInteger():
            return [Integer()]
        case Numeric(precision=precision, scale=scale):
            return [Numeric(16 - precision, scale)]
        case _:
            return []


def _backfills(
    table: Table, column: Column, backends: tuple[str, ...]
) -> st.SearchStrategy[Operation | None]:
    """Draw a value or a column to fill in; a scalar is never a time."""
    sources = [
        other.name
        for other in table.columns
        if other.type == column.type and other.name != column.name
    ]
    copies = [Backfill(table.name, column.name, copy_of=source) for source in sources]
    if isinstance(column.type, DateTime):
        return st.sampled_from(copies) if copies else st.none()
    by_value = values(column.type, backends).map(
        lambda value: Backfill(table.name, column.name, value=value)
    )
    return by_value | st.sampled_from(copies) if copies else by_value
