"""What a matrix says of a tool, from its cells alone."""

from __future__ import annotations

import jsonschema
import msgspec

from harness.claims import Matrix
from harness.journal.matrix import MatrixJournal, matrix_schema
from harness.judgement.compatibility import standing
from harness.model.compatibility import (
    NEWEST,
    NONE,
    MatrixCell,
    MatrixEvidence,
    MatrixRun,
    MatrixTool,
    Outcome,
    Phase,
    Release,
    Result,
)
from harness.report.compatibility import included, render, write_matrix

CENTRE = MatrixCell("tool", "2.0", "3.11", "1.4", "<81")
TOOL = MatrixTool("tool", "tool", CENTRE, (Release("2.0", "2019-10-22"),))
WORKS = Outcome(Result.WORKS)
BROKEN = Outcome(Result.FAILS, Phase.START, "AttributeError: no getargspec")


def cell(outcome: Outcome = WORKS, **differing: str) -> MatrixEvidence:
    """Return the evidence of a cell that differs from the centre."""
    return MatrixEvidence(
        cell=msgspec.structs.replace(CENTRE, **differing), outcome=outcome
    )


def run_of(*evidence: MatrixEvidence) -> MatrixRun:
    """Return the run of which these are the cells."""
    return MatrixRun(
        version="1",
        command=("migration-compare", "matrix"),
        started="2026-11-25T12:00:00+00:00",
        tools=(TOOL,),
        cells=tuple(one.cell for one in evidence),
    )


def test_the_first_newer_value_that_fails_is_what_broke_it() -> None:
    """Older ones that fail are requirements of the tool, and no breakage."""
    found = standing(
        TOOL,
        [
            cell(),
            cell(BROKEN, python="3.6"),
            cell(BROKEN, python="3.13"),
            cell(BROKEN, python="3.12"),
            cell(sqlalchemy="2.0"),
            cell(BROKEN, setuptools=NONE),
        ],
    )

    assert "refuted" == found.verdict
    assert [("python", "3.12"), ("setuptools", NONE)] == [
        (one.factor, one.value) for one in found.breakages
    ]


def test_a_tool_that_newer_surroundings_do_not_break_supports_the_claim() -> None:
    """All that was newer worked."""
    newest = cell(python="3.13", sqlalchemy=NEWEST, setuptools=NONE)
    found = standing(TOOL, [cell(), cell(python="3.13"), newest])

    assert "supported" == found.verdict
    assert (1, 1, "2.0") == (
        found.newest_working_cells,
        found.newest_decided,
        found.newest_working,
    )


def test_nothing_is_shown_where_the_centre_fails_or_nothing_newer_was_tried() -> None:
    """A cell that was not established counts neither way."""
    unsure = cell(Outcome(Result.NOT_ESTABLISHED, Phase.RESOLVE), python="3.13")

    assert "not shown" == standing(TOOL, [cell(BROKEN), cell(python="3.13")]).verdict
    assert "not shown" == standing(TOOL, [cell(), unsure]).verdict
    assert 1 == standing(TOOL, [cell(), unsure]).decided


def test_the_tables_tell_the_phase_the_words_and_what_was_installed() -> None:
    """Together with what the harness's help changes, and what is missing."""
    helped = msgspec.structs.replace(
        cell(BROKEN, python="3.12"),
        helped=WORKS,
        resolved={"sqlalchemy": "1.4.54"},
        python_version="3.12.1",
    )
    absent = cell(
        Outcome(Result.NOT_AVAILABLE, words="there is no Python 2.7"), python="2.7"
    )
    text = render(run_of(cell(), helped, absent, cell(python="3.8")), (helped, absent))

    assert (
        "| 2.0 (2019-10-22) | 3.12.1 | 1.4 (1.4.54) | \\<81 | does not start: "
        "`AttributeError: no getargspec` | works |"
    ) in text
    assert "not available, because there is no Python 2.7" in text
    assert "**2 of 4 cells have not been run.**" in text


def test_a_stored_matrix_is_the_same_report_again_and_part_of_the_main_one(
    tmp_path,  # noqa: ANN001
) -> None:
    """The last evidence of a cell counts; every line fits the published schema."""
    journal = MatrixJournal(tmp_path / "matrix")
    journal.directory.mkdir()
    evidence = (cell(), cell(BROKEN, python="3.12"))
    journal.begin(run_of(*evidence))
    for one in (cell(BROKEN), *evidence):
        journal.append(one)
    text = write_matrix(journal).read_text()
    lines = (journal.directory / "matrix.jsonl").read_text().splitlines()

    assert evidence == journal.evidence()
    assert text == render(journal.run(), journal.evidence())
    assert "**tool: refuted.**" in included(Matrix(journal.run(), journal.evidence()))
    for line in lines:
        jsonschema.validate(msgspec.json.decode(line), matrix_schema())
