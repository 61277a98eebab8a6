"""Filling a table with made-up rows, which the database itself makes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    case,
    cast,
    func,
    literal,
    null,
    sql,
    types,
)
from sqlalchemy import Table as Made
from sqlalchemy.schema import CreateTable

from harness.databases.seeding import writing
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
)

_AT_ONCE = 100_000
_COUNTED = Made(
    "made_up_numbers",
    MetaData(),
    Column("number", types.Integer, primary_key=True, autoincrement=False),
    prefixes=["TEMPORARY"],
)
_Number = ColumnElement[int]


def fill(url: str, table: Table, rows: int) -> None:
    """Put so many made-up rows into a table; `DatabaseRefused` if it cannot.

    A row is made from its number alone, so that it is the same everywhere, and rows are
    written in the order of their numbers.
    """
    names = [column.name for column in table.columns]
    target = sql.table(table.name, *map(sql.column, names))
    counted = _COUNTED.c.number
    with writing(url) as connection:
        _count(connection, min(rows, _AT_ONCE))
        for before in range(0, rows, _AT_ONCE):
            made = [_value(c.type, counted + before) for c in table.columns]
            chosen = sql.select(*made).where(counted <= rows - before)
            connection.execute(
                target.insert().from_select(names, chosen.order_by(counted))
            )


def _count(connection: Connection, last: int) -> None:
    """Have the numbers at hand in a table that only this connection sees."""
    connection.execute(CreateTable(_COUNTED))
    numbers = [{"number": number} for number in range(1, last + 1)]
    if numbers:
        connection.execute(_COUNTED.insert(), numbers)


def _value(kind: ColumnType, number: _Number) -> Any:  # noqa: ANN401
    match kind:
        case String(length=length):
            return func.substr(_text(number), 1, length)
        case Text():
            return _text(number)
        case Boolean():
            return case((number % 2 == 0, sql.true()), else_=sql.false())
        case Integer() | BigInteger() | Numeric():
            return number
        case Enum(words=words):
            places = [(number % len(words) == n, word) for n, word in enumerate(words)]
            return case(*places)
        case DateTime():
            return null()


def _text(number: _Number) -> ColumnElement[str]:
    return literal("text ", types.String) + cast(number, types.String)
