"""What measurements say of growth: curves, laws, and where a curve ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.judgement import laws
from harness.judgement.ratios import spread
from harness.judgement.speed import void
from harness.judgement.wording import count
from harness.model.evidence import OutcomeKind, Sample
from harness.model.growth import (
    Course,
    Curve,
    Grown,
    GrowthRecord,
    Measured,
    Point,
    Stop,
    Trend,
)
from harness.model.speed import Metric, Participant


def courses(grown: Grown) -> tuple[Course, ...]:
    """Return the curves of every growth, on every backend on which it was measured."""
    growths = {growth.name: growth for growth in grown.growths}
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in grown.points:
        groups.setdefault((point.growth, point.backend), []).append(point)
    return tuple(
        _course(growths[name], backend, points)
        for (name, backend), points in groups.items()
    )


def trend(metric: Metric, points: Sequence[tuple[int, tuple[Sample, ...]]]) -> Trend:
    """Return what samples at several sizes say by a metric."""
    times = [
        laws.Times(size, tuple(value(sample, metric) for sample in samples))
        for size, samples in points
    ]
    if len(times) < laws.FEWEST_SIZES:
        sizes = count(len(times), "size")
        reason = f"too few sizes: {sizes}, and a law takes {laws.FEWEST_SIZES}"
        return Trend(metric, None, reason)
    grows = laws.rises(times)
    ordered = sorted(times, key=lambda one: one.size)
    rise = ordered[-1].median / ordered[0].median
    if grows:
        return Trend(metric, grows, law=laws.law(times))
    if grows is None:
        reason = f"×{rise:.2f} at the largest, which is not surer than chance"
        return Trend(metric, grows, f"no growth shown: {reason}")
    reason = f"×{rise:.2f} from the smallest size to the largest"
    return Trend(metric, grows, f"constant within noise: {reason}")


def value(sample: Sample, metric: Metric) -> float:
    """Return the seconds of a sample by a metric."""
    return sample.seconds if metric is Metric.WALL else sample.cpu_seconds


def _course(growth: GrowthRecord, backend: str, points: Sequence[Point]) -> Course:
    whose: dict[Participant, list[Point]] = {}
    for point in sorted(points, key=lambda one: one.size):
        whose.setdefault(point.who, []).append(point)
    return Course(
        growth=growth,
        backend=backend,
        curves=tuple(_curve(who, own) for who, own in whose.items()),
        unlike=_unlike(points),
    )


def _curve(who: Participant, points: Sequence[Point]) -> Curve:
    usable = [(p.size, p.samples) for p in points if not _reason(p)]
    return Curve(
        who=who,
        measured=tuple(
            Measured(
                size=size,
                wall=spread([sample.seconds for sample in samples]),
                cpu=spread([sample.cpu_seconds for sample in samples]),
                samples=len(samples),
            )
            for size, samples in usable
        ),
        stops=tuple(_stop(point) for point in points if _reason(point)),
        trends=tuple(trend(metric, usable) for metric in Metric),
    )


def _reason(point: Point) -> str:
    """Return why a point has no times that count, or nothing."""
    if point.missing or not point.samples:
        return point.missing or "it was not timed"
    return void(point.samples)


def _stop(point: Point) -> Stop:
    timed_out = point.outcome and point.outcome.kind is OutcomeKind.TIMED_OUT
    return Stop(point.size, _reason(point), bool(timed_out), point.reached)


def _unlike(points: Iterable[Point]) -> str:
    """Say at which size candidates did not leave the same tables and rows."""
    for size in sorted({point.size for point in points}):
        left = {p.who.candidate: p.left for p in points if p.size == size and p.left}
        if len(set(left.values())) > 1:
            who = ", ".join(sorted(left))
            return f"at {size:,} they did not leave the same tables and rows: {who}"
    return ""
