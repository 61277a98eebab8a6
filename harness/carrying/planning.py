"""What is to be written for each step, and what of it a person has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from harness.carrying.recording import NOT_UNDONE, Recording, Taken
from harness.contract import Leaving, Taking
from harness.model.carrying import Act, How, NotCarried, Piece, Row
from harness.model.replay import Direction, Failure, PlannedStep, PlayedStep

_OF_ROWS = re.compile(r"\s*(insert|update|delete|replace|merge)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^\d+[_-]*")
_VALUE = re.compile(r"%\(\w+\)s|%s")
_NO_NAME = re.compile(r"\W+")
_MOST_TOLD = 3
_LONGEST = 120


class Manner(msgspec.Struct, frozen=True):
    """How pieces are to be written, and whether the first stands for many steps."""

    how: How
    squash: bool = False
    leaving: Leaving | None = None


def pieces(
    recordings: tuple[Recording, ...], taking: Taking, manner: Manner
) -> tuple[Piece, ...]:
    """Return a revision for each step that went through on every backend."""
    found: list[Piece] = []
    for number in range(len(carried(recordings))):
        taken = {r.backend: r.taken[number] for r in recordings}
        parent = found[-1].revision if found else None
        one = _piece(number, parent, taken, taking, manner)
        if manner.squash and not number:
            rows = {r.backend: r.rows for r in recordings}
            one = msgspec.structs.replace(
                one, how=How.SQUASHED, rows=rows, calls={}, marks=_of_rows(rows)
            )
        found.append(one)
    return tuple(found)


def _piece(
    number: int,
    parent: str | None,
    taken: dict[str, Taken],
    taking: Taking,
    manner: Manner,
) -> Piece:
    step = next(iter(taken.values())).step
    name = name_of(step)
    wrapped = manner.how is How.WRAPPED
    doubtful = () if wrapped else marks(taken)
    return Piece(
        step=step.id,
        script=Path(step.script).name,
        name=name,
        revision=taking.revision(number + 1, step.id, name),
        parent=parent,
        how=manner.how,
        up={backend: one.up for backend, one in taken.items()},
        down=_downs(taken),
        calls=_calls(step, manner.leaving, taken) if wrapped else {},
        marks=(*doubtful, *ways_that_fail(taken)),
    )


def _of_rows(rows: dict[str, tuple[Row, ...]]) -> tuple[str, ...]:
    """Return what a person has to look at of rows that were there after many steps."""
    tables = dict.fromkeys(row.table for some in rows.values() for row in some)
    if not tables:
        return ()
    told = f"its rows are those of the day it was played: of {_listed(tables)}"
    return (told,)


def name_of(step: PlannedStep) -> str:
    """Return what a step is called, in words that can stand in a file's name."""
    stem = _NUMBER.sub("", Path(step.script).stem)
    return _NO_NAME.sub("_", step.message or stem).strip("_").lower()


def _downs(taken: dict[str, Taken]) -> dict[str, Act]:
    """Return the way back, if there is one on every backend."""
    downs = {b: one.down for b, one in taken.items() if one.down is not None}
    return downs if len(downs) == len(taken) else {}


def _calls(
    step: PlannedStep, leaving: Leaving | None, taken: dict[str, Taken]
) -> dict[Direction, str]:
    assert leaving is not None  # noqa: S101
    ways = [Direction.UP, *([Direction.DOWN] if _downs(taken) else [])]
    return {way: leaving.call(step.id, way) for way in ways}


def marks(taken: dict[str, Taken]) -> Iterator[str]:
    """Yield what a recording cannot show of a step, or shows for one database only."""
    asked = dict.fromkeys(q for one in taken.values() for q in one.questions)
    if asked:
        yield (
            "it reads rows, and what it does with them is not known beyond the database "
            f"that was played: {_listed(asked)}"
        )
    bound = dict.fromkeys(
        _VALUE.sub("?", " ".join(s.text.split()))
        for one in taken.values()
        for s in one.up.statements
        if s.bound and _OF_ROWS.match(s.text)
    )
    if bound:
        yield (
            "the values that it wrote are those of the day it was played: "
            f"{_listed(bound)}"
        )


def ways_that_fail(taken: dict[str, Taken]) -> Iterator[str]:
    """Yield on which backends the way back does not go through, and with which words."""
    for backend, one in taken.items():
        match one.no_way_back:
            case None:
                continue
            case Failure(kind=kind, words=words) if kind == NOT_UNDONE:
                told = f"it does not undo on {backend}: {words}"
            case Failure(kind=kind, words=words):
                told = f"it fails on {backend} ({kind}: {words})"
        yield f"its way back is left out: {told}"


def _listed(texts: Iterable[str]) -> str:
    texts = [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in texts]
    told = "; ".join(texts[:_MOST_TOLD])
    left = len(texts) - _MOST_TOLD
    return told + (f"; and {left} more" if left > 0 else "")


def carried(recordings: tuple[Recording, ...]) -> tuple[PlannedStep, ...]:
    """Return the steps that went through on every backend."""
    shortest = min(recordings, key=lambda recording: len(recording.taken))
    return tuple(taken.step for taken in shortest.taken)


def not_carried(recordings: tuple[Recording, ...]) -> tuple[NotCarried, ...]:
    """Return the steps that no revision can be written for, with the reason."""
    shortest = min(recordings, key=lambda recording: len(recording.taken))
    common, broken = len(shortest.taken), shortest.broken
    left = shortest.steps[shortest.squashed + common :]
    if broken is None or not left:
        return ()
    return tuple(_reasons(left, broken, shortest.backend))


def _reasons(
    left: tuple[PlannedStep, ...], broken: PlayedStep, backend: str
) -> Iterator[NotCarried]:
    first, *rest = left
    yield NotCarried(
        first.id,
        Path(first.script).name,
        f"it does not go through under its own tool on {backend}",
        broken.failure,
    )
    for step in rest:
        yield NotCarried(
            step.id, Path(step.script).name, f"it comes after {first.id}, which fails"
        )
