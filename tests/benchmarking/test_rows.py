"""What is stored is pytest-benchmark's own form, and says all that we need of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from harness.benchmarking.rows import NAME, read, row, write
from harness.benchmarking.taking import Turns
from harness.journal.files import JournalError
from harness.model.evidence import Evidence, Status
from tests.benchmarking.made_up import RECORD
from tests.timed import around, timed

TIMED = (timed("one", around(1.0, 1)), timed("two", around(1.5, 2)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a stored run of two who took turns."""
    write(tmp_path / NAME, RECORD, TIMED)
    return tmp_path / NAME


def pytest_benchmark(directory: Path, *argv: str) -> str:
    """Run the command that comes with pytest-benchmark; return what it prints."""
    command = [sys.executable, "-m", "pytest_benchmark", *argv]
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_its_own_command_compares_our_files(file: Path) -> None:
    """`pytest-benchmark compare` has a table of each operation, and a row for each."""
    printed = pytest_benchmark(
        file.parent, "compare", str(file), "--columns=median,rounds"
    )

    assert "speed/start on sqlite, common" in printed
    assert "[one-common-sqlite]" in printed
    assert "[two-common-sqlite]" in printed
    assert " 32" in printed


def test_its_own_command_compares_two_of_our_files(file: Path) -> None:
    """Rows of the same name stand side by side, from both files."""
    newer = file.with_name("newer.json")
    write(newer, RECORD, TIMED)

    printed = pytest_benchmark(file.parent, "compare", str(file), str(newer))

    assert 4 == printed.count("-common-sqlite]")


def test_its_own_command_draws_our_files(file: Path) -> None:
    """`--histogram` draws a picture of each operation."""
    pytest_benchmark(file.parent, "compare", str(file), "--histogram=drawn")

    (picture,) = file.parent.glob("drawn*.svg")
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_all_samples_are_in_order(file: Path) -> None:
    """The data of a row are the seconds as they were taken; nothing is left out."""
    row = json.loads(file.read_text())["benchmarks"][0]

    assert [s.seconds for s in around(1.0, 1)] == row["stats"]["data"]


def test_what_is_read_is_what_was_written(file: Path) -> None:
    """Evidence and record survive, whatever pytest-benchmark makes of the rest."""
    found = read(file.parent)

    assert (RECORD, TIMED) == (found.record, found.evidence)


def test_who_was_not_timed_is_kept(tmp_path: Path) -> None:
    """A cell without samples has no row, and its reason is stored all the same."""
    lost = msgspec.structs.replace(
        timed("one", ()), status=Status.UNSUPPORTED, reason="no way", observations=()
    )

    write(tmp_path / NAME, RECORD, (lost, *TIMED))

    assert "no way" in [one.reason for one in read(tmp_path).evidence]


def test_samples_are_stored_after_each_operation(tmp_path: Path) -> None:
    """A kill loses the operation in work: those before it are in the file already."""
    evidence: list[Evidence] = []
    stand = SimpleNamespace(
        evidence=evidence,
        record=lambda: RECORD,
        times=lambda _: evidence.append(TIMED[len(evidence)]) or evidence[-1:],
    )
    session = SimpleNamespace(benchmarks=[], json=tmp_path / NAME)

    for taken in (1, 2):
        Turns(stand, ("speed/start", "sqlite"), session).take()  # type: ignore[arg-type]
        assert TIMED[:taken] == read(tmp_path).evidence
    assert 2 == len(session.benchmarks)


def test_an_interrupted_run_is_waited_for(tmp_path: Path) -> None:
    """Pytest is told once, however often it is asked for, and has time to store."""
    mark = tmp_path / "mark"
    timing = (
        f"import pathlib, time; mark = pathlib.Path({str(mark)!r}); mark.touch()\n"
        "try: time.sleep(60)\n"
        "except KeyboardInterrupt: time.sleep(1); mark.write_text('stored')"
    )
    driving = (
        "import sys; from harness.benchmarking.driving import run_pytest\n"
        "from harness.cli.exits import exit_codes\n"
        f"with exit_codes(): run_pytest([sys.executable, '-c', {timing!r}])"
    )
    process = subprocess.Popen([sys.executable, "-c", driving])
    while not mark.exists():
        assert process.poll() is None
        time.sleep(0.05)

    for _ in range(2):
        process.terminate()

    assert 130 == process.wait(60)
    assert "stored" == mark.read_text()


@pytest.mark.parametrize("text", ["{", "{}", '{"migration_compare": {}}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """What is no stored run of ours is bad input, and the file is named."""
    (tmp_path / NAME).write_text(text)

    with pytest.raises(JournalError, match=NAME):
        read(tmp_path)


def test_rows_of_one_toolchain_are_together() -> None:
    """Another toolchain is another group: pytest-benchmark does not mix them either."""
    rows = [timed("one", around(1.0, 1), toolchain) for toolchain in ("common", "new")]

    assert 2 == len({_group(one) for one in rows})


def _group(evidence: Evidence) -> str:
    made = row(evidence)
    assert made is not None
    return str(made.group)
