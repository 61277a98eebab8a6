"""A history is carried over to another tool, and every step is held against the old one."""

from __future__ import annotations

import sqlite3
import venv
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.model.carrying import CarryOver, How
from harness.model.replay import Direction
from tests.carrying.conftest import (
    ALTER,
    BOOKS,
    FAILS,
    NO_RETURN,
    ROWS,
    SHELVES,
    TODAY,
    WHOLE,
    Carried,
    Carry,
    by_hand,
)


def all_same(record: CarryOver) -> bool:
    """Tell whether every step and every stamp came to the same database."""
    return all(proof.holds for proof in record.proofs)


def test_statements_are_said_again_and_proved(statements: Carried) -> None:
    """Every step, up and down, comes to the same schema and rows under the new tool."""
    record = statements.record
    (proof,) = record.proofs
    assert statements.result.exit_code == 3, statements.result.output
    assert [s.revision for s in record.steps] == [
        "0007_books",
        "0008_rows",
        "0009_alter",
        "0010_default_default_upgrade",
        "0011_count",
    ]
    assert all_same(record), statements.result.output
    ways = [step.direction for step in proof.steps if step.step == "9"]
    assert ways == [Direction.UP, Direction.DOWN, Direction.UP]
    assert "alembic" in proof.new
    assert "sqlalchemy-migrate" in proof.old


def test_what_a_recording_cannot_show_is_marked(statements: Carried) -> None:
    """A step that reads rows or binds values is for a person, in record and revision."""
    marked = {s.revision: s.marks for s in statements.record.steps if s.marks}
    assert marked.keys() == {"0008_rows", "0011_count"}
    assert "SELECT id, heading FROM books" in marked["0011_count"][0]
    assert "TO BE LOOKED AT" in statements.revision("0011_count")
    assert statements.record.status == "for a person"


def test_a_history_without_anything_doubtful_is_proved(carry: Carry) -> None:
    """The command comes to 0; a table named like the old tool's own is none of those."""
    looks_alike = "CREATE TABLE shadow_migrate_version (id INTEGER);\n"
    scripts = {"001_books.py": BOOKS, "002_default_upgrade.sql": looks_alike}
    carried = carry(scripts, "--how", "statements")

    assert carried.result.exit_code == 0, carried.result.output
    assert carried.record.status == "proved"


def test_databases_of_the_old_tool_go_on_after_a_stamp(statements: Carried) -> None:
    """At the first, a middle and the last step, a stamp leads to the same end."""
    (proof,) = statements.record.proofs
    places = [(stamp.revision, stamp.left, stamp.same) for stamp in proof.stamps]
    assert places == [
        ("0007_books", 4, True),
        ("0009_alter", 2, True),
        ("0011_count", 0, True),
    ]


def test_what_comes_after_a_step_that_fails_is_listed(carry: Carry) -> None:
    """What goes through is carried over; the rest is named, with the words of the tool."""
    scripts = {"001_books.py": BOOKS, "002_fails.py": FAILS, "003_rows.py": ROWS}
    carried = carry(scripts, "--how", "statements")

    first, second = carried.record.not_carried
    assert carried.result.exit_code == 3
    assert [step.step for step in carried.record.steps] == ["1"]
    assert first.failure is not None
    assert "nil" in first.failure.words
    assert "after 2" in second.reason
    assert "003_rows.py" in (carried.folder / "carry-over.md").read_text()


def test_what_fails_on_one_backend_is_left_on_all(carry: Carry) -> None:
    """Databases end with the last step that all backends take, and are still stamped."""
    table = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, at TIMESTAMP);\n"
    scripts = {
        "001_default_upgrade.sql": table,
        "002_today.py": TODAY,
        "003_sqlite_upgrade.sql": "ALTER TABLE t ADD COLUMN more INTEGER;\n",
        "003_postgresql_upgrade.sql": "DROP TABLE nil;\n",
        "004_default_upgrade.sql": "INSERT INTO t (id) VALUES (2);\n",
    }
    carried = carry(scripts, "--backend", "sqlite", "--backend", "postgresql")

    record = carried.record
    assert [step.step for step in record.steps] == ["1", "2"]
    assert [step.step for step in record.not_carried] == ["3", "4"]
    for proof in record.proofs:
        places = [(stamp.revision, stamp.left) for stamp in proof.stamps]
        assert places == [("0001_default_upgrade", 1), ("0002_today", 0)]
    assert all_same(record), carried.result.output


def test_the_original_scripts_can_be_called(carry: Carry) -> None:
    """Wrapped, the scripts lie beside and do what they did, values and all."""
    carried = carry(WHOLE, "--how", "wrapped", "--downgrades")

    assert carried.result.exit_code == 0, carried.result.output
    copied = carried.folder / "repository" / "original" / "versions" / "011_count.py"
    assert copied.exists()
    assert all(step.how is How.WRAPPED for step in carried.record.steps)
    assert any(s.direction is Direction.DOWN for s in carried.record.proofs[0].steps)


def test_one_repository_serves_several_backends(carry: Carry) -> None:
    """What was recorded on each backend is said once, and is the same on each."""
    scripts = {"001_books.py": BOOKS, "002_rows.py": ROWS, "003_alter.py": ALTER}
    servers = ("--backend", "sqlite", "--backend", "postgresql", "--backend", "mysql")
    carried = carry(scripts, *servers)

    assert len(carried.record.proofs) == 3, carried.result.output
    assert all_same(carried.record), carried.result.output
    assert {step.how for step in carried.record.steps} == {How.OPERATIONS}
    assert "dialect" not in carried.revision("0001_books")
    assert "dialect" not in carried.revision("0002_rows")


def test_a_database_that_cannot_be_copied_is_made_anew(carry: Carry) -> None:
    """A view is in the way of a copy on MySQL; the old tool takes the steps again."""
    view = "CREATE VIEW seen AS SELECT id FROM shelves;\n"
    scripts = {"001_default_upgrade.sql": SHELVES, "002_default_upgrade.sql": view}
    carried = carry(scripts, "--backend", "mysql", "--how", "statements")

    assert carried.result.exit_code == 0, carried.result.output
    (proof,) = carried.record.proofs
    assert [stamp.same for stamp in proof.stamps] == [True, True]


def test_statements_with_values_say_that_they_need_a_connection(
    statements: Carried, python: str
) -> None:
    """What cannot be written out as SQL names the step and the reason."""
    done = by_hand(statements, python, "sqlite://", "upgrade", "head", "--sql")

    assert done.returncode != 0
    assert "step 8 needs a connection: values are sent" in done.stderr


def test_the_repository_works_by_hand(
    statements: Carried, python: str, tmp_path: Path
) -> None:
    """The tool's own command goes up over what was written, and says where it is."""
    database = tmp_path / "by hand.db"
    for words in (("upgrade", "head"), ("current",)):
        done = by_hand(statements, python, f"sqlite:///{database}", *words)
        assert done.returncode == 0, done.stderr
    assert "0011_count (head)" in done.stdout
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT shelf FROM books").fetchall() == [("1",)]


def test_the_old_repository_is_only_read(statements: Carried) -> None:
    """Nothing is written where the old history lies."""
    old = statements.folder.parent / "old"
    files = {path.name: path.read_text() for path in (old / "versions").iterdir()}
    assert files == WHOLE


def test_a_folder_with_something_else_in_it_is_not_written(
    statements: Carried, tmp_path: Path
) -> None:
    """Neither a folder of the user's nor an earlier result is lost without a word."""
    (tmp_path / "letter.txt").write_text("dear")
    old = str(statements.folder.parent / "old")
    command = ["carry-over", old, "--to", "alembic", "--python", "python3", "--output"]

    mine = CliRunner().invoke(main, [*command, str(tmp_path), "--force"])
    earlier = CliRunner().invoke(main, [*command, str(statements.folder)])

    assert (mine.exit_code, earlier.exit_code) == (2, 2)
    assert "not empty" in mine.output
    assert "--force" in earlier.output
    assert (tmp_path / "letter.txt").exists()


def test_a_way_back_that_fails_is_left_out(carry: Carry) -> None:
    """The step is carried over all the same, and marked with the old tool's words."""
    scripts = {
        "001_books.py": BOOKS,
        "002_no_return.py": NO_RETURN,
        "003_rows.py": ROWS,
    }
    carried = carry(scripts, "--how", "statements", "--downgrades")

    marks = {step.step: step.marks for step in carried.record.steps}
    assert len(marks) == 3, carried.result.output
    assert "way back is left out" in marks["2"][0]
    assert "NotImplementedError" in carried.revision("0002_no_return")


def test_values_of_the_day_are_those_of_the_last_time_up(carry: Carry) -> None:
    """A step that is taken back and again writes another time; the second one stays."""
    table = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, at TIMESTAMP);\n"
    scripts = {
        "001_default_upgrade.sql": table,
        "001_default_downgrade.sql": "DROP TABLE t;\n",
        "002_today.py": TODAY,
        "003_default_upgrade.sql": "ALTER TABLE t ADD COLUMN more INTEGER;\n",
    }
    carried = carry(scripts, "--downgrades")

    assert all_same(carried.record), carried.result.output
    assert {step.how for step in carried.record.steps} == {How.OPERATIONS}


def test_a_difference_is_mended_where_it_begins(carry: Carry) -> None:
    """What the server works out is another value; steps after it are operations still."""
    table = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, at TIMESTAMP);\n"
    random = "INSERT INTO t (id, at) VALUES (1, now() + random() * interval '1 day');\n"
    scripts = {
        "001_default_upgrade.sql": table,
        "002_default_upgrade.sql": random,
        "003_default_upgrade.sql": "ALTER TABLE t ADD COLUMN more INTEGER;\n",
    }
    carried = carry(scripts, "--backend", "postgresql")

    ways = [step.how for step in carried.record.steps]
    assert ways == [How.OPERATIONS, How.STATEMENTS, How.OPERATIONS]
    assert carried.record.status == "different"


def test_a_way_back_that_does_not_undo_is_left_out(carry: Carry) -> None:
    """It is marked with what it leaves; the step, and what comes after it, go on."""
    scripts = {
        "001_default_upgrade.sql": SHELVES,
        "001_default_downgrade.sql": "DROP TABLE shelves;\n",
        "002_default_upgrade.sql": "CREATE INDEX ix ON shelves (place);\n",
        "002_default_downgrade.sql": "SELECT 1;\n",
        "003_default_upgrade.sql": "CREATE TABLE more (id INTEGER);\n",
        "003_default_downgrade.sql": "DROP TABLE more;\n",
    }
    carried = carry(scripts, "--downgrades")

    one, two, three = carried.record.steps
    assert carried.record.not_carried == ()
    assert all_same(carried.record), carried.result.output
    assert (one.downgrade, two.downgrade, three.marks) == (True, False, ())
    assert "it does not undo on sqlite: + index shelves.ix (place); " in two.marks[0]
    assert "already exists" in two.marks[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--to", "nothing"), "nothing can be carried over to 'nothing'"),
        (("--stop-at", "99"), "'99' is no step"),
    ],
)
def test_bad_input_is_named(carry: Carry, options: tuple[str, ...], words: str) -> None:
    """What cannot be done says what is wrong, and comes to 2."""
    carried = carry({"001_books.py": BOOKS}, *options)

    assert carried.result.exit_code == 2
    assert words in carried.result.output


def test_a_python_without_the_new_tool_is_named_by_its_option(
    carry: Carry, tmp_path: Path
) -> None:
    """What was written by then is gone, and the same folder can be named again."""
    venv.create(tmp_path / "bare")
    bare = str(tmp_path / "bare" / "bin" / "python")

    missing = carry({"001_default_upgrade.sql": SHELVES}, "--new-python", "/no/such")
    lacking = carry({"001_default_upgrade.sql": SHELVES}, "--new-python", bare)

    assert (missing.result.exit_code, lacking.result.exit_code) == (2, 2)
    assert "--new-python /no/such: there is no such program" in missing.result.output
    assert "playing" not in missing.result.output
    assert "name another with --new-python" in lacking.result.output
    assert not list(lacking.folder.iterdir())


def test_an_interrupted_carry_over_can_be_begun_again(
    statements: Carried, tmp_path: Path
) -> None:
    """What an interruption leaves is known as such, and goes when somebody says so."""
    (tmp_path / "repository").mkdir()
    old = str(statements.folder.parent / "old")
    command = ["carry-over", old, "--to", "alembic", "--python", "python3", "--output"]

    result = CliRunner().invoke(main, [*command, str(tmp_path)])

    assert result.exit_code == 2
    assert "--force" in result.output
