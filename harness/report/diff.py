"""Two stored runs held against each other: everything that is not alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from harness.journal.files import schema
from harness.journal.journal import Journal
from harness.judgement import judge
from harness.judgement.observing import Departure, departure, plain
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Observation, Status
from harness.model.run import Run
from harness.model.verdict import Finding, Grade
from harness.report.transcript import title

FORMAT = 1


class Side(msgspec.Struct, frozen=True):
    """One of the two runs."""

    folder: str
    version: str
    started: str
    status: str
    cells: int


class Verdict(msgspec.Struct, frozen=True):
    """What a cell came to."""

    grade: Grade
    headline: str


class Changed(msgspec.Struct, frozen=True):
    """A cell that is not as it was; `departure` is the observation that shows it.

    It is null where all observations tell the same, and only the judging differs.
    """

    cell: str
    old: Verdict
    new: Verdict
    departure: Departure | None


class Apart(msgspec.Struct, frozen=True):
    """A cell that cannot be compared, and why."""

    cell: str
    reason: str


class Slower(msgspec.Struct, frozen=True):
    """A timed step: medians in seconds, and whether the two ranges are apart."""

    cell: str
    old: float
    new: float
    apart: bool


class Version(msgspec.Struct, frozen=True):
    """Something that was another one in the other run."""

    what: str
    old: str
    new: str


class RunDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in which two runs differ.

    `verdicts` are cells whose verdict changed; `observations` those that came to the
    same verdict by another way. `alike` counts the cells without any difference.
    Times are told, and are no difference.
    """

    format: int = FORMAT
    old: Side
    new: Side
    versions: tuple[Version, ...]
    verdicts: tuple[Changed, ...]
    observations: tuple[Changed, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    not_comparable: tuple[Apart, ...]
    times: tuple[Slower, ...]
    alike: int

    @property
    def differs(self) -> bool:
        """Whether there is any difference, or anything that could not be compared."""
        return bool(
            self.verdicts
            or self.observations
            or self.only_old
            or self.only_new
            or self.not_comparable
        )


def diff(old: Path, new: Path) -> RunDiff:
    """Hold two stored runs against each other; `JournalError` if one cannot be read."""
    journals = Journal(old), Journal(new)
    runs = [journal.run() for journal in journals]
    before, after = ({e.cell: e for e in journal.evidence()} for journal in journals)
    shared = [cell for cell in before if cell in after]
    apart = {c: why for c in shared if (why := _not_comparable(before[c], after[c]))}
    pairs = [_Pair(before[c], after[c]) for c in shared if c not in apart]
    changed = [change for pair in pairs if (change := _changed(pair))]
    return RunDiff(
        old=_side(old, runs[0], before),
        new=_side(new, runs[1], after),
        versions=tuple(_versions(*runs)),
        verdicts=tuple(c for c in changed if not _same(c.old, c.new)),
        observations=tuple(c for c in changed if _same(c.old, c.new)),
        only_old=tuple(cell.id for cell in before if cell not in after),
        only_new=tuple(cell.id for cell in after if cell not in before),
        not_comparable=tuple(Apart(cell.id, why) for cell, why in apart.items()),
        times=tuple(t for pair in pairs for t in _times(pair.was, pair.now)),
        alike=len(pairs) - len(changed),
    )


def diff_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `diff --json` prints."""
    return schema(RunDiff, "diff", FORMAT)


def _side(folder: Path, run: Run, evidence: dict[Cell, Evidence]) -> Side:
    return Side(str(folder), run.version, run.started, run.status, len(evidence))


def _not_comparable(old: Evidence, new: Evidence) -> str:
    """Say why a cell of one run cannot be held against that of the other."""
    if old.digest != new.digest:
        return f"the story is another one: digest {old.digest}, then {new.digest}"
    for name, evidence in (("old", old), ("new", new)):
        if evidence.status is Status.NOT_ESTABLISHED:
            return f"not established in the {name} run: {evidence.reason}"
    return ""


class _Pair:
    """A cell's evidence in both runs, judged once."""

    def __init__(self, old: Evidence, new: Evidence) -> None:
        self.old, self.new = old, new
        self.was, self.now = judge(old), judge(new)


def _changed(pair: _Pair) -> Changed | None:
    before, after = _verdict(pair.was), _verdict(pair.now)
    parted = departure(pair.old, pair.new, _title)
    if parted is None and _same(before, after):
        return None
    return Changed(pair.was.cell.id, before, after, parted)


def _title(observation: Observation) -> str:
    return title(observation.step)


def _verdict(finding: Finding) -> Verdict:
    return Verdict(finding.grade, finding.headline)


def _same(old: Verdict, new: Verdict) -> bool:
    """Tell whether two verdicts are alike; what was timed is no part of it."""
    return old.grade is new.grade and plain(old.headline) == plain(new.headline)


def _times(old: Finding, new: Finding) -> Iterator[Slower]:
    before, now = old.timed, new.timed
    if before is None or now is None or before.void or now.void:
        return
    was, then = before.wall, now.wall
    apart = was.highest < then.lowest or then.highest < was.lowest
    yield Slower(old.cell.id, was.median, then.median, apart)


def _versions(old: Run, new: Run) -> Iterator[Version]:
    """Yield what the two runs were made with, where it is not the same."""
    before, after = _made_with(old), _made_with(new)
    for what in before.keys() | after.keys():
        pair = before.get(what, "not there"), after.get(what, "not there")
        if pair[0] != pair[1]:
            yield Version(what, *pair)


def _made_with(run: Run) -> dict[str, str]:
    return dict(_provenance(run))


def _provenance(run: Run) -> Iterable[tuple[str, str]]:
    yield "migration-compare", run.version
    yield "mode", run.mode
    yield "processor", run.machine.processor
    yield "git", run.machine.git
    for name, database in run.machine.databases.items():
        yield name, database.engine
    for toolchain in run.toolchains:
        place = f"{toolchain.name} ({', '.join(toolchain.tools)})"
        yield f"{place}, Python", toolchain.python
        for package in toolchain.distributions:
            yield f"{place}, {package.name}", package.version
