"""What playing a history of the catalogue came to, as it is recorded."""

from __future__ import annotations

from collections import Counter

import msgspec

from harness.judgement.difference import compare
from harness.model.corpus import Ends, Entry, Lineage, PlayedHistory, StepCost
from harness.model.difference import DifferenceKind
from harness.model.replay import Direction, End, PlayedStep, Replay
from harness.model.snapshot import Snapshot

_MOST_TOLD = 40
_LONGEST = 300


def not_played(entry: Entry, backend: str, reason: str) -> PlayedHistory:
    """Record a history that could not be played, and why."""
    return PlayedHistory(
        name=entry.name,
        tool=entry.tool,
        requirement=entry.requirements[0],
        backend=backend,
        outcome=_short(f"not played: {reason}"),
        went_through=False,
        expected=entry.steps,
    )


def played(
    entry: Entry,
    record: Replay,
    steps: tuple[PlayedStep, ...],
    lineage: Lineage | None,
) -> PlayedHistory:
    """Record a history that was played: the first time up of every step."""
    up: dict[str, StepCost] = {}
    for step in steps:
        if step.end is End.DONE and step.direction is Direction.UP:
            up.setdefault(step.id, StepCost(step.id, round(step.seconds, 6), step.sent))
    wanted = "stopped" if entry.stop_at else "whole"
    through = record.status == wanted and len(up) == entry.steps
    said = "went through" if through else _told(entry, record, steps, len(up))
    return PlayedHistory(
        name=entry.name,
        tool=entry.tool,
        requirement=entry.requirements[0],
        backend=record.backend,
        engine=record.engine,
        versions=record.versions,
        outcome=_short(said),
        went_through=through,
        expected=entry.steps,
        tables=record.tables,
        share=round(record.spent.share, 4),
        lineage=lineage,
        steps=tuple(up.values()),
    )


def _short(said: str) -> str:
    """Return words on one line; of many, how they begin and how they end."""
    line = " ".join(said.split())
    half = _LONGEST // 2
    return line if len(line) <= _LONGEST else f"{line[:half]} … {line[-half:]}"


def _told(
    entry: Entry, record: Replay, steps: tuple[PlayedStep, ...], count: int
) -> str:
    if record.status != "failed":
        return f"{count} steps, but the catalogue says {entry.steps}"
    last = steps[-1] if steps else None
    words = last.failure.words if last and last.failure else ""
    return f"failed at {last.id if last else 'the start'}: {words}"


def ends(one: Entry, other: Entry, backend: str, states: tuple[Snapshot, ...]) -> Ends:
    """Compare what two histories came to: their schemas, not the rows."""
    bare = (msgspec.structs.replace(state, rows=()) for state in states)
    found = compare(*bare)
    kinds = Counter(_kind(one.kind) for one in found)
    return Ends(
        one=one.name,
        other=other.name,
        backend=backend,
        count=len(found),
        kinds=dict(sorted(kinds.items())),
        differences=found[:_MOST_TOLD],
    )


def _kind(kind: DifferenceKind) -> str:
    """Return what a difference is about, whichever side has it."""
    first, _, rest = kind.partition(" ")
    return rest if first in ("missing", "unexpected") else str(kind)
