"""Playing a draft with the ordinary engine, several columns at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.registry import Registry, registry
from harness.execution.schedule import Workers
from harness.execution.workbench import Workbench
from harness.exploration.drafts import Draft, scenario_of
from harness.exploration.symptoms import Sighting, Symptom, sightings
from harness.judgement.difference import compare
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Status

DRAFT = "changes/draft"
"""The id of the story that every example is played as."""


class Player:
    """Plays drafts; the drivers stay warm from one to the next."""

    def __init__(
        self, everything: Registry, workers: Workers, scratch: Path, settings: Settings
    ) -> None:
        self._adapters = tuple(everything.adapters.values())
        self._workers = workers
        self._scratch = scratch
        self._settings = settings
        self._numbers = itertools.count()

    def __call__(self, draft: Draft, columns: tuple[Cell, ...]) -> tuple[Sighting, ...]:
        """Play a draft in the columns and return what is wrong, column by column."""
        evidence = self.evidence(draft, columns)
        alone = {one.cell: sightings(one) for one in evidence}
        clean = [
            one
            for one in evidence
            if not alone[one.cell] and one.status is Status.ESTABLISHED
        ]
        found = (sighting for seen in alone.values() for sighting in seen)
        return (*found, *disagreements(clean))

    def evidence(self, draft: Draft, columns: tuple[Cell, ...]) -> tuple[Evidence, ...]:
        """Return the evidence of a draft, in the order of the columns."""
        backends = tuple(dict.fromkeys(cell.backend for cell in columns))
        known = registry(self._adapters, [scenario_of(draft, backends)])

        def work(cell: Cell, bench: Workbench) -> Evidence:
            directory = self._scratch / f"cell-{next(self._numbers)}"
            return run_cell(CellRun(cell, known, bench, directory, self._settings))

        done = {one.cell: one for one in self._workers.each(columns, work)}
        return tuple(done[cell] for cell in columns)


def disagreements(evidence: list[Evidence]) -> Iterator[Sighting]:
    """Yield where columns that are each as expected still differ from one another.

    Each is held against the first of its backend.
    """
    ordered = sorted(evidence, key=lambda one: one.cell.backend)
    for _, group in groupby(ordered, key=attrgetter("cell.backend")):
        first, *others = group
        for other in others:
            yield from _between(first, other)


def _between(first: Evidence, other: Evidence) -> Iterator[Sighting]:
    for one, two in zip(first.observations, other.observations, strict=False):
        if one.answer != two.answer:
            said = f"{first.cell.candidate} says {one.answer}, this one {two.answer}"
            yield _disagreement(other.cell, "another answer", said)
        if one.after is not None and two.after is not None:
            for difference in compare(one.after, two.after):
                said = f"{difference.sentence} (held against {first.cell.candidate})"
                yield _disagreement(other.cell, str(difference.kind), said)


def _disagreement(cell: Cell, says: str, sentence: str) -> Sighting:
    return Sighting(cell, Symptom("disagrees", says, "up"), (), sentence)
