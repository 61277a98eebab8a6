"""Runs for the page to show: made up, small, and with hostile words in them."""

from __future__ import annotations

import msgspec

from harness.model.cell import Candidate, Cell
from harness.model.evidence import (
    OK,
    Command,
    Evidence,
    Fault,
    FileChange,
    Merge,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.run import (
    DatabaseRecord,
    Machine,
    Run,
    RunStatus,
    ScenarioRecord,
    ToolchainRecord,
)
from harness.model.snapshot import ColumnState, Snapshot, TableState
from harness.model.step import Migration
from harness.model.steps import Author, Branch, Land, Redo, Step, Upgrade, Watch
from harness.report.sources import Sources, sources_of

HOSTILE = "</script><img src=x onerror=alert(1)><!--<script>{{ 7 * 7 }}'\"&amp;"
CONFLICT = Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, f"CONFLICT {HOSTILE}")
STORIES = ("conflicts/a_race", "conflicts/no_race", "linearity/a_gap")
CANDIDATES = ("one", "two")
AGES = {"new": ("3.12", "2.0"), "old": ("2.7", "0.8")}
BACKENDS = ("sqlite", "mysql")


def database(*columns: str) -> Snapshot:
    """Return a database with one table of these columns."""
    states = tuple(ColumnState(name, "TEXT", nullable=True) for name in columns)
    return Snapshot(
        (TableState("users", states),), (), {"version": ({"number": len(columns)},)}
    )


def command(*argv: str, stdout: str = "", exit_code: int = 0) -> Command:
    """Return a command that was run."""
    return Command(argv, exit_code, stdout, HOSTILE, 0.123, 0.1, 1024)


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def race(cell: Cell) -> Evidence:
    """Return a race that git noticed and a rename mended."""
    return evidence(
        cell,
        seen(
            Author(Migration("create")),
            changes=(FileChange("1_create.py", "A", 9, 0),),
        ),
        seen(Branch("a")),
        seen(Author(Migration("a")), changes=(FileChange("2_a.py", "A", 9, 0),)),
        seen(Branch("b")),
        seen(Author(Migration("b")), changes=(FileChange("2_b.py", "A", 9, 0),)),
        seen(Land("a"), merge=Merge("a", "main", 0, "")),
        seen(Watch("two for one place")),
        seen(Branch("gate")),
        seen(
            Land("b", "gate"),
            CONFLICT,
            merge=Merge("b", "gate", 1, HOSTILE, {"numbers": "content"}),
        ),
        seen(Redo("b"), changes=(FileChange("3_b.py", "R", 0, 0, "2_b.py"),)),
        seen(Land("b"), merge=Merge("b", "main", 0, "")),
        seen(
            Upgrade(),
            commands=(command("tool", "upgrade", stdout=f"from {cell.id}"),),
            database="app",
            before=database("id"),
            after=database("id", "email"),
        ),
    )


def evidence(cell: Cell, *observations: Observation) -> Evidence:
    """Return the evidence of a cell."""
    return Evidence(
        cell=cell,
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=observations,
        seconds=2.0,
    )


def cells() -> tuple[Cell, ...]:
    """Return the cells of the run; the newer toolchain is planned first."""
    return tuple(
        Cell(story, candidate, age, backend)
        for story in STORIES
        for candidate in CANDIDATES
        for age in AGES
        for backend in BACKENDS
    )


def stored() -> tuple[Evidence, ...]:
    """Return what was recorded: races, and on one database nothing at all."""
    return tuple(
        race(cell)
        if cell.scenario == STORIES[0] and cell.backend == "sqlite"
        else evidence(cell, seen(Watch(HOSTILE)), seen(Upgrade()))
        for cell in cells()
    )


def sources() -> Sources:
    """Return what the page is written from."""
    return sources_of(a_run(), stored())


def a_run() -> Run:
    """Return the record of the run."""
    return Run(
        version="0",
        command=("migration-compare", "run", HOSTILE),
        started="2026-01-01T00:00:00+00:00",
        status=RunStatus.COMPLETE,
        seed=0,
        mode="forked",
        jobs=1,
        cells=cells(),
        absences=(),
        scenarios=tuple(
            ScenarioRecord(
                story, "d", story.split("/")[0], f"What of {story}?", HOSTILE
            )
            for story in STORIES
        ),
        candidates=tuple(Candidate(name, name, HOSTILE) for name in CANDIDATES),
        decisions=(),
        toolchains=tuple(
            ToolchainRecord(name, ("t",), {"SQLAlchemy": alchemy}, python, "0" * 64, ())
            for name, (python, alchemy) in AGES.items()
        ),
        machine=Machine(
            "s",
            "p",
            1,
            1,
            "3",
            "2",
            {"sqlite": DatabaseRecord("SQLite 3", "sqlite3", "built in")},
            "tmpfs",
        ),
    )
