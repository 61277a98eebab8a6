"""Running conformance on every candidate, and on every candidate gone wrong."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import msgspec

from harness.contract import Adapter
from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.registry import Registry, registry
from harness.execution.schedule import Workers
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.toolchain import Environment
from harness.smoke.conformance import CONFORMANCE, Failure, failures
from harness.smoke.saboteurs import SABOTEURS, SabotagedAdapter, Saboteur

_TIME_LIMIT = 5.0


class Trial(msgspec.Struct, frozen=True):
    """One adapter put through conformance: as it is, or with a saboteur in it."""

    cell: Cell
    saboteur: type[Saboteur] | None


class Result(msgspec.Struct, frozen=True):
    """What a trial came to; `failures` are the checks that it did not pass."""

    trial: Trial
    failures: tuple[Failure, ...]

    @property
    def as_it_should_be(self) -> bool:
        """Whether a good adapter passed, or a wrong one was caught."""
        return bool(self.failures) == (self.trial.saboteur is not None)


def trials(everything: Registry, cells: tuple[Cell, ...]) -> tuple[Trial, ...]:
    """Return the trials: all columns as they are, then wrong adapters.

    Each tool is made wrong with each saboteur once on every backend.
    """
    columns = dict.fromkeys((c.candidate, c.toolchain, c.backend) for c in cells)
    good = [Cell(CONFORMANCE.id, *column) for column in columns]
    firsts = {
        (everything.adapter_of(cell.candidate).tool, cell.backend): cell
        for cell in reversed(good)
    }
    return (
        *(Trial(cell, None) for cell in good),
        *(Trial(cell, s) for cell in reversed(firsts.values()) for s in SABOTEURS),
    )


def run_trials(
    everything: Registry,
    planned: tuple[Trial, ...],
    environments: dict[str, Environment],
    scratch: Path,
    jobs: int,
) -> Generator[Result, None, None]:
    """Run trials and yield their results in order."""

    def one(number: int, bench: Workbench) -> tuple[int, Result]:
        trial = planned[number]
        adapter = everything.adapter_of(trial.cell.candidate)
        evidence = _play(adapter, trial, bench, scratch / str(number))
        return number, Result(trial, failures(evidence))

    early: dict[int, Result] = {}
    turn = 0
    with (
        Workers(environments, jobs) as workers,
        closing(workers.each(range(len(planned)), one)) as ended,
    ):
        for number, result in ended:
            early[number] = result
            while turn in early:
                yield early.pop(turn)
                turn += 1


def _play(
    adapter: Adapter, trial: Trial, bench: Workbench, directory: Path
) -> Evidence:
    if trial.saboteur is not None:
        adapter = SabotagedAdapter(adapter, trial.saboteur)
    everything = registry([adapter], [CONFORMANCE])
    settings = Settings(time_limit=_TIME_LIMIT)
    return run_cell(CellRun(trial.cell, everything, bench, directory, settings))
