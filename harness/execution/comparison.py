"""The comparison: toolchains, then cells, then evidence on disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from harness import toolchains
from harness.execution.cell_run import Settings
from harness.execution.plan import Plan
from harness.execution.registry import Registry
from harness.execution.schedule import Schedule
from harness.execution.workbench import environment_key
from harness.journal.journal import Journal
from harness.journal.provenance import machine, toolchain_records
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Status
from harness.model.run import DecisionRecord, Run, RunStatus, ScenarioRecord
from harness.model.toolchain import Environment, Toolchain
from harness.workspaces.scratch import scratch

Environments = dict[str, Environment]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How a comparison is to be run, apart from what is compared."""

    version: str
    command: tuple[str, ...]
    jobs: int
    cold: bool
    settings: Settings


class Progress(Protocol):
    """What a comparison tells whoever watches it."""

    def note(self, text: str) -> None:
        """Say something that is going on."""

    def started(self, cell: Cell) -> None:
        """Take note that a cell has begun; called from a worker's thread."""

    def done(self, evidence: Evidence) -> None:
        """Take note that a cell's evidence is on disk."""


class Comparison:
    """A comparison of everything in a registry, kept in a journal."""

    def __init__(
        self, registry: Registry, journal: Journal, request: Request, progress: Progress
    ) -> None:
        self._registry = registry
        self._journal = journal
        self._request = request
        self._progress = progress

    def run(self, plan: Plan) -> Run:
        """Run a plan from its beginning and return the finished run's record."""
        with scratch() as directory:
            built = build(self._registry, plan.cells, self._progress.note)
            environments, _ = built
            self._journal.begin(
                _record(self._registry, plan, environments, self._request, directory)
            )
            return self._play(plan.cells, built, directory)

    def resume(self) -> Run:
        """Continue an interrupted run: what was not established is run again."""
        self._journal.mend()
        run = self._journal.run()
        kept = [e for e in self._journal.evidence() if self._still_holds(e)]
        self._journal.rewrite(kept)
        established = {evidence.cell for evidence in kept}
        missing = tuple(cell for cell in run.cells if cell not in established)
        self._progress.note(f"{len(kept)} of {len(run.cells)} cells are there already")
        with scratch() as directory:
            built = build(self._registry, missing, self._progress.note)
            return self._play(missing, built, directory)

    def _play(
        self,
        cells: tuple[Cell, ...],
        built: tuple[Environments, dict[str, str]],
        directory: Path,
    ) -> Run:
        """Run cells into the journal; however that ends, the journal says so."""
        begun = time.monotonic()
        status = RunStatus.INTERRUPTED
        try:
            for evidence in self._evidence(cells, built, directory):
                self._journal.append(evidence)
                self._progress.done(evidence)
            status = RunStatus.COMPLETE
        finally:
            run = self._finish(status, time.monotonic() - begun)
        return run

    def _evidence(
        self,
        cells: tuple[Cell, ...],
        built: tuple[Environments, dict[str, str]],
        directory: Path,
    ) -> Iterator[Evidence]:
        environments, broken = built
        keys = {cell: self._environment_key(cell) for cell in cells}
        for cell in cells:
            if keys[cell] in broken:
                yield self._not_built(cell, broken[keys[cell]])
        schedule = Schedule(
            self._registry,
            environments,
            directory,
            self._request.settings,
            cold=self._request.cold,
            jobs=self._request.jobs,
        )
        playable = [cell for cell in cells if keys[cell] in environments]
        yield from schedule.run(playable, self._progress.started)

    def _finish(self, status: RunStatus, seconds: float) -> Run:
        run = self._journal.run()
        self._journal.sort(run.cells)
        counts = Counter(e.status.value for e in self._journal.evidence())
        finished = msgspec.structs.replace(
            run,
            status=status,
            ended=_now(),
            seconds=run.seconds + seconds,
            summary=dict(sorted(counts.items())),
        )
        self._journal.write_run(finished)
        return finished

    def _environment_key(self, cell: Cell) -> str:
        adapter = self._registry.adapter_of(cell.candidate)
        return environment_key(adapter, cell.toolchain)

    def _still_holds(self, evidence: Evidence) -> bool:
        """Tell whether evidence is established and of the scenario as it is now."""
        scenario = self._registry.scenario(evidence.cell.scenario)
        same = scenario.digest == evidence.digest
        return same and evidence.status is not Status.NOT_ESTABLISHED

    def _not_built(self, cell: Cell, reason: str) -> Evidence:
        return Evidence(
            cell=cell,
            digest=self._registry.scenario(cell.scenario).digest,
            status=Status.NOT_ESTABLISHED,
            reason=reason,
            mode="none",
            observations=(),
            seconds=0.0,
        )


def build(
    registry: Registry, cells: Iterable[Cell], note: Callable[[str], None]
) -> tuple[Environments, dict[str, str]]:
    """Build the toolchains of the cells; also return why some could not be built."""
    environments: Environments = {}
    broken: dict[str, str] = {}
    for adapter_of_cell, name in dict.fromkeys(
        (registry.adapter_of(cell.candidate).tool, cell.toolchain) for cell in cells
    ):
        adapter = registry.adapters[adapter_of_cell]
        toolchain = adapter.toolchains[name]
        key = environment_key(adapter, name)
        if isinstance(toolchain, Toolchain):
            try:
                environments[key] = toolchains.build(toolchain, log=note)
            except toolchains.ToolchainError as error:
                broken[key] = f"toolchain {name} is not available: {error.problem}"
                note(f"{broken[key]}. {error.remedy}")
    return environments, broken


def _record(
    registry: Registry,
    plan: Plan,
    environments: Environments,
    request: Request,
    directory: Path,
) -> Run:
    names = dict.fromkeys(cell.candidate for cell in plan.cells)
    ids = dict.fromkeys(cell.scenario for cell in plan.cells)
    scenarios = [registry.scenario(scenario_id) for scenario_id in ids]
    return Run(
        version=request.version,
        command=request.command,
        started=_now(),
        status=RunStatus.RUNNING,
        seed=request.settings.seed,
        mode="cold" if request.cold else "forked",
        jobs=request.jobs,
        cells=plan.cells,
        absences=plan.absences,
        scenarios=tuple(
            ScenarioRecord(s.id, s.digest, s.family, s.question, s.why, s.sources)
            for s in scenarios
        ),
        candidates=tuple(registry.candidate(name) for name in names),
        decisions=tuple(
            DecisionRecord(adapter.tool, reading.subject, reading.decision)
            for adapter in registry.adapters.values()
            for reading in adapter.readings
        ),
        toolchains=toolchain_records(
            environments,
            ("sqlalchemy", *(a.distribution for a in registry.adapters.values())),
        ),
        machine=machine(directory, dict.fromkeys(c.backend for c in plan.cells)),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
