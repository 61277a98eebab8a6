"""A history as lanes: a row for each revision, the newest first, as git draws its graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

Parents = Mapping[str, tuple[str, ...]]
_LANE = 14
_HEIGHT = 26


class Row(msgspec.Struct, frozen=True):
    """A revision in its lane, with the lanes that pass it, or lead to it or away.

    `above` are lanes of revisions that follow it, `below` those of its parents.
    """

    id: str
    lane: int
    passing: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    below: tuple[int, ...] = ()

    @property
    def lines(self) -> tuple[tuple[float, int, float, int], ...]:
        """The lines of the row's picture, as x and y of both ends."""
        here, middle = _across(self.lane), _HEIGHT // 2
        through = ((_across(n), 0, _across(n), _HEIGHT) for n in self.passing)
        down = ((_across(n), 0, here, middle) for n in self.above)
        up = ((here, middle, _across(n), _HEIGHT) for n in self.below)
        return (*through, *down, *up)

    @property
    def centre(self) -> tuple[float, int]:
        """Where the revision itself is drawn."""
        return _across(self.lane), _HEIGHT // 2


class Graph(msgspec.Struct, frozen=True):
    """The rows of a history; `width` and `height` are those of one row's picture."""

    rows: tuple[Row, ...]
    width: int
    height: int = _HEIGHT


def graph(parents: Parents) -> Graph:
    """Return a history as lanes; a parent that is not there has none."""
    rows = tuple(_rows(parents))
    lanes = max((max((r.lane, *r.passing, *r.below)) for r in rows), default=0) + 1
    return Graph(rows, lanes * _LANE)


def newest_first(parents: Parents) -> Iterator[str]:
    """Yield revisions so that each comes before its parents, line by line.

    Where revisions follow each other in a circle, one of them has to begin.
    """
    left = Counter(p for own in parents.values() for p in set(own) if p in parents)
    waiting = [name for name in parents if not left[name]]
    remaining = dict.fromkeys(parents)
    while remaining:
        name = waiting.pop() if waiting else next(reversed(remaining))
        if name not in remaining:
            continue
        del remaining[name]
        yield name
        for parent in reversed(dict.fromkeys(parents[name])):
            left[parent] -= 1
            if parent in remaining and not left[parent]:
                waiting.append(parent)


def _rows(parents: Parents) -> Iterator[Row]:
    lanes: list[str | None] = []
    told: set[str] = set()
    for name in newest_first(parents):
        above = tuple(n for n, awaited in enumerate(lanes) if awaited == name)
        lane = above[0] if above else _free(lanes)
        for number in above:
            lanes[number] = None
        told.add(name)
        passing = tuple(n for n, awaited in enumerate(lanes) if awaited is not None)
        wanted = [p for p in dict.fromkeys(parents[name]) if p in parents]
        below = tuple(
            _lane_of(parent, lane, lanes) for parent in wanted if parent not in told
        )
        yield Row(name, lane, passing, above, below)


def _lane_of(parent: str, own: int, lanes: list[str | None]) -> int:
    """Return the lane in which a parent is awaited, taking one if there is none."""
    if parent in lanes:
        return lanes.index(parent)
    _room(lanes, own)
    number = own if lanes[own] is None else _free(lanes)
    _room(lanes, number)
    lanes[number] = parent
    return number


def _room(lanes: list[str | None], number: int) -> None:
    lanes.extend([None] * (number + 1 - len(lanes)))


def _free(lanes: list[str | None]) -> int:
    return lanes.index(None) if None in lanes else len(lanes)


def _across(lane: int) -> float:
    return lane * _LANE + _LANE / 2
