"""What went over a line, as numbers."""

from __future__ import annotations

from operator import add, sub

import msgspec
from msgspec.structs import astuple


class Counts(msgspec.Struct, frozen=True):
    """What was counted on a line.

    `round_trips` are the times that the client had to wait for the server: each is
    anything sent by the client, in however many pieces, that the server then answered.
    What the server says of its own accord (MySQL's greeting) and what nobody answers (a
    client's goodbye) is none. Nor is it counted to connect on the level of TCP.
    `connections` are those that the server took.
    """

    connections: int = 0
    round_trips: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0

    def and_also(self, more: Counts) -> Counts:
        """Return both counts together."""
        return Counts(*(map(add, astuple(self), astuple(more))))

    def since(self, earlier: Counts) -> Counts:
        """Return what was added since an earlier count."""
        return Counts(*(map(sub, astuple(self), astuple(earlier))))
