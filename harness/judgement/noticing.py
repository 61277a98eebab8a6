"""Who notices a planted fault, at which stage, and what slips through in silence."""

from __future__ import annotations

from harness.judgement.agreement import agreements
from harness.model.departures import (
    AuthorOnLine,
    Backport,
    BranchOff,
    UpgradeByPrefix,
    UpgradeLine,
    UpgradeTogether,
)
from harness.model.evidence import Evidence, Observation, OutcomeKind
from harness.model.moves import CherryPick, Revert
from harness.model.steps import (
    Author,
    CompareModels,
    Current,
    Downgrade,
    GenerateSql,
    Guard,
    Land,
    ListHeads,
    ListHistory,
    Redo,
    ShowScripts,
    Stamp,
    Upgrade,
    Watch,
)
from harness.model.verdict import Notice, Stage, Watched

_PROBES = {
    Author: "authoring",
    AuthorOnLine: "authoring",
    BranchOff: "authoring",
    Land: "git merge",
    CherryPick: "git cherry-pick",
    Revert: "git revert",
    Backport: "git cherry-pick",
    Guard: "the guard",
    ListHeads: "listing the heads",
    ListHistory: "listing the history",
    GenerateSql: "writing SQL",
    ShowScripts: "showing the Python of an upgrade",
    Upgrade: "upgrading",
    UpgradeByPrefix: "upgrading",
    UpgradeLine: "upgrading",
    UpgradeTogether: "upgrading",
    Stamp: "stamping",
    Downgrade: "downgrading",
    Current: "asking where the database stands",
    CompareModels: "comparing with the models",
}


def watched(evidence: Evidence) -> tuple[Watched, ...]:
    """Return what became of every fault that the story planted.

    A fault is watched from its `Watch` step to the next one, or until the branch
    is mended. What a merge that stopped at a conflict kept out of the tree, no later
    step could have noticed: those count as neither silent nor harmed.
    """
    return tuple(_watched(evidence, start, end) for start, end in _sections(evidence))


def _sections(evidence: Evidence) -> list[tuple[int, int]]:
    """Return (index of the `Watch` step, index after the last step watched)."""
    observations = evidence.observations
    starts = [i for i, o in enumerate(observations) if isinstance(o.step, Watch)]
    sections = []
    for start in starts:
        ends = (
            i
            for i in range(start + 1, len(observations))
            if isinstance(observations[i].step, Watch | Redo)
        )
        sections.append((start, next(ends, len(observations))))
    return sections


def _watched(evidence: Evidence, start: int, end: int) -> Watched:
    section = list(enumerate(evidence.observations))[start + 1 : end]
    step = evidence.observations[start].step
    kept_out = next((i for i, o in section if _kept_out(o)), None)
    notices = tuple(n for i, o in section for n in _notices(i, o))
    return Watched(
        fault=step.fault if isinstance(step, Watch) else "",
        notices=notices,
        let_through=tuple(
            _PROBES[type(o.step)]
            for i, o in section
            if type(o.step) in _PROBES
            and o.outcome.kind is OutcomeKind.OK
            and (kept_out is None or i < kept_out)
        ),
        harm=() if kept_out is not None else _harm(evidence, section),
        tolerable=isinstance(step, Watch) and step.tolerable,
        missed=_missed(section, notices),
    )


def _kept_out(observation: Observation) -> bool:
    """Tell whether a conflict kept something out of the tree."""
    match observation.step:
        case Land(blindly=True) | Backport():
            return False
    return observation.outcome.kind is OutcomeKind.CONFLICT


def _notices(number: int, observation: Observation) -> list[Notice]:
    outcome = observation.outcome
    silent = {OutcomeKind.OK, OutcomeKind.UNSUPPORTED}
    if outcome.kind in silent or type(observation.step) not in _PROBES:
        return []
    stage = _stage(observation)
    return [Notice(stage, outcome.kind, outcome.fault, outcome.words, number)]


def _stage(observation: Observation) -> Stage:
    match observation.step:
        case Author() | AuthorOnLine() | BranchOff():
            return Stage.AUTHOR
        case Land() | CherryPick() | Revert() | Backport():
            return Stage.MERGE
        case Guard():
            return Stage.GUARD
        case ListHeads() | ListHistory() | GenerateSql():
            return Stage.LOAD
        case Downgrade():
            return Stage.PLAN_BACK if _unchanged(observation) else Stage.RUN_BACK
        case (
            Upgrade() | UpgradeByPrefix() | UpgradeLine() | UpgradeTogether() | Stamp()
        ):
            return Stage.PLAN if _unchanged(observation) else Stage.RUN
        case _:
            return Stage.AFTER


def _unchanged(observation: Observation) -> bool:
    """Tell whether a database is as before; to begin the tool's own tables is no change."""
    before, after = observation.before, observation.after
    if before is None or after is None:
        return before == after
    return (before.tables, before.rows) == (after.tables, after.rows) and all(
        rows == after.bookkeeping.get(table)
        for table, rows in before.bookkeeping.items()
    )


def _missed(
    section: list[tuple[int, Observation]], notices: tuple[Notice, ...]
) -> tuple[str, ...]:
    """Return the databases upgraded in silence before the first that objected."""
    stopping = (n.step for n in notices if not n.kind.went_through)
    stopped = next(stopping, 0)
    upgraded = (
        o.step.database
        for i, o in section
        if i < stopped
        and isinstance(o.step, Upgrade)
        and o.outcome.kind is OutcomeKind.OK
    )
    return tuple(dict.fromkeys(upgraded))


def _harm(
    evidence: Evidence, section: list[tuple[int, Observation]]
) -> tuple[str, ...]:
    """Return how databases differ that an upgrade left with exit code 0."""
    numbers = {number for number, _ in section}
    upgraded = {
        o.step.database
        for _, o in section
        if isinstance(o.step, Upgrade | UpgradeByPrefix | UpgradeLine)
        and o.outcome.kind.went_through
    }
    return tuple(
        sentence
        for agreement in agreements(evidence)
        if agreement.step in numbers and agreement.database in upgraded
        for sentence in agreement.differences
    )
