"""What a statement is for, told by its first word and the tables it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from harness.model.anatomy import Kind

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_FIRST_WORDS = {
    Kind.TRANSACTION: {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "START"},
    Kind.QUESTION: {"SELECT", "SHOW", "PRAGMA", "WITH", "EXPLAIN", "DESCRIBE", "SET"},
    Kind.ROWS: {"INSERT", "UPDATE", "DELETE", "REPLACE"},
}


def kind_of(sql: str, bookkeeping: Iterable[str]) -> Kind:
    """Return what a statement is for; whatever names the tool's tables is bookkeeping.

    What is none of the others changes the schema.
    """
    plain = _COMMENTS.sub(" ", sql).strip(" \t\r\n(")
    first = re.match(r"[A-Za-z]*", plain)
    word = first[0].upper() if first else ""
    if word in _FIRST_WORDS[Kind.TRANSACTION]:
        return Kind.TRANSACTION
    if any(_names(plain, table) for table in bookkeeping):
        return Kind.BOOKKEEPING
    found = (kind for kind, words in _FIRST_WORDS.items() if word in words)
    return next(found, Kind.SCHEMA)


def _names(sql: str, table: str) -> bool:
    """Tell whether a table is named, or an index or a constraint that is named after it."""
    return bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(table)}(?![A-Za-z0-9])", sql))


def kinds(statements: Iterable[str], bookkeeping: Iterable[str]) -> dict[Kind, int]:
    """Count statements by what they are for."""
    tables = tuple(bookkeeping)
    found = Counter(kind_of(sql, tables) for sql in statements)
    return {kind: found[kind] for kind in Kind}
