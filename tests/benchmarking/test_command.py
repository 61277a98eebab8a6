"""What `bench diff` prints, and what a whole run stores of its times."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from harness.benchmarking.beside import write_beside
from harness.benchmarking.rows import NAME, read, write
from harness.cli.main import main
from harness.journal.journal import Journal
from tests.benchmarking.made_up import IDLE, RECORD
from tests.stored import evidence, store
from tests.timed import around, timed

TWO = (timed("one", around(1.0, 1)), timed("two", around(1.5, 2)))
CHANGED = (TWO[0], timed("two", around(3.0, 3)))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return the folder of a stored run."""
    write(tmp_path / "old" / NAME, RECORD, TWO)
    return tmp_path / "old"


def diff(old: Path, new: Path) -> tuple[int, str]:
    """Run `bench diff`; return its exit code, and what it says."""
    result = CliRunner().invoke(main, ["bench", "diff", str(old), str(new)])
    return result.exit_code, result.output


def test_what_changed_is_printed(old: Path, tmp_path: Path) -> None:
    """Folders and files may be named; a change is no error."""
    write(tmp_path / NAME, RECORD, CHANGED)

    code, said = diff(old, tmp_path / NAME)

    assert 0 == code
    assert "two (common): wall time 1.5" in said


def test_what_cannot_be_compared_is_an_error(old: Path, tmp_path: Path) -> None:
    """Exit code 2, with what is not the same."""
    machine = msgspec.structs.replace(RECORD.machine, processor="another")
    write(tmp_path / NAME, msgspec.structs.replace(RECORD, machine=machine), TWO)

    code, said = diff(old, tmp_path)

    assert 2 == code
    assert "not comparable: another machine: its processor was processor" in said


def test_what_is_no_stored_run_is_an_error(old: Path, tmp_path: Path) -> None:
    """Exit code 2, with the file."""
    (tmp_path / NAME).write_text("{}")

    code, said = diff(old, tmp_path)

    assert 2 == code
    assert f"{NAME}: not written by migration-compare" in said


def test_a_run_stores_its_times_beside_its_report(tmp_path: Path) -> None:
    """In a folder of their own, which `bench diff` finds in that of the run."""
    journal = Journal(store(tmp_path / "run", *TWO))

    page = write_beside(journal, 60.0, IDLE)

    assert tmp_path / "run" / "speed" / "speed.md" == page
    assert TWO == read(tmp_path / "run").evidence
    assert 60.0 == read(tmp_path / "run").record.budget_seconds


def test_a_run_without_times_stores_none(tmp_path: Path) -> None:
    """There is no empty folder."""
    untimed = evidence(msgspec.structs.replace(TWO[0].cell, scenario="changes/a"))
    journal = Journal(store(tmp_path / "run", untimed))

    assert write_beside(journal, 60.0, IDLE) is None
    assert not (tmp_path / "run" / "speed").exists()
