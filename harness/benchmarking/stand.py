"""The stand that benchmarks run on: toolchains, databases and a place, set up once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import psutil

from harness.benchmarking.added import added_seconds
from harness.benchmarking.planted import plant, twice
from harness.execution.cell_run import DISSECTIONS, Settings
from harness.execution.comparison import Environments, build
from harness.execution.measuring import took
from harness.execution.plan import Plan, Selection, plan
from harness.execution.registry import Registry, discover
from harness.execution.schedule import Schedule
from harness.execution.serving import offered, serving, without_password
from harness.execution.workbench import environment_key
from harness.journal.provenance import machine, toolchain_records
from harness.model.benchmark import Benchmarked, MachineState, again
from harness.model.cell import Absence, Cell
from harness.model.evidence import Evidence
from harness.model.run import Machine
from harness.model.scenario import Family
from harness.workspaces.scratch import scratch

_MIB = 1024 * 1024
Group = tuple[str, str]
"""A scenario and a backend: whoever is timed in it takes turns with all others."""


class Asked(msgspec.Struct, frozen=True):
    """What is to be timed, and how.

    `planted` is by how many per cent candidates are slowed, if at all. `again`, each takes
    part under another name as well. `by_hand` are rounds of another timer.
    """

    selection: Selection = Selection()
    budget: float = 900.0
    seed: int = 0
    planted: int | None = None
    again: bool = False
    by_hand: int = 0
    time_limit: float = 60.0
    servers: tuple[str, ...] = ()
    dissections: int = DISSECTIONS
    dissection_budget: float = 60.0


class Stand:
    """Everything that stays the same from one benchmark to the next."""

    def __init__(self, asked: Asked, everything: Registry | None = None) -> None:
        """Take what is asked for, of everything there is or of what is given."""
        self._asked = asked
        self.evidence: list[Evidence] = []
        self.registry, self._slowed = _registry(asked, everything)
        self._plan = _plan(self.registry, asked, self._slowed)
        self.environments: Environments = {}
        self._broken: dict[str, str] = {}
        self._left = asked.budget
        self._started = _now()
        self._before = state()
        self._machine: Machine | None = None
        self._scratch: Path | None = None
        self._added: float | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """What there is to be timed, in order."""
        cells = self._plan.cells
        return tuple(dict.fromkeys((cell.scenario, cell.backend) for cell in cells))

    @property
    def absences(self) -> tuple[Absence, ...]:
        """What is not timed, and why."""
        broken = (Absence(name, reason) for name, reason in self._broken.items())
        return (*self._plan.absences, *broken)

    @property
    def directory(self) -> Path:
        """Where workspaces lie, while it is set up."""
        if self._scratch is None:
            message = "the stand is not set up"
            raise RuntimeError(message)
        return self._scratch

    @contextmanager
    def standing(self, note: Callable[[str], None]) -> Iterator[None]:
        """Build the toolchains and run the servers."""
        backends = [backend for _, backend in self.groups]
        with scratch() as directory, serving(backends, directory, note) as broken:
            self._scratch, self._broken = directory, dict(broken)
            built = build(self.registry, self._plan.cells, note)
            self.environments = built[0]
            self._broken |= built[1]
            self._machine = machine(directory)
            self._added = self._measured(directory / "added")
            yield

    def times(self, group: Group) -> list[Evidence]:
        """Have all who take part in a benchmark take turns; return their evidence."""
        number = self.groups.index(group)
        schedule = Schedule(
            self.registry,
            self.environments,
            self.directory / f"group-{number:03d}",
            Settings(
                time_limit=self._asked.time_limit,
                seed=self._asked.seed,
                speed_budget=self._left,
                speed_operations=len(self.groups) - number,
                by_hand=self._asked.by_hand,
                slowed=self._slowed,
                dissections=self._asked.dissections,
                dissection_budget=self._asked.dissection_budget / len(self.groups),
            ),
        )
        found = list(schedule.run(self.cells(group), lambda _: None))
        self._left = max(self._left - took(found), 0.0)
        self.evidence.extend(found)
        return found

    def record(self) -> Benchmarked:
        """Return what the run is, for whoever stores it."""
        if self._machine is None:
            message = "the stand was never set up"
            raise RuntimeError(message)
        adapters = self.registry.adapters.values()
        names = ("sqlalchemy", *(adapter.distribution for adapter in adapters))
        return Benchmarked(
            version=version("migration-compare"),
            command=(Path(sys.argv[0]).name, *map(without_password, sys.argv[1:])),
            started=self._started,
            seed=self._asked.seed,
            budget_seconds=self._asked.budget,
            machine=self._machine,
            before=self._before,
            after=state(),
            toolchains=toolchain_records(self.environments, names),
            added_seconds=self._added,
            slowed=self._slowed,
        )

    def _measured(self, directory: Path) -> float | None:
        """Return what the harness adds to a process; None if there is none to start."""
        environments = tuple(self.environments.values())
        return (
            added_seconds(environments[0].python, directory) if environments else None
        )

    def cells(self, group: Group) -> list[Cell]:
        """Return the cells of a benchmark whose toolchains and servers are there."""
        return [
            cell
            for cell in self._plan.cells
            if (cell.scenario, cell.backend) == group
            and cell.backend not in self._broken
            and self._key(cell) in self.environments
        ]

    def _key(self, cell: Cell) -> str:
        return environment_key(self.registry.adapter_of(cell.candidate), cell.toolchain)


def state() -> MachineState:
    """Return the state in which the machine is now."""
    frequency = psutil.cpu_freq()
    return MachineState(
        load=psutil.getloadavg()[0],
        memory_free_mib=psutil.virtual_memory().available // _MIB,
        megahertz=frequency.current if frequency else 0.0,
    )


def _registry(
    asked: Asked, everything: Registry | None
) -> tuple[Registry, dict[str, int]]:
    everything = everything or discover()
    if asked.again:
        return twice(everything), {}
    return plant(everything, asked.planted) if asked.planted else (everything, {})


def _plan(everything: Registry, asked: Asked, slowed: dict[str, int]) -> Plan:
    """Return what is asked for; of planted candidates, those whose own one is."""
    selection = msgspec.structs.replace(asked.selection, families=(Family.SPEED,))
    if asked.again:
        others = {again(candidate.name): 0 for candidate in everything.candidates}
        wanted = selection.candidates or _published(everything, others)
        names = tuple(name for one in wanted for name in (one, again(one)))
        selection = msgspec.structs.replace(selection, candidates=names)
    elif slowed:
        wanted = selection.candidates or _published(everything, slowed)
        made = tuple(
            name
            for name in slowed
            for base in wanted
            if name.startswith(f"{base}-slow")
        )
        selection = msgspec.structs.replace(selection, candidates=(*wanted, *made))
    return plan(everything, selection, offered(asked.servers))


def _published(everything: Registry, slowed: dict[str, int]) -> tuple[str, ...]:
    """Return the candidates without a policy."""
    return tuple(
        c.name for c in everything.candidates if not c.policy and c.name not in slowed
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
