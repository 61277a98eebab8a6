"""Measuring growth: one size after the other, the small ones of everything first.

The budget is for all of it, setting up included. Who failed at a size, or took longer than
the limit, is not tried at a larger one, and every point that is missing says why. While
there is time all sizes are done again: how busy a machine is changes in minutes, and would
else be taken for the size that was measured then.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Iterator, Sequence

from harness.benchmarking.points import At, merged, point, points_at, who
from harness.benchmarking.stand import Stand
from harness.execution.cell_run import CellRun, Settings
from harness.execution.conditions import described, steady
from harness.execution.schedule import Workers
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.growth import Growth, Point
from harness.model.speed import Participant

NO_TIME = "no time was left for it"
INTERRUPTED = "the measurement was interrupted"
LAPS = 3
"""How often all sizes are done, where there is time."""
_Clock = Callable[[], float]
_Key = tuple[str, str, int, Participant]


class Growing:
    """Measures growths on a stand that is set up; its points are there at any time."""

    def __init__(
        self, stand: Stand, growths: Sequence[Growth], clock: _Clock = time.monotonic
    ) -> None:
        self._stand = stand
        self._growths = growths
        self._clock = clock
        self._ended: dict[tuple[tuple[str, str], Participant], tuple[int, str]] = {}
        self._took: dict[tuple[str, str], dict[int, float]] = {}
        self._found: dict[_Key, Point] = {}
        self._numbers = itertools.count()
        self.conditions: tuple[str, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """All points; those that it has not come to are missing."""
        return (
            *self._found.values(),
            *(
                point(at, who(cell), missing=INTERRUPTED, reached=False)
                for at in self._order(0)
                for cell in self._cells(at)
                if not self._known(at, cell)
            ),
        )

    def run(self, budget: float, limit: float, seed: int) -> Generator[At, None, None]:
        """Measure while there is time; tell what comes next before it begins.

        Seconds are given for everything, and for one command.
        """
        until = self._clock() + budget
        workers = Workers(self._stand.environments, 1)
        with steady() as processor, workers:
            self.conditions = described(processor, self._stand.directory)
            for at in itertools.chain.from_iterable(map(self._order, range(LAPS))):
                left = until - self._clock()
                trying = self._still_open(at)
                if left < self._expected(at):
                    self._leave_out(at, trying)
                elif trying:
                    yield at
                    settings = Settings(time_limit=limit, seed=seed, speed_budget=left)
                    self._measure(at, trying, settings, workers.bench())

    def _order(self, lap: int) -> Iterator[At]:
        """Yield the smallest size of everything, then the next one, and so on."""
        levels = itertools.zip_longest(*(growth.stages for growth in self._growths))
        for level in levels:
            for growth, stage in zip(self._growths, level, strict=True):
                if stage is not None:
                    for backend in growth.backends:
                        if (stage.scenario.id, backend) in self._stand.groups:
                            yield At(growth, stage, backend, lap)

    def _cells(self, at: At) -> list[Cell]:
        return self._stand.cells((at.stage.scenario.id, at.backend))

    def _measure(
        self, at: At, cells: Sequence[Cell], settings: Settings, bench: Workbench
    ) -> None:
        begun = self._clock()
        directory = self._stand.directory / f"growth-{next(self._numbers):04}"
        runs = [
            CellRun(cell, self._stand.registry, bench, directory / str(place), settings)
            for place, cell in enumerate(cells)
        ]
        for found in points_at(at, runs, settings):
            self._keep(found)
            if found.missing and found.reached:
                reason = f"it ended at {found.size:,}: {found.missing}"
                self._ended[at.track, found.who] = found.size, reason
        took = self._took.setdefault(at.track, {})
        took.setdefault(at.stage.size, self._clock() - begun)

    def _keep(self, found: Point) -> None:
        key = found.growth, found.backend, found.size, found.who
        earlier = self._found.get(key)
        self._found[key] = merged(earlier, found) if earlier else found

    def _still_open(self, at: At) -> list[Cell]:
        """Return who is to be tried; the others are told to have ended before."""
        cells = self._cells(at)
        for cell in cells:
            ended = self._end(at, cell)
            if ended and not self._known(at, cell):
                self._keep(point(at, who(cell), missing=ended))
        return [cell for cell in cells if not self._end(at, cell)]

    def _end(self, at: At, cell: Cell) -> str:
        """Return why a cell is not tried at a size, or nothing."""
        size, reason = self._ended.get((at.track, who(cell)), (0, ""))
        return reason if size <= at.stage.size else ""

    def _leave_out(self, at: At, cells: Sequence[Cell]) -> None:
        for cell in cells:
            if not self._known(at, cell):
                self._keep(point(at, who(cell), missing=NO_TIME, reached=False))

    def _known(self, at: At, cell: Cell) -> bool:
        return (*at.track, at.stage.size, who(cell)) in self._found

    def _expected(self, at: At) -> float:
        """Return the least that a size may take: as before, or by the two before it."""
        took = self._took.get(at.track, {})
        if at.stage.size in took:
            return took[at.stage.size]
        seconds = list(took.values())
        if not seconds:
            return 0.0
        again = seconds[-1] / seconds[-2] if seconds[1:] else 1.0
        return seconds[-1] * max(again, 1.0)
