"""What is concluded from timings: of one participant, and of one against another."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec

from harness.model.evidence import Sampling


class Metric(StrEnum):
    """What of a sample is compared."""

    WALL = "wall time"
    """From the start of the first command to the end of the last, as a clock has it."""
    CPU = "processor time"
    """What the processes spent on a processor; who else is busy matters less."""


class Word(StrEnum):
    """The verdict of one against another."""

    FASTER = "faster"
    SLOWER = "slower"
    NO_DIFFERENCE = "no difference shown"
    INCONCLUSIVE = "inconclusive"

    @property
    def differs(self) -> bool:
        """Whether a difference was shown."""
        return self in {Word.FASTER, Word.SLOWER}


class Spread(msgspec.Struct, frozen=True):
    """Numbers of all samples; `outliers` lie 1.5 quartile distances beyond a quartile.

    Outliers are counted, and stay among the samples.
    """

    median: float
    lowest: float
    quarter: float
    three_quarters: float
    highest: float
    outliers: int


class Timed(msgspec.Struct, frozen=True):
    """One participant's samples; `void` says why they do not count, if so."""

    samples: int
    wall: Spread
    cpu: Spread
    memory_mib: float
    commands: int
    void: str = ""


class Ratio(msgspec.Struct, frozen=True):
    """How many times as long one took as another, block by block.

    `low` and `high` bound the ratio; `chance` is the probability of differences this
    one-sided if there were none. `shows` is the smallest ratio above 1 that counts.
    """

    metric: Metric
    verdict: Word
    reason: str
    blocks: int
    ratio: float
    low: float
    high: float
    chance: float
    shows: float

    @property
    def is_bounded(self) -> bool:
        """Whether there were enough samples to bound it."""
        return self.low > 0 and math.isfinite(self.high)


class Participant(msgspec.Struct, frozen=True, order=True):
    """Who takes part in a comparison of times."""

    candidate: str
    toolchain: str


class Versus(msgspec.Struct, frozen=True):
    """One participant against another on the same toolchain, by each metric.

    If both are the same, it is the control: a candidate against itself.
    """

    one: Participant
    other: Participant
    ratios: tuple[Ratio, ...]

    @property
    def is_control(self) -> bool:
        """Whether a candidate was held against itself."""
        return self.one == self.other

    def by(self, metric: Metric) -> Ratio:
        """Return the ratio by a metric."""
        return next(ratio for ratio in self.ratios if ratio.metric is metric)


class Match(msgspec.Struct, frozen=True):
    """All that is concluded from those who took turns in one scenario on one backend."""

    scenario: str
    digest: str
    backend: str
    sampling: Sampling
    rows: tuple[tuple[Participant, Timed], ...]
    versus: tuple[Versus, ...]
    left_out: tuple[tuple[Participant, str], ...] = ()

    @property
    def controls(self) -> tuple[Versus, ...]:
        """The candidates, each against itself."""
        return tuple(one for one in self.versus if one.is_control)

    @property
    def comparisons(self) -> tuple[Versus, ...]:
        """The candidates, each against the others."""
        return tuple(one for one in self.versus if not one.is_control)
