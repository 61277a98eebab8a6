"""The phases of commands as stacked bars: one picture for a scenario (SVG)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from harness.model.anatomy import Phase
from harness.report.anatomy import AnatomyScene, Subject, milliseconds

_LEFT, _WIDTH, _RIGHT = 190.0, 640.0, 30.0
_TOP, _BAR, _STEP = 44.0, 26.0, 40.0
_LEGEND_COLUMNS, _LEGEND_STEP = 3, 20.0
_LEGIBLE = 14.0
"""A part of a bar needs so many pixels for its number."""
_TICKS = 6


class Segment(msgspec.Struct, frozen=True):
    """A part of a bar; `number` is the phase's, as the legend has it."""

    number: int
    x: float
    width: float
    words: str
    numbered: bool


class Bar(msgspec.Struct, frozen=True):
    """One candidate's bar."""

    name: str
    y: float
    end: float
    words: str
    segments: tuple[Segment, ...]


class Entry(msgspec.Struct, frozen=True):
    """A line of the legend."""

    number: int
    phase: str
    x: float
    y: float


class Picture(msgspec.Struct, frozen=True):
    """All that is drawn, with its places in pixels."""

    title: str
    width: float
    height: float
    axis: float
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]
    legend: tuple[Entry, ...]


def picture(scene: AnatomyScene) -> Picture:
    """Return the picture of a scene; the axis is in milliseconds, and begins at 0."""
    longest = max((subject.total.median for subject in scene.subjects), default=1.0)
    step = _step(longest)
    scale = _WIDTH / (math.ceil(longest / step) * step)
    shown = [
        phase
        for number, phase in enumerate(Phase)
        if any(subject.slices[number].median > 0 for subject in scene.subjects)
    ]
    axis = _TOP + len(scene.subjects) * _STEP
    rows = math.ceil(len(shown) / _LEGEND_COLUMNS)
    return Picture(
        title=f"What costs what: {scene.title}",
        width=_LEFT + _WIDTH + _RIGHT,
        height=axis + 60 + rows * _LEGEND_STEP,
        axis=axis,
        ticks=tuple(
            (_LEFT + n * step * scale, f"{n * step:g}")
            for n in range(math.ceil(longest / step) + 1)
        ),
        bars=tuple(
            _bar(subject, _TOP + place * _STEP, scale, shown)
            for place, subject in enumerate(scene.subjects)
        ),
        legend=tuple(_legend(shown, axis + 56)),
    )


def _step(longest: float) -> float:
    """Return 1, 2 or 5 times a power of ten: about six of them make the axis."""
    rough = longest / _TICKS
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough)


def _bar(subject: Subject, y: float, scale: float, shown: list[Phase]) -> Bar:
    segments: list[Segment] = []
    x = _LEFT
    for one in subject.slices:
        if one.phase not in shown:
            continue
        width = one.median * scale
        number = shown.index(one.phase) + 1
        words = f"{number} {one.phase}: {milliseconds(one.median)} ms"
        segments.append(Segment(number, x, width, words, width >= _LEGIBLE))
        x += width
    total = f"{milliseconds(subject.total.median)} ms"
    return Bar(subject.name, y, x, total, tuple(segments))


def _legend(shown: list[Phase], top: float) -> Iterator[Entry]:
    rows = math.ceil(len(shown) / _LEGEND_COLUMNS)
    for place, phase in enumerate(shown):
        column, row = divmod(place, rows)
        yield Entry(
            place + 1, str(phase), 16 + column * 280.0, top + row * _LEGEND_STEP
        )
