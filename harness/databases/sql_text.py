"""SQL as text: pieces, groups in parentheses, and spellings that make no difference."""

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
_KEYWORDS_AS_DEFAULT = {"NULL", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"}


class Token(NamedTuple):
    """A piece of SQL; a quoted name is without its quotes."""

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """The word in lower case, or nothing if this cannot be a keyword."""
        return self.text.lower() if self.kind == "word" else ""


COMMA = Token("sign", ",")


class Group(tuple["Part", ...]):
    """What stands between two parentheses."""

    __slots__ = ()


Part = Token | Group


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


def plain_condition(written: str) -> str:
    """Return a condition without what makes no difference.

    Spacing, case, quotes around names, and parentheses that stand around all of it.
    """
    return condition(parsed(written))


def _tokens(sql: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(sql):
        kind, text = str(match.lastgroup), match.group()
        if kind == "name":
            end = _QUOTES[text[0]]
            yield Token(kind, text[1:-1].replace(end * 2, end))
        elif kind != "space":
            yield Token(kind, text)


def parsed(sql: str) -> Group:
    """Return SQL text as pieces and groups; a quoted name is without its quotes."""
    return _group(_tokens(sql))


def _group(tokens: Iterator[Token]) -> Group:
    parts: list[Part] = []
    for token in tokens:
        if token == ("sign", ")"):
            break
        parts.append(_group(tokens) if token == ("sign", "(") else token)
    return Group(parts)


def items(body: Group) -> Iterator[tuple[Part, ...]]:
    """Split what stands between parentheses at its commas."""
    for is_comma, item in groupby(body, lambda part: part == COMMA):
        if not is_comma:
            yield tuple(item)


def condition(group: Group) -> str:
    """Return a condition without the parentheses that stand around all of it."""
    while len(group) == 1 and isinstance(group[0], Group):
        group = group[0]
    return written_out(group)


def written_out(parts: Sequence[Part]) -> str:
    """Write parts so that spacing, quotes around names, and case make no difference."""
    text = "".join(f"{'' if part == COMMA else ' '}{_spelled(part)}" for part in parts)
    return text.lstrip()


def _spelled(part: Part) -> str:
    if isinstance(part, Group):
        return f"({written_out(part)})"
    if part.kind in {"text", "sign"}:
        return part.text
    if part.kind == "name" and not _SIMPLE_NAME.fullmatch(part.text):
        return f'"{part.text}"'
    return part.text.lower()


def _is_wrapped(text: str) -> bool:
    """Tell whether one pair of parentheses stands around all of a text."""
    parts = parsed(text)
    return text[:1] == "(" and len(parts) == 1
