"""A cell with a real tool: its own start, without our help and with it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.compatibility import cell as cell_module
from harness.compatibility.cell import Conditions, run_matrix_cell
from harness.compatibility.workers import Work, run_one
from harness.execution.registry import discover
from harness.model.compatibility import MatrixCell, Outcome, Phase, Result
from harness.toolchains.interpreter import probe

TOOL = "sqlalchemy-migrate"
RUNNING = ".".join(probe().version.split(".")[:2])


def test_a_release_is_tried_as_published_and_then_with_our_help() -> None:
    """On a Python without getargspec it cannot set up a history by itself."""
    adapter = discover().adapters[TOOL]
    cell = MatrixCell(TOOL, "0.13.0", RUNNING, "1.4", "<81")
    evidence = run_matrix_cell(adapter, "migrate", cell, Conditions())

    assert (Result.FAILS, Phase.INITIALISE) == (
        evidence.outcome.result,
        evidence.outcome.phase,
    )
    assert "getargspec" in evidence.outcome.words
    assert Outcome(Result.WORKS) == evidence.helped
    assert evidence.help
    assert "0.13.0" == evidence.resolved[TOOL]
    assert any("SQLAlchemy" in one for one in evidence.declared)
    assert ["migrate", "--help"] == list(evidence.commands[0].argv)


def test_an_interpreter_that_is_not_there_is_a_row_of_its_own() -> None:
    """It is no gap in the matrix, and no failure of the tool."""
    work = Work(
        MatrixCell(TOOL, "0.13.0", "3.4", "1.4", "<81"), "migrate", Conditions()
    )

    assert run_one(work).outcome == Outcome(
        Result.NOT_AVAILABLE, words="there is no Python 3.4 on this machine"
    )


def test_an_error_of_the_harness_is_a_cell_that_was_not_established(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other cells go on."""

    def fail(*_arguments: object) -> None:
        message = "by accident"
        raise RuntimeError(message)

    monkeypatch.setattr(cell_module, "interpreter_of", fail)
    work = Work(
        MatrixCell(TOOL, "0.13.0", "3.4", "1.4", "<81"), "migrate", Conditions()
    )

    assert run_one(work).outcome == Outcome(
        Result.NOT_ESTABLISHED, words="RuntimeError: by accident"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("matrix", "--tool", "nothing"), "no tool is called 'nothing'"),
        (("matrix", "--until", "2013"), "is not a date such as"),
        (("matrix", "--resume", "--python", "3.8"), "do not select again"),
        (
            ("sweep", "--tool", "nothing", "--scenario", "cycle"),
            "no tool is called 'nothing'",
        ),
        (
            ("sweep", "--tool", TOOL, "--scenario", "no_such_story"),
            "no scenario is called 'no_such_story'",
        ),
    ],
)
def test_bad_arguments_are_named(arguments: tuple[str, ...], words: str) -> None:
    """With exit code 2, before anything is installed."""
    answer = CliRunner().invoke(main, arguments)

    assert 2 == answer.exit_code
    assert words in answer.output
