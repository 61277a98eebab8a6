"""Runs made up by tests, stored as real ones are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.journal.journal import Journal
from harness.model.cell import Candidate, Cell
from harness.model.evidence import Evidence, Status
from harness.model.run import Machine, Run, RunStatus, ScenarioRecord


def evidence(cell: Cell) -> Evidence:
    """Return evidence with nothing in it."""
    return Evidence(
        cell=cell,
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=(),
        seconds=0.5,
    )


def a_run(cells: Iterable[Cell]) -> Run:
    """Return the record of a run over some cells, in the middle of it."""
    cells = tuple(cells)
    return Run(
        version="0",
        command=("migration-compare", "run"),
        started="2026-01-01T00:00:00+00:00",
        status=RunStatus.RUNNING,
        seed=0,
        mode="forked",
        jobs=1,
        cells=cells,
        absences=(),
        scenarios=tuple(
            ScenarioRecord(name, "d", name.split("/")[0], "What?", "Because.")
            for name in dict.fromkeys(cell.scenario for cell in cells)
        ),
        candidates=tuple(
            Candidate(name, name, f"the tool {name}")
            for name in dict.fromkeys(cell.candidate for cell in cells)
        ),
        decisions=(),
        toolchains=(),
        machine=Machine("s", "p", 1, 1, "3", "2", {}, "tmpfs"),
    )


def store(directory: Path, *stored: Evidence) -> Path:
    """Store the evidence of a run that goes on, and return where."""
    journal = Journal(directory)
    journal.begin(a_run(one.cell for one in stored))
    for one in stored:
        journal.append(one)
    return directory
