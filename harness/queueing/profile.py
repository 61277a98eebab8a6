"""A candidate's losers as they were measured: from findings to what is simulated."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.model.verdict import Finding, Loser, Race, Stage
from harness.queueing.model import Fate, Profile


class NotMeasured(ValueError):  # noqa: N818
    """A candidate's evidence does not say what a simulation needs."""


def profile(findings: Iterable[Finding]) -> Profile:
    """Return the profile of one column from its findings; `NotMeasured` says what lacks.

    Races of patches that carry SQL files are set aside: they cost more, and a team
    whose patches do is another team.
    """
    findings = tuple(findings)
    cell = findings[0].cell
    races = plain_races(findings)
    if not races:
        message = f"{cell.candidate} on {cell.toolchain} ({cell.backend}) has no race"
        raise NotMeasured(message)
    losers = [loser for _, race in races for loser in race.losers]
    for loser in losers:
        if loser.cost is None:
            message = f"{cell.candidate}: {loser.branch} lost and never landed"
            raise NotMeasured(message)
    return Profile(
        candidate=cell.candidate,
        toolchain=cell.toolchain,
        backend=cell.backend,
        fates=tuple(map(_fate, losers)),
        cells=tuple(finding.cell.id for finding, _ in races),
    )


def joined(profiles: Iterable[Profile]) -> tuple[Profile, ...]:
    """Return the profiles, those of a candidate that were measured alike as one."""
    alike: dict[tuple[str, str, frozenset[Fate]], list[Profile]] = {}
    for one in profiles:
        key = (one.candidate, one.backend, frozenset(one.fates))
        alike.setdefault(key, []).append(one)
    return tuple(
        msgspec.structs.replace(
            same[0],
            toolchain="/".join(dict.fromkeys(one.toolchain for one in same)),
            fates=tuple(fate for one in same for fate in one.fates),
            cells=tuple(cell for one in same for cell in one.cells),
        )
        for same in alike.values()
    )


def plain_races(findings: Iterable[Finding]) -> list[tuple[Finding, Race]]:
    """Return the races of patches without SQL files, the smallest first."""
    races = (
        (finding, finding.race)
        for finding in findings
        if finding.race is not None and not finding.race.with_sql
    )
    return sorted(races, key=lambda pair: pair[1].authors)


def _fate(loser: Loser) -> Fate:
    stopped, cost = loser.watched.stopped, loser.cost
    assert cost is not None  # noqa: S101
    return Fate(
        stage=stopped.stage if stopped else Stage.NEVER,
        merges=loser.merges,
        harm=bool(loser.watched.harm),
        files=cost.files,
        lines=cost.lines_added + cost.lines_deleted,
        commands=cost.commands,
    )
