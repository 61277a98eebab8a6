"""How an adapter says what the functions of its tool are for."""

from __future__ import annotations

import msgspec

from harness.model.anatomy import Phase

MAIN = "main"
"""The mark of the function that the console script calls: all else runs inside it."""


class Mark(msgspec.Struct, frozen=True):
    """A function whose own time belongs to a phase: `module:attribute`, with dots.

    A property or a generator may be marked as well. `phase` is a phase's name, or `MAIN`.
    """

    phase: str
    name: str


def marked(phase: Phase | str, *names: str) -> tuple[Mark, ...]:
    """Return marks of one phase."""
    return tuple(Mark(phase, name) for name in names)
