"""What `--help` prints teaches: examples keep their lines."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.cli.main import SECTIONS

PAGES = [(), *((name,) for own in SECTIONS.values() for name in own)]


@pytest.mark.parametrize("command", PAGES, ids=lambda page: " ".join(page) or "top")
def test_help_keeps_its_lines(command: tuple[str, ...]) -> None:
    """No mark of formatting is printed, and no two examples share a line."""
    shown = CliRunner().invoke(main, [*command, "--help"])

    assert shown.exit_code == 0
    assert "\\b" not in shown.output
    assert all(
        line.count("migration-compare ") <= 1 for line in shown.output.split("\n")
    )


def test_help_of_all_loads_no_command() -> None:
    """Names and summaries are there without statistics, plots and databases."""
    asked = "import sys, harness.cli as c; c.main(['--help'], standalone_mode=False);"
    heavy = "print({'scipy', 'sqlalchemy', 'matplotlib'} & set(sys.modules))"

    shown = subprocess.run(
        [sys.executable, "-c", f"{asked} {heavy}"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert shown.stdout.splitlines()[-1] == "set()"
    assert all(name in shown.stdout for own in SECTIONS.values() for name in own)


def test_names_are_those_of_the_commands() -> None:
    """What a section calls a command, the command calls itself."""
    for own in SECTIONS.values():
        for name, entry in own.items():
            assert entry.load(name).name == name
