"""`corpus.md`: what the histories of real projects came to, and how their ends differ."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.judgement.difference import compare
from harness.model.corpus import Entry
from harness.model.replay import Direction, End, PlayedStep, Replay
from harness.model.snapshot import Snapshot
from harness.report.changed import change
from harness.report.phrases import code, seconds, table_cell

NAME = "corpus.md"
_MOST_TOLD = 40


class Outcome(msgspec.Struct, frozen=True):
    """A history on a backend: what was played, or the `reason` why nothing was."""

    entry: Entry
    backend: str
    record: Replay | None = None
    steps: tuple[PlayedStep, ...] = ()
    reason: str = ""

    @property
    def went_through(self) -> bool:
        """Whether everything that the catalogue promises was played."""
        status = "stopped" if self.entry.stop_at else "whole"
        return (
            self.record is not None
            and self.record.status == status
            and self.up == self.entry.steps
        )

    @property
    def up(self) -> int:
        """How many steps the database has taken."""
        taken = [s for s in self.steps if s.end is End.DONE]
        return len({s.id for s in taken if s.direction is Direction.UP})


class Ends(msgspec.Struct, frozen=True):
    """The ends of two histories that are to come to the same schema."""

    one: str
    other: str
    backend: str
    differences: tuple[str, ...]


def ends(one: Entry, other: Entry, backend: str, states: tuple[Snapshot, ...]) -> Ends:
    """Compare what two histories came to: their schemas, not the rows."""
    bare = (msgspec.structs.replace(state, rows=()) for state in states)
    told = tuple(map(change, compare(*bare)))
    return Ends(one.name, other.name, backend, told)


def write_corpus(
    directory: Path, outcomes: Iterable[Outcome], ended: Iterable[Ends]
) -> Path:
    """Write the page, and return its path."""
    path = directory / NAME
    replace(path, render(tuple(outcomes), tuple(ended)).encode())
    return path


def render(outcomes: tuple[Outcome, ...], ended: tuple[Ends, ...]) -> str:
    """Return what real histories came to, as markdown."""
    head = (
        "| history | requirement | tool | backend | outcome | steps | tables | "
        "time of the steps | slowest step | harness's share |\n" + "|---" * 10 + "|"
    )
    parts = [
        "# Histories of real projects",
        "\n".join((head, *map(_row, outcomes))),
        "Times are of one run on this machine: for orientation.",
    ]
    if ended:
        parts.append("## Ends that are to be alike")
        parts += map(_ends, ended)
    return "\n\n".join(parts) + "\n"


def said(outcome: Outcome) -> str:
    """Say in one sentence what a history came to."""
    if outcome.record is None:
        return f"not played: {outcome.reason}"
    if outcome.went_through:
        return "went through"
    if outcome.record.status != "failed":
        return f"{outcome.up} steps, but the catalogue says {outcome.entry.steps}"
    last = outcome.steps[-1] if outcome.steps else None
    words = last.failure.words if last and last.failure else ""
    return f"{outcome.record.status} at {last.id if last else 'the start'}: {words}"


def _row(outcome: Outcome) -> str:
    record, entry = outcome.record, outcome.entry
    slowest = max(outcome.steps, key=lambda step: step.seconds, default=None)
    cells = (
        entry.name,
        code(entry.requirements[0]),
        f"{entry.tool} {record.versions.get(entry.tool, '')}" if record else entry.tool,
        record.engine if record else outcome.backend,
        said(outcome)[:300],
        f"{outcome.up} of {entry.steps}",
        str(record.tables) if record else "",
        seconds(record.spent.steps) if record else "",
        f"{slowest.id}: {seconds(slowest.seconds)}" if slowest else "",
        f"{record.spent.share:.0%}" if record else "",
    )
    return f"| {' | '.join(map(table_cell, cells))} |"


def _ends(found: Ends) -> str:
    count = len(found.differences)
    lead = f"{found.one} and {found.other} on {found.backend}: "
    if not count:
        return f"{lead}the same schema."
    told = [f"- {code(one)}" for one in found.differences[:_MOST_TOLD]]
    if count > _MOST_TOLD:
        told.append(f"- and {count - _MOST_TOLD} more")
    listed = "\n".join(told)
    return f"{lead}{count} differences (`−` is only in the first).\n\n{listed}"
