"""Scenarios as Python source, as a person would write them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from textwrap import fill

import msgspec

from harness.model.scenario import Scenario
from harness.report.python_source import fields, laid_out

_WIDTH = 88
_INDENT = "    "


def module_of(scenario: Scenario, title: str) -> str:
    """Return a module with one scenario in it; `title` becomes its docstring."""
    classes = sorted({(type(v).__module__, type(v).__name__) for v in _named(scenario)})
    modules = dict.fromkeys(module for module, _ in classes)
    imports = "\n".join(
        _import(module, [name for where, name in classes if where == module])
        for module in modules
    )
    docstring = fill(f'"""{title.rstrip(".")}.', _WIDTH)
    docstring += '\n"""' if "\n" in docstring else '"""'
    body = laid_out(scenario, f"{scenario.name.upper()} = ")
    return f"{docstring}\n\nfrom __future__ import annotations\n\n{imports}\n\n{body}\n"


def _import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    rows = "".join(f"{_INDENT}{name},\n" for name in names)
    return f"from {module} import (\n{rows})"


def _named(value: object) -> Iterator[object]:
    """Yield every value whose class has to be imported."""
    if isinstance(value, msgspec.Struct | Enum):
        yield value
    if isinstance(value, msgspec.Struct):
        for _, part in fields(value):
            yield from _named(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _named(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _named(part)
