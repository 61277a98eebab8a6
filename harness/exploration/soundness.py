"""What is sound: changes that every database can make with the rows that are there.

The neutral model says whether an operation fits a schema. Whether it can be carried
out depends on the rows as well, and on rules that databases share. A story that broke
one of these would show how databases differ, and nothing about tools.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    Backfill,
    DropColumn,
    DropTable,
    Operation,
    RenameTable,
)
from harness.model.rows import Row, Rows, carry
from harness.model.schema import (
    BigInteger,
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
    mentions,
)
from harness.model.steps import Migration

State = tuple[Schema, Rows]
_RESERVED = ("group", "order")


def after(
    state: State, operations: Iterable[Operation], furnished: tuple[str, ...] = ()
) -> State:
    """Return schema and rows after the operations.

    `furnished` names tables that have to stay under their name. Raises `SchemaError`
    if an operation does not fit, or cannot be made with the rows that are there.
    """
    for operation in operations:
        state = _after_one(state, operation, furnished)
    return state


def moved(
    state: State, line: tuple[Migration, ...], moves: Iterable[int], furnished: str = ""
) -> State:
    """Return schema and rows after a database went from place to place in a line.

    Place 0 is before the first migration; all of them need their downgrade.
    """
    at, kept = 0, (furnished,)
    for target in moves:
        for migration in line[at:target]:
            state = after(state, migration.upgrade, kept)
        for migration in reversed(line[target:at]):
            state = after(state, migration.downgrade or (), kept)
        at = target
    return state


def _after_one(state: State, operation: Operation, furnished: tuple[str, ...]) -> State:
    schema, rows = state
    _see_that_it_is_allowed(schema, operation, furnished)
    changed = operation.apply(schema), carry(rows, (operation,))
    check(changed)
    return changed


def _see_that_it_is_allowed(
    schema: Schema, operation: Operation, furnished: tuple[str, ...]
) -> None:
    match operation:
        case AddColumn(column=column) if not column.nullable and column.default is None:
            _refuse("a required column needs a default for the rows that are there")
        case DropColumn(table=table, column=name):
            column = schema.table(table).column(name)
            if column.primary_key or not (column.nullable or column.default):
                _refuse(f"column {name} could not be put back")
        case AlterColumn(existing=existing, type=changed) if changed is not None:
            if existing.primary_key or not _related(existing.type, changed):
                _refuse(f"column {existing.name} would become something else")
        case AlterColumn(existing=Column(primary_key=True)):
            _refuse("a primary key stays required")
        case Backfill(table=table, column=name, value=str()):
            if isinstance(schema.table(table).column(name).type, DateTime):
                _refuse(f"{name} holds times, and a text is none")
        case DropTable(name=name) | RenameTable(old=name) if name in furnished:
            _refuse(f"table {name} has to keep its name")
        case _:
            pass


def _related(one: ColumnType, other: ColumnType) -> bool:
    """Tell whether a value of one type can be one of the other without being changed."""
    match one, other:
        case (String(collation=collation), String(collation=wanted)):
            return collation == wanted
        case (String(collation=collation), Text()) | (
            Text(),
            String(collation=collation),
        ):
            return collation is None
        case (Integer() | BigInteger(), Integer() | BigInteger()):
            return True
        case (Numeric(scale=scale), Numeric(scale=wanted)):
            return scale == wanted
        case _:
            return False


def check(state: State) -> None:
    """See that rows fit their schema everywhere; `SchemaError` if not."""
    schema, rows = state
    names = list(_names(schema))
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        _refuse(f"a name is used twice in one database: {sorted(twice)}")
    for number, table in enumerate(schema.tables):
        _see_that_no_key_is_there_twice(table)
        _see_that_conditions_are_sql(table)
        earlier = {other.name for other in schema.tables[: number + 1]}
        _see_that_rows_fit(table, rows.get(table.name, ()))
        for key in table.foreign_keys:
            _see_that_key_holds(schema, rows, table, key, earlier)


def _names(schema: Schema) -> Iterator[str]:
    """Yield the names that some database keeps in one space."""
    for table in schema.tables:
        yield table.name
        for field in ("uniques", "indexes", "foreign_keys", "checks"):
            yield from (part.name for part in getattr(table, field))


def primary_key(table: Table) -> tuple[str, ...]:
    """Return the names of the columns that make up a table's primary key."""
    return tuple(column.name for column in table.columns if column.primary_key)


def _see_that_no_key_is_there_twice(table: Table) -> None:
    """PostgreSQL makes one of two keys on the same columns that a table begins with."""
    keys = [primary_key(table), *(unique.columns for unique in table.uniques)]
    if len(set(keys)) < len(keys):
        _refuse(f"{table.name} has two keys on the same columns")


def _see_that_conditions_are_sql(table: Table) -> None:
    """MySQL allows no CHECK on a column that counts by itself; texts have no quotes."""
    for part in table.checks:
        if any(mentions(part.condition, name) for name in primary_key(table)):
            _refuse(f"{part.name} is on a primary key")
        if any(mentions(part.condition, name) for name in _RESERVED):
            _refuse(f"{part.name} has a reserved word for a name")


def _see_that_rows_fit(table: Table, rows: tuple[Row, ...]) -> None:
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if not column.nullable and None in values:
            _refuse(f"{table.name}.{column.name} has nulls")
        if not all(_fits(value, column.type) for value in values if value is not None):
            _refuse(f"{table.name}.{column.name} has values that do not fit")
    parts: tuple[Unique | Index, ...] = (*table.uniques, *table.indexes)
    for part in parts:
        keys = [tuple(_folded(row[name]) for name in part.columns) for row in rows]
        whole = [key for key in keys if None not in key]
        unique = isinstance(part, Unique) or part.unique
        if unique and len(set(whole)) < len(whole):
            _refuse(f"{part.name} would have duplicates")
        if any(isinstance(table.column(name).type, Text) for name in part.columns):
            _refuse(f"{part.name}: not every database can index text of any length")


def _fits(value: object, column_type: ColumnType) -> bool:
    match column_type:
        case String(length=length):
            return len(str(value)) <= length
        case Integer():
            return isinstance(value, int) and -(2**31) <= value < 2**31
        case Numeric(precision=precision, scale=scale):
            room = 10 ** (precision - scale)
            return isinstance(value, int | float) and abs(value) < room
        case _:
            return True


def _folded(value: object) -> object:
    """Return a value so that those some database takes for the same are the same."""
    if not isinstance(value, str):
        return value
    apart = unicodedata.normalize("NFKD", value)
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(kept).casefold().rstrip()


def _see_that_key_holds(
    schema: Schema, rows: Rows, table: Table, key: ForeignKey, earlier: set[str]
) -> None:
    """Keys point backwards, to a primary key, and at rows that are there."""
    target = schema.table(key.target)
    (here,), (there,) = key.columns, key.columns_there
    one, other = table.column(here), target.column(there)
    if key.target not in earlier or here == there == "id":
        _refuse(f"{key.name} does not point backwards")
    if not other.primary_key or type(one.type) is not type(other.type):
        _refuse(f"{key.name} does not point to a key of its type")
    if one.primary_key or not one.nullable:
        _refuse(f"{key.name} needs a column that can be empty")
    known = [row[there] for row in rows.get(key.target, ())]
    if table.name == key.target:
        known = []  # Rows go in one by one, and the one pointed to may come later.
    for row in rows.get(table.name, ()):
        if row[here] is not None and row[here] not in known:
            _refuse(f"{key.name} would point nowhere")


def _refuse(message: str) -> None:
    raise SchemaError(message)
