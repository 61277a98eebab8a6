"""A real history, played step by step under its own tool, and what came of each step.

`FORMAT` is the version of this shape; a change that old readers would misread raises it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from harness.model.difference import Difference
from harness.model.locks import Lock
from harness.model.toolchain import Distribution

FORMAT = 1


class Direction(StrEnum):
    """Which way a step goes."""

    UP = "up"
    DOWN = "down"


class End(StrEnum):
    """What became of a step."""

    DONE = "done"
    NO_WAY_BACK = "no way back"
    """The history has no downgrade there."""
    FAILED = "failed"
    TIMED_OUT = "timed out"
    LOST = "lost"
    """The process that played the history ended by itself."""


class PlannedStep(msgspec.Struct, frozen=True):
    """A step of the history, as the tool itself lists them."""

    id: str
    script: str
    message: str = ""
    parents: tuple[str, ...] = ()


class Statement(msgspec.Struct, frozen=True):
    """A statement that may change something; `rows` is what the driver counted, or -1.

    `bookkeeping` are statements on the tool's own table. `bound` are the values it was
    sent with, a set for each time, where they were asked for: by place or by name, and
    with `kind` and `text` where JSON has no such value.
    """

    text: str
    seconds: float
    rows: int = -1
    bookkeeping: bool = False
    bound: tuple[list[Any] | dict[str, Any], ...] | msgspec.UnsetType = msgspec.UNSET


class Failure(msgspec.Struct, frozen=True):
    """What went wrong: `statement` is the one that was under way, if one was.

    `line` is that of the step's script, 0 if the script was not involved.
    """

    kind: str
    words: str
    line: int = 0
    statement: str = ""
    trace: str = ""


class PlayedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step that was tried, in one direction.

    `seconds` are those of the tool, `harness_seconds` those of looking at the database
    afterwards. `changes` tell the schema and the rows before against those after, and
    `uneven` how the database differs from what it was when it last stood at the place
    that the step came to. `rows` are the numbers of rows that changed, by table. `locks`
    are statements of a step upwards that hold others up where a table is in use.
    """

    number: int
    id: str
    direction: Direction
    script: str
    end: End
    seconds: float = 0.0
    harness_seconds: float = 0.0
    statements: tuple[Statement, ...] = ()
    reading: int = 0
    changes: tuple[Difference, ...] = ()
    rows: dict[str, tuple[int, int]] = {}
    uneven: tuple[Difference, ...] = ()
    failure: Failure | None = None
    locks: tuple[Lock, ...] = ()
    questions: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """What was asked of rows, where that was listened to."""

    @property
    def rows_changed(self) -> int:
        """How many rows the step wrote, as far as the driver counted."""
        return sum(max(s.rows, 0) for s in self.statements if not s.bookkeeping)

    @property
    def sent(self) -> int:
        """How many statements were sent, reading ones among them."""
        return len(self.statements) + self.reading


class Spent(msgspec.Struct, frozen=True):
    """Where the time of a replay went, in seconds: `wall` is all of it.

    `starting` is the start of the environment's Python and the imports of the tool.
    """

    wall: float = 0.0
    starting: float = 0.0
    steps: float = 0.0

    @property
    def share(self) -> float:
        """The part of all the time that the harness took, from 0 to 1."""
        return max(self.wall - self.starting - self.steps, 0) / (self.wall or 1.0)


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a replay, `replay.json`.

    `status` is `running`, `whole` (all that was asked for was played), `stopped` (at
    `stop_at`), `failed` or `interrupted`. `settings` say what was asked of the engine.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    history: str
    tool: str
    backend: str
    engine: str = ""
    requirements: tuple[str, ...] = ()
    until: str = ""
    python: str = ""
    versions: dict[str, str] = {}
    distributions: tuple[Distribution, ...] = ()
    network: str = ""
    walk: bool = False
    stop_at: str = ""
    steps: tuple[PlannedStep, ...] = ()
    spent: Spent = Spent()
    status: str = "running"
    tables: int = 0
    notes: tuple[str, ...] = ()
