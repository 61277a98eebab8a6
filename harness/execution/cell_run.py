"""Running one cell, from an empty directory to its evidence."""

from __future__ import annotations

import shutil
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from harness.contract import Adapter, Unsupported
from harness.databases import Databases
from harness.execution.perform import perform
from harness.execution.registry import Registry
from harness.execution.session import CellSession
from harness.execution.story import Story
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.evidence import Evidence, Observation, OutcomeKind, Status
from harness.model.scenario import Scenario
from harness.model.steps import Guard, Initialise, Step

DISSECTIONS = 5
"""How often what is timed is dissected at most, wherever times are taken."""


class Settings(msgspec.Struct, frozen=True):
    """What holds for every cell of a run.

    `time_limit` is seconds per command, `speed_budget` seconds for all that is timed, and
    `speed_operations` how many operations share them, if more than are timed here.
    `by_hand` is in how many rounds what was timed is timed by another timer as well.
    `slowed` says by how many per cent a candidate's timed commands are made to take
    longer, to show that it is seen. `dissections` says how often what is timed is also
    carried out with a probe, to tell what costs what, and `dissection_budget` how many
    seconds all of that may take; once is done in any case.
    """

    time_limit: float = 60.0
    seed: int = 0
    keep: bool = False
    speed_budget: float = 900.0
    speed_operations: int = 0
    by_hand: int = 0
    slowed: dict[str, int] = {}
    dissections: int = 0
    dissection_budget: float = 60.0


class DatabasesLost(Exception):  # noqa: N818
    """The server that a cell's databases lie on is gone; `last_words` are of its log."""

    def __init__(self, reason: str, last_words: str) -> None:
        super().__init__(reason)
        self.last_words = last_words


class CellRun:
    """A cell that is being played; it collects observations until it is over."""

    def __init__(
        self,
        cell: Cell,
        registry: Registry,
        bench: Workbench,
        directory: Path,
        settings: Settings,
    ) -> None:
        self.cell = cell
        self.scenario: Scenario = registry.scenario(cell.scenario)
        self.adapter: Adapter = registry.adapter_of(cell.candidate)
        self.candidate = registry.candidate(cell.candidate)
        self.bench = bench
        self.directory = directory
        self.settings = settings
        self.observations: list[Observation] = []
        self.over = False
        self._status, self._reason, self._detail = Status.ESTABLISHED, "", ""
        self._seconds = 0.0
        self._help: tuple[str, ...] = ()
        self._databases: Databases | None = None
        self._story: Story | None = None

    @property
    def story(self) -> Story:
        """The story; it must have been opened."""
        if self._story is None:
            message = "the story has not been opened"
            raise RuntimeError(message)
        return self._story

    @property
    def reason(self) -> str:
        """Why the cell ended early, if it did."""
        return self._reason

    def open(self) -> None:
        """Make the workspace, and an empty history in it."""
        with self.establishing():
            self.directory.mkdir(parents=True)
            launching = self.adapter.launching(self.candidate, self.cell.toolchain)
            self._help = launching.help
            self._databases = Databases(self.cell.backend, self.directory / "databases")
            self._see_that_databases_are_there()
            driver = self.bench.driver(
                self.adapter, self.candidate, self.cell.toolchain
            )
            # What it takes to import the tool is no part of the first step.
            driver.start()
            session = CellSession(
                candidate=self.candidate,
                backend=self.cell.backend,
                directory=self.directory,
                environment=self.bench.environment(self.adapter, self.cell.toolchain),
                driver=driver,
                time_limit=self.settings.time_limit,
            )
            session.seats = partial(
                self.bench.cold_driver,
                self.adapter,
                self.candidate,
                self.cell.toolchain,
            )
            session.passing = self._databases.neutral()
            session.added = self._databases.environ()
            session.git.initialise()
            self._story = Story(self.adapter, session, self._databases)
        self.perform(Initialise())
        if not self.over and not self.observations[0].outcome.kind.went_through:
            words = self.observations[0].outcome.words
            self._end(Status.NOT_ESTABLISHED, f"no empty history: {words}")

    def database_urls(self) -> dict[str, str]:
        """Return the URLs of the cell's databases by name."""
        return {} if self._databases is None else self._databases.urls()

    def perform(self, step: Step) -> None:
        """Carry out a step, unless the cell is over."""
        if self.over:
            return
        with self.establishing():
            observation = perform(step, self.story)
            if not observation.outcome.kind.went_through:
                self._see_that_databases_are_there()
            self.observations.append(observation)
            unsupported = observation.outcome.kind is OutcomeKind.UNSUPPORTED
            if unsupported and not isinstance(step, Guard):
                self._end(Status.UNSUPPORTED, observation.outcome.words)

    def close(self) -> Evidence:
        """Tidy up, unless the workspace is to be kept, and return the evidence."""
        if not self.settings.keep:
            if self._databases is not None:
                with self.establishing():
                    self._databases.drop_all()
            shutil.rmtree(self.directory, ignore_errors=True)
        return Evidence(
            cell=self.cell,
            digest=self.scenario.digest,
            status=self._status,
            reason=self._reason,
            detail=self._detail,
            mode="cold" if self.scenario.timed else self.bench.mode,
            help=self._help,
            observations=tuple(self.observations),
            seconds=self._seconds,
        )

    @contextmanager
    def establishing(self) -> Iterator[None]:
        """Turn whatever fails in the harness or an adapter into the cell's reason.

        The rest of the run must not suffer from one cell, and a cell that failed
        this way says nothing about a tool. What a candidate cannot express is no
        failure, wherever it says so.
        """
        begun = time.monotonic()
        try:
            yield
        except Unsupported as refusal:
            self._end(Status.UNSUPPORTED, refusal.reason)
        except DatabasesLost as error:
            self._end(Status.NOT_ESTABLISHED, str(error))
            self._detail = self._neutral(error.last_words)
        except Exception as error:  # noqa: BLE001
            lost = None if self._databases is None else self._databases.lost()
            reason = lost or f"{type(error).__name__}: {error}"
            self._end(Status.NOT_ESTABLISHED, reason)
            words = self._databases.last_words() if self._databases and lost else ""
            self._detail = self._neutral(traceback.format_exc() + words)
        finally:
            self._seconds += time.monotonic() - begun

    def _see_that_databases_are_there(self) -> None:
        """Raise `DatabasesLost` where a failure may not be the tool's."""
        assert self._databases is not None  # noqa: S101
        lost = self._databases.lost()
        if lost is not None:
            raise DatabasesLost(lost, self._databases.last_words())

    def _end(self, status: Status, reason: str) -> None:
        self.over = True
        self._status, self._reason = status, self._neutral(reason)

    def _neutral(self, text: str) -> str:
        here = str(Path(__file__).parents[2])
        text = text.replace(str(self.directory), "{cell}").replace(here, "{project}")
        return text if self._story is None else self._story.session.neutral(text)


def run_cell(run: CellRun) -> Evidence:
    """Play a whole cell and return its evidence."""
    run.open()
    for step in run.scenario.steps:
        run.perform(step)
    return run.close()
