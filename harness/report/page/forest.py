"""Ratios of times with what bounds them, as values for a picture: a forest plot."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from harness.model.speed import Match, Participant, Ratio
from harness.report.columns import story

_TICKS = (
    0.05,
    0.1,
    0.2,
    0.33,
    0.5,
    0.67,
    0.8,
    1.0,
    1.25,
    1.5,
    2.0,
    3.0,
    5.0,
    10.0,
    20.0,
)
_Pair = tuple[Participant, Participant]
_Named = tuple[str, tuple[Ratio, ...]]
_LEAST = 1.25
_ROOM = 1.05


class Mark(msgspec.Struct, frozen=True):
    """A ratio on the axis; places go from 0 to 1. `words` are of its verdict."""

    metric: str
    low: float
    ratio: float
    high: float
    words: str


class Row(msgspec.Struct, frozen=True):
    """An operation, with a mark for each metric."""

    label: str
    marks: tuple[Mark, ...]


class Panel(msgspec.Struct, frozen=True):
    """All operations in which one was compared with another."""

    one: str
    other: str
    toolchain: str
    rows: tuple[Row, ...]


class Forest(msgspec.Struct, frozen=True):
    """All panels, on one axis: `ticks` pair a place with what is written there."""

    panels: tuple[Panel, ...]
    ticks: tuple[tuple[float, str], ...]
    same: float

    @property
    def words(self) -> str:
        """The picture for those who do not see it."""
        return "; ".join(
            f"{panel.one} against {panel.other} on {panel.toolchain}, {row.label}, "
            f"{mark.metric}: {mark.words}"
            for panel in self.panels
            for row in panel.rows
            for mark in row.marks
        )


class _Axis:
    """A logarithmic axis on which twice and half lie equally far from 1."""

    def __init__(self, ratios: Iterable[float]) -> None:
        furthest = max((abs(math.log(ratio)) for ratio in ratios), default=0.0)
        self._reach = max(furthest + math.log(_ROOM), math.log(_LEAST))

    def place(self, ratio: float) -> float:
        """Return where a ratio lies, from 0 to 1."""
        return 0.5 + 0.5 * math.log(ratio) / self._reach

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """The ratios that are named."""
        places = ((self.place(tick), f"×{tick:g}") for tick in _TICKS)
        return tuple((place, text) for place, text in places if 0 <= place <= 1)


def forest(matches: Iterable[Match]) -> Forest | None:
    """Return the picture of all that was compared; None if nothing was."""
    pairs = _pairs(tuple(matches))
    if not pairs:
        return None
    everything = (ratio for rows in pairs.values() for _, own in rows for ratio in own)
    axis = _Axis(end for ratio in everything for end in (ratio.low, ratio.high))
    return Forest(
        panels=tuple(_panel(axis, *pair, rows) for pair, rows in pairs.items()),
        ticks=axis.ticks,
        same=axis.place(1.0),
    )


def _pairs(matches: tuple[Match, ...]) -> dict[_Pair, list[_Named]]:
    """Return all ratios that are bounded, by who was compared, with what was timed."""
    several = len({match.backend for match in matches}) > 1
    found: dict[_Pair, list[_Named]] = {}
    for match in matches:
        label = story(match.scenario) + (f" ({match.backend})" if several else "")
        for versus in match.comparisons:
            if all(ratio.is_bounded for ratio in versus.ratios):
                pair = versus.one, versus.other
                found.setdefault(pair, []).append((label, versus.ratios))
    return found


def _panel(
    axis: _Axis, one: Participant, other: Participant, rows: list[_Named]
) -> Panel:
    return Panel(
        one=one.candidate,
        other=other.candidate,
        toolchain=one.toolchain,
        rows=tuple(
            Row(label, tuple(_mark(axis, one, ratio) for ratio in ratios))
            for label, ratios in rows
        ),
    )


def _mark(axis: _Axis, one: Participant, ratio: Ratio) -> Mark:
    who = f"{one.candidate} " if ratio.verdict.differs else ""
    bounds = f"×{ratio.ratio:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
    return Mark(
        metric=ratio.metric,
        low=axis.place(ratio.low),
        ratio=axis.place(ratio.ratio),
        high=axis.place(ratio.high),
        words=f"{who}{ratio.verdict} {bounds}",
    )
