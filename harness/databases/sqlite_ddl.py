"""Reading what SQLite keeps as text only: names of constraints, checks, collations.

SQLite's pragmas tell columns, primary keys and the contents of foreign keys. All
else is in the statement that made the table, which SQLite itself reads it from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<space> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<text> '(?:[^']|'')*' )
    | (?P<name> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
    | (?P<number> \d+(?:\.\d*)?(?:e[+-]?\d+)? | \.\d+ )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<sign> <> | <= | >= | != | == | \|\| | . )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_QUOTES = {'"': '"', "`": "`", "[": "]"}
_SIMPLE_NAME = re.compile(r"[^\W\d][\w$]*")
_ENDS_A_NAME = {"primary", "not", "null", "default", "collate", "generated", "as"}
_KEYWORDS_AS_DEFAULT = {"NULL", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"}


class Token(NamedTuple):
    """A piece of SQL; a quoted name is without its quotes."""

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """The word in lower case, or nothing if this cannot be a keyword."""
        return self.text.lower() if self.kind == "word" else ""


_COMMA = Token("sign", ",")


class Group(tuple["Part", ...]):
    """What stands between two parentheses."""

    __slots__ = ()


Part = Token | Group


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


def read_table(sql: str) -> TableText:
    """Read a `CREATE TABLE` statement as SQLite stores it."""
    parts = _parsed(sql)
    body = next((part for part in parts if isinstance(part, Group)), Group())
    constraints: list[Constraint] = []
    collations: dict[str, str] = {}
    autoincrement = False
    for item in _items(body):
        column = _column_of(item)
        constraints.extend(_constraints(item, column))
        autoincrement = autoincrement or _has_autoincrement(item)
        collation = _collation(item)
        if column is not None and collation is not None:
            collations[column] = collation
    return TableText(tuple(constraints), collations, autoincrement)


def read_index(sql: str) -> str:
    """Return what a `CREATE INDEX` statement says, without names of index and table.

    For example `unique (lower (name), age desc) where age > 0`.
    """
    parts = _parsed(sql)
    start = next(i for i, part in enumerate(parts) if isinstance(part, Group))
    unique = any(
        isinstance(part, Token) and part.keyword == "unique" for part in parts[:2]
    )
    said = _written(parts[start:])
    return f"unique {said}" if unique else said


def plain_default(written: str | None) -> str | None:
    """Return a default so that `'x'`, `x` and `('x')` are the same.

    An expression keeps its spelling, and text that spells a keyword keeps its quotes.
    """
    if written is None:
        return None
    text = written.strip()
    while _is_wrapped(text):
        text = text[1:-1].strip()
    if text.upper() in _KEYWORDS_AS_DEFAULT:
        return None if text.upper() == "NULL" else text.upper()
    tokens = list(_tokens(text))
    if len(tokens) == 1 and text[0] in "'\"":
        inner = text[1:-1].replace(text[0] * 2, text[0])
        return f"'{inner}'" if inner.upper() in _KEYWORDS_AS_DEFAULT else inner
    return text


def _tokens(sql: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(sql):
        kind, text = str(match.lastgroup), match.group()
        if kind == "name":
            end = _QUOTES[text[0]]
            yield Token(kind, text[1:-1].replace(end * 2, end))
        elif kind != "space":
            yield Token(kind, text)


def _parsed(sql: str) -> Group:
    return _group(_tokens(sql))


def _group(tokens: Iterator[Token]) -> Group:
    parts: list[Part] = []
    for token in tokens:
        if token == ("sign", ")"):
            break
        parts.append(_group(tokens) if token == ("sign", "(") else token)
    return Group(parts)


def _items(body: Group) -> Iterator[tuple[Part, ...]]:
    """Split what stands between parentheses at its commas."""
    for is_comma, item in groupby(body, lambda part: part == _COMMA):
        if not is_comma:
            yield tuple(item)


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
            yield Constraint("check", name, condition=_condition(following))
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


def _has_autoincrement(item: Sequence[Part]) -> bool:
    inside = (_keywords(part) for part in item if isinstance(part, Group) and part)
    return any("autoincrement" in words for words in (_keywords(item), *inside))


def _names(part: Part | None) -> tuple[str, ...]:
    """Return the names in a list of columns, whatever is said of each."""
    if not isinstance(part, Group):
        return ()
    firsts = (item[0] for item in _items(part))
    return tuple(first.text for first in firsts if isinstance(first, Token))


def _condition(group: Group) -> str:
    """Return a condition without the parentheses that stand around all of it."""
    while len(group) == 1 and isinstance(group[0], Group):
        group = group[0]
    return _written(group)


def _written(parts: Sequence[Part]) -> str:
    """Write parts so that spacing, quotes around names, and case make no difference."""
    text = "".join(f"{'' if part == _COMMA else ' '}{_spelled(part)}" for part in parts)
    return text.lstrip()


def _spelled(part: Part) -> str:
    if isinstance(part, Group):
        return f"({_written(part)})"
    if part.kind in {"text", "sign"}:
        return part.text
    if part.kind == "name" and not _SIMPLE_NAME.fullmatch(part.text):
        return f'"{part.text}"'
    return part.text.lower()


def _is_wrapped(text: str) -> bool:
    """Tell whether one pair of parentheses stands around all of a text."""
    parts = _parsed(text)
    return text[:1] == "(" and len(parts) == 1
