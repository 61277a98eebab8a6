"""Whether another timer says the same: ratios of the report against those by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from harness.judgement import ratios
from harness.judgement.speed import matches, measured, who_ran
from harness.model.evidence import Evidence
from harness.model.speed import Match, Metric, Participant, Ratio, Versus

_Rounds = dict[tuple[str, str, Participant], list[float]]


class Accord(StrEnum):
    """How a ratio by hand lies to that of the report."""

    WITHIN = "within the bounds of the report"
    OVERLAPPING = "beside the bounds of the report, whose bounds meet its own"
    APART = "apart: neither bounds meet"


class Agreement(msgspec.Struct, frozen=True):
    """One ratio of wall times as the report has it, and by hand with its own bounds."""

    scenario: str
    backend: str
    one: Participant
    other: Participant
    reported: Ratio
    rounds: int
    ratio: float
    low: float
    high: float

    @property
    def accord(self) -> Accord:
        """Tell whether both say the same."""
        if self.reported.low <= self.ratio <= self.reported.high:
            return Accord.WITHIN
        meet = self.low <= self.reported.high and self.reported.low <= self.high
        return Accord.OVERLAPPING if meet else Accord.APART


def agreements(evidence: Iterable[Evidence]) -> tuple[Agreement, ...]:
    """Return the ratios that were timed by hand as well, in enough rounds."""
    evidence = tuple(evidence)
    rounds = _rounds(evidence)
    return tuple(
        agreement
        for match in matches(evidence)
        for versus in match.comparisons
        if (agreement := _agreement(match, versus, rounds)) is not None
    )


def _rounds(evidence: Iterable[Evidence]) -> _Rounds:
    """Return what everybody took by hand, round by round, both twins together."""
    found: _Rounds = {}
    for one in evidence:
        observation = measured(one)
        if observation is not None and observation.sampling is not None:
            key = one.cell.scenario, one.cell.backend, who_ran(one.cell)
            found[key] = [math.prod(t) ** 0.5 for t in observation.sampling.by_hand]
    return found


def _agreement(match: Match, versus: Versus, rounds: _Rounds) -> Agreement | None:
    columns = [
        rounds[match.scenario, match.backend, who] for who in (versus.one, versus.other)
    ]
    reported = versus.by(Metric.WALL)
    rate = match.sampling.error_rate
    if min(map(len, columns)) < ratios.least_blocks(rate) or not reported.is_bounded:
        return None
    values = ratios.logarithms(*columns)
    low, high = ratios.interval(values, rate)
    return Agreement(
        scenario=match.scenario,
        backend=match.backend,
        one=versus.one,
        other=versus.other,
        reported=reported,
        rounds=len(values),
        ratio=math.exp(float(ratios.centre(values))),
        low=math.exp(low),
        high=math.exp(high),
    )
