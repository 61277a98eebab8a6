"""A registry with the tiny tool only, and its environment built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.execution.cell_run import CellRun, Settings, run_cell
from harness.execution.comparison import build
from harness.execution.registry import Registry, discover, registry
from harness.execution.workbench import Workbench
from harness.model.cell import Cell
from harness.model.evidence import Evidence
from harness.model.scenario import Family, Scenario
from harness.model.steps import Step
from harness.model.toolchain import Environment

MINIATURE = Path(__file__).parents[1] / "miniature"


@pytest.fixture(scope="session")
def tiny() -> Registry:
    """Return the tiny adapter without any scenario."""
    everything = discover(more_adapters=[MINIATURE])
    return registry([everything.adapters["miniature"]], [])


@pytest.fixture(scope="session")
def environments(tiny: Registry) -> dict[str, Environment]:
    """Build the tiny tool's environment."""
    built, broken = build(tiny, [cell_of("any/story")], lambda _: None)
    assert broken == {}
    return built


class Player:
    """Plays stories with the tiny tool."""

    def __init__(
        self, tiny: Registry, environments: dict[str, Environment], directory: Path
    ) -> None:
        self._tiny = tiny
        self._environments = environments
        self._directory = directory
        self._played = 0

    def play(
        self, *steps: Step, cold: bool = False, time_limit: float = 20.0
    ) -> Evidence:
        """Play a story of these steps and return its evidence."""
        story = scenario(*steps)
        self._played += 1
        bench = Workbench(self._environments, cold=cold)
        try:
            return run_cell(
                CellRun(
                    cell_of(story.id),
                    registry(self._tiny.adapters.values(), [story]),
                    bench,
                    self._directory / str(self._played),
                    Settings(time_limit=time_limit),
                )
            )
        finally:
            bench.close()


@pytest.fixture
def player(
    tiny: Registry, environments: dict[str, Environment], tmp_path: Path
) -> Player:
    """Return a player whose cells lie in a fresh directory."""
    return Player(tiny, environments, tmp_path)


def scenario(*steps: Step, name: str = "story") -> Scenario:
    """Return a scenario of these steps."""
    return Scenario(
        name=name, family=Family.CHANGES, question="?", why="!", steps=steps
    )


def cell_of(scenario_id: str) -> Cell:
    """Return the tiny tool's cell of a scenario."""
    return Cell(scenario_id, "miniature", "bare", "sqlite")
