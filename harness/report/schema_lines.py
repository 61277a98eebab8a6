"""Columns and types as a line each, in an order like that of SQL."""

from __future__ import annotations

from harness.model.snapshot import ColumnState, TypeState


def column_line(column: ColumnState) -> str:
    """Return a column with all that was seen of it, and nothing of what it has not."""
    default = None if column.default is None else f"default {column.default}"
    parts = (
        f"{column.name} {column.type}",
        None if column.nullable else "not null",
        default,
        column.collation and f"collate {column.collation}",
        column.generated and f"generated ({column.generated})",
        column.comment and f"comment {column.comment!r}",
    )
    return " ".join(part for part in parts if part)


def type_line(kind: TypeState) -> str:
    """Return a type of words that stands beside the tables."""
    return f"type {kind.name}: {', '.join(kind.words)}"
