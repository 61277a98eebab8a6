"""What comes out: `queue.json`, whose `FORMAT` is the version of its shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from harness.journal import files
from harness.queueing.model import Load, Profile, Team

FORMAT = 1
NAME = "queue.json"


class Estimate(msgspec.Struct, frozen=True):
    """A mean over replications, with the interval that holds it at the confidence."""

    mean: float
    low: float
    high: float


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate under one load, each number for one landed migration.

    `days` is from being written to landing. `left` is the share of the patches that had
    not landed when the last was written; near 1 means more comes than can land.
    """

    candidate: str
    load: Load
    reviews: Estimate
    git_conflicts: Estimate
    gate_failures: Estimate
    broken_mains: Estimate
    missed: Estimate
    files: Estimate
    days: Estimate
    left: Estimate


class Check(msgspec.Struct, frozen=True):
    """A number of a real race beside the simulation's, from another race's losers."""

    candidate: str
    authors: int
    what: str
    simulated: int
    observed: int
    cell: str

    @property
    def agrees(self) -> bool:
        """Whether the simulation says what was seen."""
        return self.simulated == self.observed


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was simulated, and on what it rests."""

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    seed: int
    replications: int
    confidence: float
    team: Team
    profiles: tuple[Profile, ...]
    starts: tuple[Point, ...]
    """All patches there at the start, more and more of them."""
    streams: tuple[Point, ...]
    """Patches that keep coming, faster and faster."""
    checks: tuple[Check, ...]


def read_queue(directory: Path) -> Queue | None:
    """Return the queue stored beside a run; None if none is, `JournalError` if bad."""
    path = directory / NAME
    if not path.exists():
        return None
    queue = files.decoded(path, files.bytes_of(path), Queue)
    files.check_format(path, queue.format, FORMAT)
    return queue


def queue_schema() -> dict[str, Any]:
    """Return the JSON Schema of `queue.json`."""
    return files.schema(Queue, "queue", FORMAT)
