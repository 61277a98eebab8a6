"""One migration at a time: what it says that it does, and what it did."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli import main
from tests.replaying.conftest import BOOKS, ROWS, SHELF, Write, write_alembic


def step(folder: Path, python: str, *options: str, said: str = "") -> Result:
    """Run the command on a history."""
    arguments = ["step", str(folder), "--python", python, *options]
    return CliRunner().invoke(main, arguments, input=said)


def test_a_step_shows_its_script_and_what_it_did(
    tmp_path: Path, write: Write, python: str
) -> None:
    """From the middle of a history: script, statement, schema, and back again."""
    folder = write(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    third = {"r3_step.py": "r3", "009_step.py": "9"}
    name = next(n for n in third if (folder / "versions" / n).exists())

    shown = step(folder, python, "--at", third[name], "--back")

    assert shown.exit_code == 0, shown.output
    assert "def upgrade(" in shown.output
    assert "+ column books.shelf" in shown.output
    assert "− column books.shelf" in shown.output
    assert "INSERT" not in shown.output


def test_a_step_can_be_written_to_a_file(tmp_path: Path, python: str) -> None:
    """Rows are told by table, in the file that is named."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS))
    file = tmp_path / "told.txt"

    step(folder, python, "--at", "r2", "--output", str(file))

    assert "books: 0 → 2 rows" in file.read_text()


def test_a_copy_of_a_database_is_stepped_on(tmp_path: Path, python: str) -> None:
    """It begins where the user's database stands, and leaves that as it is."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    file = tmp_path / "test.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT);"
            "INSERT INTO books VALUES (7, 'mine');"
            "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY);"
            "INSERT INTO alembic_version VALUES ('r1');"
        )
    before = file.read_bytes()

    shown = step(folder, python, "--database", str(file), "--at", "r2")

    assert "books: 1 → 3 rows" in shown.output
    assert file.read_bytes() == before


def test_a_person_goes_through_a_history(tmp_path: Path, python: str) -> None:
    """Next, back, to a step that is named, and out."""
    folder = write_alembic(tmp_path / "mine", (BOOKS, ROWS, SHELF))

    shown = step(folder, python, said="n\nb\ng r2\nl\nq\n")

    assert shown.exit_code == 0, shown.output
    assert "+ table books" in shown.output
    assert "− table books" in shown.output
    assert "✔ r2" in shown.output
    assert "2 of 3 steps are taken" in shown.output


@pytest.mark.parametrize("backend", ["postgresql", "mysql"])
def test_servers_are_stepped_on(
    tmp_path: Path, write: Write, python: str, backend: str
) -> None:
    """Forwards and back from the middle, several steps, into a file; and by hand."""
    folder = write(tmp_path / "mine", (BOOKS, ROWS, SHELF))
    second = {"r2_step.py": "r2", "008_step.py": "8"}
    at = next(i for n, i in second.items() if (folder / "versions" / n).exists())
    file = tmp_path / "told.txt"
    options = ("--at", at, "--count", "2", "--back", "--output", str(file))

    told = step(folder, python, "--backend", backend, *options)
    by_hand = step(folder, python, "--backend", backend, said="n\nb\ng " + at + "\nq\n")

    assert told.exit_code == 0, told.output
    lines = file.read_text().splitlines()
    rows = [line.strip() for line in lines if line.startswith("  books: ")]
    assert rows == [f"books: {way} rows" for way in ("0 → 2", "2 → 0", "0 → 2")]
    columns = [line.strip() for line in lines if "column books.shelf" in line]
    assert [line[0] for line in columns] == ["+", "−", "+"]
    assert "def downgrade(" in file.read_text()
    assert by_hand.exit_code == 0, by_hand.output
    assert "− table books" in by_hand.output
    assert "2 of 3 steps are taken" in by_hand.output


def test_the_end_of_what_is_typed_leaves(tmp_path: Path, python: str) -> None:
    """Ctrl-D is no error: it ends the walk as `q` does."""
    shown = step(write_alembic(tmp_path / "mine", (BOOKS, ROWS)), python, said="n\n")

    assert shown.exit_code == 0, shown.output
    assert "1 of 2 steps are taken" in shown.output
