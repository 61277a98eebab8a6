"""Cutting a script into statements, as the client of a server does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_COMMENTS = r"(?P<comment> --[^\n]* | /\*(?!!).*?(?:\*/|\Z) | \s+ )"
_STANDARD = re.compile(
    rf"""
      {_COMMENTS}
    | [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
    | (?P<dollar> \$(?:[^\W\d]\w*)?\$ ).*?(?P=dollar)
    | \w+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
_MYSQL = re.compile(
    rf"""
      {_COMMENTS} | \#[^\n]*
    | '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`]|``)*`
    | \w+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
_DELIMITER = re.compile(r"[ \t]*delimiter[ \t]+(\S+)[ \t]*(?:\n|\Z)", re.IGNORECASE)


class _Cut(NamedTuple):
    text: str
    end: int


def standard_statements(script: str) -> Iterator[str]:
    """Yield statements as psql ends them: at a semicolon that is not in a literal.

    Functions with an unquoted SQL body (`BEGIN ATOMIC`) are not understood.
    """
    yield from _statements(script, _STANDARD)


def mysql_statements(script: str) -> Iterator[str]:
    """Yield statements as the mysql client ends them: at what DELIMITER says."""
    yield from _statements(script, _MYSQL)


def _statements(script: str, pieces: re.Pattern[str]) -> Iterator[str]:
    position, delimiter = 0, ";"
    while position < len(script):
        told = _DELIMITER.match(script, position) if pieces is _MYSQL else None
        if told is not None:
            delimiter, position = told[1], told.end()
            continue
        cut = _cut(script, position, pieces, delimiter)
        position = cut.end
        if cut.text:
            yield cut.text


def _cut(script: str, start: int, pieces: re.Pattern[str], delimiter: str) -> _Cut:
    """Return the next statement and where it ends; comments alone are none."""
    position, says_something = start, False
    while position < len(script):
        if script.startswith(delimiter, position):
            text = script[start:position].strip() if says_something else ""
            return _Cut(text, position + len(delimiter))
        piece = pieces.match(script, position)
        assert piece is not None  # noqa: S101
        if piece["comment"] is None:
            says_something = True
        elif not says_something and pieces is _MYSQL and "\n" in piece[0]:
            return _Cut("", piece.end())
        position = piece.end()
    return _Cut(script[start:].strip() if says_something else "", len(script))
