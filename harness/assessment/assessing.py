"""A history, with what git and the tests say, to an assessment."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from harness.assessment.downgrades import does_something, downgrades
from harness.assessment.graph_faults import finding, graph_faults
from harness.assessment.ids import id_faults
from harness.assessment.landings import landings
from harness.assessment.locking import locks
from harness.assessment.shape import by_id, merges, older_than_parents, shape
from harness.assessment.testing import tested as tests_of
from harness.assessment.values import (
    Assessment,
    Conflicts,
    Downgrades,
    Finding,
    LockUse,
    Offline,
    Operations,
    Severity,
    Tests,
    severity_of,
)
from harness.contract import Reader
from harness.model.faults import FaultKind
from harness.model.history import ActKind, History, Obstacle, Place, Revision, Trouble


def assess(reader: Reader, place: Place, tests_in: Iterable[Path] = ()) -> Assessment:
    """Return what can be said of a repository: reads files and asks git, no more."""
    history = reader.read(place)
    revisions = by_id(history.revisions)
    undoing = downgrades(revisions)
    locking = locks(revisions)
    offline = _offline(revisions.values())
    tested = tests_of(place, revisions, reader.identity, reader.habits, tests_in)
    conflicts = _conflicts(reader, place, revisions)
    found = (
        *(_of_trouble(trouble, place) for trouble in history.troubles),
        *_real(graph_faults(history, reader.identity), history),
        *id_faults(revisions, reader.identity),
        *_older(conflicts, revisions),
        *_idle(revisions),
        *_of_downgrades(undoing, revisions),
        *_of_offline(offline),
        *_of_locks(locking),
        *_of_tests(tested),
    )
    return Assessment(
        place=place,
        shape=shape(history),
        revisions=history.revisions,
        findings=_sorted(_with_reaction(one, reader) for one in found),
        conflicts=conflicts,
        operations=_operations(revisions.values()),
        locks=locking,
        offline=offline,
        downgrades=undoing,
        tests=tested,
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    severities, kinds = list(Severity), list(FaultKind)
    return tuple(
        sorted(
            findings,
            key=lambda f: (severities.index(f.severity), kinds.index(f.kind), f.words),
        )
    )


def _with_reaction(one: Finding, reader: Reader) -> Finding:
    return msgspec.structs.replace(one, reaction=reader.reactions.get(one.kind, ""))


def _of_trouble(trouble: Trouble, place: Place) -> Finding:
    files = tuple(Path(os.path.relpath(f, place.directory)) for f in trouble.files)
    return Finding(
        kind=trouble.kind,
        severity=severity_of(trouble.kind),
        words=f"{', '.join(map(str, files))}: {trouble.words}"
        if files
        else trouble.words,
        remedy=trouble.remedy,
        files=files,
    )


def _real(findings: Iterable[Finding], history: History) -> Iterator[Finding]:
    """Leave out what follows from scripts that cannot be read.

    A parent that is not there may be in one of them, and then nothing is missing.
    """
    hidden = {FaultKind.UNREADABLE, FaultKind.COMPUTED_ID, FaultKind.NO_ID}
    hidden |= {FaultKind.NO_PARENT, FaultKind.PYTHON_2, FaultKind.COMPILED}
    unread = [
        t for t in history.troubles if t.kind in hidden and not _named(t, history)
    ]
    doubtful = {FaultKind.MISSING_PARENT, FaultKind.MISSING_DEPENDENCY}
    doubtful |= {FaultKind.SEVERAL_HEADS, FaultKind.SEVERAL_BASES}
    for one in findings:
        if unread and one.kind in doubtful:
            more = "; it may be in a script that cannot be read"
            yield msgspec.structs.replace(
                one, words=f"{one.words}{more}", severity=Severity.WARNING
            )
        else:
            yield one


def _named(trouble: Trouble, history: History) -> bool:
    """Tell whether a script that cannot be read has its place by its name."""
    directory = history.place.directory
    known = {Path(os.path.normpath(directory / f)) for r in history.revisions
             for f in r.files}  # fmt: skip
    return all(Path(os.path.normpath(file)) in known for file in trouble.files)


def _conflicts(
    reader: Reader, place: Place, revisions: Mapping[str, Revision]
) -> Conflicts:
    landed = landings(reader, place)
    moved = tuple(
        msgspec.structs.replace(m, file=Path(os.path.relpath(m.file, place.directory)))
        for m in landed.repositioned
    )
    return Conflicts(
        merges=merges(revisions),
        older=older_than_parents(revisions),
        repositioned=moved,
        commits=landed.commits,
        git=landed.words,
    )


def _older(
    conflicts: Conflicts, revisions: Mapping[str, Revision]
) -> Iterator[Finding]:
    older = [revisions[name] for name in conflicts.older]
    if older:
        how_many = _count(len(older), "revision is", "revisions are")
        words = f"{how_many} dated before the parent, which was given later"
        yield finding(FaultKind.OLDER_THAN_PARENT, words, "", *older)


def _idle(revisions: Mapping[str, Revision]) -> Iterator[Finding]:
    idle = [r for r in revisions.values() if not does_something(r)]
    idle = [r for r in idle if r.upgrade.written and len(r.parents) < 2]  # noqa: PLR2004
    if idle:
        words = f"{_revisions(len(idle))} nothing, and {_are(len(idle))} no merge"
        yield finding(FaultKind.DOES_NOTHING, words, "", *idle)


def _of_downgrades(
    found: Downgrades, revisions: Mapping[str, Revision]
) -> Iterator[Finding]:
    """Return a finding for each way of not going back.

    A project without any downgrade has decided so; that is told as a note.
    """
    for kind, names, words in (
        (FaultKind.DOWNGRADE_MISSING, found.missing, "no downgrade"),
        (FaultKind.DOWNGRADE_EMPTY, found.empty, "a downgrade that does nothing"),
        (FaultKind.DOWNGRADE_RAISES, found.raising, "a downgrade that only raises"),
    ):
        if names:
            several = [revisions[name] for name in names]
            how_many = _count(len(names), "revision has", "revisions have")
            yield finding(kind, f"{how_many} {words}", "", *several)
    for name, left in found.incomplete.items():
        words = f"{name}: its downgrade has no counterpart for: {'; '.join(left)}"
        remedy = "undo it, or say in the script why not"
        yield finding(FaultKind.DOWNGRADE_INCOMPLETE, words, remedy, revisions[name])


def _of_offline(found: Iterable[Offline]) -> Iterator[Finding]:
    for one in found:
        how_many = _count(len(one.revisions), "revision", "revisions")
        yield Finding(
            kind=FaultKind.NOT_OFFLINE,
            severity=severity_of(FaultKind.NOT_OFFLINE),
            words=f"{how_many} cannot be turned into SQL without a database, as far as "
            f"reading tells: {one.kind}",
            revisions=one.revisions,
        )


def _of_locks(found: Iterable[LockUse]) -> Iterator[Finding]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for use in found:
        names[use.backend].update(dict.fromkeys(use.revisions))
    for backend, revisions in names.items():
        how_many = _count(
            len(revisions), "revision locks or rewrites", "revisions lock or rewrite"
        )
        yield Finding(
            kind=FaultKind.LOCKS,
            severity=severity_of(FaultKind.LOCKS),
            words=f"on {backend}, {how_many} a table that is there already",
            revisions=tuple(revisions),
        )


def _of_tests(found: Tests) -> Iterator[Finding]:
    if found.lacking:
        how_many = _count(len(found.lacking), "revision has", "revisions have")
        yield Finding(
            kind=FaultKind.NO_TEST,
            severity=severity_of(FaultKind.NO_TEST),
            words=f"{how_many} no test of their own that could be found"
            if len(found.lacking) > 1
            else f"{how_many} no test of its own that could be found",
            remedy="name the folder of tests with --tests if it lies elsewhere",
            revisions=found.lacking,
        )


def _offline(revisions: Iterable[Revision]) -> tuple[Offline, ...]:
    found: dict[str, dict[str, Obstacle]] = defaultdict(dict)
    for revision in revisions:
        for obstacle in revision.upgrade.obstacles:
            found[obstacle.kind].setdefault(revision.id, obstacle)
    return tuple(
        Offline(
            kind=next(iter(places.values())).kind,
            revisions=tuple(places),
            code=tuple(f"line {o.line}: {o.words}" for o in places.values()),
        )
        for _, places in sorted(found.items())
    )


def _operations(revisions: Iterable[Revision]) -> tuple[Operations, ...]:
    acts: Counter[ActKind] = Counter()
    having: Counter[ActKind] = Counter()
    for revision in revisions:
        kinds = [act.kind for act in revision.upgrade.acts]
        acts.update(kinds)
        having.update(set(kinds))
    return tuple(Operations(k, acts[k], having[k]) for k in ActKind if acts[k])


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _revisions(number: int) -> str:
    return _count(number, "revision does", "revisions do")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
