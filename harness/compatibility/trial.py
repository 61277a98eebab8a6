"""The trial of a release: start it, and take a tiny history up and down."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from harness.contract import (
    Adapter,
    History,
    Launching,
    NotCarriedOut,
    Session,
)
from harness.driving import DriverError
from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.registry import registry
from harness.execution.session import CellSession
from harness.execution.workbench import Workbench, environment_key
from harness.judgement.agreement import agreements
from harness.model.cell import Candidate, Cell
from harness.model.compatibility import Outcome, Phase, Result
from harness.model.evidence import Command, Evidence, Observation, Status
from harness.model.operations import AddColumn, CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, String, Table
from harness.model.steps import (
    Author,
    Downgrade,
    Expect,
    Initialise,
    Migration,
    Upgrade,
)
from harness.model.toolchain import Environment

_CREATE = Migration(
    "create_books",
    (
        CreateTable(
            Table(
                "books",
                (
                    Column("id", Integer(), nullable=False, primary_key=True),
                    Column("title", String(50)),
                ),
            )
        ),
    ),
)
_ADD = Migration("add_shelf", (AddColumn("books", Column("shelf", String(20))),))
STORY = Scenario(
    name="trial",
    family=Family.CHANGES,
    question="Does the release start, and take a tiny history up and down?",
    why="A release that does not is of no use in those surroundings.",
    steps=(
        Author(_CREATE),
        Author(_ADD),
        Upgrade(),
        Expect(("create_books", "add_shelf")),
        Downgrade(),
        Expect(()),
    ),
)
_PHASES = {
    Initialise: Phase.INITIALISE,
    Author: Phase.AUTHOR,
    Upgrade: Phase.UPGRADE,
    Downgrade: Phase.DOWNGRADE,
}


class Tried(NamedTuple):
    """What a trial came to, and the commands that show it."""

    outcome: Outcome
    commands: tuple[Command, ...]


class AsPublished(Adapter):
    """An adapter whose tool is started without any help of ours."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self.tool = adapter.tool  # type: ignore[misc]
        self.distribution = adapter.distribution  # type: ignore[misc]
        self.candidates = adapter.candidates  # type: ignore[misc]
        self.toolchains = adapter.toolchains  # type: ignore[misc]
        self.trial = adapter.trial  # type: ignore[misc]

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Start the tool as its own command line does."""
        return Launching()

    def open(self, session: Session) -> History:
        """Return the history that the adapter drives."""
        return self._adapter.open(session)


def run_trial(
    adapter: Adapter,
    candidate: str,
    environment: Environment,
    directory: Path,
    time_limit: float,
) -> Tried:
    """Try what is installed in an environment, in an empty directory."""
    name = environment.toolchain
    bench = Workbench({environment_key(adapter, name): environment}, cold=True)
    everything = registry([adapter], [STORY])
    settings = Settings(time_limit=time_limit)
    cell = Cell(STORY.id, candidate, name, "sqlite")
    try:
        tried = _start(adapter, everything.candidate(candidate), bench, name, directory)
        if tried.outcome.result is not Result.WORKS:
            return tried
        run = CellRun(cell, everything, bench, directory / "story", settings)
        evidence = run_cell(run)
    finally:
        bench.close()
    commands = tuple(c for o in evidence.observations for c in o.commands)
    return Tried(_outcome(evidence), (*tried.commands, *commands))


def _start(
    adapter: Adapter,
    candidate: Candidate,
    bench: Workbench,
    toolchain: str,
    directory: Path,
) -> Tried:
    """Run the command line that needs no history."""
    script, *argv = adapter.trial.start if adapter.trial else ("",)
    session = CellSession(
        candidate=candidate,
        backend="sqlite",
        directory=directory / "start",
        environment=bench.environment(adapter, toolchain),
        driver=bench.driver(adapter, candidate, toolchain),
        time_limit=Settings().time_limit,
    )
    session.git.initialise()
    session.classify = adapter.open(session).classify
    try:
        session.tool(script, *argv)
    except NotCarriedOut as failed:
        words = failed.command.outcome.words
        outcome = Outcome(Result.FAILS, Phase.START, words)
        return Tried(outcome, (failed.command,))
    except (DriverError, OSError) as error:
        # No console script of that name, or one that cannot be run.
        return Tried(Outcome(Result.FAILS, Phase.START, str(error)), ())
    return Tried(Outcome(Result.WORKS), tuple(session.commands))


def _outcome(evidence: Evidence) -> Outcome:
    """Read what a story came to: the first step that failed, or a wrong database."""
    for observation in evidence.observations:
        if not observation.outcome.kind.went_through:
            words = observation.outcome.words
            return Outcome(Result.FAILS, _phase(observation), words)
    if evidence.status is not Status.ESTABLISHED:
        return Outcome(Result.NOT_ESTABLISHED, None, evidence.reason)
    for agreement in agreements(evidence):
        if agreement.differences:
            moved = evidence.observations[agreement.step - 1]
            words = f"exit code 0, but {'; '.join(agreement.differences)}"
            return Outcome(Result.FAILS, _phase(moved), words)
    return Outcome(Result.WORKS)


def _phase(observation: Observation) -> Phase | None:
    return _PHASES.get(type(observation.step))
