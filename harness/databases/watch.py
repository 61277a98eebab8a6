"""Looking at one database again and again, without reading twice what stayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from harness.model.snapshot import Snapshot


class Sent(NamedTuple):
    """A statement that was sent, and the rows that the driver counted, or -1."""

    text: str
    rows: int = -1


Heard = tuple[Sent, ...] | None
"""The statements that were sent since the last look; None if they are not all known."""


class Watch:
    """A look at a database that can be taken again; it always tells what is there.

    What a backend reads again depends on what it can know to have stayed the same. The
    rows of the tool's own tables, which change with every step, are told where nothing
    was heard.
    """

    def __init__(self, look: Callable[[Heard], Snapshot]) -> None:
        self._look = look

    def look(self, heard: Heard = None) -> Snapshot:
        """Return what the database holds, given what was `heard` since the last look."""
        return self._look(heard)


class Memory(Protocol):
    """What a server's database was seen to hold."""

    def describe(self, cursor: Any, heard: Heard) -> Snapshot:  # noqa: ANN401
        """Return what the database holds; the transaction is the caller's."""
        ...
