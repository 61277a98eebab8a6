"""What the harness itself puts into databases: rows and triggers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from sqlalchemy import Connection, column, table
from sqlalchemy.exc import DBAPIError

from harness.databases.backend import refusal
from harness.databases.databases import backend_of
from harness.model.operations import Scalar
from harness.model.rows import Row
from harness.model.schema import (
    BigInteger,
    Boolean,
    ColumnType,
    DateTime,
    Enum,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Trigger,
)

_AT_ONCE = 10_000


def insert(url: str, table_name: str, rows: Iterable[Row]) -> None:
    """Put rows into a table, values as they are; `DatabaseRefused` if it cannot."""
    with _writing(url) as connection:
        insert_into(connection, table_name, rows)


def fill(url: str, table: Table, rows: int) -> None:
    """Put so many made-up rows into a table; `DatabaseRefused` if it cannot.

    A row is made from its number alone, so that it is the same everywhere.
    """
    with _writing(url) as connection:
        for first in range(1, rows + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, rows + 1))
            insert_into(connection, table.name, (_made_up(table, n) for n in numbers))


def _made_up(table: Table, number: int) -> Row:
    return {column.name: _value(column.type, number) for column in table.columns}


def _value(kind: ColumnType, number: int) -> Scalar:
    match kind:
        case String(length=length):
            return f"text {number}"[:length]
        case Text():
            return f"text {number}"
        case Boolean():
            return number % 2 == 0
        case Integer() | BigInteger() | Numeric():
            return number
        case Enum(words=words):
            return words[number % len(words)]
        case DateTime():
            return None


def insert_into(connection: Connection, table_name: str, rows: Iterable[Row]) -> None:
    """Put rows into a table over a connection that is open."""
    for names, alike in groupby(rows, key=tuple):
        target = table(table_name, *map(column, names))
        connection.execute(target.insert(), list(alike))


def create_trigger(url: str, backend: str, trigger: Trigger) -> None:
    """Put a trigger on a table; `DatabaseRefused` if the database will not have it."""
    with _writing(url) as connection:
        add_trigger(connection, backend, trigger)


def add_trigger(connection: Connection, backend: str, trigger: Trigger) -> None:
    """Put a trigger on a table over a connection that is open."""
    if backend not in trigger.statements:
        message = f"trigger {trigger.name} has no statement for {backend}; add one"
        raise LookupError(message)
    plain = connection.execution_options(no_parameters=True)
    plain.exec_driver_sql(trigger.statements[backend])


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    engine = backend_of(url).engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise refusal(error.orig or error) from error
    finally:
        engine.dispose()
