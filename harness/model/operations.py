"""Operations: one schema or data change each, tool-neutral, with its reverse."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TypeVar

import msgspec

from harness.model.schema import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Index,
    Schema,
    SchemaError,
    Table,
    Unique,
)

Scalar = str | int | float | bool | None
_Item = TypeVar("_Item")


class Change(msgspec.Struct, frozen=True, tag_field="operation"):
    """What every operation can do; `reverse` sees the schema before the change."""

    def apply(self, schema: Schema) -> Schema:
        """Return the schema after this change."""
        raise NotImplementedError

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Return the operations that undo this change."""
        raise NotImplementedError


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
    """Add a column at the end of a table."""

    table: str
    column: Column

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the column."""
        table = schema.table(self.table)
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
    told, and a careful author writes it down.
    """

    table: str
    existing: Column
    type: ColumnType | None = None
    nullable: bool | None = None

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
            ),
        )


class CreateIndex(Change, frozen=True, tag="create_index"):
    """Create an index."""

    table: str
    index: Index

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the index."""
        table = schema.table(self.table)
        grown = table.with_changes(indexes=(*table.indexes, self.index))
        return schema.replacing(self.table, grown).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the index."""
        return (DropIndex(self.table, self.index),)


class DropIndex(Change, frozen=True, tag="drop_index"):
    """Drop an index."""

    table: str
    index: Index

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the index."""
        table = schema.table(self.table)
        return schema.replacing(
            self.table,
            table.with_changes(indexes=_without(table.indexes, self.index)),
        )

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Create the index again."""
        return (CreateIndex(self.table, self.index),)


class AddUnique(Change, frozen=True, tag="add_unique"):
    """Add a unique constraint."""

    table: str
    unique: Unique

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the constraint."""
        table = schema.table(self.table)
        grown = table.with_changes(uniques=(*table.uniques, self.unique))
        return schema.replacing(self.table, grown).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the constraint."""
        return (DropUnique(self.table, self.unique),)


class DropUnique(Change, frozen=True, tag="drop_unique"):
    """Drop a unique constraint."""

    table: str
    unique: Unique

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the constraint."""
        table = schema.table(self.table)
        return schema.replacing(
            self.table,
            table.with_changes(uniques=_without(table.uniques, self.unique)),
        )

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Add the constraint again."""
        return (AddUnique(self.table, self.unique),)


class AddForeignKey(Change, frozen=True, tag="add_foreign_key"):
    """Add a foreign key."""

    table: str
    key: ForeignKey

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the key; its target must exist."""
        table = schema.table(self.table)
        grown = table.with_changes(foreign_keys=(*table.foreign_keys, self.key))
        return schema.replacing(self.table, grown).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the key."""
        return (DropForeignKey(self.table, self.key),)


class DropForeignKey(Change, frozen=True, tag="drop_foreign_key"):
    """Drop a foreign key."""

    table: str
    key: ForeignKey

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the key."""
        table = schema.table(self.table)
        return schema.replacing(
            self.table,
            table.with_changes(foreign_keys=_without(table.foreign_keys, self.key)),
        )

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Add the key again."""
        return (AddForeignKey(self.table, self.key),)


class AddCheck(Change, frozen=True, tag="add_check"):
    """Add a check constraint."""

    table: str
    check: Check

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the constraint."""
        table = schema.table(self.table)
        grown = table.with_changes(checks=(*table.checks, self.check))
        return schema.replacing(self.table, grown).validated()

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the constraint."""
        return (DropCheck(self.table, self.check),)


class DropCheck(Change, frozen=True, tag="drop_check"):
    """Drop a check constraint."""

    table: str
    check: Check

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the constraint."""
        table = schema.table(self.table)
        return schema.replacing(
            self.table,
            table.with_changes(checks=_without(table.checks, self.check)),
        )

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Add the constraint again."""
        return (AddCheck(self.table, self.check),)


class Backfill(Change, frozen=True, tag="backfill"):
    """Set a column of the rows where it is null: to a value, or to another column."""

    table: str
    column: str
    value: Scalar = None
    copy_of: str | None = None

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
    """Run one SQL statement as it stands; it must leave the schema as it is.

    For statements that are meant to fail, and for what no other operation says.
    """

    statement: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema as it is."""
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Nothing to undo."""
        return ()


class KillProcess(Change, frozen=True, tag="kill_process"):
    """Have the process that runs the migration killed at this point (SIGKILL).

    It stands for the machine that goes down, or the deployment that runs out of time.
    """

    def apply(self, schema: Schema) -> Schema:
        """Return the schema as it is."""
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Nothing to undo."""
        return ()


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
    | Backfill
    | RunStatement
    | KillProcess
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


def _without(items: tuple[_Item, ...], item: _Item) -> tuple[_Item, ...]:
    if item not in items:
        message = f"there is no {item}"
        raise SchemaError(message)
    return tuple(other for other in items if other != item)
