"""An exploration from its beginning to what it leaves on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

import msgspec

from harness.execution.comparison import Comparison, Environments, Request
from harness.execution.plan import Offered, Plan, Selection, plan
from harness.execution.registry import Registry, registry
from harness.execution.schedule import Workers
from harness.execution.serving import serving
from harness.exploration.drafts import Draft, scenario_of
from harness.exploration.playing import Player
from harness.exploration.results import (
    Circumstances,
    Find,
    named,
    write_report,
    write_scenario,
)
from harness.exploration.search import Budget, Found, Search
from harness.exploration.symptoms import Sighting, sightings
from harness.journal.journal import Journal
from harness.journal.provenance import toolchain_records
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.known import KnownDifference
from harness.report import write_report as write_comparison
from harness.servers import ServerError
from harness.workspaces.scratch import scratch

EVIDENCE = "evidence"
"""The folder with what was observed when the stories of the finds were run."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What an exploration is to do."""

    directory: Path
    budget: Budget
    known: tuple[KnownDifference, ...]
    request: Request
    """As for a comparison: its settings hold the seed and the time limit."""


def columns_of(everything: Registry, selection: Selection, offered: Offered) -> Plan:
    """Return the cells that every example is played in, and what is left out."""
    blank = scenario_of(Draft((), {}, (), ()), tuple(offered))
    return plan(registry(everything.adapters.values(), [blank]), selection, offered)


class Exploration:
    """One exploration. What it finds is written as soon as it is found."""

    def __init__(
        self,
        everything: Registry,
        columns: tuple[Cell, ...],
        environments: Environments,
        order: Order,
        note: Callable[[str], None],
    ) -> None:
        self.finds: list[Find] = []
        self._everything, self._columns = everything, columns
        self._environments, self._order, self._note = environments, order, note
        settings = order.request.settings
        self._search = Search(
            self._play, columns, order.known, order.budget, settings.seed
        )
        self._player: Player | None = None

    def run(self, heard: Callable[[Search], None]) -> Path:
        """Explore, write the report, and return its path; `heard` hears every play.

        An interruption is raised again after everything that was found is written.
        """
        ended, order = "It was ended early.", self._order
        order.directory.mkdir(parents=True, exist_ok=True)
        try:
            with (
                Workers(self._environments, order.request.jobs) as workers,
                scratch() as directory,
                self._served(directory),
            ):
                settings = order.request.settings
                self._player = Player(self._everything, workers, directory, settings)
                self._search.run(self._found, lambda: heard(self._search))
            self._run_finds()
            ended = "It went to its end."
        finally:
            for found in self._search.found[len(self.finds) :]:
                self._found(found)
            path = self._write(ended)
        return path

    @contextmanager
    def _served(self, directory: Path) -> Iterator[None]:
        """Run the servers; `ServerError` if one of them cannot be run."""
        backends = [cell.backend for cell in self._columns]
        with serving(backends, directory, self._note) as broken:
            for reason in broken.values():
                raise ServerError(reason)
            yield

    @property
    def broken(self) -> bool:
        """Tell whether something was found that is the harness's or an adapter's own."""
        return any(
            find.found.sighting.symptom.kind == "not established" for find in self.finds
        )

    def _play(self, draft: Draft, columns: tuple[Cell, ...]) -> tuple[Sighting, ...]:
        if self._player is None:
            message = "an exploration plays while it runs"
            raise RuntimeError(message)
        return self._player(draft, columns)

    def _found(self, found: Found) -> None:
        """Write a find's story at once: who interrupts the search keeps it."""
        backends = tuple(dict.fromkeys(cell.backend for cell in self._columns))
        seed = self._order.request.settings.seed
        story = named(found, len(self.finds) + 1, seed, backends)
        file = write_scenario(story, found, self._order.directory)
        self._note(f"found {story.name}: {found.sighting.sentence}")
        self.finds.append(
            Find(
                scenario=story,
                file=file,
                found=found,
                sightings=(found.sighting,),
                columns=(found.sighting.cell,),
            )
        )

    def _run_finds(self) -> None:
        """Run the stories of all finds the ordinary way, for their evidence."""
        stories = [find.scenario for find in self.finds]
        if not stories:
            return
        known = registry(self._everything.adapters.values(), stories)
        cells = tuple(
            msgspec.structs.replace(cell, scenario=story.id)
            for story in stories
            for cell in self._columns
        )
        journal = Journal(_unused(self._order.directory / EVIDENCE))
        Comparison(known, journal, self._order.request, _Quiet()).run(Plan(cells, ()))
        write_comparison(journal)
        evidence = journal.evidence()
        self.finds = [_with_evidence(find, evidence, journal) for find in self.finds]

    def _write(self, ended: str) -> Path:
        adapters = self._everything.adapters.values()
        principal = ("sqlalchemy", *(adapter.distribution for adapter in adapters))
        records = toolchain_records(self._environments, principal)
        circumstances = Circumstances(
            command=" ".join(self._order.request.command),
            seed=self._order.request.settings.seed,
            ended=ended,
            versions={
                f"{record.name} ({', '.join(record.tools)})": record.principal
                for record in records
            },
        )
        return write_report(
            self._order.directory,
            self._search,
            tuple(self.finds),
            self._order.known,
            circumstances,
        )


def _with_evidence(
    find: Find, evidence: tuple[Evidence, ...], journal: Journal
) -> Find:
    own = [one for one in evidence if one.cell.scenario == find.scenario.id]
    return msgspec.structs.replace(
        find,
        sightings=tuple(sighting for one in own for sighting in sightings(one)),
        columns=tuple(one.cell for one in own),
        evidence=journal.directory,
    )


def _unused(directory: Path) -> Path:
    """Return the directory, or the first of its kind that is not there."""
    others = (directory.with_name(f"{directory.name}-{n}") for n in count(2))
    return next(path for path in chain((directory,), others) if not path.exists())


class _Quiet:
    """Progress that nobody wants to hear of."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def planned(self, cells: tuple[Cell, ...]) -> None:
        """Say nothing."""

    def started(self, cell: Cell) -> None:
        """Say nothing."""

    def done(self, evidence: Evidence) -> None:
        """Say nothing."""
