"""Counting what passes a line; one thread counts, and others ask."""

from __future__ import annotations

import threading

from harness.wire.counts import Counts


class Tally:
    """What passed all connections so far, and how many of those are open."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts = Counts()
        self._open = 0

    @property
    def counts(self) -> Counts:
        """What was counted up to now."""
        with self._changed:
            return self._counts

    def add(self, more: Counts) -> None:
        """Count something more."""
        with self._changed:
            self._counts = self._counts.and_also(more)

    def opened(self) -> Conversation:
        """Count a connection, and return what counts the pieces that pass it."""
        with self._changed:
            self._open += 1
        self.add(Counts(connections=1))
        return Conversation(self)

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

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._asked = False

    def from_client(self, piece: bytes) -> None:
        """Note a piece of what the client sends."""
        self._asked = True
        self._tally.add(Counts(bytes_sent=len(piece)))

    def from_server(self, piece: bytes) -> None:
        """Note a piece of what the server sends."""
        answered, self._asked = self._asked, False
        self._tally.add(Counts(round_trips=int(answered), bytes_received=len(piece)))
