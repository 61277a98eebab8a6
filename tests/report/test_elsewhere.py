"""The reader in another language that docs/outputs.md shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.cell import Cell
from tests.stored import evidence, store

PAGE = Path(__file__).parents[2] / "docs" / "outputs.md"
NODE = shutil.which("node")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return the folder of a run of two cells."""
    cells = (Cell(f"changes/{name}", "one", "t", "sqlite") for name in ("a", "b"))
    folder = store(tmp_path / "run", *map(evidence, cells))
    assert CliRunner().invoke(main, ["report", str(folder)]).exit_code == 0
    return folder


def reading(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the page on a folder."""
    (shown,) = re.findall(r"```js\n(.*?)```", PAGE.read_text(), re.DOTALL)
    script = folder.parent / "check.mjs"
    script.write_text(shown)
    assert NODE is not None
    return subprocess.run(
        [NODE, script, folder], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_the_shown_reader_counts(run: Path) -> None:
    """It reads what was written, without any code of ours."""
    read = reading(run)

    assert (read.returncode, read.stderr) == (0, "")
    assert sum(int(line.split()[-1]) for line in read.stdout.splitlines()) == 2


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_the_shown_reader_refuses_lines_in_another_order(run: Path) -> None:
    """It names the first line that is not as it was written."""
    path = run / "evidence.jsonl"
    first, second, *_ = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(second + first)
    read = reading(run)

    assert read.returncode == 4
    assert "line 1: not as it was written" in read.stderr
