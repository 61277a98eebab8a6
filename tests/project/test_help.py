"""What `--help` prints teaches: examples keep their lines."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from harness.cli import main

PAGES = [(), *((name,) for name in sorted(main.commands))]


@pytest.mark.parametrize("command", PAGES, ids=lambda page: " ".join(page) or "top")
def test_help_keeps_its_lines(command: tuple[str, ...]) -> None:
    """No mark of formatting is printed, and no two examples share a line."""
    shown = CliRunner().invoke(main, [*command, "--help"])

    assert shown.exit_code == 0
    assert "\\b" not in shown.output
    assert all(
        line.count("migration-compare ") <= 1 for line in shown.output.split("\n")
    )
