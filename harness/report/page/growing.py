"""How cost grows, as the page tells it: the laws, and a plot of each growth."""

from __future__ import annotations

from base64 import b64encode

import msgspec

from harness.judgement.growth import courses
from harness.model.growth import Course, Grown
from harness.report.growth import GrowthPart, growth_part, label
from harness.report.growth_plot import plot


class Plotted(msgspec.Struct, frozen=True):
    """A plot that is part of the page: `address` holds the whole picture."""

    title: str
    words: str
    address: str


class Growing(msgspec.Struct, frozen=True):
    """The section on growth, with its plots."""

    part: GrowthPart
    plots: tuple[Plotted, ...]


def growing(grown: Grown) -> Growing:
    """Return the section for all that was measured."""
    found = courses(grown)
    plots = tuple(_plotted(course, grown.limit_seconds) for course in found)
    return Growing(growth_part(found), plots)


def _plotted(course: Course, limit_seconds: float) -> Plotted:
    """Draw one as a picture of its own, so that its names meet no others on the page."""
    drawn = b64encode(plot(course, limit_seconds).encode()).decode()
    what = label(course)
    return Plotted(
        title=f"{what[0].upper()}{what[1:]}",
        words=f"Plot: seconds for {what}; the table above has the laws",
        address=f"data:image/svg+xml;base64,{drawn}",
    )
