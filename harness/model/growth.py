"""How cost grows with a quantity: what is tried, what was measured, what is concluded."""

from __future__ import annotations

import msgspec

from harness.model.benchmark import Benchmarked
from harness.model.cell import Absence
from harness.model.evidence import Command, Outcome, Sample
from harness.model.scenario import Scenario
from harness.model.speed import Metric, Participant, Spread

FORMAT = 1


class Quantity(msgspec.Struct, frozen=True):
    """What grows, such as `revisions in the history`; `unit` is its noun for one."""

    name: str
    unit: str


class Stage(msgspec.Struct, frozen=True):
    """A timed story at one size of the quantity.

    `distance`, the server is so many milliseconds away, there and back.
    """

    size: int
    scenario: Scenario
    distance: float | None = None


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """One question of growth: the same story at one size after the other.

    `name` is unique and fit for a file name; `stages` go from the smallest size to the
    largest. `timed` says in a few words what is timed, to stand in a table. `usual`, it is
    measured where nobody chooses: one or two for every quantity.
    """

    name: str
    question: str
    why: str
    timed: str
    quantity: Quantity
    stages: tuple[Stage, ...]
    usual: bool = False

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes, the smallest first."""
        return tuple(stage.size for stage in self.stages)

    @property
    def backends(self) -> tuple[str, ...]:
        """The databases on which it has a meaning."""
        return self.stages[0].scenario.backends


class GrowthRecord(msgspec.Struct, frozen=True):
    """A growth as it was asked for, stored with what was measured."""

    name: str
    question: str
    why: str
    timed: str
    quantity: Quantity
    sizes: tuple[int, ...]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What one participant took at one size; `missing` says why there is nothing.

    `digest` is of the story's steps. `reached` is false where no time was left, which
    says nothing about the tool. `left` is a digest of the tables and rows that the step
    left, where they were looked at. `commands` are those of one sample.
    """

    growth: str
    backend: str
    who: Participant
    size: int
    digest: str
    samples: tuple[Sample, ...] = ()
    outcome: Outcome | None = None
    missing: str = ""
    reached: bool = True
    left: str = ""
    commands: tuple[Command, ...] = ()


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """A stored measurement of growth: `growth.json`.

    `limit_seconds` is what one command may take; where it took longer, the point says so.
    `conditions` hold for every sample, as sentences; `absences` were not measured at all.
    """

    format: int = FORMAT
    record: Benchmarked
    limit_seconds: float
    growths: tuple[GrowthRecord, ...]
    points: tuple[Point, ...]
    conditions: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()


class Law(msgspec.Struct, frozen=True):
    """A fixed part and a part that grows like a power of the quantity.

    Seconds are `fixed + part * size ** exponent`; `low` and `high` bound the exponent,
    `error` is the typical distance of a sample from the law, as a share of it.
    """

    fixed: float
    part: float
    exponent: float
    low: float
    high: float
    error: float

    def seconds(self, size: float) -> float:
        """Return what the law says for a size."""
        return float(self.fixed + self.part * size**self.exponent)


class Trend(msgspec.Struct, frozen=True):
    """What is concluded by one metric; without a law, `reason` says why there is none.

    `grows` is None where that cannot be told.
    """

    metric: Metric
    grows: bool | None
    reason: str = ""
    law: Law | None = None


class Measured(msgspec.Struct, frozen=True):
    """A size of a curve with its samples."""

    size: int
    wall: Spread
    cpu: Spread
    samples: int


class Stop(msgspec.Struct, frozen=True):
    """A size that has no times, and why; `limited` if it took longer than the limit."""

    size: int
    reason: str
    limited: bool
    reached: bool


class Curve(msgspec.Struct, frozen=True):
    """One participant's times over all sizes, with what is concluded."""

    who: Participant
    measured: tuple[Measured, ...]
    stops: tuple[Stop, ...]
    trends: tuple[Trend, ...]

    def by(self, metric: Metric) -> Trend:
        """Return what is concluded by a metric."""
        return next(trend for trend in self.trends if trend.metric is metric)


class Course(msgspec.Struct, frozen=True):
    """All curves of one growth on one backend; `unlike` says who left other tables."""

    growth: GrowthRecord
    backend: str
    curves: tuple[Curve, ...]
    unlike: str = ""
