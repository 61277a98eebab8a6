"""Measurements of growth, made up."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from harness.model.evidence import Outcome, OutcomeKind, Sample
from harness.model.growth import Grown, GrowthRecord, Point, Quantity
from harness.model.speed import Participant
from tests.benchmarking.made_up import RECORD

SIZES = (10, 100, 300, 1_000, 2_000, 5_000, 10_000)
QUANTITY = Quantity("the revisions of a line", "revision")
GROWTH = GrowthRecord(
    "history_heads", "How?", "It matters.", "asking for heads", QUANTITY, SIZES
)
LIMITED = Outcome(OutcomeKind.TIMED_OUT, words="no answer within 30 s")


def samples(seconds: float) -> tuple[Sample, ...]:
    """Return three samples around a time, always the same distances from it."""
    return tuple(
        Sample(block, 0, 0, seconds * off, 0.9 * seconds * off, 1024, 1, True, "answer")
        for block, off in enumerate((0.99, 1.0, 1.02))
    )


def point(
    candidate: str, size: int, seconds: float | None = None, **more: object
) -> Point:
    """Return a point; without seconds `more` says what is missing."""
    made = Point(
        growth=GROWTH.name,
        backend="sqlite",
        who=Participant(candidate, "common"),
        size=size,
        digest="d",
        samples=samples(seconds) if seconds is not None else (),
    )
    return msgspec.structs.replace(made, **more)


def curve(candidate: str, seconds: Callable[[int], float]) -> tuple[Point, ...]:
    """Return points of all sizes; what would take 30 s or more does not answer."""
    return tuple(
        point(candidate, size, seconds(size))
        if seconds(size) < 30
        else point(candidate, size, missing="timed out: no answer", outcome=LIMITED)
        for size in SIZES
    )


def grown(*points: Point) -> Grown:
    """Return a stored measurement with these points."""
    return Grown(
        record=RECORD,
        limit_seconds=30.0,
        growths=(GROWTH,),
        points=points,
        conditions=("All were alike.",),
    )
