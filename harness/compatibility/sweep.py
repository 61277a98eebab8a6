"""One scenario over many releases of one tool, each in surroundings of its time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

from harness.compatibility.establishing import Order, Refusal, establish
from harness.compatibility.trial import run_trial
from harness.contract import Adapter
from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.registry import registry
from harness.execution.workbench import Workbench, environment_key
from harness.judgement.sweeping import behaviour
from harness.model.cell import Cell
from harness.model.compatibility import Outcome, Release, Result, SweepEvidence
from harness.model.evidence import Evidence
from harness.model.scenario import Scenario
from harness.model.toolchain import Building, Environment
from harness.toolchains.interpreter import Interpreter
from harness.workspaces.scratch import scratch

_A_WHILE = timedelta(days=30)
"""After a release: by then, what its users installed beside it was there as well."""

_NO_NAME = re.compile(r"[^A-Za-z0-9.]+")


class Story(msgspec.Struct, frozen=True):
    """What is run with every release."""

    adapter: Adapter
    candidate: str
    scenario: Scenario
    time_limit: float


class Sweep:
    """Runs releases as they are asked for, each once."""

    def __init__(
        self,
        story: Story,
        releases: tuple[Release, ...],
        interpreters: tuple[Interpreter, ...],
        done: Callable[[SweepEvidence], None],
    ) -> None:
        """Prepare; `interpreters` are tried in this order, `done` told of each row."""
        self._story = story
        self._releases = releases
        self._interpreters = interpreters
        self._done = done
        self._rows: dict[int, SweepEvidence] = {}
        self._first = 0

    def every(self) -> None:
        """Run every release, the newest first."""
        for number in reversed(range(len(self._releases))):
            self._row(number)

    def bisect(self) -> None:
        """Run both ends, then halve wherever both ends of a stretch differ.

        The neighbours of a change are run as well: where they differ from it, the
        behaviour does not change just once.
        """
        oldest, newest = self._running_ends()
        if oldest is None or newest is None:
            return
        for before, after in list(self._halved(oldest, newest)):
            for neighbour in (before - 1, after + 1):
                if oldest < neighbour < newest:
                    self._row(neighbour)

    def _running_ends(self) -> tuple[int | None, int | None]:
        """Return the outermost releases that run; on the way in, each is tried."""
        numbers = range(len(self._releases))
        newest = next((n for n in reversed(numbers) if self._runs(n)), None)
        oldest = next((n for n in numbers if self._runs(n)), None)
        return oldest, newest

    def _halved(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Yield the changes between two releases that run."""
        if self._behaviour(low) == self._behaviour(high):
            return
        middle = self._middle(low, high)
        if middle is None:
            yield low, high
            return
        yield from self._halved(middle, high)
        yield from self._halved(low, middle)

    def _middle(self, low: int, high: int) -> int | None:
        """Return the release nearest to the middle that runs, if any does."""
        inner = sorted(range(low + 1, high), key=lambda n: abs(2 * n - low - high))
        return next((number for number in inner if self._runs(number)), None)

    def _runs(self, number: int) -> bool:
        return self._row(number).evidence is not None

    def _behaviour(self, number: int) -> str:
        evidence = self._row(number).evidence
        return "" if evidence is None else behaviour(evidence)

    def _row(self, number: int) -> SweepEvidence:
        if number not in self._rows:
            self._rows[number] = self._run(self._releases[number])
            self._done(self._rows[number])
        return self._rows[number]

    def _run(self, release: Release) -> SweepEvidence:
        """Run a release on the first interpreter that it works on.

        Older releases work on older interpreters, so that the search begins with what
        worked last.
        """
        passed_over: dict[str, Outcome] = {}
        order = range(self._first, self._first + len(self._interpreters))
        for number in (n % len(self._interpreters) for n in order):
            interpreter = self._interpreters[number]
            row = run_release(self._story, release, interpreter)
            if row.outcome.result is Result.WORKS:
                self._first = number
                return msgspec.structs.replace(row, passed_over=passed_over)
            passed_over[interpreter.version] = row.outcome
        words = "; ".join(f"Python {v}: {o.words}" for v, o in passed_over.items())
        results = {outcome.result for outcome in passed_over.values()}
        unsure = Result.NOT_ESTABLISHED in results
        result = Result.NOT_ESTABLISHED if unsure else Result.FAILS
        return SweepEvidence(
            release=release,
            outcome=Outcome(result, words=words),
            passed_over=passed_over,
        )


def run_release(
    story: Story, release: Release, interpreter: Interpreter
) -> SweepEvidence:
    """Install a release with what there was a month after it, and play the scenario."""
    until = _until(release)
    order = Order(
        name=_NO_NAME.sub("-", f"{story.adapter.tool}-{release.version}"),
        requirements=(
            f"{story.adapter.distribution}=={release.version}",
            "setuptools<81",
        ),
        building=Building(until=until),
        interpreter=interpreter,
    )
    environment = establish(order)
    row = SweepEvidence(
        release=release,
        until=until,
        python_version=interpreter.version,
        outcome=Outcome(Result.WORKS),
    )
    if isinstance(environment, Refusal):
        result = Result.FAILS if environment.certain else Result.NOT_ESTABLISHED
        outcome = Outcome(result, environment.phase, environment.words)
        return msgspec.structs.replace(row, outcome=outcome)
    outcome, evidence = _played(story, environment)
    return msgspec.structs.replace(
        row,
        outcome=outcome,
        evidence=evidence,
        resolved={d.name.lower(): d.version for d in environment.distributions},
    )


def _played(story: Story, environment: Environment) -> tuple[Outcome, Evidence | None]:
    """Play the scenario, if the release works at all on this interpreter."""
    adapter, limit = story.adapter, story.time_limit
    with scratch() as directory:
        tried = run_trial(
            adapter, story.candidate, environment, directory / "trial", limit
        )
        if tried.outcome.result is not Result.WORKS:
            return tried.outcome, None
        everything = registry([adapter], [story.scenario])
        name = environment.toolchain
        bench = Workbench({environment_key(adapter, name): environment}, cold=True)
        cell = Cell(story.scenario.id, story.candidate, name, "sqlite")
        settings = Settings(time_limit=limit)
        try:
            run = CellRun(cell, everything, bench, directory / "story", settings)
            return tried.outcome, run_cell(run)
        finally:
            bench.close()


def _until(release: Release) -> str:
    """Return the date up to which packages are taken; empty if it is not known."""
    if not release.uploaded:
        return ""
    return (date.fromisoformat(release.uploaded) + _A_WHILE).isoformat()
