"""The pictures as values: what is drawn, in words and numbers, without any geometry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from harness.claims import Era
from harness.judgement.guarding import is_clean
from harness.judgement.wording import cost_in_words
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.verdict import Cost, Finding, Stage, Watched
from harness.report.columns import family, story
from harness.report.page.histories import History, history_of
from harness.report.page.times import Times, times

_NO_HARM, _HARM = "never, and no harm", "never, with harm"
_STATIONS = {
    "authoring": (Stage.AUTHOR,),
    "git merge": (Stage.MERGE,),
    "guard check": (Stage.GUARD,),
    "load": (Stage.LOAD,),
    "upgrade, before any change": (Stage.PLAN, Stage.PLAN_BACK),
    "upgrade, half-way": (Stage.RUN, Stage.RUN_BACK),
    "asking afterwards": (Stage.AFTER,),
    _NO_HARM: (),
    _HARM: (),
}
_LATE = ("upgrade, half-way", "asking afterwards", _HARM)
_TOLD = {
    "conflicts": "When are conflicts noticed?",
    "linearity": "When are histories noticed that are not a clean line?",
}


class Strip(msgspec.Struct, frozen=True):
    """When faults are noticed: for each candidate a number at each station.

    At those that are `late` a database may already have been changed.
    """

    title: str
    place: str
    stations: tuple[str, ...]
    late: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def words(self) -> str:
        """The picture for those who do not see it."""
        return "; ".join(f"{who}: {self._said(counts)}" for who, counts in self.rows)

    def _said(self, counts: tuple[int, ...]) -> str:
        pairs = zip(self.stations, counts, strict=True)
        return ", ".join(f"{count} at {station}" for station, count in pairs if count)


class Redone(msgspec.Struct, frozen=True):
    """What redoing a losing patch took a candidate, and how its history looks."""

    candidate: str
    files: int
    lines: int
    commands: int
    words: str
    noticed: str
    history: History


class Redoing(msgspec.Struct, frozen=True):
    """The same conflict for every candidate: the histories, and what redoing cost."""

    story: str
    place: str
    redone: tuple[Redone, ...]


class Pictures(msgspec.Struct, frozen=True):
    """All pictures of a run; `times` are of the newest era."""

    strips: tuple[Strip, ...]
    redoing: Redoing | None
    times: Times | None


class _Place(msgspec.Struct, frozen=True):
    """A toolchain and a database for which pictures are drawn."""

    title: str
    toolchain: str
    backend: str

    def holds(self, cell: Cell) -> bool:
        """Tell whether a cell was run here."""
        return (cell.toolchain, cell.backend) == (self.toolchain, self.backend)

    @property
    def words(self) -> str:
        """The place in words."""
        where = f"{self.toolchain}, {self.backend}"
        return f"{self.title} ({where})" if self.title else where


def pictures(
    findings: Iterable[Finding], evidence: Iterable[Evidence], eras: Iterable[Era]
) -> Pictures:
    """Return what can be drawn of a run, era by era, on its first database."""
    findings = tuple(findings)
    places = _places(findings, eras)
    here = (f for f in findings if places and places[-1].holds(f.cell))
    strips = (_strip(asked, place, findings) for place in places for asked in _TOLD)
    return Pictures(
        strips=tuple(strip for strip in strips if strip.rows),
        redoing=_redoing(findings, tuple(evidence), places[-1]) if places else None,
        times=times(here),
    )


def _places(findings: tuple[Finding, ...], eras: Iterable[Era]) -> list[_Place]:
    backend = next((f.cell.backend for f in findings), "")
    toolchains = dict.fromkeys(
        f.cell.toolchain for f in findings if f.cell.backend == backend
    )
    told = [
        _Place(e.title, e.toolchain, backend) for e in eras if e.toolchain in toolchains
    ]
    return told or [_Place("", name, backend) for name in list(toolchains)[:1]]


def _strip(asked: str, place: _Place, findings: tuple[Finding, ...]) -> Strip:
    counted: dict[str, Counter[str]] = {}
    for finding in findings:
        if family(finding.cell) == asked and place.holds(finding.cell):
            faults = (one for one in finding.watched if not is_clean(one))
            own = counted.setdefault(finding.cell.candidate, Counter())
            own.update(map(_station, faults))
    return Strip(
        title=_TOLD[asked],
        place=place.words,
        stations=tuple(_STATIONS),
        late=_LATE,
        rows=tuple(
            (who, tuple(own[station] for station in _STATIONS))
            for who, own in counted.items()
            if own
        ),
    )


def _station(watched: Watched) -> str:
    """Return where a fault is noticed, or whether it did harm if it never is."""
    if watched.stage is Stage.NEVER:
        return _HARM if watched.harm else _NO_HARM
    return next(name for name, stages in _STATIONS.items() if watched.stage in stages)


def _redoing(
    findings: tuple[Finding, ...], evidence: tuple[Evidence, ...], place: _Place
) -> Redoing | None:
    """Return the first conflict with one loser, as most candidates went through it."""
    stories: dict[str, list[Redone]] = {}
    for finding, one in zip(findings, evidence, strict=True):
        if place.holds(finding.cell) and len(finding.costs) == 1 and finding.watched:
            history = history_of(one)
            if history is not None:
                redone = _redone(finding, finding.costs[0], history)
                stories.setdefault(finding.cell.scenario, []).append(redone)
    if not stories:
        return None
    scenario, redone_by = max(stories.items(), key=lambda item: len(item[1]))
    return Redoing(story(scenario), place.words, tuple(redone_by))


def _redone(finding: Finding, cost: Cost, history: History) -> Redone:
    return Redone(
        candidate=finding.cell.candidate,
        files=cost.files,
        lines=cost.lines_added + cost.lines_deleted,
        commands=cost.commands,
        words=cost_in_words(cost),
        noticed=finding.watched[0].noticed,
        history=history,
    )
