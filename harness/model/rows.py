"""What operations do to rows, worked out without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    Backfill,
    CreateTable,
    DropColumn,
    DropTable,
    Insert,
    Operation,
    RenameColumn,
    RenameTable,
    RunStatement,
    Scalar,
)
from harness.model.schema import (
    BigInteger,
    Boolean,
    Column,
    ColumnType,
    Integer,
    SchemaError,
    String,
    Table,
    Text,
)

Row = dict[str, Scalar]
Rows = Mapping[str, tuple[Row, ...]]


def carry(rows: Rows, operations: Iterable[Operation]) -> Rows:
    """Return the rows that are there after the operations."""
    for operation in operations:
        rows = _carry_one(rows, operation)
    return rows


def _carry_one(rows: Rows, operation: Operation) -> Rows:
    match operation:
        case CreateTable(table=table):
            return {**rows, table.name: ()}
        case DropTable(name=name):
            return {table: kept for table, kept in rows.items() if table != name}
        case RenameTable(old=old, new=new):
            return {new if name == old else name: rows[name] for name in rows}
        case Insert(table=name, row=row):
            return {**rows, name: (*rows.get(name, ()), row)}
        case (
            AddColumn(table=table_name)
            | DropColumn(table=table_name)
            | RenameColumn(table=table_name)
            | AlterColumn(table=table_name)
            | Backfill(table=table_name)
        ):
            changed = tuple(
                _carry_row(row, operation) for row in rows.get(table_name, ())
            )
            return {**rows, table_name: changed}
        case RunStatement(does=does):
            return carry(rows, does)
        case _:
            return rows


def _carry_row(row: Row, operation: Operation) -> Row:
    match operation:
        case AddColumn(column=column, unless_there=True) if column.name in row:
            return row
        case AddColumn(column=Column(generated=str())):
            return row
        case AddColumn(column=column, python_default=str(value)):
            return {**row, column.name: value}
        case AddColumn(column=column):
            value = _default_value(column.type, column.default)
            return {**row, column.name: value}
        case DropColumn(column=name):
            return {key: value for key, value in row.items() if key != name}
        case RenameColumn(old=old, new=new):
            return {new if key == old else key: value for key, value in row.items()}
        case AlterColumn(existing=existing, type=changed_type) if (
            changed_type and existing.name in row
        ):
            value = _converted(changed_type, row[existing.name])
            return {**row, existing.name: value}
        case Backfill(column=name, value=value, copy_of=source):
            if row[name] is not None:
                return row
            return {**row, name: row[source] if source is not None else value}
        case _:
            return row


def _default_value(column_type: ColumnType, default: str | None) -> Scalar:
    if default is None:
        return None
    return _converted(column_type, default)


def _converted(column_type: ColumnType, value: Scalar) -> Scalar:
    """Return a value as a column of that type holds it."""
    if value is None:
        return None
    match column_type:
        case Boolean():
            return value in {"1", "true", "True", True}
        case Integer() | BigInteger():
            return _whole(value)
        case String() | Text():
            return str(int(value) if isinstance(value, bool) else value)
        case _:
            return value


def _whole(value: str | float) -> int:
    try:
        return int(value)
    except ValueError as error:
        message = f"{value!r} cannot be told as a whole number"
        raise SchemaError(message) from error


def complete(row: Row, table: Table) -> Row:
    """Return a row with every column of its table: the default where it says none.

    What the database generates is not there to be written, and is left out.
    """
    return {
        column.name: row[column.name]
        if column.name in row
        else _default_value(column.type, column.default)
        for column in table.columns
        if column.generated is None
    }
