"""`replay.md` and `replay.html`: a history that was played, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from harness.assessment.sent import sent_locks
from harness.journal.files import replace
from harness.journal.replay import TOLD, ReplayJournal
from harness.model.replay import Direction, End, PlayedStep, Replay
from harness.report.changed import change
from harness.report.page.file import html
from harness.report.page.lanes import graph
from harness.report.phrases import code, seconds
from harness.report.sections import Section
from harness.report.tables import Table
from harness.report.templating import environment

NAME, PAGE = TOLD
_STYLES = ("colours.css", "page.css", "pictures.css", "papers.css")
_SCRIPTS = ("elements", "sorting")
_SLOWEST = 5
_MOST_TOLD = 6
_LONGEST_STATEMENT = 1500
_LONGEST_SHOWN = 160
_MOST_SENT = 100


class Row(msgspec.Struct, frozen=True):
    """A step of the table."""

    number: int
    id: str
    way: str
    script: str
    time: str
    statements: int
    rows: int
    changes: str


class Failed(msgspec.Struct, frozen=True):
    """A step that did not go through, with all that is known."""

    step: str
    script: str
    words: str
    statement: str
    left_behind: tuple[str, ...]


class Uneven(msgspec.Struct, frozen=True):
    """A step after which the database is not as it was at the same place before."""

    step: str
    changes: tuple[str, ...]


def write_replay(journal: ReplayJournal) -> Path:
    """Write the replay beside its evidence in both forms, and return the first's path."""
    record, steps = journal.record(), journal.steps()
    replace(journal.directory / PAGE, page(record, steps).encode())
    path = journal.directory / NAME
    replace(path, render(record, steps).encode())
    return path


def render(record: Replay, steps: Iterable[PlayedStep]) -> str:
    """Return a replay as markdown."""
    template = environment().get_template("replay.md.j2")
    return template.render(_values(record, tuple(steps)))


def page(record: Replay, steps: Iterable[PlayedStep]) -> str:
    """Return a replay as one HTML file, with its graph and every statement."""
    steps = tuple(steps)
    values = {
        **_values(record, steps),
        "graph": graph({step.id: step.parents for step in record.steps}),
        "planned": {step.id: step for step in record.steps},
        "ends": {s.id: str(s.end) for s in steps if s.direction is Direction.UP},
        "sent": [_sent(step) for step in steps],
    }
    return html("replay.html.j2", values, _STYLES, _SCRIPTS)


def _values(record: Replay, steps: tuple[PlayedStep, ...]) -> dict[str, Any]:
    return {
        "replay": record,
        "conclusions": conclusions(record, steps),
        "rows": [_row(step) for step in steps],
        "slowest": [_slow(step) for step in _slowest(steps)],
        "failed": [_failed(step) for step in steps if _is_failed(step)],
        "uneven": [_uneven(step) for step in steps if step.uneven],
        "locks": _locks(record, steps),
        "command": " ".join(record.command),
    }


def _locks(record: Replay, steps: tuple[PlayedStep, ...]) -> Section:
    found = [(s.id, lock) for s in steps for lock in sent_locks(record.backend, s)]
    names = {step for step, _ in found}
    said = (
        f"{len(names)} of {len(record.steps)} steps send something to {record.backend} "
        "that locks or rewrites a table which was there before the step, going by the "
        "form of the statement; how long that takes depends on the rows of a table in use."
    )
    rows = (
        (
            step,
            lock.table,
            f"{lock.effect}: {lock.words}",
            code(lock.statement[:_LONGEST_SHOWN]),
            lock.source,
        )
        for step, lock in found
    )
    headings = ("step", "table", "what it does", "statement", "source")
    return Section(
        title=f"What locks or rewrites a table on {record.backend}",
        sentences=(said,),
        table=Table(headings, tuple(rows)),
    )


def _sent(step: PlayedStep) -> tuple[tuple[str, ...], int, int]:
    """Return the statements of a step that are shown, how many are not, and its µs."""
    own = [one for one in step.statements if not one.bookkeeping]
    shown = tuple(one.text.strip()[:_LONGEST_STATEMENT] for one in own[:_MOST_SENT])
    return shown, len(own) - len(shown), round(step.seconds * 1e6)


_NO_BEGINNING = (
    "It failed at its first step: if that counts on tables that come from elsewhere (from "
    "models, or from releases before), make them with --before, or begin with a copy of a "
    "database (--database)."
)
_NO_VARIABLE = (
    "Your environment variables are not passed on: name what is needed with --env "
    "{name}=VALUE; {{url}} in it stands for the URL of the replay's database."
)
_ASKS_VARIABLE = re.compile(r"\benviron\b")
_VARIABLE = re.compile(r"u?'(\w+)'")
_NO_TABLE = "NoSuchTableError"


def conclusions(record: Replay, steps: tuple[PlayedStep, ...]) -> tuple[str, ...]:
    """Return the sentences at the head: how far it came, and where the time went."""
    up = {s.id for s in steps if s.direction is Direction.UP and s.end is End.DONE}
    ended = record.status not in ("running", "interrupted")
    end = f"; in the end there are {record.tables} tables and views." if ended else "."
    told = [
        f"{len(up)} of {len(record.steps)} steps went up; the replay is {record.status}.",
        _time(record),
        f"{sum(s.sent for s in steps)} statements were sent, "
        f"{sum(len(s.statements) for s in steps)} of them changing something, and "
        f"{sum(s.rows_changed for s in steps)} rows were written{end}",
    ]
    if steps and steps[0].end is End.FAILED:
        told += _hints(steps[0])
    down = [s for s in steps if s.direction is Direction.DOWN]
    if down:
        done = {s.id for s in down if s.end is End.DONE}
        ways = {s.id for s in down if s.end is End.NO_WAY_BACK} - done
        uneven = {s.id for s in steps if s.uneven}
        have = "has" if len(ways) == 1 else "have"
        told.append(
            f"{_steps(len(done))} went down as well, {len(ways)} {have} no downgrade; at "
            f"{_steps(len(uneven))} the database came out otherwise than before."
        )
    return tuple(told)


def _hints(first: PlayedStep) -> list[str]:
    """Return what may help where the first step failed, as far as its words tell."""
    failure = first.failure
    if failure is None:
        return []
    if failure.kind == "KeyError" and _ASKS_VARIABLE.search(failure.trace):
        name = _VARIABLE.match(failure.words)
        return [_NO_VARIABLE.format(name=name[1] if name else "NAME")]
    sent = any(not one.bookkeeping for one in first.statements)
    if failure.statement or failure.kind == _NO_TABLE or (failure.line and sent):
        return [_NO_BEGINNING]
    return []


def progress(step: PlayedStep, record: Replay) -> str:
    """Return a line on one step."""
    of = "" if record.walk else f"/{len(record.steps)}"
    name = Path(step.script).stem
    told = "" if step.end is End.DONE else f": {step.end}"
    return (
        f"[{step.number}{of}] {step.direction} {step.id} ({name}) "
        f"{seconds(step.seconds)}, {step.sent} statements, {len(step.changes)} "
        f"changes{told}"
    )


def failure_lines(step: PlayedStep) -> tuple[str, ...]:
    """Return what is known of a step that failed: step, script, words, statement."""
    failed = _failed(step)
    told = [f"{step.direction} {step.id} {step.end}", f"script: {failed.script}"]
    told.append(f"said: {failed.words}")
    if failed.statement:
        told.append(f"statement: {failed.statement}")
    told += [f"left behind: {one}" for one in failed.left_behind]
    return tuple(told)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _time(record: Replay) -> str:
    spent = record.spent
    return (
        f"{seconds(spent.wall)} in all: {seconds(spent.starting)} for starting Python and "
        f"loading the history, {seconds(spent.steps)} for the steps, and "
        f"{spent.share:.0%} of it is the harness's own share (looking at the database)."
    )


def _row(step: PlayedStep) -> Row:
    told = [change(one) for one in step.changes[:_MOST_TOLD]]
    left = len(step.changes) - len(told)
    if step.end is not End.DONE:
        told.insert(0, str(step.end))
    return Row(
        number=step.number,
        id=step.id,
        way=str(step.direction),
        script=Path(step.script).name,
        time=seconds(step.seconds),
        statements=step.sent,
        rows=step.rows_changed,
        changes="; ".join(told) + (f"; and {left} more" if left else ""),
    )


def _slowest(steps: tuple[PlayedStep, ...]) -> list[PlayedStep]:
    return sorted(steps, key=lambda step: -step.seconds)[:_SLOWEST]


def _slow(step: PlayedStep) -> str:
    longest = max(step.statements, key=lambda s: s.seconds, default=None)
    told = f"{step.direction} {step.id} ({Path(step.script).name}): "
    told += seconds(step.seconds)
    if longest is None:
        return told
    first = " ".join(longest.text.split())[:100]
    return f"{told}, of which {seconds(longest.seconds)} for `{first}`"


def _is_failed(step: PlayedStep) -> bool:
    return step.end not in (End.DONE, End.NO_WAY_BACK)


def _failed(step: PlayedStep) -> Failed:
    failure = step.failure
    line = f", line {failure.line}" if failure and failure.line else ""
    return Failed(
        step=f"{step.direction} {step.id}",
        script=f"{step.script}{line}",
        words=f"{failure.kind}: {failure.words}" if failure else "",
        statement=failure.statement.strip()[:_LONGEST_STATEMENT] if failure else "",
        left_behind=tuple(map(change, step.changes)),
    )


def _uneven(step: PlayedStep) -> Uneven:
    return Uneven(f"{step.direction} {step.id}", tuple(map(change, step.uneven)))
