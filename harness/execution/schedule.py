"""Running a plan: several cells at once, timed scenarios alone at the end."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.registry import Registry
from harness.execution.timing import run_in_step
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.toolchain import Environment

_Evidence = Iterator[Evidence]


class Schedule:
    """Workers and their benches; `run` yields evidence as cells are done."""

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
        self._benches: list[Workbench] = []
        self._of_this_thread = threading.local()
        self._stopping = threading.Event()

    def run(self, cells: list[Cell], started: Callable[[Cell], None]) -> _Evidence:
        """Run the cells and yield their evidence, in the order in which they end.

        `started` is called when a cell begins, from the worker's thread. However
        the loop over the evidence is left, no process of ours stays behind.
        """
        try:
            yield from self._untimed(cells, started)
            yield from self._timed(cells, started)
        finally:
            self._stop()

    def _untimed(self, cells: list[Cell], started: Callable[[Cell], None]) -> _Evidence:
        def work(cell: Cell) -> Evidence | None:
            if self._stopping.is_set():
                return None
            started(cell)
            evidence = run_cell(self._cell_run(cell))
            return None if self._stopping.is_set() else evidence

        pool = ThreadPoolExecutor(self._jobs, "cell")
        try:
            waiting: list[Future[Evidence | None]] = [
                pool.submit(work, cell) for cell in cells if not self._is_timed(cell)
            ]
            for done in as_completed(waiting):
                evidence = done.result()
                if evidence is not None:
                    yield evidence
        except BaseException:
            self._stopping.set()
            self._kill()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _timed(self, cells: list[Cell], started: Callable[[Cell], None]) -> _Evidence:
        timed = [cell for cell in cells if self._is_timed(cell)]
        for _, group in itertools.groupby(timed, lambda c: (c.scenario, c.backend)):
            runs = [self._cell_run(cell) for cell in group]
            for run in runs:
                started(run.cell)
            yield from run_in_step(runs, self._settings.seed)

    def _is_timed(self, cell: Cell) -> bool:
        return self._registry.scenario(cell.scenario).timed

    def _cell_run(self, cell: Cell) -> CellRun:
        directory = self._scratch / f"cell-{next(self._numbers)}"
        bench = self._bench()
        return CellRun(cell, self._registry, bench, directory, self._settings)

    def _bench(self) -> Workbench:
        """Return the bench of the thread that asks."""
        bench: Workbench | None = getattr(self._of_this_thread, "bench", None)
        if bench is None:
            bench = Workbench(self._environments, cold=self._cold)
            self._of_this_thread.bench = bench
            self._benches.append(bench)
        return bench

    def _kill(self) -> None:
        for bench in self._benches:
            bench.kill()

    def _stop(self) -> None:
        for bench in self._benches:
            bench.close()
