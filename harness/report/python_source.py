"""Values of the vocabulary as Python source, as a person would write them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec
from rich.cells import cell_len

from harness.model.scenario import Scenario
from harness.model.step import Migration

_WIDTH = 88
"""Columns, as the formatter counts them: a Chinese character takes two."""
_INDENT = "    "


class _Call(msgspec.Struct, frozen=True):
    """Something with parts between brackets; each part has its text in front."""

    opening: str
    parts: tuple[tuple[str, _Call | str], ...]
    closing: str
    lonely_comma: bool = False
    """A tuple of one has a comma even on one line."""

    def flat(self) -> str:
        """Return it on one line."""
        inner = ", ".join(front + _flat(part) for front, part in self.parts)
        comma = "," if self.lonely_comma else ""
        return f"{self.opening}{inner}{comma}{self.closing}"


def laid_out(value: object, front: str = "", depth: int = 0) -> str:
    """Return a value as source: on one line if that fits, else on many."""
    return _laid_out(_tree(value), front, depth, "")


def fields(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """Yield the fields that have to be written; the text in front is empty or `x=`."""
    positional = not isinstance(value, Scenario)
    for field in msgspec.structs.fields(value):
        held = getattr(value, field.name)
        required = field.default is msgspec.NODEFAULT
        bare = positional and (required or isinstance(value, Migration))
        if required or held != field.default:
            yield ("" if bare else f"{field.name}="), held


def _tree(value: object) -> _Call | str:
    match value:
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case msgspec.Struct():
            parts = tuple((front, _tree(part)) for front, part in fields(value))
            return _Call(f"{type(value).__name__}(", parts, ")")
        case tuple():
            parts = tuple(("", _tree(part)) for part in value)
            return _Call("(", parts, ")", lonely_comma=len(value) == 1)
        case dict():
            items = value.items()
            parts = tuple((f"{_text(key)}: ", _tree(part)) for key, part in items)
            return _Call("{", parts, "}")
        case str():
            return _text(value)
        case _:
            return repr(value)


def _text(value: str) -> str:
    """Return a string literal, in double quotes unless that takes more backslashes."""
    quote = "'" if value.count('"') > value.count("'") else '"'
    written = repr(value)
    inner = written[1:-1]
    if written[0] == quote:
        return written
    inner = inner.replace("\\'", "'") if written[0] == "'" else inner
    return quote + inner.replace(quote, f"\\{quote}") + quote


def _flat(tree: _Call | str) -> str:
    return tree if isinstance(tree, str) else tree.flat()


def _laid_out(tree: _Call | str, front: str, depth: int, behind: str) -> str:
    """Return lines: on one if it fits, else the parts on one line, else on many."""
    margin = _INDENT * depth
    line = f"{margin}{front}{_flat(tree)}{behind}"
    if isinstance(tree, str) or cell_len(line) <= _WIDTH or not tree.parts:
        return line
    return "\n".join(
        (
            f"{margin}{front}{tree.opening}",
            _inside(tree, depth + 1),
            f"{margin}{tree.closing}{behind}",
        )
    )


def _inside(tree: _Call, depth: int) -> str:
    margin = _INDENT * depth
    together = ", ".join(front + _flat(part) for front, part in tree.parts)
    if cell_len(margin + together) <= _WIDTH and tree.opening not in {"(", "{"}:
        return margin + together
    return "\n".join(_laid_out(part, front, depth, ",") for front, part in tree.parts)
