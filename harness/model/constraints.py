"""Operations on what hangs on a table: indexes, unique constraints, keys, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from harness.model.change import Change
from harness.model.schema import Check, ForeignKey, Index, Schema, SchemaError, Unique

if TYPE_CHECKING:
    from harness.model.operations import Operation

_Item = TypeVar("_Item")


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


def _without(items: tuple[_Item, ...], item: _Item) -> tuple[_Item, ...]:
    if item not in items:
        message = f"there is no {item}"
        raise SchemaError(message)
    return tuple(other for other in items if other != item)
