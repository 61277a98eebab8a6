"""Reading what SQLite keeps as text only: names of constraints, checks, collations.

SQLite's pragmas tell columns, primary keys and the contents of foreign keys. All
else is in the statement that made the table, which SQLite itself reads it from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from harness.databases.sql_text import (
    Group,
    Part,
    Token,
    condition,
    items,
    parsed,
    written_out,
)

_REMEMBERED = 2048
"""Statements whose reading is kept: a database is looked at again and again."""

_ENDS_A_NAME = {"primary", "not", "null", "default", "collate", "generated", "as"}


class Constraint(NamedTuple):
    """A constraint: `kind` is unique, check or foreign key.

    `columns` are those in front of a foreign key or those of a unique constraint;
    `condition` is that of a check.
    """

    kind: str
    name: str | None
    columns: tuple[str, ...] = ()
    condition: str = ""


class TableText(NamedTuple):
    """What a `CREATE TABLE` statement says beyond the pragmas."""

    constraints: tuple[Constraint, ...]
    collations: dict[str, str]
    autoincrement: bool
    generated: dict[str, str]


@lru_cache(_REMEMBERED)
def read_table(sql: str) -> TableText:
    """Read a `CREATE TABLE` statement as SQLite stores it."""
    parts = parsed(sql)
    body = next((part for part in parts if isinstance(part, Group)), Group())
    constraints: list[Constraint] = []
    collations: dict[str, str] = {}
    generated: dict[str, str] = {}
    autoincrement = False
    for item in items(body):
        column = _column_of(item)
        constraints.extend(_constraints(item, column))
        autoincrement = autoincrement or _has_autoincrement(item)
        collation = _collation(item)
        if column is not None and collation is not None:
            collations[column] = collation
        expression = _generating(item)
        if column is not None and expression is not None:
            generated[column] = expression
    return TableText(tuple(constraints), collations, autoincrement, generated)


@lru_cache(_REMEMBERED)
def read_index(sql: str) -> str:
    """Return what a `CREATE INDEX` statement says, without names of index and table.

    For example `unique (lower (name), age desc) where age > 0`.
    """
    parts = parsed(sql)
    start = next(i for i, part in enumerate(parts) if isinstance(part, Group))
    unique = any(
        isinstance(part, Token) and part.keyword == "unique" for part in parts[:2]
    )
    said = written_out(parts[start:])
    return f"unique {said}" if unique else said


def _column_of(item: Sequence[Part]) -> str | None:
    """Return the column that an item defines; None if it is a table's constraint."""
    first = item[0]
    if isinstance(first, Group):
        return None
    constraint = {"constraint", "primary", "unique", "check", "foreign"}
    return None if first.keyword in constraint else first.text


def _constraints(item: Sequence[Part], column: str | None) -> Iterator[Constraint]:
    """Find the constraints in an item; SQLite allows several without commas."""
    name: str | None = None
    own = () if column is None else (column,)
    for number, word in enumerate(_keywords(item)):
        following = item[number + 1] if number + 1 < len(item) else None
        if word == "constraint" and isinstance(following, Token):
            name = following.text
        elif word == "unique":
            yield Constraint("unique", name, _names(following) or own)
            name = None
        elif word == "check" and isinstance(following, Group):
            yield Constraint("check", name, condition=condition(following))
            name = None
        elif word == "foreign" and number + 2 < len(item):
            yield Constraint("foreign key", name, _names(item[number + 2]))
            name = None
        elif word == "references" and own:
            yield Constraint("foreign key", name, own)
            name = None
        elif word in _ENDS_A_NAME:
            name = None


def _keywords(item: Sequence[Part]) -> list[str]:
    """Return the keywords of an item at their places; the name in front is none."""
    words = [part.keyword if isinstance(part, Token) else "" for part in item]
    named = {i + 1 for i, word in enumerate(words) if word == "constraint"}
    if _column_of(item) is not None:
        named.add(0)
    return ["" if i in named else word for i, word in enumerate(words)]


def _collation(item: Sequence[Part]) -> str | None:
    words = _keywords(item)
    if "collate" not in words[:-1]:
        return None
    following = item[words.index("collate") + 1]
    name = following.text.upper() if isinstance(following, Token) else ""
    return None if name in {"", "BINARY"} else name


def _generating(item: Sequence[Part]) -> str | None:
    """Return the expression of a generated column: virtual, unless it says stored."""
    words = _keywords(item)
    if "as" not in words[:-1]:
        return None
    expression = item[words.index("as") + 1]
    if not isinstance(expression, Group):
        return None
    return f"{condition(expression)}, {'stored' if 'stored' in words else 'virtual'}"


def _has_autoincrement(item: Sequence[Part]) -> bool:
    inside = (_keywords(part) for part in item if isinstance(part, Group) and part)
    return any("autoincrement" in words for words in (_keywords(item), *inside))


def _names(part: Part | None) -> tuple[str, ...]:
    """Return the names in a list of columns, whatever is said of each."""
    if not isinstance(part, Group):
        return ()
    firsts = (item[0] for item in items(part))
    return tuple(first.text for first in firsts if isinstance(first, Token))
