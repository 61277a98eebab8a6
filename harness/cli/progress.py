"""What a run says while it runs: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from harness.execution.registry import Registry
from harness.judgement import judge
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.scenario import Scenario
from harness.model.steps import Grow, Measure

_SECONDS_PER_STEP = 0.05
_SECONDS_PER_START = 0.6
_SECONDS_PER_REVISION = 0.002
_ROUNDS = 2 * 20


def estimated_seconds(scenario: Scenario) -> float:
    """Return a rough guess of what a cell of a scenario takes, to weigh cells by."""
    revisions = sum(s.revisions for s in scenario.steps if isinstance(s, Grow))
    per_round = _SECONDS_PER_START + revisions * _SECONDS_PER_REVISION
    measured = sum(isinstance(s, Measure) for s in scenario.steps)
    return len(scenario.steps) * _SECONDS_PER_STEP + measured * _ROUNDS * per_round


class Watcher:
    """Counts cells, estimates the time left, and says so."""

    def __init__(self, registry: Registry, console: Console) -> None:
        self._registry = registry
        self._console = console
        self._begun = self._begun_cells = time.monotonic()
        self._weights: dict[Cell, float] = {}
        self._done = 0
        self._done_weight = 0.0
        self._bar: tuple[Progress, TaskID] | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch a run; on a terminal, with a bar."""
        if not self._console.is_interactive:
            yield
            return
        columns = (
            MofNCompleteColumn(),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[left]}"),
            TextColumn("[dim]{task.description}", markup=True),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task("preparing", total=None, left="")
            self._bar = (progress, task)
            yield
        self._bar = None

    def planned(self, cells: tuple[Cell, ...]) -> None:
        """Take note of the cells that are about to be run."""
        self._weights = {
            cell: estimated_seconds(self._registry.scenario(cell.scenario))
            for cell in cells
        }
        self._begun_cells = time.monotonic()
        if self._bar is not None:
            progress, task = self._bar
            progress.update(task, total=len(cells))

    def note(self, text: str) -> None:
        """Say something that is going on."""
        self._console.print(
            text, highlight=False, markup=False, emoji=False, soft_wrap=True
        )

    def started(self, cell: Cell) -> None:
        """Show the cell that has begun."""
        if self._bar is not None:
            progress, task = self._bar
            progress.update(task, description=cell.id)

    def done(self, evidence: Evidence) -> None:
        """Count a cell, and say what came of it where there is no bar."""
        self._done += 1
        self._done_weight += self._weights.get(evidence.cell, 0.0)
        left = f"about {self.seconds_left():.0f} s left"
        if self._bar is not None:
            progress, task = self._bar
            progress.update(task, advance=1, left=left)
            return
        finding = judge(evidence)
        count = f"{self._done}/{len(self._weights)}"
        self.note(f"{count} {evidence.cell.id}: {finding.headline} ({left})")

    def seconds_left(self) -> float:
        """Estimate the time left from what the cells so far have taken."""
        elapsed = time.monotonic() - self._begun_cells
        if not self._done_weight:
            return 0.0
        total = sum(self._weights.values())
        return elapsed / self._done_weight * max(total - self._done_weight, 0.0)

    def elapsed(self) -> str:
        """Return the time since the beginning, for a closing line."""
        return str(timedelta(seconds=round(time.monotonic() - self._begun)))
