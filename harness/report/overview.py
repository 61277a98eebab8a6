"""The first screen: what was counted for each question, a column for each candidate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from harness.claims import Era
from harness.claims.fates import RIGHT, Fate, faulty
from harness.judgement.guarding import is_clean
from harness.judgement.wording import cost_in_words, count
from harness.model.scenario import Family
from harness.model.speed import Match
from harness.model.steps import Resource
from harness.model.verdict import Finding, Grade, Stage
from harness.report.columns import family, story
from harness.report.needs import lacks, needs_in_words
from harness.report.sorts import by_hand, ordinary, stopped
from harness.report.speed_rows import speed_rows
from harness.report.tables import Table

_Findings = tuple[Finding, ...]
_Row = tuple[str, ...]
_CHANGED = {Stage.RUN, Stage.RUN_BACK, Stage.AFTER, Stage.NEVER}
_NOTHING = "–"
_TIME = "Time"
_ASKED = {
    Family.CONFLICTS: "Patches compete for the next place in the history",
    Family.LINEARITY: "The history is to be one line",
    Family.OFFLINE: "Something is missing: network, database, configuration",
    Family.CHANGES: "The ground: the same change, the same schema and rows",
}


class Overview(msgspec.Struct, frozen=True):
    """The first screen. `counted` says where; `then` explains a time named in a cell.

    `rows` of the table that begin a question have nothing but its name.
    """

    counted: str
    then: str
    table: Table


def overview(
    findings: Iterable[Finding], eras: Iterable[Era], matches: Iterable[Match] = ()
) -> Overview:
    """Return what is counted, on one database, for today and where then was different."""
    findings = tuple(findings)
    backend = next((f.cell.backend for f in findings), "")
    here = tuple(f for f in findings if f.cell.backend == backend)
    toolchains = list(dict.fromkeys(f.cell.toolchain for f in here))
    told = [era for era in eras if era.toolchain in toolchains]
    main = told[-1].toolchain if told else next(iter(toolchains), "")
    before = next((e for e in told if e.toolchain != main), None)
    compared = (main, before.toolchain) if before else (main,)
    ran = tuple(dict.fromkeys(f.cell.candidate for f in here))
    here = _comparable(here, compared)
    counted = tuple(dict.fromkeys(f.cell.candidate for f in here))
    candidates = counted or ran
    rows = [
        *_rows(here, candidates, main, before),
        *_titled(_TIME, speed_rows(matches, candidates, main, backend)),
    ]
    return Overview(
        counted=f"Counted on {main} ({backend}), over the stories that every candidate "
        f"can tell there{f' and on {before.toolchain}' if before else ''}"
        if main
        else "Nothing was run",
        then=_explained(before) if before else "",
        table=Table(("", *candidates), tuple(rows)),
    )


def _explained(era: Era) -> str:
    return f"Where {era.toolchain} gave something else, it follows as “{_year(era)}”"


def _year(era: Era) -> str:
    return era.until[:4] or era.title


def _rows(
    findings: _Findings, candidates: tuple[str, ...], main: str, before: Era | None
) -> Iterable[_Row]:
    for asked, title in _ASKED.items():
        own = tuple(f for f in findings if family(f.cell) == asked)
        rows = [
            (label, *(_cell(own, c, main, before, counted) for c in candidates))
            for label, counted in _counted(asked, own)
        ]
        yield from _titled(title, [row for row in rows if {*row[1:]} - {_NOTHING}])


def _titled(title: str, rows: Sequence[_Row]) -> Iterable[_Row]:
    """Yield rows below their question, if there are any."""
    if rows:
        yield (title, *("" for _ in rows[0][1:]))
        yield from rows


_Counted = Callable[[_Findings], str]


def _cell(
    findings: _Findings, candidate: str, main: str, before: Era | None, said: _Counted
) -> str:
    now = said(_of(findings, candidate, main)) or _NOTHING
    if before is None:
        return now
    then = said(_of(findings, candidate, before.toolchain))
    return f"{now} ({_year(before)}: {then})" if then not in {"", now} else now


def _of(findings: _Findings, candidate: str, toolchain: str) -> _Findings:
    place = (candidate, toolchain)
    return tuple(f for f in findings if (f.cell.candidate, f.cell.toolchain) == place)


def _comparable(findings: Iterable[Finding], toolchains: tuple[str, ...]) -> _Findings:
    """Return the stories that all candidates of these toolchains have told there.

    Counts over other stories would compare what one candidate can express with what
    another can.
    """
    unshown = {Grade.UNKNOWN, Grade.UNSUPPORTED}
    shown = [
        f for f in findings if f.grade not in unshown and f.cell.toolchain in toolchains
    ]
    told: dict[tuple[str, str], set[str]] = {}
    for finding in shown:
        column = (finding.cell.candidate, finding.cell.toolchain)
        told.setdefault(column, set()).add(finding.cell.scenario)
    shared = set.intersection(*told.values()) if told else set()
    return tuple(f for f in shown if f.cell.scenario in shared)


def _counted(asked: Family, findings: _Findings) -> tuple[tuple[str, _Counted], ...]:
    mended = _mended(findings) if asked is Family.CONFLICTS else ()
    return (*mended, *_COUNTED[asked])


def _mended(findings: _Findings) -> Iterable[tuple[str, _Counted]]:
    """Yield what is said of the first story of which a loser was redone."""
    first = next((f for f in findings if f.costs and f.watched), None)
    if first is not None:
        title = story(first.cell.scenario)
        yield f"{title}: noticed at", _in(first, lambda f: f.watched[0].noticed)
        yield f"{title}: redoing took", _in(first, lambda f: cost_in_words(f.costs[0]))


def _in(first: Finding, said: Callable[[Finding], str]) -> _Counted:
    """Return what is said of the same story wherever it came as far."""

    def counted(findings: _Findings) -> str:
        same = (f for f in findings if f.cell.scenario == first.cell.scenario)
        return next((said(f) for f in same if f.costs and f.watched), "")

    return counted


def _stopped(findings: _Findings) -> str:
    faults = [w for f in findings for w in f.watched if not is_clean(w)]
    early = [w for w in faults if w.stopped and w.stopped.stage not in _CHANGED]
    return f"{len(early)} of {len(faults)}" if faults else ""


def _losers(findings: _Findings) -> str:
    losers = [loser for f in findings if f.race for loser in f.race.losers]
    changed = sum(loser.changed for loser in losers)
    return f"{changed} of {len(losers)}" if losers else ""


def _bad(findings: _Findings) -> str:
    bad = sum(f.grade is Grade.BAD for f in findings)
    return f"{bad} of {count(len(findings), 'story', 'stories')}" if findings else ""


def _rejected(findings: _Findings) -> str:
    fates = list(faulty(findings).values())
    right = sum(became in RIGHT for became in fates)
    return f"{right} of {len(fates)}" if fates else ""


def _silent(findings: _Findings) -> str:
    fates = list(faulty(findings).values())
    return f"{fates.count(Fate.SILENT)} of {len(fates)}" if fates else ""


def _false_alarms(findings: _Findings) -> str:
    clean = [f for f in findings if any(map(is_clean, f.watched))]
    false = [f for f in clean if any(is_clean(w) and w.first for w in f.watched)]
    return f"{len(false)} of {len(clean)}" if clean else ""


def _without(resource: Resource) -> _Counted:
    """Return what counts the activities that never fail for want of one thing alone."""

    def counted(findings: _Findings) -> str:
        tried = [
            found[resource] for found in lacks(findings).values() if resource in found
        ]
        free = sum(not lack.failed for lack in tried)
        return f"{free} of {len(tried)}" if tried else ""

    return counted


def _graded(grade: Grade) -> _Counted:
    def counted(findings: _Findings) -> str:
        plain = ordinary(findings)
        some = sum(f.grade is grade for f in plain)
        return f"{some} of {len(plain)}" if plain else ""

    return counted


def _by_hand(findings: _Findings) -> str:
    found = stopped(findings)
    return f"{len(by_hand(found))} of {len(found)}" if found else ""


def _activity(activity: str) -> _Counted:
    return lambda findings: needs_in_words(findings, activity)


_COUNTED: dict[Family, tuple[tuple[str, _Counted], ...]] = {
    Family.CONFLICTS: (
        ("losers changed, of patches landed one by one", _losers),
        ("conflicts stopped before a database is changed", _stopped),
        ("ends badly", _bad),
    ),
    Family.LINEARITY: (
        ("faults rejected before any change, or rightly carried on", _rejected),
        ("faults passed over in silence, the database wrong", _silent),
        ("complaints where nothing is wrong", _false_alarms),
    ),
    Family.OFFLINE: (
        ("kinds of work that need no network", _without(Resource.NETWORK)),
        ("kinds of work that need no database", _without(Resource.DATABASE)),
        ("authoring a migration needs", _activity("author a migration")),
        ("writing an upgrade as SQL needs", _activity("write the upgrade as SQL")),
    ),
    Family.CHANGES: (
        ("ordinary changes as expected, up and down", _graded(Grade.GOOD)),
        ("ordinary changes that leave a wrong database", _graded(Grade.BAD)),
        ("failed or killed half-way: SQL by hand to get on", _by_hand),
    ),
}
