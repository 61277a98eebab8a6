"""Small schemas, rows in them, and operations that fit, for property tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

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
    apply_all,
)
from harness.model.rows import Rows
from harness.model.schema import (
    BigInteger,
    Boolean,
    Check,
    Column,
    ColumnType,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Schema,
    SchemaError,
    String,
    Table,
    Text,
    Unique,
)

Draw = st.DrawFn
_Item = TypeVar("_Item")

_TABLES = ("users", "teams", "orders", "people")
_COLUMNS = ("name", "title", "amount", "state", "note", "team_id")
TYPES: st.SearchStrategy[ColumnType] = st.one_of(
    st.just(Integer()),
    st.just(BigInteger()),
    st.just(Text()),
    st.just(Boolean()),
    st.just(DateTime()),
    st.builds(String, st.integers(1, 99), st.sampled_from((None, "NOCASE"))),
    st.builds(Numeric, st.integers(4, 10), st.integers(0, 3)),
)
_ID = Column("id", Integer(), nullable=False, primary_key=True)


@st.composite
def columns(draw: Draw, name: str | None = None) -> Column:
    """Draw a column that is no key; its default fits its type."""
    column_type = draw(TYPES)
    return Column(
        name=name if name is not None else draw(st.sampled_from(_COLUMNS)),
        type=column_type,
        nullable=draw(st.booleans()),
        default=draw(st.none() | _defaults(column_type)),
    )


def _defaults(column_type: ColumnType) -> st.SearchStrategy[str]:
    match column_type:
        case String() | Text():
            return st.text("ab'(\"; )", max_size=5)
        case Boolean():
            return st.sampled_from(("0", "1"))
        case DateTime():
            return st.just("2013-11-05 10:00:00")
        case _:
            return st.integers(-9, 9).map(str)


@st.composite
def tables(draw: Draw, name: str) -> Table:
    """Draw a table that refers to no other."""
    names = draw(st.lists(st.sampled_from(_COLUMNS), unique=True, max_size=3))
    known = ("id", *names)
    return Table(
        name,
        (_ID, *(draw(columns(column)) for column in names)),
        uniques=draw(_few(st.sampled_from(("uq_a", "uq_b")), _unique(known))),
        indexes=draw(_few(st.sampled_from((f"ix_{name}_a", "ix_b")), _index(known))),
        checks=draw(_few(st.sampled_from(("ck_a", "ck_b")), _check(known))),
        autoincrement=draw(st.booleans()),
    )


def _few(
    names: st.SearchStrategy[str], build: Callable[[str], st.SearchStrategy[_Item]]
) -> st.SearchStrategy[tuple[_Item, ...]]:
    """Draw at most two items under different names."""
    drawn = st.lists(names, unique=True, max_size=2)
    return drawn.flatmap(lambda found: st.tuples(*map(build, found)))


def _some(known: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    chosen = st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)
    return chosen.map(tuple)


def _unique(known: tuple[str, ...]) -> Callable[[str], st.SearchStrategy[Unique]]:
    return lambda name: st.builds(Unique, st.just(name), _some(known))


def _index(known: tuple[str, ...]) -> Callable[[str], st.SearchStrategy[Index]]:
    return lambda name: st.builds(Index, st.just(name), _some(known), st.booleans())


def _check(known: tuple[str, ...]) -> Callable[[str], st.SearchStrategy[Check]]:
    """Conditions hold for every row; a literal in them spells a column's name."""
    condition = st.sampled_from(
        [f"{name} IS NULL OR {name} <> 'name'" for name in known]
        + [f"length({name}) >= 0 OR {name} IS NULL" for name in known]
    )
    return lambda name: st.builds(Check, st.just(name), condition)


@st.composite
def schemas(draw: Draw) -> Schema:
    """Draw a schema of one or two tables, with foreign keys between them."""
    names = draw(
        st.lists(st.sampled_from(_TABLES), min_size=1, max_size=2, unique=True)
    )
    schema = Schema()
    for name in names:
        schema = CreateTable(_with_own_index_names(draw(tables(name)))).apply(schema)
    for _ in range(draw(st.integers(0, 2))):
        key = draw(_foreign_keys(schema))
        schema = _applied(key, schema) or schema
    return schema


def _with_own_index_names(table: Table) -> Table:
    """Put the table's name into names of indexes: they are the schema's, on SQLite."""
    return table.with_changes(
        indexes=tuple(
            Index(f"{table.name}_{index.name}", index.columns, index.unique)
            for index in table.indexes
        )
    )


@st.composite
def _foreign_keys(draw: Draw, schema: Schema) -> AddForeignKey:
    """Draw a foreign key; it may point to its own table, and in a circle."""
    table = draw(st.sampled_from(schema.tables))
    target = draw(st.sampled_from(schema.tables))
    key = ForeignKey(
        name=f"fk_{draw(st.integers(0, 2))}",
        columns=(draw(st.sampled_from(table.columns)).name,),
        target=target.name,
        columns_there=(draw(st.sampled_from(target.columns)).name,),
        on_delete=draw(st.sampled_from((None, "CASCADE", "SET NULL"))),
    )
    return AddForeignKey(table.name, key)


@st.composite
def operations(draw: Draw, schema: Schema) -> Operation:
    """Draw a schema operation that fits: an alteration if what was drawn does not."""
    table = draw(st.sampled_from(schema.tables))
    choices = _on_table(table, schema)
    drawn = draw(choices[draw(st.integers(0, len(choices) - 1))])
    if _applied(drawn, schema) is not None:
        return drawn
    return AlterColumn(table.name, table.columns[-1], nullable=draw(st.booleans()))


def _on_table(table: Table, schema: Schema) -> list[st.SearchStrategy[Operation]]:
    known = tuple(column.name for column in table.columns)
    one = st.sampled_from(known)
    new = st.sampled_from(_COLUMNS)
    name = table.name
    drops: list[Operation] = [
        *(DropUnique(name, unique) for unique in table.uniques),
        *(DropIndex(name, index) for index in table.indexes),
        *(DropForeignKey(name, key) for key in table.foreign_keys),
        *(DropCheck(name, check) for check in table.checks),
    ]
    return [
        *map(st.just, drops),
        st.sampled_from(_TABLES).flatmap(tables).map(CreateTable),
        st.builds(RenameTable, st.just(name), st.sampled_from((*_TABLES, "spare"))),
        st.builds(DropTable, st.just(name)),
        st.builds(AddColumn, st.just(name), columns()),
        st.builds(DropColumn, st.just(name), one),
        st.builds(RenameColumn, st.just(name), one, new),
        st.builds(
            AlterColumn,
            st.just(name),
            st.sampled_from(table.columns),
            st.none() | TYPES,
            st.none() | st.booleans(),
        ),
        st.builds(CreateIndex, st.just(name), _index(known)(f"{name}_new")),
        st.builds(AddUnique, st.just(name), _unique(known)("uq_new")),
        st.builds(AddCheck, st.just(name), _check(known)("ck_new")),
        _foreign_keys(schema),
    ]


def _applied(operation: Operation, schema: Schema) -> Schema | None:
    try:
        return operation.apply(schema)
    except SchemaError:
        return None


@st.composite
def histories(draw: Draw, schema: Schema) -> tuple[Operation, ...]:
    """Draw a few operations, each fitting the schema that the ones before leave."""
    chosen: tuple[Operation, ...] = ()
    for _ in range(draw(st.integers(1, 4))):
        after = apply_all(chosen, schema)
        if after.tables:
            chosen = (*chosen, draw(operations(after)))
    return chosen


@st.composite
def rows_of(draw: Draw, schema: Schema) -> Rows:
    """Draw up to two rows for each table, with values that fit the types.

    They satisfy NOT NULL; every `id` is another, and so is every other value.
    """
    return {
        table.name: tuple(
            {column.name: draw(_value(column, n)) for column in table.columns}
            for n in range(draw(st.integers(0, 2)))
        )
        for table in schema.tables
    }


def _value(column: Column, number: int) -> st.SearchStrategy[Scalar]:
    if column.primary_key:
        return st.just(number + 1)
    values: st.SearchStrategy[Scalar]
    match column.type:
        case String() | Text():
            values = st.text("aé' ", max_size=3).map(lambda text: f"{number}{text}")
        case Boolean():
            values = st.just(bool(number))
        case DateTime():
            values = st.just(f"2013-11-05 10:00:0{number}")
        case _:
            values = st.just(number - 1)
    return st.none() | values if column.nullable else values


def backfills(schema: Schema) -> st.SearchStrategy[Backfill]:
    """Draw a backfill of a column with a text."""
    places = [
        (table.name, column.name)
        for table in schema.tables
        for column in table.columns
        if isinstance(column.type, String | Text)
    ]
    return st.sampled_from(places or [("none", "none")]).map(
        lambda place: Backfill(*place, value="filled")
    )
