"""What a statement does to a table that is in use, as the manuals of databases have it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Effect(StrEnum):
    """What an act does to a table that is in use."""

    REWRITES = "rewrites the table"
    BLOCKS = "keeps writers out while it reads all rows"
    SCANS = "reads all rows under a lock"
    FAILS = "fails if there are rows"


class Lock(msgspec.Struct, frozen=True):
    """A statement that locks or rewrites a table which was there before its step.

    It is told by the statement's form; `source` is the page of the manual that says so.
    """

    table: str
    effect: Effect
    words: str
    source: str
    statement: str
