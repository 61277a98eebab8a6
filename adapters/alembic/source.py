"""Values, names and calls as Python source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from textwrap import indent

from harness.model.operations import Scalar

_INDENT = "    "
_WIDTH = 80


def call(function: str, arguments: list[str]) -> str:
    """Return a call, on one line if it is short enough."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{argument},\n" for argument in arguments)
    return f"{function}(\n{indent(inner, _INDENT)})"


def quoted(text: str) -> str:
    """Return text as a string literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: Scalar) -> str:
    """Return a value as source."""
    return quoted(value) if isinstance(value, str) else repr(value)


def names(columns: Iterable[str]) -> str:
    """Return names as a list."""
    return f"[{', '.join(map(quoted, columns))}]"


def name_of(name: str) -> str:
    """Return the `name` argument of a constraint."""
    return f"name={quoted(name)}"
