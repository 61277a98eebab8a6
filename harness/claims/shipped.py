"""The claims and eras that there are, found by looking into the package `claims`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from harness.claims.claim import Claim, Era


@cache
def claims() -> tuple[Claim, ...]:
    """Return all claims, in the order of their numbers."""
    found = {c.id: c for c in _values() if isinstance(c, Claim)}
    return tuple(sorted(found.values(), key=_number))


@cache
def eras() -> tuple[Era, ...]:
    """Return all eras, in the order in which they are written."""
    return tuple(dict.fromkeys(e for e in _values() if isinstance(e, Era)))


def _number(claim: Claim) -> tuple[int, str]:
    digits = re.sub(r"\D", "", claim.id)
    return int(digits or 0), claim.id


def _values() -> Iterator[object]:
    for module in _modules():
        for value in vars(module).values():
            yield from value if isinstance(value, tuple) else (value,)


def _modules() -> Iterator[ModuleType]:
    package = importlib.import_module("claims")
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"claims.{info.name}")
