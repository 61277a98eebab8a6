"""What the harness itself puts into databases: rows and triggers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

from sqlalchemy import Connection, column, table
from sqlalchemy.exc import DBAPIError

from harness.databases.backend import refusal
from harness.databases.databases import backend_of
from harness.model.rows import Row
from harness.model.schema import Trigger


def insert(url: str, table_name: str, rows: Iterable[Row]) -> None:
    """Put rows into a table, values as they are; `DatabaseRefused` if it cannot."""
    with writing(url) as connection:
        insert_into(connection, table_name, rows)


def insert_into(connection: Connection, table_name: str, rows: Iterable[Row]) -> None:
    """Put rows into a table over a connection that is open."""
    for names, alike in groupby(rows, key=tuple):
        target = table(table_name, *map(column, names))
        connection.execute(target.insert(), list(alike))


def create_trigger(url: str, backend: str, trigger: Trigger) -> None:
    """Put a trigger on a table; `DatabaseRefused` if the database will not have it."""
    with writing(url) as connection:
        add_trigger(connection, backend, trigger)


def add_trigger(connection: Connection, backend: str, trigger: Trigger) -> None:
    """Put a trigger on a table over a connection that is open."""
    if backend not in trigger.statements:
        message = f"trigger {trigger.name} has no statement for {backend}; add one"
        raise LookupError(message)
    plain = connection.execution_options(no_parameters=True)
    plain.exec_driver_sql(trigger.statements[backend])


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """Give a connection in a transaction; `DatabaseRefused` with the database's words."""
    engine = backend_of(url).engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise refusal(error.orig or error) from error
    finally:
        engine.dispose()
