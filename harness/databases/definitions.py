"""The neutral schema in terms of SQLAlchemy."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from harness.contract import without_parameters
from harness.model.schema import (
    BigInteger,
    Boolean,
    Check,
    Column,
    ColumnType,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    Numeric,
    Schema,
    SchemaError,
    String,
    Table,
    Text,
)

_TRUE = {"1", "true"}


def metadata_of(schema: Schema) -> sa.MetaData:
    """Return the schema as SQLAlchemy's `MetaData`, every constraint under its name.

    `SchemaError` for what SQLAlchemy would leave out without a word.
    """
    metadata = sa.MetaData()
    for table in schema.tables:
        _define(table, metadata)
    return metadata


def _define(table: Table, metadata: sa.MetaData) -> sa.Table:
    if table.autoincrement:
        _check_autoincrement(table)
    return sa.Table(
        table.name,
        metadata,
        *(_column(column, table) for column in table.columns),
        *(sa.UniqueConstraint(*u.columns, name=u.name) for u in table.uniques),
        *(_foreign_key(key) for key in table.foreign_keys),
        *(_check(check) for check in table.checks),
        *(sa.Index(i.name, *i.columns, unique=i.unique) for i in table.indexes),
        sqlite_autoincrement=table.autoincrement,
        comment=table.comment,
    )


def _check(check: Check) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        without_parameters(check.condition), name=check.name or None
    )


def _check_autoincrement(table: Table) -> None:
    """SQLAlchemy writes AUTOINCREMENT for one integer key that refers to nothing."""
    keys = [column for column in table.columns if column.primary_key]
    referring = {name for key in table.foreign_keys for name in key.columns}
    whole = len(keys) == 1 and isinstance(keys[0].type, Integer)
    if not whole or keys[0].name in referring:
        message = (
            f"table {table.name} cannot have AUTOINCREMENT: "
            "it needs a single integer primary key that is not a foreign key"
        )
        raise SchemaError(message)


def _column(column: Column, table: Table) -> sa.Column[object]:
    return sa.Column(
        column.name,
        _type(column.type),
        *([sa.Computed(column.generated, persisted=True)] if column.generated else []),
        nullable=column.nullable,
        primary_key=column.primary_key,
        server_default=_default(column),
        autoincrement=True if table.autoincrement and column.primary_key else "auto",
        comment=column.comment,
    )


def _type(column_type: ColumnType) -> sa.types.TypeEngine[Any]:
    match column_type:
        case Integer():
            return sa.Integer()
        case BigInteger():
            return sa.BigInteger()
        case String(length, collation):
            return sa.String(length, collation=collation)
        case Text():
            return sa.Text()
        case Boolean():
            return sa.Boolean()
        case DateTime():
            return sa.DateTime()
        case Numeric(precision, scale):
            return sa.Numeric(precision, scale)
        case Enum(name, words):
            return sa.Enum(*words, name=name)


def _default(column: Column) -> str | sa.TextClause | sa.ColumnElement[Any] | None:
    """Return a default so that SQLAlchemy writes it as the type requires."""
    match column:
        case Column(default=None):
            return None
        case Column(type=Boolean(), default=str(value)):
            return sa.true() if value.lower() in _TRUE else sa.false()
        case Column(type=Integer() | BigInteger() | Numeric(), default=str(value)):
            return sa.text(value)
        case _:
            return column.default


def _foreign_key(key: ForeignKey) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        key.columns,
        [f"{key.target}.{name}" for name in key.columns_there],
        name=key.name,
        ondelete=key.on_delete,
    )
