"""Evidence on disk: whole lines, in order, readable again or clearly refused."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import msgspec
import pytest

from harness.journal.files import JournalError
from harness.journal.journal import Journal, evidence_schema, run_schema
from harness.model.cell import Cell
from tests.stored import a_run, evidence

CELLS = tuple(Cell(f"changes/s{n}", "c", "t", "sqlite") for n in range(3))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Return an empty journal."""
    journal = Journal(tmp_path / "run")
    journal.begin(a_run(CELLS))
    return journal


def test_what_is_written_is_read_back(journal: Journal) -> None:
    """Run and evidence come back as they were."""
    journal.append(evidence(CELLS[0]))

    assert journal.run() == a_run(CELLS)
    assert journal.evidence() == (evidence(CELLS[0]),)


def test_a_torn_line_is_cut_off(journal: Journal) -> None:
    """A line that a killed run left unfinished goes; whole lines stay."""
    journal.append(evidence(CELLS[0]))
    path = journal.directory / "evidence.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])

    with pytest.raises(JournalError, match="line 2"):
        journal.evidence()
    assert journal.mend() == 1

    assert journal.evidence() == (evidence(CELLS[0]),)


def test_evidence_is_put_into_the_order_of_the_plan(journal: Journal) -> None:
    """However cells ended, the file's order is the plan's."""
    for cell in reversed(CELLS):
        journal.append(evidence(cell))

    journal.sort(CELLS)

    assert tuple(one.cell for one in journal.evidence()) == CELLS


def test_the_last_evidence_of_a_cell_counts(journal: Journal) -> None:
    """A cell that was run again is there once."""
    journal.append(evidence(CELLS[0]))
    again = msgspec.structs.replace(evidence(CELLS[0]), seconds=9.0)
    journal.append(again)

    journal.sort(CELLS)

    assert journal.evidence() == (again,)


def test_a_missing_run_says_what_to_do(tmp_path: Path) -> None:
    """A folder without a run is told by name, with the remedy."""
    with pytest.raises(JournalError, match="Run the comparison first"):
        Journal(tmp_path).run()


def test_another_format_is_refused(journal: Journal) -> None:
    """Evidence of another format version is not misread."""
    journal.append(msgspec.structs.replace(evidence(CELLS[0]), format=99))

    with pytest.raises(JournalError, match="format 99"):
        journal.evidence()


def test_records_fit_their_published_schemas(journal: Journal) -> None:
    """What is written is valid under the schema that the command prints."""
    journal.append(evidence(CELLS[0]))

    line = (journal.directory / "evidence.jsonl").read_bytes()
    run = (journal.directory / "run.json").read_bytes()

    jsonschema.validate(msgspec.json.decode(line), evidence_schema())
    jsonschema.validate(msgspec.json.decode(run), run_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"format": 1}, evidence_schema())
