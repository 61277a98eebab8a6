"""The comparison: toolchains, then cells, then evidence on disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from harness import toolchains
from harness.execution.cell_run import Settings
from harness.execution.offers import toolchain_here
from harness.execution.plan import Plan
from harness.execution.registry import Registry, RegistryError
from harness.execution.schedule import Schedule
from harness.execution.serving import serving
from harness.execution.startups import startup_records
from harness.execution.workbench import environment_key
from harness.journal.journal import Journal
from harness.journal.provenance import database, machine, toolchain_records
from harness.model.cell import Absence, Cell
from harness.model.evidence import Evidence, Status
from harness.model.known import KnownDifference
from harness.model.run import (
    DecisionRecord,
    Machine,
    Run,
    RunStatus,
    ScenarioRecord,
    ToolchainRecord,
)
from harness.model.scenario import Scenario
from harness.model.toolchain import Environment, Toolchain
from harness.workspaces.scratch import scratch

Environments = dict[str, Environment]
_Built = tuple[Environments, dict[str, str]]
_Records = tuple[ToolchainRecord, ...]
_Known = tuple[KnownDifference, ...] | None
_COLD = "cold"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """How a comparison is to be run, apart from what is compared."""

    version: str
    command: tuple[str, ...]
    jobs: int
    cold: bool
    settings: Settings
    known: tuple[KnownDifference, ...] | None = None


class Progress(Protocol):
    """What a comparison tells whoever watches it."""

    def note(self, text: str) -> None:
        """Say something that is going on."""

    def planned(self, cells: tuple[Cell, ...]) -> None:
        """Take note of the cells that are about to be run."""

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
        with self._journal.held(), scratch() as directory:
            backends = [cell.backend for cell in plan.cells]
            with serving(backends, directory, self._progress.note) as not_served:
                record = _record(self._registry, plan, self._request, directory)
                self._journal.begin(record)
                return self._play(directory, not_served)

    def resume(self) -> Run:
        """Continue an interrupted run: what was not established is run again.

        What holds for all cells, the seed and how commands are run, is as it was.
        """
        self._see_that_all_is_there(self._journal.run())
        with self._journal.held(), scratch() as directory:
            dropped = self._journal.mend()
            if dropped:
                said = "not as they were written, and are dropped"
                self._progress.note(f"{dropped} lines of evidence are {said}")
            backends = [cell.backend for cell in self._journal.run().cells]
            with serving(backends, directory, self._progress.note) as not_served:
                return self._play(directory, not_served)

    def _play(self, directory: Path, not_served: dict[str, str]) -> Run:
        """Run what is missing; however that ends, the journal says so."""
        begun = time.monotonic()
        status = RunStatus.INTERRUPTED
        try:
            missing, built = self._prepare(not_served)
            for cell in missing:
                if cell.backend in not_served:
                    self._keep(self._not_begun(cell, not_served[cell.backend]))
            served = tuple(c for c in missing if c.backend not in not_served)
            with closing(self._evidence(served, built, directory)) as found:
                for evidence in found:
                    self._keep(evidence)
            status = RunStatus.COMPLETE
        finally:
            run = self._finish(status, time.monotonic() - begun)
        return run

    def _keep(self, evidence: Evidence) -> None:
        self._journal.append(evidence)
        self._progress.done(evidence)

    def _prepare(self, not_served: dict[str, str]) -> tuple[tuple[Cell, ...], _Built]:
        """Build the toolchains, and cut the journal down to what still holds."""
        run = self._journal.run()
        built = build(self._registry, run.cells, self._progress.note)
        records = _toolchain_records(self._registry, built[0])
        missing = self._missing(run, _changed(run.toolchains, records))
        self._journal.sort(set(run.cells).difference(missing))
        self._journal.write_run(
            msgspec.structs.replace(
                run,
                status=RunStatus.RUNNING,
                ended=None,
                scenarios=_scenario_records(self._registry, run.cells),
                toolchains=_united(run.toolchains, records),
                machine=_with_databases(run, not_served),
                known=_told_by(self._request.known, run.cells),
            )
        )
        self._progress.planned(missing)
        return missing, built

    def _evidence(
        self, cells: tuple[Cell, ...], built: _Built, directory: Path
    ) -> Generator[Evidence, None, None]:
        environments, broken = built
        for cell in cells:
            if self._key(cell) in broken:
                yield self._not_begun(cell, broken[self._key(cell)])
        run = self._journal.run()
        schedule = Schedule(
            self._registry,
            environments,
            directory,
            msgspec.structs.replace(self._request.settings, seed=run.seed),
            cold=run.mode == _COLD,
            jobs=self._request.jobs,
        )
        playable = [cell for cell in cells if self._key(cell) in environments]
        yield from schedule.run(playable, self._progress.started)

    def _missing(self, run: Run, changed: set[str]) -> tuple[Cell, ...]:
        """Return the cells without evidence that still holds, in the plan's order.

        Timings are compared round by round, so those who took turns do so again.
        """
        evidence = self._journal.evidence()
        kept = {
            one.cell
            for one in evidence
            if self._still_holds(one) and self._key(one.cell) not in changed
        }
        missing = {cell for cell in run.cells if cell not in kept}
        again = {_group(c) for c in missing if self._scenario(c).timed}
        if evidence:
            rest = [c for c in run.cells if c not in missing and _group(c) not in again]
            self._progress.note(f"{len(rest)} of {len(run.cells)} cells are there")
        return tuple(c for c in run.cells if c in missing or _group(c) in again)

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
        self._journal.end(finished)
        return finished

    def _see_that_all_is_there(self, run: Run) -> None:
        gone = [cell.id for cell in run.cells if not self._is_there(cell)]
        if gone:
            message = (
                f"{self._journal.directory} was to run {gone[0]}, which is not there "
                "now: give --scenarios-from and --adapter-from as at first"
            )
            raise RegistryError(message)

    def _is_there(self, cell: Cell) -> bool:
        scenarios = {scenario.id for scenario in self._registry.scenarios}
        return cell.scenario in scenarios and any(
            candidate.name == cell.candidate and cell.toolchain in adapter.toolchains
            for adapter in self._registry.adapters.values()
            for candidate in adapter.candidates
        )

    def _still_holds(self, evidence: Evidence) -> bool:
        """Tell whether evidence is established and of the scenario as it is now."""
        same = self._scenario(evidence.cell).digest == evidence.digest
        return same and evidence.status is not Status.NOT_ESTABLISHED

    def _not_begun(self, cell: Cell, reason: str) -> Evidence:
        return Evidence(
            cell=cell,
            digest=self._scenario(cell).digest,
            status=Status.NOT_ESTABLISHED,
            reason=reason,
            mode="none",
            observations=(),
            seconds=0.0,
        )

    def _scenario(self, cell: Cell) -> Scenario:
        return self._registry.scenario(cell.scenario)

    def _key(self, cell: Cell) -> str:
        adapter = self._registry.adapter_of(cell.candidate)
        return environment_key(adapter, cell.toolchain)


def build(
    registry: Registry, cells: Iterable[Cell], note: Callable[[str], None]
) -> _Built:
    """Build the toolchains of the cells; also return why some could not be built."""
    environments: Environments = {}
    broken: dict[str, str] = {}
    for tool, name in dict.fromkeys(
        (registry.adapter_of(cell.candidate).tool, cell.toolchain) for cell in cells
    ):
        adapter = registry.adapters[tool]
        key = environment_key(adapter, name)
        try:
            environments[key] = _built(toolchain_here(adapter, name), note)
        except toolchains.ToolchainError as error:
            reason = f"{error.problem}. {error.remedy}"
            broken[key] = f"toolchain {name} is not available: {reason}"
            note(broken[key])
    return environments, broken


def _built(toolchain: Toolchain | Absence, note: Callable[[str], None]) -> Environment:
    if isinstance(toolchain, Absence):
        name, reason, remedy = toolchain.subject, toolchain.reason, toolchain.remedy
        raise toolchains.ToolchainError(name, reason, remedy)
    return toolchains.build(toolchain, log=note)


def _record(registry: Registry, plan: Plan, request: Request, directory: Path) -> Run:
    names = dict.fromkeys(cell.candidate for cell in plan.cells)
    adapters = dict.fromkeys(registry.adapter_of(name) for name in names)
    return Run(
        version=request.version,
        command=request.command,
        started=_now(),
        status=RunStatus.RUNNING,
        seed=request.settings.seed,
        mode=_COLD if request.cold else "forked",
        jobs=request.jobs,
        cells=plan.cells,
        absences=plan.absences,
        scenarios=_scenario_records(registry, plan.cells),
        candidates=tuple(registry.candidate(name) for name in names),
        decisions=tuple(
            DecisionRecord(adapter.tool, reading.subject, reading.decision)
            for adapter in adapters
            for reading in adapter.readings
        ),
        startups=startup_records(registry, plan.cells),
        toolchains=(),
        machine=machine(directory),
    )


def _told_by(known: _Known, cells: tuple[Cell, ...]) -> _Known:
    """Return the known differences that some of these cells should show."""
    if known is None:
        return None
    return tuple(one for one in known if any(map(one.is_told_by, cells)))


def _scenario_records(
    registry: Registry, cells: Iterable[Cell]
) -> tuple[ScenarioRecord, ...]:
    ids = dict.fromkeys(cell.scenario for cell in cells)
    return tuple(
        ScenarioRecord(s.id, s.digest, s.family, s.question, s.why, s.sources)
        for s in map(registry.scenario, ids)
    )


def _toolchain_records(registry: Registry, environments: Environments) -> _Records:
    distributions = (a.distribution for a in registry.adapters.values())
    return toolchain_records(environments, ("sqlalchemy", *distributions))


def _changed(before: _Records, now: _Records) -> set[str]:
    """Return the keys of toolchains that are others than when the run began."""
    known = _by_key(before)
    return {
        key
        for key, record in _by_key(now).items()
        if key in known and _content(known[key]) != _content(record)
    }


def _united(before: _Records, now: _Records) -> _Records:
    """Return the records of now, and those of toolchains that were not built now."""
    there = _by_key(now)
    return (*now, *(r for r in before if there.keys().isdisjoint(_by_key((r,)))))


def _by_key(records: _Records) -> dict[str, ToolchainRecord]:
    return {
        f"{tool}:{record.name}": record for record in records for tool in record.tools
    }


def _content(record: ToolchainRecord) -> tuple[object, ...]:
    return record.lock_sha256, record.python, record.distributions


def _with_databases(run: Run, not_served: dict[str, str]) -> Machine:
    """Return the machine's record with the databases as they are now."""
    names = dict.fromkeys(cell.backend for cell in run.cells)
    now = {name: database(name) for name in names if name not in not_served}
    return msgspec.structs.replace(run.machine, databases=run.machine.databases | now)


def _group(cell: Cell) -> tuple[str, str]:
    """Return what cells that take turns in a timed scenario have in common."""
    return cell.scenario, cell.backend


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
