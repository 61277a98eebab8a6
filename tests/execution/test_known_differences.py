"""`run` says whether known differences changed, and can fail for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli import main
from harness.exploration.writing import module_of
from harness.model.operations import CreateTable, RunStatement
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, Table
from harness.model.steps import Author, Expect, Migration, Upgrade

MINIATURE = Path(__file__).parents[1] / "miniature"
KEY = Column("id", Integer(), nullable=False, primary_key=True)
ENTRY = """[[difference]]
id = "miniature-fails"
scenarios = ["changes/a_tiny_failure"]
candidates = ["miniature"]
outcome = "{outcome}"
reason = "the statement is wrong on purpose"
reference = "none"
"""


@pytest.fixture
def run(tmp_path: Path) -> tuple[str, ...]:
    """Return the options of a run in which the tiny tool fails, cleanly."""
    story = Scenario(
        name="a_tiny_failure",
        family=Family.CHANGES,
        question="Does it fail?",
        why="It must.",
        steps=(
            Author(Migration("create", (CreateTable(Table("a", (KEY,))),))),
            Upgrade(),
            Author(Migration("fail", (RunStatement("DELETE FROM b"),))),
            Upgrade(),
            Expect(("create",)),
        ),
    )
    file = tmp_path / "tiny.py"
    file.write_text(module_of(story, "A story that fails"))
    more = ("--adapter-from", str(MINIATURE), "--scenarios-from", str(file))
    chosen = ("--scenario", story.id, "--candidate", "miniature")
    return (
        "run",
        *more,
        *chosen,
        "--output",
        str(tmp_path / "run"),
        "--fail-on-change",
    )


def invoked(*argv: str) -> Result:
    """Return what the command says."""
    return CliRunner().invoke(main, list(argv))


def test_a_new_difference_fails_a_run_that_asks_for_that(
    run: tuple[str, ...], tmp_path: Path
) -> None:
    """Nobody knows it; the report names it."""
    result = invoked(*run)

    assert result.exit_code == 3, result.output
    assert (
        "known differences: 0 differences as known, new ones in 1 cell" in result.output
    )
    report = (tmp_path / "run" / "comparison.md").read_text()
    assert "- **new**: **miniature**, a tiny failure: fails" in report
    assert (
        "- **new**: miniature, a tiny failure"
        in (tmp_path / "run" / "summary.md").read_text()
    )
    assert '"orange"' in (tmp_path / "run" / "badge.json").read_text()


def test_a_known_difference_does_not_fail_it(
    run: tuple[str, ...], tmp_path: Path
) -> None:
    """The report gives the reason."""
    known = tmp_path / "known.toml"
    known.write_text(ENTRY.format(outcome="no such table"))
    result = invoked(*run, "--known", str(known))

    assert result.exit_code == 0, result.output
    report = (tmp_path / "run" / "comparison.md").read_text()
    assert "the statement is wrong on purpose" in report


def test_a_known_difference_that_is_not_seen_has_closed(
    run: tuple[str, ...], tmp_path: Path
) -> None:
    """And what is seen instead is new; a run that is resumed reads the file again."""
    known = tmp_path / "known.toml"
    known.write_text(ENTRY.format(outcome="rows are gone"))
    first = invoked(*run, "--known", str(known))
    report = (tmp_path / "run" / "comparison.md").read_text()
    known.write_text(ENTRY.format(outcome="no such table"))
    again = (*run[:5], *run[9:], "--resume", "--known", str(known))
    second = invoked(*again)

    assert first.exit_code == 3
    assert "- **closed**: `miniature-fails` is no longer seen here" in report
    assert second.exit_code == 0, second.output
