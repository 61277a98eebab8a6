"""Histories of the time of Python 2.7 are played on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.toolchains import ICEHOUSE
from harness import toolchains
from harness.cli import main
from harness.journal.replay import ReplayJournal
from harness.model.replay import End
from harness.toolchains import interpreters

from .conftest import BOOKS, Script, write_alembic, write_migrate

PRINTING = Script("print 'of its time'")
ENDING = Script("import os; os._exit(7)")


pytestmark = pytest.mark.skipif(
    interpreters.find("2.7") is None, reason=interpreters.not_found("2.7")[0]
)


def play(folder: Path, output: Path) -> Result:
    """Play a history in the environment of its time."""
    python = toolchains.build(ICEHOUSE).python
    arguments = ["--python", python, "--output", str(output)]
    return CliRunner().invoke(main, ["replay", str(folder), *arguments])


def test_a_history_is_played_on_python_2(tmp_path: Path) -> None:
    """Its steps are told as of any other, and so is how its process ended."""
    folder = write_migrate(tmp_path / "history", (BOOKS, PRINTING, ENDING))

    result = play(folder, tmp_path / "output")

    steps = ReplayJournal(tmp_path / "output").steps()
    assert 3 == result.exit_code
    assert ["books"] == [change.table for change in steps[0].changes]
    assert [End.DONE, End.DONE, End.LOST] == [step.end for step in steps]
    assert "exit code 7" in result.stderr


def test_a_tool_too_old_to_take_steps_says_so(tmp_path: Path) -> None:
    """With the release that would do."""
    folder = write_alembic(tmp_path / "history", (BOOKS,))

    result = play(folder, tmp_path / "output")

    assert 2 == result.exit_code
    assert "alembic 0.6.0 has no steps" in result.stderr
    assert "they came with 0.7.0" in result.stderr
