"""Two stored runs held against each other."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from harness.cli import main
from harness.judgement.observing import plain
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Command,
    Evidence,
    Fault,
    FileChange,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.snapshot import ColumnState, Snapshot, TableState
from harness.model.step import Migration
from harness.model.steps import Author, Expect, Upgrade
from harness.report.diff import diff, diff_schema
from tests.stored import evidence, store
from tests.timed import observed, sample

CELL = Cell("changes/widen", "one", "t", "sqlite")
OTHER = Cell("changes/widen", "two", "t", "sqlite")
ID = ColumnState("id", "INTEGER", nullable=False)
WIDE = ColumnState("name", "VARCHAR(200)", nullable=False)
REFUSED = Outcome(
    OutcomeKind.REFUSED, Fault.DATABASE_ERROR, "no such table: a1b2c3d4e5f6"
)


def holding(*columns: ColumnState) -> Snapshot:
    """Return a database with one table."""
    return Snapshot((TableState("users", columns),))


def command(exit_code: int) -> Command:
    """Return a command that ended so."""
    return Command(("tool", "upgrade"), exit_code, "", "", 0.1, 0.1, 1)


def told(
    cell: Cell = CELL,
    outcome: Outcome = OK,
    found: Snapshot | None = None,
    identity: str = "a1b2c3d4e5f6",
) -> Evidence:
    """Return the evidence of a story that writes a migration and runs it."""
    exit_code = 0 if outcome is OK else 1
    written = FileChange(f"versions/{identity}_widen.py", "A", 30, 0)
    return msgspec.structs.replace(
        evidence(cell),
        observations=(
            Observation(Author(Migration("widen")), OK, 0.1, changes=(written,)),
            Observation(Upgrade(), outcome, 0.1, commands=(command(exit_code),)),
            Observation(
                Expect(("widen",)),
                OK,
                0.1,
                database="app",
                after=found or holding(ID, WIDE),
                expected=holding(ID, WIDE),
            ),
        ),
    )


def compared(tmp_path: Path, old: list[Evidence], new: list[Evidence]) -> Result:
    """Return what the command says of two runs."""
    paths = store(tmp_path / "old", *old), store(tmp_path / "new", *new)
    return CliRunner().invoke(main, ["diff", *map(str, paths)])


def test_what_is_drawn_anew_makes_no_difference(tmp_path: Path) -> None:
    """Revision ids are others in every run."""
    result = compared(tmp_path, [told()], [told(identity="0123456789ab")])

    assert result.exit_code == 0
    assert "1 cell alike" in result.output


def test_a_changed_verdict_names_the_step_that_made_it(tmp_path: Path) -> None:
    """With the outcome, the exit code and the words, as they were and as they are."""
    result = compared(tmp_path, [told()], [told(outcome=REFUSED)])

    assert result.exit_code == 3
    assert "Verdicts that changed\n  changes/widen:one:t:sqlite\n" in result.output
    assert "old: ✔ as expected" in result.output
    assert "new: ◐ fails, and leaves the database as it was" in result.output
    assert "from step [1] on, Upgrade app:" in result.output
    assert "outcome: ok → refused (database error)" in result.output
    assert "exit code: 0 → 1" in result.output
    assert "words: nothing → no such table: a1b2c3d4e5f6" in result.output


def test_a_schema_that_differs_is_told_against_the_oracle(tmp_path: Path) -> None:
    """As both runs found it."""
    result = compared(tmp_path, [told()], [told(found=holding(ID))])

    assert "from step [2] on, Expect widen app:" in result.output
    assert "database: as expected → users: the column name is missing" in result.output


def test_another_way_to_the_same_verdict_is_told(tmp_path: Path) -> None:
    """It is a difference, but none of the verdict."""
    warned = Outcome(OutcomeKind.WARNED, Fault.NONE, "this will be removed")
    result = compared(tmp_path, [told()], [told(outcome=warned)])

    assert result.exit_code == 3
    assert "Verdicts that changed" not in result.output
    assert "verdict: ✔ as expected" in result.output
    assert "outcome: ok → warned" in result.output


def test_cells_that_differ_alike_are_told_once(tmp_path: Path) -> None:
    """Their names are written with braces."""
    old, new = [told(), told(OTHER)], [told(outcome=REFUSED), told(OTHER, REFUSED)]
    result = compared(tmp_path, old, new)

    assert "  changes/widen:{one,two}:t:sqlite\n" in result.output
    assert "2 verdicts changed" in result.output


def test_cells_of_one_run_only_are_named(tmp_path: Path) -> None:
    """On both sides."""
    third = Cell("changes/widen", "three", "t", "sqlite")
    result = compared(tmp_path, [told(), told(OTHER)], [told(), told(third)])

    assert result.exit_code == 3
    assert "Only in the old run\n  changes/widen:two:t:sqlite" in result.output
    assert "Only in the new run\n  changes/widen:three:t:sqlite" in result.output


def test_another_story_of_the_same_name_is_not_compared(tmp_path: Path) -> None:
    """Its digest says so; what is not established is not compared either."""
    changed = msgspec.structs.replace(told(outcome=REFUSED), digest="e")
    broken = msgspec.structs.replace(
        told(OTHER), status=Status.NOT_ESTABLISHED, reason="the server was gone"
    )
    result = compared(tmp_path, [told(), told(OTHER)], [changed, broken])

    assert result.exit_code == 3
    assert "the story is another one: digest d, then e" in result.output
    assert "not established in the new run: the server was gone" in result.output
    assert "Verdicts that changed" not in result.output


def test_runs_without_a_common_cell_are_refused(tmp_path: Path) -> None:
    """That is a mistake of whoever calls it."""
    result = compared(tmp_path, [told()], [told(OTHER)])

    assert result.exit_code == 2
    assert "no cell in common" in result.output


def test_another_format_is_refused(tmp_path: Path) -> None:
    """The message names the file and the formats."""
    future = msgspec.structs.replace(told(), format=99)
    result = compared(tmp_path, [told()], [future])

    assert result.exit_code == 2
    assert "new/evidence.jsonl, line 1: format 99" in result.output


def timed(*seconds: float) -> Evidence:
    """Return the evidence of a timing."""
    taken = [sample(number, 0, value) for number, value in enumerate(seconds)]
    return msgspec.structs.replace(
        evidence(Cell("speed/load", "one", "t", "sqlite")),
        observations=(observed(taken),),
    )


def test_times_are_told_and_no_difference(tmp_path: Path) -> None:
    """Two machines, or two days, are never alike."""
    result = compared(tmp_path, [timed(1.0, 1.1, 1.2)], [timed(2.0, 2.2, 2.4)])

    assert result.exit_code == 0
    assert "speed/load:one:t:sqlite: 1.10 s → 2.20 s, × 2.00\n" in result.output


def test_what_is_printed_for_programs_fits_its_schema(tmp_path: Path) -> None:
    """`schema diff` prints it."""
    old = store(tmp_path / "old", told(), told(OTHER))
    new = store(tmp_path / "new", told(outcome=REFUSED), timed(1.0))
    printed = CliRunner().invoke(main, ["diff", str(old), str(new), "--json"])
    schema = CliRunner().invoke(main, ["schema", "diff"])
    record = msgspec.json.decode(printed.output)

    assert msgspec.json.decode(schema.output) == msgspec.json.decode(
        msgspec.json.encode(diff_schema())
    )
    jsonschema.validate(record, diff_schema())
    assert record["verdicts"][0]["departure"]["step"] == 1


OUTCOMES = st.builds(Outcome, st.sampled_from(OutcomeKind), st.sampled_from(Fault))
STORIES = st.builds(
    told, outcome=OUTCOMES, found=st.sampled_from([holding(ID), holding(ID, WIDE)])
)


@given(old=STORIES, new=STORIES)
def test_the_difference_of_two_runs_is_the_same_from_both_ends(
    old: Evidence, new: Evidence, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And a run does not differ from itself."""
    folder = tmp_path_factory.mktemp("runs")
    one, other = store(folder / "one", old), store(folder / "other", new)

    there, back = diff(one, other), diff(other, one)

    assert not diff(one, one).differs
    assert there.differs is back.differs
    assert [(c.old, c.new) for c in there.verdicts] == [
        (c.new, c.old) for c in back.verdicts
    ]


@given(identity=st.from_regex(r"[0-9a-f]{11}[0-9]", fullmatch=True))
def test_identities_are_chance_and_words_are_not(identity: str) -> None:
    """Numbers of few digits are words, too: a version, a count, a line."""
    assert plain(f"versions/{identity}_add.py, line 12") == "versions/…_add.py, line 12"
