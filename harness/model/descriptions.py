"""Operations on what says more about tables and columns: comments, types of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from harness.model.change import Change
from harness.model.schema import Column, Enum, Schema, SchemaError

if TYPE_CHECKING:
    from harness.model.operations import Operation


class CommentOnTable(Change, frozen=True, tag="comment_on_table"):
    """Say what a table is for; None takes away what was said."""

    table: str
    comment: str | None
    existing: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the comment."""
        table = schema.table(self.table)
        return schema.replacing(self.table, table.with_changes(comment=self.comment))

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Say what was said before."""
        said = before.table(self.table).comment
        return (CommentOnTable(self.table, said, self.comment),)


class CommentOnColumn(Change, frozen=True, tag="comment_on_column"):
    """Say what a column is for; None takes away what was said.

    `existing` is the column before: some tools and backends state the whole column.
    """

    table: str
    existing: Column
    comment: str | None

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the comment."""
        table = schema.table(self.table)
        if table.column(self.existing.name) != self.existing:
            message = f"column {self.table}.{self.existing.name} is not as stated"
            raise SchemaError(message)
        columns = tuple(
            self._commented if column == self.existing else column
            for column in table.columns
        )
        return schema.replacing(self.table, table.with_changes(columns=columns))

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Say what was said before."""
        return (CommentOnColumn(self.table, self._commented, self.existing.comment),)

    @property
    def _commented(self) -> Column:
        return replace(self.existing, comment=self.comment)


class CreateType(Change, frozen=True, tag="create_type"):
    """Create a type of words, where such a thing is of its own.

    A schema has the type for as long as a column is of it.
    """

    type: Enum

    def apply(self, schema: Schema) -> Schema:
        """Return the schema, which columns change."""
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Drop the type."""
        return (DropType(self.type),)


class DropType(Change, frozen=True, tag="drop_type"):
    """Drop a type of words, where such a thing is of its own; no column is of it."""

    type: Enum

    def apply(self, schema: Schema) -> Schema:
        """Return the schema, which columns change."""
        types = (column.type for table in schema.tables for column in table.columns)
        if self.type in types:
            message = f"a column is of the type {self.type.name}"
            raise SchemaError(message)
        return schema

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Create the type again."""
        return (CreateType(self.type),)
