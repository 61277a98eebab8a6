"""A database at one moment, as lines that can be held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.model.operations import Scalar
from harness.model.snapshot import (
    ConstraintState,
    RowsState,
    Snapshot,
    TableState,
)
from harness.report.schema_lines import column_line, type_line


def described(snapshot: Snapshot) -> tuple[str, ...]:
    """Return a database line by line: its tables, their first rows, and its types."""
    rows = {state.table: state for state in snapshot.rows}
    tables = (
        line
        for table in snapshot.tables
        for line in _table(table, rows.get(table.name))
    )
    return (*tables, *map(type_line, snapshot.types))


def books(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the rows of the tool's own tables, line by line."""
    return tuple(
        line for table in snapshot.bookkeeping.items() for line in _books(*table)
    )


def _table(table: TableState, rows: RowsState | None) -> Iterator[str]:
    yield f"table {table.name}"
    if table.comment is not None:
        yield f"  comment {table.comment!r}"
    yield from (f"  {column_line(column)}" for column in table.columns)
    if table.primary_key:
        yield f"  primary key ({', '.join(table.primary_key)})"
    yield from _constraints("unique", table.uniques)
    yield from _constraints("index", table.indexes)
    yield from _constraints("foreign key", table.foreign_keys)
    yield from _constraints("check", table.checks)
    yield from (f"  trigger {trigger}" for trigger in table.triggers)
    if table.autoincrement:
        yield "  AUTOINCREMENT"
    if rows is not None:
        yield f"  rows: {rows.count}, checksum {rows.checksum}"
        yield from (f"    {_row(row)}" for row in rows.sample)


def _constraints(noun: str, states: Iterable[ConstraintState]) -> Iterator[str]:
    for state in states:
        yield f"  {noun} {state.name or 'without a name'}: {state.says}"


def _books(table: str, rows: Iterable[dict[str, Scalar]]) -> Iterator[str]:
    rows = tuple(rows)
    yield f"the tool's table {table}" + ("" if rows else ": empty")
    yield from (f"    {_row(row)}" for row in rows)


def _row(row: dict[str, Scalar]) -> str:
    return ", ".join(f"{name} = {_value(value)}" for name, value in row.items())


def _value(value: Scalar) -> str:
    return "null" if value is None else str(value)
