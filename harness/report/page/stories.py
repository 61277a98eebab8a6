"""A cell's story as a timeline: what the page shows when a cell is opened.

The values are lists in the page's JSON; `story.js` takes them apart in this order.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.judgement.wording import sampled
from harness.model.evidence import Command, Evidence, FileChange, Observation
from harness.model.snapshot import Snapshot
from harness.model.verdict import Finding
from harness.report.page.described import books, described
from harness.report.transcript import command_line, differences, ending, title

_WHAT_GIT_SAYS = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "edited",
    "R": "renamed",
    "T": "type changed",
}


class Ran(msgspec.Struct, frozen=True, array_like=True):
    """A command with what it said; `notes` are its outcome and its attempts."""

    line: str
    ending: str
    stdout: str
    stderr: str
    notes: tuple[str, ...]


class Event(msgspec.Struct, frozen=True, array_like=True):
    """One step of the story, and all that was seen of it.

    `before` and `after` are a database line by line, held against each other; `before`
    is what was expected if `expecting`. `seconds` are those of the commands, in
    thousandths.
    """

    title: str
    outcome: str
    words: str
    commands: tuple[Ran, ...]
    seconds: tuple[int, ...]
    git: tuple[str, ...]
    files: tuple[str, ...]
    notes: tuple[str, ...]
    database: str
    expecting: bool
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


class Story(msgspec.Struct, frozen=True, array_like=True):
    """All that is known of a cell: why its verdict, what it needed, what happened."""

    reasons: tuple[str, ...]
    status: str
    help: tuple[str, ...]
    events: tuple[Event, ...]
    detail: str


def story(evidence: Evidence, finding: Finding) -> Story:
    """Return a cell's story."""
    reason = f": {evidence.reason}" if evidence.reason else ""
    return Story(
        reasons=finding.reasons,
        status=f"{evidence.status}{reason}",
        help=evidence.help,
        events=tuple(map(_event, evidence.observations)),
        detail=evidence.detail,
    )


def _event(seen: Observation) -> Event:
    outcome = seen.outcome
    expecting = seen.expected is not None
    before = seen.expected if expecting else seen.before
    return Event(
        title=title(seen.step),
        outcome=outcome.kind,
        words=f"{outcome.fault}: {outcome.words}" if outcome.words else "",
        commands=tuple(map(_ran, seen.commands)),
        seconds=tuple(round(1000 * command.seconds) for command in seen.commands),
        git=tuple(_merge(seen)),
        files=tuple(map(_file, seen.changes)),
        notes=tuple(_notes(seen)),
        database=seen.database or "",
        expecting=expecting,
        before=_lines(before, without_books=expecting),
        after=_lines(seen.after, without_books=expecting),
    )


def _ran(command: Command) -> Ran:
    outcome = command.outcome
    notes = [f"network {command.network}"] if command.network != "open" else []
    notes += [f"reached for {a.kind} {a.target}" for a in command.attempts]
    if outcome.words:
        notes.append(f"read as {outcome.kind}, {outcome.fault}: {outcome.words}")
    return Ran(
        line=command_line(command),
        ending=ending(command),
        stdout=command.stdout,
        stderr=command.stderr,
        notes=tuple(notes),
    )


def _merge(seen: Observation) -> Iterator[str]:
    if seen.merge is not None:
        merge = seen.merge
        yield f"git merge of {merge.branch} into {merge.into}: exit {merge.exit_code}"
        yield from (f"conflict in {p} ({kind})" for p, kind in merge.conflicts.items())
        yield from merge.output.splitlines()


def _file(change: FileChange) -> str:
    what = _WHAT_GIT_SAYS.get(change.status[:1], change.status)
    was = f" from {change.was}" if change.was else ""
    return f"{what}: {change.path}{was} (+{change.added} −{change.deleted} lines)"


def _notes(seen: Observation) -> Iterator[str]:
    if seen.answer is not None:
        yield f"answer: {', '.join(seen.answer) or 'nothing'}"
    if seen.expected is not None or seen.stages:
        yield from differences(seen)
    for sample in seen.samples:
        yield sampled(sample)


def _lines(snapshot: Snapshot | None, *, without_books: bool) -> tuple[str, ...] | None:
    """Return a database as lines; nobody expects anything of the tool's own tables."""
    if snapshot is None:
        return None
    return described(snapshot) + (() if without_books else books(snapshot))
