"""What changed from release to release, from the evidence of a sweep."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from harness.judgement.judge import judge
from harness.model.compatibility import SweepEvidence
from harness.model.evidence import Evidence
from harness.model.steps import Guard


class Change(msgspec.Struct, frozen=True):
    """Two releases that were run, one after the other, and behave differently.

    `between` is how many releases lie between them.
    """

    before: SweepEvidence
    after: SweepEvidence
    between: int


def behaviour(evidence: Evidence) -> str:
    """Return what a scenario came to without what differs from run to run.

    That is the headline, at which stage a planted fault was noticed, and the kind of
    everything that did not go through; not the words, which hold paths and ids.
    """
    finding = judge(evidence)
    noticed = (f"{one.fault}: {one.noticed}" for one in finding.watched)
    failed = (
        f"{type(o.step).__name__}: {o.outcome.kind} ({o.outcome.fault})"
        for o in evidence.observations
        if not o.outcome.kind.went_through and not isinstance(o.step, Guard)
    )
    return "; ".join(dict.fromkeys((finding.headline, *noticed, *failed)))


def changes(
    rows: Iterable[SweepEvidence], order: tuple[str, ...]
) -> tuple[Change, ...]:
    """Return where neighbours among the releases that ran differ; `order` is of all."""
    ran = sorted(
        (row for row in rows if row.evidence is not None),
        key=lambda row: order.index(row.release.version),
    )
    return tuple(
        Change(
            a, b, order.index(b.release.version) - order.index(a.release.version) - 1
        )
        for a, b in pairwise(ran)
        if _behaviour(a) != _behaviour(b)
    )


def _behaviour(row: SweepEvidence) -> str:
    return "" if row.evidence is None else behaviour(row.evidence)
