"""Values that were bound to statements, as Python source."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from adapters.alembic.source import quoted
from harness.model.carrying import CannotWrite

_KINDS: dict[str, Callable[[str], str]] = {
    "bytes": lambda text: f"bytes.fromhex({quoted(text)})",
    "datetime": lambda text: f"datetime.datetime.fromisoformat({quoted(text)})",
    "date": lambda text: f"datetime.date.fromisoformat({quoted(text)})",
    "time": lambda text: f"datetime.time.fromisoformat({quoted(text)})",
    "Decimal": lambda text: f"decimal.Decimal({quoted(text)})",
    "float": lambda text: f"float({quoted(text)})",
    "UUID": lambda text: f"uuid.UUID({quoted(text)})",
}


def value_source(value: Any) -> str:  # noqa: ANN401
    """Return a value as source; `CannotWrite` for one that is of no known kind."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float) and not isfinite(value):
        return f"float({quoted(str(value))})"
    if not isinstance(value, dict):
        return repr(value)
    kind = value.get("kind", "")
    if kind not in _KINDS:
        message = f"a value of the kind {kind!r} was bound: {value.get('text', '')}"
        raise CannotWrite(message)
    return _KINDS[kind](value["text"])


def kind_of(value: Any) -> str:  # noqa: ANN401
    """Return the name of a value's type."""
    return str(value.get("kind")) if isinstance(value, dict) else type(value).__name__


def values_source(bound: list[Any] | dict[str, Any]) -> str:
    """Return one set of values as source: a tuple, or a dictionary."""
    if isinstance(bound, dict):
        said = (f"{quoted(name)}: {value_source(v)}" for name, v in bound.items())
        return f"{{{', '.join(said)}}}"
    comma = "," if len(bound) == 1 else ""
    return f"({', '.join(map(value_source, bound))}{comma})"
