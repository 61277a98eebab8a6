"""Whether databases are as the oracle says, from what was seen of both."""

from __future__ import annotations

from harness.judgement.difference import compare
from harness.model.difference import Difference, DifferenceKind
from harness.model.evidence import Evidence
from harness.model.steps import Downgrade, Expect, Upgrade
from harness.model.verdict import Agreement


def agreements(evidence: Evidence) -> tuple[Agreement, ...]:
    """Return one agreement for every `Expect` step that was carried out."""
    return tuple(
        _agreement(evidence, number, compare(observation.expected, observation.after))
        for number, observation in enumerate(evidence.observations)
        if isinstance(observation.step, Expect)
        and observation.expected is not None
        and observation.after is not None
    )


def _agreement(
    evidence: Evidence, number: int, found: tuple[Difference, ...]
) -> Agreement:
    observation = evidence.observations[number]
    assert isinstance(observation.step, Expect)  # noqa: S101
    return Agreement(
        step=number,
        database=observation.step.database,
        after=observation.step.after,
        differences=tuple(d.sentence for d in sorted(found, key=_loses_nothing)),
        rows_gone=any(not _loses_nothing(difference) for difference in found),
        went_back=_went_back(evidence, number, observation.step.database),
    )


def _loses_nothing(difference: Difference) -> bool:
    """Tell whether no table and no row is gone, so that sorting puts losses first."""
    if difference.kind is DifferenceKind.ROW_COUNT:
        return int(difference.found or 0) >= int(difference.expected or 0)
    return difference.kind is not DifferenceKind.MISSING_TABLE


def _went_back(evidence: Evidence, number: int, database: str) -> bool:
    """Tell whether the last move of a database before a step was a downgrade."""
    moves = (
        observation.step
        for observation in evidence.observations[:number]
        if isinstance(observation.step, Upgrade | Downgrade)
        and observation.step.database == database
    )
    return isinstance(next(reversed([*moves]), None), Downgrade)
