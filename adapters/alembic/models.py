"""The application's `models.py`: SQLAlchemy tables that describe a schema."""

from __future__ import annotations

from adapters.alembic.rendering import table_source
from adapters.alembic.source import call, quoted
from harness.model.schema import Index, Schema, Table

EMPTY = "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n"


def models_source(schema: Schema) -> str:
    """Return the module for a schema."""
    return "\n".join([EMPTY, *map(_table, schema.tables)])


def _table(table: Table) -> str:
    created = table_source(table).removeprefix("op.create_table(")
    opening, name = "sa.Table(", quoted(table.name)
    declared = created.replace(name, f"{name}, metadata", 1)
    return "\n".join(
        [
            f"{table.name} = {opening}{declared}",
            *(_index(table, i) for i in table.indexes),
        ]
    )


def _index(table: Table, index: Index) -> str:
    columns = [f"{table.name}.c.{column}" for column in index.columns]
    unique = ["unique=True"] if index.unique else []
    return call("sa.Index", [quoted(index.name), *columns, *unique])
