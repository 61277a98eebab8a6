"""What a database holds at one moment, as reflected."""

from __future__ import annotations

import msgspec

from harness.model.operations import Scalar


class ColumnState(msgspec.Struct, frozen=True):
    """A column as the database describes it.

    `generated` is the expression that fills it, and whether the value is stored.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    collation: str | None = None
    generated: str | None = None
    comment: str | None = None


class ConstraintState(msgspec.Struct, frozen=True):
    """A constraint or index: its name, if it has one, and what it says."""

    name: str | None
    says: str


class TableState(msgspec.Struct, frozen=True):
    """A table as the database describes it, in an order of its own.

    `collation` and `engine` are told where they are not those that every table of ours has.
    """

    name: str
    columns: tuple[ColumnState, ...]
    primary_key: tuple[str, ...] = ()
    uniques: tuple[ConstraintState, ...] = ()
    indexes: tuple[ConstraintState, ...] = ()
    foreign_keys: tuple[ConstraintState, ...] = ()
    checks: tuple[ConstraintState, ...] = ()
    triggers: tuple[str, ...] = ()
    autoincrement: bool = False
    comment: str | None = None
    collation: str | None = None
    engine: str | None = None


class TypeState(msgspec.Struct, frozen=True):
    """A type of words that stands beside the tables."""

    name: str
    words: tuple[str, ...]


class RowsState(msgspec.Struct, frozen=True):
    """A table's rows: how many, a checksum of all, and the first few."""

    table: str
    count: int
    checksum: str
    sample: tuple[dict[str, Scalar], ...] = ()


class Snapshot(msgspec.Struct, frozen=True):
    """Schema and rows, apart from the tool's own bookkeeping tables.

    `bookkeeping` holds the rows of those, as they are.
    """

    tables: tuple[TableState, ...] = ()
    rows: tuple[RowsState, ...] = ()
    bookkeeping: dict[str, tuple[dict[str, Scalar], ...]] = {}
    types: tuple[TypeState, ...] = ()
