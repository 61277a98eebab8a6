"""What the report says of what costs what: phases in milliseconds, and counts."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator

import msgspec

from harness.judgement.wording import count, listed
from harness.model.anatomy import Anatomy, Dissected, Kind, Phase
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.report.columns import story
from harness.report.tables import Table

METHOD = (
    "What was timed was also carried out with a probe in the process, outside of all "
    "samples. Phases do not overlap, and in each repetition they add up to the whole time "
    "of the processes; told are medians over the repetitions, which need not add up, and "
    "may be of one. Who is faster is not decided here: nobody takes turns. Counts were "
    "the same each time. docs/speed.md defines the phases."
)
NOT_KNOWN = "not known"
_NONE = "none"
_LEAST = 0.1
"""Milliseconds below which a number would say more than is known."""


class Slice(msgspec.Struct, frozen=True):
    """A phase of somebody's command: median, lowest and highest, in milliseconds."""

    phase: Phase
    median: float
    lowest: float
    highest: float


class Subject(msgspec.Struct, frozen=True):
    """One candidate's anatomy in one scenario; `slices` are in the phases' order."""

    name: str
    total: Slice
    slices: tuple[Slice, ...]
    anatomy: Anatomy


class AnatomyScene(msgspec.Struct, frozen=True):
    """Everybody's anatomy in one scenario on one backend."""

    scenario: str
    backend: str
    subjects: tuple[Subject, ...]
    table: Table
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """What was done, and where."""
        return f"{story(self.scenario)} ({self.backend})"


class AnatomyPart(msgspec.Struct, frozen=True):
    """The section on what costs what: each scene, and a summary of all."""

    method: str
    summary: Table
    scenes: tuple[AnatomyScene, ...]


def anatomy_part(evidence: Iterable[Evidence]) -> AnatomyPart | None:
    """Return what was found of all that was dissected; None if nothing was."""
    groups: dict[tuple[str, str], list[tuple[Cell, Anatomy]]] = {}
    for one in evidence:
        for observation in one.observations:
            if observation.anatomy is not None:
                group = groups.setdefault((one.cell.scenario, one.cell.backend), [])
                group.append((one.cell, observation.anatomy))
    if not groups:
        return None
    scenes = tuple(_scene(*place, found) for place, found in groups.items())
    return AnatomyPart(METHOD, _summary(scenes), scenes)


def milliseconds(value: float) -> str:
    """Return milliseconds with as many digits as mean something."""
    if 0 < value < _LEAST:
        return f"below {_LEAST:g}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004


def _scene(
    scenario: str, backend: str, found: list[tuple[Cell, Anatomy]]
) -> AnatomyScene:
    subjects = tuple(
        _subject(cell, anatomy) for cell, anatomy in found if anatomy.repetitions
    )
    return AnatomyScene(
        scenario,
        backend,
        subjects,
        _table(subjects),
        tuple(_notes(found)),
    )


def _subject(cell: Cell, anatomy: Anatomy) -> Subject:
    repetitions = anatomy.repetitions
    return Subject(
        name=f"{cell.candidate} ({cell.toolchain})",
        total=_slice(Phase.REST, repetitions, lambda one: one.seconds),
        slices=tuple(
            _slice(phase, repetitions, lambda one, phase=phase: one.phases[phase])  # type: ignore[misc]
            for phase in Phase
        ),
        anatomy=anatomy,
    )


def _slice(
    phase: Phase,
    repetitions: tuple[Dissected, ...],
    seconds: Callable[[Dissected], float],
) -> Slice:
    found = [1000 * seconds(one) for one in repetitions]
    return Slice(phase, statistics.median(found), min(found), max(found))


def _table(subjects: tuple[Subject, ...]) -> Table:
    """Return a row for each phase and count, and a column for everybody."""
    shown = [
        phase
        for number, phase in enumerate(Phase)
        if any(subject.slices[number].highest for subject in subjects)
    ]
    order = list(Phase)
    rows = [
        ("all, ms", *(_spread(subject.total) for subject in subjects)),
        *(
            (f"{phase}, ms", *(_spread(s.slices[order.index(phase)]) for s in subjects))
            for phase in shown
        ),
        ("of all, in the database's driver, ms", *map(_driver, subjects)),
        *(
            (heading, *(say(subject.anatomy) for subject in subjects))
            for heading, say in _COUNTS
        ),
    ]
    return Table(("", *(subject.name for subject in subjects)), tuple(rows))


def _spread(one: Slice) -> str:
    if one.lowest == one.highest or one.highest < _LEAST:
        return milliseconds(one.median)
    ends = f"{milliseconds(one.lowest)} to {milliseconds(one.highest)}"
    return f"{milliseconds(one.median)} ({ends})"


def _driver(subject: Subject) -> str:
    found = [1000 * one.database for one in subject.anatomy.repetitions]
    return milliseconds(statistics.median(found))


def _statements(anatomy: Anatomy) -> str:
    statements, number = anatomy.work.statements, anatomy.work.all_statements
    if statements is None or number is None:
        return NOT_KNOWN
    parts = [f"{statements[kind]} {kind}" for kind in Kind if statements.get(kind)]
    return f"{number}: {listed(parts)}" if parts else "0"


def _trips(anatomy: Anatomy) -> str:
    trips = anatomy.work.round_trips
    return _NONE if trips is None else str(trips)


def _bytes(anatomy: Anatomy) -> str:
    sent, received = anatomy.work.bytes_sent, anatomy.work.bytes_received
    return _NONE if sent is None else f"{sent} sent, {received} received"


def _pages(anatomy: Anatomy) -> str:
    found = anatomy.work.rewritten
    if found is None:
        return NOT_KNOWN
    return f"{found.pages} and {found.added} new, of {found.page_bytes} bytes"


def _rows(anatomy: Anatomy) -> str:
    found = anatomy.work.rewritten
    return NOT_KNOWN if found is None or found.rows is None else str(found.rows)


_COUNTS: tuple[tuple[str, Callable[[Anatomy], str]], ...] = (
    ("statements", _statements),
    ("round trips to a server", _trips),
    ("bytes to and from a server", _bytes),
    ("pages written anew", _pages),
    ("rows written anew", _rows),
)


_ON_A_SERVER = (
    "On a server, pages and rows written anew are those of tables and indexes that were "
    "copied; a row that is changed where it lies is in the pages that came to its table."
)


def _notes(found: list[tuple[Cell, Anatomy]]) -> Iterator[str]:
    for cell, anatomy in found:
        who = f"{cell.candidate} ({cell.toolchain})"
        if anatomy.void:
            yield f"{who}: void, because {anatomy.void}."
        elif anatomy.unknown:
            names = listed(f"`{name}`" for name in anatomy.unknown)
            yield f"{who}: there is no {names}; what it would take is in other phases."
        for reason in anatomy.reasons:
            yield f"{who}: {reason}."
    if any(anatomy.work.round_trips for _, anatomy in found):
        yield _ON_A_SERVER
    times = sorted({len(a.repetitions) for _, a in found if a.repetitions})
    if times:
        most = count(times[-1], "repetition")
        yield f"{most}." if len(times) == 1 else f"{times[0]} to {most}."


_START = (Phase.INTERPRETER, Phase.IMPORTS, Phase.EXIT)


def _summary(scenes: tuple[AnatomyScene, ...]) -> Table:
    """Return one row for everybody in every scene."""
    return Table(
        (
            "what",
            "who",
            "all, ms",
            "start, imports and exit, ms",
            "configuration and history, ms",
            "connecting and transactions, ms",
            "planning and bookkeeping, ms",
            "DDL, comparing and writing, ms",
            "rest, ms",
            "statements",
            "round trips",
        ),
        tuple(
            (
                scene.title,
                subject.name,
                milliseconds(subject.total.median),
                _together(subject, *_START),
                _together(subject, Phase.CONFIGURATION, Phase.HISTORY),
                _together(subject, Phase.CONNECTING, Phase.TRANSACTIONS),
                _together(subject, Phase.PLANNING, Phase.BOOKKEEPING),
                _together(subject, Phase.DDL, Phase.COMPARING, Phase.WRITING),
                _together(subject, Phase.REST),
                _number(subject.anatomy.work.all_statements, NOT_KNOWN),
                _number(subject.anatomy.work.round_trips, _NONE),
            )
            for scene in scenes
            for subject in scene.subjects
        ),
    )


def _together(subject: Subject, *phases: Phase) -> str:
    return milliseconds(sum(s.median for s in subject.slices if s.phase in phases))


def _number(value: int | None, otherwise: str) -> str:
    return otherwise if value is None else str(value)
