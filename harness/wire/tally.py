"""Counting what passes a line; one thread counts, and others ask."""

from __future__ import annotations

import threading

from harness.wire.counts import Counts
from harness.wire.reading import READERS, Reader


class Tally:
    """What passed all connections so far, and how many of those are open."""

    def __init__(self, dialect: str = "") -> None:
        self._changed = threading.Condition()
        self._counts = Counts()
        self._open = 0
        self._readers = READERS.get(dialect)
        self._statements: list[str] | None = None if self._readers is None else []

    @property
    def counts(self) -> Counts:
        """What was counted up to now."""
        with self._changed:
            return self._counts

    def statements(self) -> tuple[str, ...] | None:
        """Return all statements so far; None where they could not be read."""
        with self._changed:
            return None if self._statements is None else tuple(self._statements)

    def say(self, statements: list[str] | None) -> None:
        """Keep statements; after one that cannot be read, none is kept any more."""
        with self._changed:
            if statements is None or self._statements is None:
                self._statements = None
            else:
                self._statements.extend(statements)

    def add(self, more: Counts) -> None:
        """Count something more."""
        with self._changed:
            self._counts = self._counts.and_also(more)

    def opened(self) -> Conversation:
        """Count a connection, and return what counts the pieces that pass it."""
        with self._changed:
            self._open += 1
        self.add(Counts(connections=1))
        return Conversation(self, None if self._readers is None else self._readers())

    def closed(self) -> None:
        """Note that a connection has ended."""
        with self._changed:
            self._open -= 1
            self._changed.notify_all()

    def wait_until_closed(self, seconds: float) -> bool:
        """Wait until no connection is open, but not longer; tell whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)


class Conversation:
    """Who of two spoke last: a round trip ends when the server answers the client."""

    def __init__(self, tally: Tally, reader: Reader | None) -> None:
        self._tally = tally
        self._reader = reader
        self._asked = False

    def from_client(self, piece: bytes) -> None:
        """Note a piece of what the client sends."""
        self._asked = True
        if self._reader is not None:
            told = self._reader.read(piece)
            self._tally.say(told if self._reader.readable else None)
        self._tally.add(Counts(bytes_sent=len(piece)))

    def from_server(self, piece: bytes) -> None:
        """Note a piece of what the server sends."""
        answered, self._asked = self._asked, False
        self._tally.add(Counts(round_trips=int(answered), bytes_received=len(piece)))
