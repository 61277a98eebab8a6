"""The page on growth that lies beside what was measured, with its plots."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.judgement.growth import courses
from harness.model.growth import Course, Curve, Grown
from harness.report.document import environment
from harness.report.growth import growth_part, label
from harness.report.growth_plot import plot
from harness.report.tables import Table

NAME = "growth.md"


class CoursePart(msgspec.Struct, frozen=True):
    """One growth on one backend, as the page has it."""

    title: str
    question: str
    why: str
    picture: str
    words: str
    sizes: Table


def write_growth_page(directory: Path, grown: Grown) -> Path:
    """Write the page and its plots, and return its path."""
    found = courses(grown)
    for course in found:
        picture = plot(course, grown.limit_seconds)
        replace(directory / _picture(course), picture.encode())
    template = environment().get_template("growth_page.md.j2")
    text = template.render(
        growth=growth_part(found),
        courses=[_part(course) for course in found],
        conditions=(*grown.conditions, *_taking(grown)),
        absences=grown.absences,
        record=grown.record,
    )
    replace(directory / NAME, text.encode())
    return directory / NAME


def _taking(grown: Grown) -> tuple[str, ...]:
    return (
        "At each size everybody has a turn, in an order drawn anew each time: three times, "
        "or once where that takes long. All sizes are done up to three times over, while "
        "there is time, so that what drifts meets all of them.",
        f"A command may take {grown.limit_seconds:g} s. Who takes longer, or fails, is not "
        "tried at a larger size.",
    )


def _part(course: Course) -> CoursePart:
    growth = course.growth
    return CoursePart(
        title=f"{label(course)[0].upper()}{label(course)[1:]}",
        question=growth.question,
        why=growth.why,
        picture=_picture(course),
        words=f"Plot: seconds for {label(course)}",
        sizes=_sizes(course),
    )


def _picture(course: Course) -> str:
    return f"{course.growth.name}-{course.backend}.svg"


def _sizes(course: Course) -> Table:
    """Return the times of every size: what a plot shows, in numbers."""
    names = (f"{c.who.candidate} ({c.who.toolchain})" for c in course.curves)
    return Table(
        (course.growth.quantity.name, *names),
        tuple(
            (f"{size:,}", *(_at(curve, size) for curve in course.curves))
            for size in course.growth.sizes
        ),
    )


def _at(curve: Curve, size: int) -> str:
    for one in curve.measured:
        if one.size == size:
            wall = one.wall
            samples = "1 sample" if one.samples == 1 else f"{one.samples} samples"
            bounds = f"{wall.lowest:.2f} to {wall.highest:.2f}"
            return f"{wall.median:.2f} s ({bounds}; {samples})"
    return next((stop.reason for stop in curve.stops if stop.size == size), "not tried")
