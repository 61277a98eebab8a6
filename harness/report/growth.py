"""What the report says of growth: laws in words, and where curves end."""

from __future__ import annotations

import msgspec

from harness.judgement.laws import HIGHEST, LOWEST
from harness.judgement.wording import listed
from harness.model.growth import Course, Curve, Law, Measured, Stop
from harness.model.speed import Metric, Spread
from harness.report.tables import Table

METHOD = (
    "Fitted is a fixed part and a part that grows like a power of the quantity n, to all "
    "samples; in brackets is what bounds the exponent (95 %). An exponent of 1 is growth "
    "in proportion, 2 is four times as much for twice the quantity. What is fixed is "
    "outweighed where the growing part is as large. docs/speed.md has the method."
)
_LOOSE = 1.0
"""A wider interval of the exponent than this determines nothing."""
_MILLISECOND = "millisecond"


class GrowthPart(msgspec.Struct, frozen=True):
    """The section on growth: a table of laws, and what there is to say beside it."""

    method: str
    table: Table
    sentences: tuple[str, ...]


def growth_part(courses: tuple[Course, ...]) -> GrowthPart:
    """Return the section for all that was measured."""
    rows = tuple((label(c), *row) for c in courses for row in _rows(c))
    headings = ("what", *_HEADINGS)
    said = tuple(sentence for course in courses for sentence in sentences(course))
    return GrowthPart(METHOD, Table(headings, rows), said)


def label(course: Course) -> str:
    """Return what is measured, over which quantity and on which backend."""
    growth = course.growth
    return f"{growth.timed}, over {growth.quantity.name} ({course.backend})"


def sentences(course: Course) -> tuple[str, ...]:
    """Return where curves end and why, and what must not be compared."""
    said: dict[str, list[str]] = {}
    for curve in course.curves:
        for sentence in _ends(course, curve):
            said.setdefault(sentence, []).append(_name(curve))
    place = label(course)
    ended = (f"{place}, {listed(who)}: {what}." for what, who in said.items())
    unlike = (f"{place}: {course.unlike}.",) if course.unlike else ()
    return (*ended, *unlike)


def determined(law: Law) -> bool:
    """Tell whether the bounds of a law's exponent say anything."""
    inside = law.low > LOWEST and law.high < HIGHEST
    return inside and law.high - law.low <= _LOOSE


def law_in_words(law: Law) -> str:
    """Return a law as `grows like n^1.02 (0.97 to 1.08)`."""
    bounds = f"({law.low:.2f} to {law.high:.2f})"
    if law.low <= LOWEST or law.high >= HIGHEST:
        return "grows, by an exponent that is not determined"
    if not determined(law):
        return (
            f"grows, by an exponent that is not determined: {law.exponent:.2f} {bounds}"
        )
    return f"grows like n^{law.exponent:.2f} {bounds}"


_HEADINGS = (
    "who",
    "toolchain",
    "at the smallest size",
    "at the largest size",
    f"law by {Metric.WALL}",
    f"law by {Metric.CPU}",
    "fixed part",
)


def _rows(course: Course) -> list[tuple[str, ...]]:
    return [
        (
            curve.who.candidate,
            curve.who.toolchain,
            *_extremes(curve),
            _trend(curve, Metric.WALL),
            _trend(curve, Metric.CPU),
            _fixed(course, curve),
        )
        for curve in course.curves
    ]


def _extremes(curve: Curve) -> tuple[str, str]:
    if not curve.measured:
        return "no times", "no times"
    first, last = curve.measured[0], curve.measured[-1]
    return _at(first), _at(last) if last is not first else "not measured"


def _at(measured: Measured) -> str:
    return f"{measured.size:,}: {_seconds(measured.wall)}"


def _seconds(spread: Spread) -> str:
    return f"{spread.median:.2f} s ({spread.lowest:.2f} to {spread.highest:.2f})"


def _trend(curve: Curve, metric: Metric) -> str:
    found = curve.by(metric)
    return law_in_words(found.law) if found.law else found.reason


def _fixed(course: Course, curve: Curve) -> str:
    """Say how large the fixed part is, and from which size on it is outweighed."""
    law = curve.by(Metric.WALL).law
    if law is None:
        return "" if not curve.measured else f"{curve.measured[0].wall.median:.2f} s"
    if course.growth.quantity.unit == _MILLISECOND:
        largest = curve.measured[-1].size
        trips = 1000 * (law.seconds(largest) - law.fixed) / largest
        return f"{law.fixed:.2f} s; the rest is that of {trips:.0f} round trips"
    return f"{law.fixed:.2f} s; {_outweighed(course, law)}"


def _outweighed(course: Course, law: Law) -> str:
    sizes, unit = course.growth.sizes, course.growth.quantity.unit
    if law.fixed <= 0 or law.part <= 0:
        return "outweighed at every size"
    turn = (law.fixed / law.part) ** (1 / law.exponent)
    if turn < sizes[0]:
        return "outweighed at every size"
    if turn > sizes[-1]:
        return f"not outweighed up to {sizes[-1]:,} {unit}s"
    return f"outweighed from about {_rounded(turn)} {unit}s on"


def _rounded(size: float) -> str:
    digits = len(f"{size:.0f}") - 2
    return f"{round(size, -max(digits, 0)):,.0f}"


def _name(curve: Curve) -> str:
    return f"{curve.who.candidate} ({curve.who.toolchain})"


def _ends(course: Course, curve: Curve) -> list[str]:
    """Say what ended a curve, and which sizes there was no time for."""
    said: list[str] = []
    ended: Stop | None = next((stop for stop in curve.stops if stop.reached), None)
    if ended is not None:
        where = "" if ended.size == course.growth.sizes[0] else f"at {ended.size:,}, "
        said.append(f"{where}{ended.reason}")
        if any(stop.size > ended.size for stop in curve.stops):
            said[-1] += "; larger sizes were not tried"
    missed = [stop for stop in curve.stops if not stop.reached]
    for reason in dict.fromkeys(stop.reason for stop in missed):
        sizes = listed(f"{s.size:,}" for s in missed if s.reason == reason)
        said.append(f"not measured at {sizes}: {reason}")
    return said
