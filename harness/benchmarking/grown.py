"""A measurement of growth, from what is asked for to what is found."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from harness.benchmarking.growing import Growing
from harness.benchmarking.points import At
from harness.benchmarking.stand import Asked, Stand
from harness.execution.plan import Plan, Selection, SelectionError
from harness.execution.registry import Registry, registry
from harness.journal.growth import NAME, write
from harness.model.cell import Absence
from harness.model.growth import Grown, Growth, GrowthRecord
from harness.model.scenario import Family
from harness.report.growth_page import write_growth_page


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which growths are to be measured, up to which size, and for how long.

    `names` are shell patterns; none asks for the usual ones. `up_to` is a size, or None for
    all. `budget` is seconds for everything, `limit` seconds for one command.
    """

    names: tuple[str, ...] = ()
    up_to: int | None = None
    candidates: tuple[str, ...] = ()
    toolchains: tuple[str, ...] = ("common",)
    backends: tuple[str, ...] = ("all",)
    budget: float = 600.0
    limit: float = 30.0
    seed: int = 0
    servers: tuple[str, ...] = ()


class Measurement:
    """Growths that are asked for, on a stand of their own."""

    def __init__(self, sought: Sought, everything: Registry) -> None:
        """Choose; `SelectionError` if nothing is left or a name is not known."""
        self._sought = sought
        self._growths = chosen(everything.growths, sought)
        stories = [stage.scenario for one in self._growths for stage in one.stages]
        selection = Selection(
            candidates=sought.candidates,
            toolchains=sought.toolchains,
            backends=sought.backends,
        )
        asked = Asked(
            selection=selection,
            budget=sought.budget,
            seed=sought.seed,
            time_limit=sought.limit,
            servers=sought.servers,
        )
        self._stand = Stand(asked, registry(everything.adapters.values(), stories))
        self._growing = Growing(self._stand, self._growths)

    @contextmanager
    def standing(self, note: Callable[[str], None]) -> Iterator[None]:
        """Build the toolchains and run the servers."""
        with self._stand.standing(note):
            yield

    def run(self) -> Generator[At, None, None]:
        """Measure; tell what comes next before it begins."""
        sought = self._sought
        yield from self._growing.run(sought.budget, sought.limit, sought.seed)

    @property
    def grown(self) -> Grown:
        """What was measured up to now."""
        return Grown(
            record=self._stand.record(),
            limit_seconds=self._sought.limit,
            growths=tuple(map(_recorded, self._growths)),
            points=self._growing.points,
            conditions=self._growing.conditions,
            absences=self._stand.absences,
        )


def measure(
    sought: Sought, everything: Registry, output: Path, note: Callable[[str], None]
) -> Grown:
    """Measure into a folder, with page and plots: however that ends, what there is.

    What was measured is stored before each size, so that a kill loses one and no more.
    """
    measurement = Measurement(sought, everything)
    with measurement.standing(note):
        try:
            with closing(measurement.run()) as steps:
                for at in steps:
                    write(output / NAME, measurement.grown)
                    note(f"{at.growth.name} on {at.backend}: {at.stage.size:,}")
        finally:
            grown = measurement.grown
            write(output / NAME, grown)
            write_growth_page(output, grown)
    return grown


def without_growth(plan: Plan) -> Plan:
    """Return a plan that says why nothing tells how cost grows, if it times anything."""
    if not any(cell.scenario.startswith(f"{Family.SPEED}/") for cell in plan.cells):
        return plan
    reason = "it was not asked for: a comparison takes long enough without it"
    remedy = "add --growth MINUTES, or use `growth`"
    absence = Absence("how cost grows", reason, remedy)
    return msgspec.structs.replace(plan, absences=(*plan.absences, absence))


def chosen(growths: tuple[Growth, ...], sought: Sought) -> tuple[Growth, ...]:
    """Return the growths that are sought, with the sizes that are sought."""
    names = [growth.name for growth in growths]
    for pattern in sought.names:
        if not fnmatch.filter(names, pattern):
            message = f"no growth is called {pattern!r}; there is: {', '.join(names)}"
            raise SelectionError(message)
    patterns = sought.names or tuple(g.name for g in growths if g.usual)
    found = (
        _up_to(growth, sought.up_to)
        for growth in growths
        if any(fnmatch.fnmatchcase(growth.name, pattern) for pattern in patterns)
    )
    left = tuple(growth for growth in found if growth.stages)
    if not left:
        message = f"no growth has a size of {sought.up_to} or less: allow larger ones"
        raise SelectionError(message)
    return left


def _up_to(growth: Growth, size: int | None) -> Growth:
    if size is None:
        return growth
    stages = tuple(stage for stage in growth.stages if stage.size <= size)
    return msgspec.structs.replace(growth, stages=stages)


def _recorded(growth: Growth) -> GrowthRecord:
    return GrowthRecord(
        name=growth.name,
        question=growth.question,
        why=growth.why,
        timed=growth.timed,
        quantity=growth.quantity,
        sizes=growth.sizes,
    )
