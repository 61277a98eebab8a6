"""Operations: one schema or data change each, tool-neutral, with its reverse."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from typing import TypeVar

import msgspec

from harness.model.change import Change, Scalar
from harness.model.constraints import (
    AddCheck,
    AddForeignKey,
    AddUnique,
    CreateIndex,
    DropCheck,
    DropForeignKey,
    DropIndex,
    DropUnique,
)
from harness.model.descriptions import (
    CommentOnColumn,
    CommentOnTable,
    CreateType,
    DropType,
)
from harness.model.happenings import AwaitOthers, Insert, KillProcess, Print
from harness.model.schema import Column, ColumnType, Schema, SchemaError, Table

__all__ = [
    "AddCheck",
    "AddColumn",
    "AddForeignKey",
    "AddUnique",
    "AlterColumn",
    "AwaitOthers",
    "Backfill",
    "Change",
    "CommentOnColumn",
    "CommentOnTable",
    "CreateIndex",
    "CreateTable",
    "CreateType",
    "DropCheck",
    "DropColumn",
    "DropForeignKey",
    "DropIndex",
    "DropTable",
    "DropType",
    "DropUnique",
    "Insert",
    "KillProcess",
    "Manner",
    "Operation",
    "Print",
    "RenameColumn",
    "RenameTable",
    "RunStatement",
    "Scalar",
    "apply_all",
    "reverse_all",
]

_Item = TypeVar("_Item")


class CreateTable(Change, frozen=True, tag="create_table"):
    """Create a table with its constraints and indexes."""

    table: Table

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the table."""
        return schema.adding(self.table).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the table again."""
        return (DropTable(self.table.name),)


class DropTable(Change, frozen=True, tag="drop_table"):
    """Drop a table."""

    name: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the table; nothing may refer to it."""
        return schema.removing(self.name).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Create the table as it was; its rows are lost."""
        return (CreateTable(before.table(self.name)),)


class RenameTable(Change, frozen=True, tag="rename_table"):
    """Give a table another name; what refers to it follows."""

    old: str
    new: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the table and references to it renamed."""
        if schema.has(self.new):
            message = f"there is already a table {self.new}"
            raise SchemaError(message)
        table = schema.table(self.old).with_changes(name=self.new)
        renamed = schema.replacing(self.old, table)
        return Schema(tuple(self._following(other) for other in renamed.tables))

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Rename it back."""
        return (RenameTable(self.new, self.old),)

    def _following(self, table: Table) -> Table:
        return table.with_changes(
            foreign_keys=tuple(
                msgspec.structs.replace(key, target=self.new)
                if key.target == self.old
                else key
                for key in table.foreign_keys
            )
        )


class AddColumn(Change, frozen=True, tag="add_column"):
    """Add a column at the end of a table.

    `python_default` is one that Python fills in, of which the database knows nothing;
    its author means it for the rows that are there, too. `unless_there`, a column that
    is there already may stay.
    """

    table: str
    column: Column
    python_default: str | None = None
    unless_there: bool = False

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the column."""
        table = schema.table(self.table)
        if self.unless_there and self.column in table.columns:
            return schema
        table.lacking_column(self.column.name)
        grown = table.with_changes(columns=(*table.columns, self.column))
        return schema.replacing(self.table, grown)

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the column."""
        return (DropColumn(self.table, self.column.name),)


class DropColumn(Change, frozen=True, tag="drop_column"):
    """Drop a column and whatever stood on it."""

    table: str
    column: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the column; no other may refer to it."""
        shrunk = schema.table(self.table).without_column(self.column)
        return schema.replacing(self.table, shrunk).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Add the column and what stood on it again; its values are lost."""
        table = before.table(self.table)
        shrunk = table.without_column(self.column)
        return (
            AddColumn(self.table, table.column(self.column)),
            *(AddUnique(self.table, u) for u in _gone(table.uniques, shrunk.uniques)),
            *(CreateIndex(self.table, i) for i in _gone(table.indexes, shrunk.indexes)),
            *(
                AddForeignKey(self.table, f)
                for f in _gone(table.foreign_keys, shrunk.foreign_keys)
            ),
            *(AddCheck(self.table, c) for c in _gone(table.checks, shrunk.checks)),
        )


class RenameColumn(Change, frozen=True, tag="rename_column"):
    """Give a column another name."""

    table: str
    old: str
    new: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the column renamed, in other tables' keys too."""
        table = schema.table(self.table).renaming_column(self.old, self.new)
        renamed = schema.replacing(self.table, table)
        return Schema(tuple(self._following(other) for other in renamed.tables))

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Rename it back."""
        return (RenameColumn(self.table, self.new, self.old),)

    def _following(self, table: Table) -> Table:
        return table.with_changes(
            foreign_keys=tuple(
                msgspec.structs.replace(
                    key,
                    columns_there=tuple(
                        self.new if name == self.old else name
                        for name in key.columns_there
                    ),
                )
                if key.target == self.table
                else key
                for key in table.foreign_keys
            )
        )


class AlterColumn(Change, frozen=True, tag="alter_column"):
    """Change a column's type or nullability; `None` leaves as it is.

    `existing` is the column before the change: some tools and backends must be
    told, and a careful author writes it down. Not `stated`, the author does not.
    """

    table: str
    existing: Column
    type: ColumnType | None = None
    nullable: bool | None = None
    stated: bool = True

    @property
    def altered(self) -> Column:
        """The column after the change."""
        return msgspec.structs.replace(
            self.existing,
            type=self.existing.type if self.type is None else self.type,
            nullable=(
                self.existing.nullable if self.nullable is None else self.nullable
            ),
        )

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the column altered."""
        table = schema.table(self.table)
        if table.column(self.existing.name) != self.existing:
            message = f"column {self.table}.{self.existing.name} is not as stated"
            raise SchemaError(message)
        columns = tuple(
            self.altered if column.name == self.existing.name else column
            for column in table.columns
        )
        return schema.replacing(self.table, table.with_changes(columns=columns))

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Alter it back."""
        return (
            AlterColumn(
                self.table,
                self.altered,
                type=None if self.type is None else self.existing.type,
                nullable=None if self.nullable is None else self.existing.nullable,
                stated=self.stated,
            ),
        )


class Manner(StrEnum):
    """How a migration goes about changing rows."""

    STATEMENT = "one UPDATE that the database carries out"
    ROW_BY_ROW = "rows are read, and updated one by one"
    BOUND = "an UPDATE as text, its value bound as a parameter"
    COUNTED = "an UPDATE whose number of rows is looked at afterwards"
    INSPECTED = "an UPDATE, if the database is found to have the column"
    SESSION = "a session of the object-relational mapper"


class Backfill(Change, frozen=True, tag="backfill"):
    """Set a column of the rows where it is null: to a value, or to another column."""

    table: str
    column: str
    value: Scalar = None
    copy_of: str | None = None
    manner: Manner = Manner.STATEMENT

    def apply(self, schema: Schema) -> Schema:
        """Return the schema, which rows do not change."""
        table = schema.table(self.table)
        table.column(self.column)
        if self.copy_of is not None:
            table.column(self.copy_of)
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Nothing: the rows that were filled cannot be told from the others."""
        return ()


class RunStatement(Change, frozen=True, tag="run_statement"):
    """Run one SQL statement as it stands; to the schema it does what `does` says.

    For statements that are meant to fail, and for what no other operation says.
    """

    statement: str
    does: tuple[Operation, ...] = ()

    def apply(self, schema: Schema) -> Schema:
        """Return the schema after what the statement does."""
        return apply_all(self.does, schema)

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Undo what the statement does, with operations."""
        return reverse_all(self.does, before)


Operation = (
    CreateTable
    | DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | RenameColumn
    | AlterColumn
    | CreateIndex
    | DropIndex
    | AddUnique
    | DropUnique
    | AddForeignKey
    | DropForeignKey
    | AddCheck
    | DropCheck
    | CommentOnTable
    | CommentOnColumn
    | CreateType
    | DropType
    | Backfill
    | RunStatement
    | Print
    | KillProcess
    | AwaitOthers
    | Insert
)


def apply_all(operations: Iterable[Operation], schema: Schema) -> Schema:
    """Return the schema after all operations; `SchemaError` if one does not fit."""
    return reduce(lambda before, operation: operation.apply(before), operations, schema)


def reverse_all(
    operations: Iterable[Operation], before: Schema
) -> tuple[Operation, ...]:
    """Return the operations that lead from the schema afterwards back to `before`."""
    undo: tuple[Operation, ...] = ()
    for operation in operations:
        undo = (*operation.reverse(before), *undo)
        before = operation.apply(before)
    return undo


def _gone(items: tuple[_Item, ...], left: tuple[_Item, ...]) -> tuple[_Item, ...]:
    return tuple(item for item in items if item not in left)
