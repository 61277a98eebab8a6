"""How often a difference was told where there is none."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from scipy import stats

from harness.model.speed import Ratio

SURE = 0.05
"""More false alarms than stated are told as too many if chance has less than this."""


class Alarms(msgspec.Struct, frozen=True):
    """False alarms of so many comparisons; `low` and `high` bound their share (95 %).

    `chance` is the probability of as many at the stated `rate`, or more.
    """

    wrong: int
    of: int
    rate: float
    low: float
    high: float
    chance: float

    @property
    def too_many(self) -> bool:
        """Whether there are more than the stated rate explains."""
        return self.chance < SURE


def alarms(ratios: Iterable[Ratio], rate: float) -> Alarms:
    """Count what was told as different, of ratios that should all be 1."""
    told = [ratio.verdict.differs for ratio in ratios]
    if not told:
        return Alarms(0, 0, rate, 0.0, 1.0, 1.0)
    test = stats.binomtest(sum(told), len(told), rate, alternative="greater")
    both = stats.binomtest(sum(told), len(told)).proportion_ci(method="exact")
    return Alarms(
        wrong=sum(told),
        of=len(told),
        rate=rate,
        low=float(both.low),
        high=float(both.high),
        chance=float(test.pvalue),
    )
