"""A plot of one growth as SVG: times over sizes, the fitted laws, and where a curve ends.

Everything is drawn in the colours of a light page; for a dark one a style sheet inside the
picture exchanges them. Who is who is told by names beside the curves and by the shapes of
the points, colours only repeat it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from harness.model.growth import Course, Curve
from harness.model.speed import Metric
from harness.report.growth import determined, label

_INK, _FAINT = "#1c1e21", "#595f69"
_EDGE = "#c9ced6"
_LIMIT = "#8a5a00"
_COLOURS = ("#0b57c2", "#b3261e", "#1a6b34", "#6a3fa0", "#8a4b08", "#00626b")
_DARK = {
    _INK: "#e6e8eb",
    _FAINT: "#a5adb8",
    _EDGE: "#434952",
    _LIMIT: "#f0c060",
    "#0b57c2": "#8ab8ff",
    "#b3261e": "#ff9d94",
    "#1a6b34": "#7fd69a",
    "#6a3fa0": "#c9a6ff",
    "#8a4b08": "#f0b27a",
    "#00626b": "#6fd3dd",
}
_SHAPES = ("o", "s", "^", "D", "v", "P")
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "growth",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _FAINT,
    "axes.labelcolor": _INK,
    "xtick.color": _FAINT,
    "ytick.color": _FAINT,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
}
_REACH = 4.0
"""How far an axis reaches at least, on either side, in times of the middle."""
_GAP = 0.14
"""The least distance of two names, as a share of the height."""


def plot(course: Course, limit_seconds: float) -> str:
    """Return the picture; the same values give the same text."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(7.6, 4.2))
        axes = figure.add_axes((0.1, 0.14, 0.62, 0.76))
        several = len({curve.who.toolchain for curve in course.curves}) > 1
        names = [_name(curve, several=several) for curve in course.curves]
        ends = [
            _draw(axes, curve, _COLOURS[n % 6], _SHAPES[n % 6])
            for n, curve in enumerate(course.curves)
        ]
        _mark_ends(axes, course, limit_seconds)
        _lay_out(axes, course)
        _write_names(axes, list(zip(names, ends, strict=True)))
        text = io.StringIO()
        figure.savefig(
            text,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None},
        )
    return _readable(text.getvalue(), course)


def _draw(axes: Axes, curve: Curve, colour: str, shape: str) -> float | None:
    """Draw a curve; return the seconds at which its name is to stand."""
    if not curve.measured:
        return None
    sizes = [one.size for one in curve.measured]
    medians = [one.wall.median for one in curve.measured]
    lowest = [one.wall.median - one.wall.lowest for one in curve.measured]
    highest = [one.wall.highest - one.wall.median for one in curve.measured]
    law = curve.by(Metric.WALL).law
    axes.errorbar(
        sizes,
        medians,
        yerr=(lowest, highest),
        fmt=shape,
        color=colour,
        markersize=5,
        capsize=3,
        linewidth=1,
    )
    if law is None:
        axes.plot(sizes, medians, color=colour, linewidth=1, linestyle=":")
        return medians[-1]
    spaced = _spaced(sizes)
    axes.plot(
        spaced, [law.seconds(size) for size in spaced], color=colour, linewidth=1.4
    )
    return law.seconds(sizes[-1])


def _spaced(sizes: Sequence[int]) -> list[float]:
    space = np.linspace if 0 in sizes else np.geomspace
    return [float(size) for size in space(sizes[0], sizes[-1], 60)]


def _mark_ends(axes: Axes, course: Course, limit_seconds: float) -> None:
    """Mark where curves end: at the limit, or above the last size that went through."""
    limited = False
    for number, curve in enumerate(course.curves):
        ended = next((stop for stop in curve.stops if stop.reached), None)
        if ended is None or not curve.measured:
            continue
        limited |= ended.limited
        height = limit_seconds if ended.limited else curve.measured[-1].wall.median
        colour = _COLOURS[number % 6]
        axes.plot([ended.size], [height], marker="x", color=colour, markersize=9)
        words = "no answer in time" if ended.limited else "did not go through"
        axes.annotate(
            words,
            (ended.size, height),
            xytext=(-6, 6),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
        )
    if limited:
        axes.axhline(limit_seconds, color=_LIMIT, linestyle="--", linewidth=1)
        axes.annotate(
            f"limit: {limit_seconds:g} s",
            (0, limit_seconds),
            xycoords=("axes fraction", "data"),
            xytext=(4, 4),
            textcoords="offset points",
            color=_LIMIT,
            fontsize=8.5,
        )


def _lay_out(axes: Axes, course: Course) -> None:
    sizes = course.growth.sizes
    if 0 not in sizes:
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        low, high = axes.get_ylim()
        middle = math.sqrt(low * high)
        axes.set_ylim(min(low, middle / _REACH), max(high * 1.2, middle * _REACH))
    else:
        axes.set_ylim(bottom=0)
    axes.set_xticks(sizes)
    axes.tick_params(axis="x", labelsize=8.5)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: f"{size:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _: f"{seconds:g}"))
    axes.set_xlabel(course.growth.quantity.name)
    axes.set_ylabel("seconds on the clock")
    axes.set_title(f"{course.growth.timed} ({course.backend})", fontsize=10, loc="left")
    axes.grid(visible=True, which="major", color=_EDGE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _write_names(axes: Axes, named: Sequence[tuple[str, float | None]]) -> None:
    """Write the names beside the ends of the curves, none over another."""
    to_share = axes.transData + axes.transAxes.inverted()
    left = axes.get_xlim()[1]
    wanted = [
        (float(to_share.transform((left, end))[1]), number)
        for number, (_, end) in enumerate(named)
        if end is not None
    ]
    last = -_GAP
    for height, number in sorted(wanted):
        last = max(height, last + _GAP)
        axes.text(
            1.02,
            last,
            named[number][0],
            transform=axes.transAxes,
            color=_COLOURS[number % 6],
            va="center",
            fontsize=9,
            fontweight="bold",
        )


def _name(curve: Curve, *, several: bool) -> str:
    who = curve.who
    name = f"{who.candidate} ({who.toolchain})" if several else who.candidate
    trend = curve.by(Metric.WALL)
    if trend.law is None:
        return f"{name}\nconstant within noise" if trend.grows is False else name
    law = trend.law
    if not determined(law):
        return f"{name}\nexponent not determined"
    return f"{name}\nn^{law.exponent:.2f} ({law.low:.2f} to {law.high:.2f})"


def _readable(svg: str, course: Course) -> str:
    """Put a title and the colours of a dark page into a picture."""
    title = f"seconds for {label(course)}"
    rules = "\n".join(
        f'[style*="{what}: {light}"] {{ {what}: {dark} !important }}'
        for light, dark in _DARK.items()
        for what in ("stroke", "fill")
    )
    added = (
        f'<title>{escape(title)}</title>\n<style type="text/css">'
        f"@media (prefers-color-scheme: dark) {{\n{rules}\n}}</style>\n"
    )
    start = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:start]}\n{added}{svg[start:].lstrip()}"
