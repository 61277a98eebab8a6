"""Running a plan: several cells at once, timed scenarios alone at the end."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent import futures
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.dissecting import Limits
from harness.execution.measuring import TWINS, measure, took
from harness.execution.registry import Registry
from harness.execution.turns import Budget
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.toolchain import Environment

_A_MOMENT = 0.05
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Started = Callable[[Cell], None]


class Workers:
    """Threads that each have a bench; nothing of theirs outlives the `with` block."""

    def __init__(
        self, environments: dict[str, Environment], jobs: int, *, cold: bool = False
    ) -> None:
        self._environments = environments
        self._cold = cold
        self._benches: list[Workbench] = []
        self._pool = futures.ThreadPoolExecutor(jobs, "cell")
        self._of_this_thread = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for bench in self._benches:
            bench.close()

    def each(
        self, items: Iterable[_Item], work: Callable[[_Item, Workbench], _Result]
    ) -> Generator[_Result, None, None]:
        """Do the work for every item and yield the results as they come.

        When the loop over them is left early, what is being worked on is ended at
        once, and its results are dropped.
        """
        waiting = {self._pool.submit(self._one, work, item) for item in items}
        try:
            while waiting:
                done, waiting = futures.wait(
                    waiting, return_when=futures.FIRST_COMPLETED
                )
                for future in done:
                    yield future.result()
        finally:
            self._end(future for future in waiting if not future.cancel())

    def bench(self) -> Workbench:
        """Return the bench of the thread that asks."""
        bench: Workbench | None = getattr(self._of_this_thread, "bench", None)
        if bench is None:
            bench = Workbench(self._environments, cold=self._cold)
            self._of_this_thread.bench = bench
            self._benches.append(bench)
        return bench

    def _one(self, work: Callable[[_Item, Workbench], _Result], item: _Item) -> _Result:
        return work(item, self.bench())

    def _end(self, running: Iterable[futures.Future[_Result]]) -> None:
        """Kill until nothing runs: a driver that is just starting may be missed."""
        left = set(running)
        while left:
            for bench in list(self._benches):
                bench.kill()
            left = futures.wait(left, timeout=_A_MOMENT).not_done


class Schedule:
    """The order in which cells are run; `run` yields evidence as cells are done."""

    def __init__(
        self,
        registry: Registry,
        environments: dict[str, Environment],
        scratch: Path,
        settings: Settings,
        *,
        cold: bool = False,
        jobs: int = 1,
    ) -> None:
        self._registry = registry
        self._environments = environments
        self._scratch = scratch
        self._settings = settings
        self._cold = cold
        self._jobs = jobs
        self._numbers = itertools.count()

    def run(
        self, cells: Iterable[Cell], started: _Started
    ) -> Generator[Evidence, None, None]:
        """Run the cells and yield their evidence, in the order in which they end.

        `started` is called when a cell begins, from the worker's thread. However
        the loop over the evidence is left, no process of ours stays behind.
        """
        cells = list(cells)

        def work(cell: Cell, bench: Workbench) -> Evidence:
            started(cell)
            return run_cell(self._cell_run(cell, bench))

        with Workers(self._environments, self._jobs, cold=self._cold) as workers:
            untimed = [cell for cell in cells if not self._is_timed(cell)]
            yield from workers.each(untimed, work)
            yield from self._timed(cells, workers.bench, started)

    def _timed(
        self, cells: list[Cell], bench: Callable[[], Workbench], started: _Started
    ) -> Iterator[Evidence]:
        """Time what is to be timed, in the order of the plan: the first matter most."""
        groups = list(_together(c for c in cells if self._is_timed(c)))
        left = self._settings.speed_budget
        operations = max(len(groups), self._settings.speed_operations)
        for number, group in enumerate(groups):
            twins = [
                [self._cell_run(cell, bench()) for _ in range(TWINS)] for cell in group
            ]
            for cell in group:
                started(cell)
            budget = Budget(left / (operations - number), left)
            limits = self._limits(cells)
            found = measure(twins, self._settings.seed, budget, limits)
            left = max(left - took(found), 0.0)
            yield from found

    def _limits(self, cells: list[Cell]) -> Limits:
        """Return how often a cell is dissected, and its share of the time for that."""
        settings = self._settings
        timed = sum(self._is_timed(cell) for cell in cells)
        return Limits(settings.dissections, settings.dissection_budget / timed)

    def _is_timed(self, cell: Cell) -> bool:
        return self._registry.scenario(cell.scenario).timed

    def _cell_run(self, cell: Cell, bench: Workbench) -> CellRun:
        directory = self._scratch / f"cell-{next(self._numbers):05d}"
        return CellRun(cell, self._registry, bench, directory, self._settings)


def _together(timed: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells that take turns: a scenario's, on one backend."""
    for _, group in itertools.groupby(timed, lambda c: (c.scenario, c.backend)):
        yield list(group)
