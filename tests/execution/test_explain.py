"""`explain` shows a story and what an adapter really writes for it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cli import main
from harness.execution.registry import discover
from harness.exploration.writing import module_of
from harness.model.cell import Cell
from harness.model.evidence import Observation, Outcome, OutcomeKind
from harness.model.operations import AddColumn, CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, String, Table
from harness.model.steps import Author, Expect, Migration, Upgrade
from harness.report import explanation
from tests.stored import evidence, store

MINIATURE = Path(__file__).parents[1] / "miniature"
KEY = Column("id", Integer(), nullable=False, primary_key=True)
STORY = "changes/a_tiny_story"
SCENARIO = Scenario(
    name="a_tiny_story",
    family=Family.CHANGES,
    question="Does a column arrive?",
    why="All change is that.",
    steps=(
        Author(Migration("create", (CreateTable(Table("a", (KEY,))),))),
        Author(Migration("add", (AddColumn("a", Column("b", String(9))),))),
        Upgrade(),
        Expect(("create", "add")),
    ),
)


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the options that take in the tiny tool and a story for it."""
    file = tmp_path_factory.mktemp("scenarios") / "tiny.py"
    file.write_text(module_of(SCENARIO, "A story for the tiny tool"))
    return ("--adapter-from", str(MINIATURE), "--scenarios-from", str(file))


def explain(more: tuple[str, ...], *options: str) -> Result:
    """Run the command with the tiny tool."""
    argv = ["explain", *options, *more, "--candidate", "miniature"]
    return CliRunner().invoke(main, argv)


@pytest.fixture(scope="module")
def explained(more: tuple[str, ...]) -> str:
    """Return a story explained."""
    result = explain(more, STORY)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_story_is_told_in_words_and_with_its_operations(explained: str) -> None:
    """Each step has a number, a sentence, and what it is in the scenario."""
    assert explained.startswith(f"{STORY}\n{'=' * len(STORY)}\n")
    assert "Write a migration with the tool's own command" in explained
    assert "AddColumn(" in explained


def test_what_the_adapter_wrote_is_shown(
    explained: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    """It is what is in the repository of the cell when that is run again."""
    keep = tmp_path / "kept"
    cell = f"{STORY}:miniature:bare:sqlite"
    CliRunner().invoke(main, ["reproduce", cell, "--keep", str(keep), *more])
    shown = re.findall(r"^    A (.+)$", explained, re.MULTILINE)
    lines = {line.strip() for line in explained.splitlines()}

    assert len(shown) > 1
    for path in shown[1:]:
        text = (keep / "repository" / path).read_text()
        assert all(f"| {line}".strip() in lines for line in text.splitlines())


def test_command_lines_and_graph_and_verdict_are_shown(explained: str) -> None:
    """All that a person who knows the tool wants to check."""
    assert re.search(r"^    \$ python tool.py up", explained, re.MULTILINE)
    assert "git, the newest first:" in explained
    assert "verdict here: ✔ as expected" in explained


def test_what_is_expected_is_told_once(explained: str) -> None:
    """As the oracle has it."""
    assert explained.count("What is expected") == 1
    assert (
        "    a, 0 rows\n        id INTEGER not null\n        b VARCHAR(9)\n"
        in explained
    )


def test_a_story_alone_runs_nothing(more: tuple[str, ...]) -> None:
    """Whatever is installed."""
    result = explain(more, STORY, "--story")

    assert result.exit_code == 0
    assert "verdict here" not in result.output


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [("add_a_*", "name one of them"), ("add_a_chek_constraint", "did you mean")],
)
def test_what_is_not_one_story_is_refused(
    asked: str, complaint: str, more: tuple[str, ...]
) -> None:
    """The message helps to find it."""
    result = explain(more, asked)

    assert result.exit_code == 2
    assert complaint in result.output


@pytest.mark.parametrize("scenario", discover().scenarios, ids=lambda s: s.id)
def test_every_story_can_be_told(scenario: Scenario) -> None:
    """Every step of it has a sentence."""
    lines = "\n".join(explanation.story(scenario)).splitlines()
    steps = [line for line in lines if re.match(r"\[\d+\] ", line)]

    assert len(steps) == len(scenario.steps) + 1
    assert all(re.match(r"\[\d+\] [A-Z].*[\w.,:;]$", line) for line in steps)


def test_a_stored_run_explains_without_running(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    """What it has of the story is told; a story that it does not have is refused."""
    cell = Cell(STORY, "miniature", "here", "sqlite")
    seen = Observation(Upgrade(), Outcome(OutcomeKind.REFUSED, words="no"), 0.1)
    told = msgspec.structs.replace(evidence(cell), observations=(seen,))
    folder = store(tmp_path / "run", told)
    result = explain(more, STORY, "--from", str(folder))
    strange = explain(more, STORY, "--from", str(folder), "--toolchain", "there")

    assert result.exit_code == 0, result.output
    assert "miniature (here, sqlite)" in result.stdout
    assert "was another story" in result.stderr
    assert strange.exit_code == 2
