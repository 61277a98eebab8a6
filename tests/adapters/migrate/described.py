"""A database in plain values, and what a neutral schema would be in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text

from harness.contract import Database
from harness.model.schema import Schema, String, Table, Text

Described = dict[str, dict[str, list[Any]]]


def described(database: Database) -> Described:
    """Return the tables of a database, apart from the tool's own."""
    engine = create_engine(database.url)
    try:
        names = inspect(engine).get_table_names()
        return {n: _table(engine, n) for n in names if n != "migrate_version"}
    finally:
        engine.dispose()


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    engine = create_engine(database.url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def execute(database: Database, *statements: str) -> None:
    """Run statements."""
    engine = create_engine(database.url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def expected(schema: Schema) -> Described:
    """Return what a database with this schema looks like."""
    return {table.name: _expected(table) for table in schema.tables}


def _table(engine: Engine, name: str) -> dict[str, list[Any]]:
    look = inspect(engine)
    return {
        "columns": sorted(
            (c["name"], str(c["type"]), c["nullable"], (c["default"] or "").strip("'"))
            for c in look.get_columns(name)
        ),
        "uniques": _named(look.get_unique_constraints(name), "column_names"),
        "indexes": _named(look.get_indexes(name), "column_names"),
        "keys": _named(look.get_foreign_keys(name), "constrained_columns"),
        "checks": sorted(
            (c["name"], c["sqltext"]) for c in look.get_check_constraints(name)
        ),
    }


def _named(items: list[Any], columns: str) -> list[Any]:
    return sorted((item["name"], tuple(item[columns])) for item in items)


def _expected(table: Table) -> dict[str, list[Any]]:
    return {
        "columns": sorted(
            (c.name, _type(c.type), c.nullable, c.default or "") for c in table.columns
        ),
        "uniques": sorted((u.name, u.columns) for u in table.uniques),
        "indexes": sorted((i.name, i.columns) for i in table.indexes),
        "keys": sorted((k.name, k.columns) for k in table.foreign_keys),
        "checks": sorted((c.name, c.condition) for c in table.checks),
    }


def _type(column_type: Any) -> str:
    match column_type:
        case String(length=length):
            return f"VARCHAR({length})"
        case Text():
            return "TEXT"
        case _:
            return type(column_type).__name__.upper()
