"""All rows of a database, for a revision that stands for many steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from sqlalchemy import Connection

from harness.databases import backend_of
from harness.model.carrying import Row
from harness.model.snapshot import Snapshot


def rows(url: str, held: Snapshot) -> tuple[Row, ...]:
    """Return the rows of all tables that have some, as the driver gives them."""
    full = [state.table for state in held.rows if state.count]
    engine = backend_of(url).engine(url)
    with engine.connect() as connection:
        return tuple(row for table in full for row in _of(connection, table))


def _of(connection: Connection, table: str) -> Iterator[Row]:
    name = connection.dialect.identifier_preparer.quote(table)
    query = f"SELECT * FROM {name}"  # noqa: S608
    for found in connection.exec_driver_sql(query).mappings():
        yield Row(table, {column: _plain(value) for column, value in found.items()})


def _plain(value: object) -> object:
    """Return a value as JSON can hold it, with its kind where it is none of JSON's."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | memoryview():
            return {"kind": "bytes", "text": bytes(value).hex()}
        case date() | time():
            return {"kind": type(value).__name__, "text": value.isoformat()}
        case _:
            return {"kind": type(value).__name__, "text": str(value)}
