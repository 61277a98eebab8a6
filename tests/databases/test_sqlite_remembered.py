"""What is remembered of SQLite's tables makes no difference to what is seen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.databases.sqlite import Sqlite

BEFORE = """
    CREATE TABLE shelves (id INTEGER PRIMARY KEY, place TEXT);
    CREATE TABLE books (id INTEGER PRIMARY KEY, shelf REFERENCES shelves);
    CREATE VIEW titles AS SELECT id FROM books;
    INSERT INTO shelves VALUES (1, 'here');
"""


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE shelves ADD COLUMN width INTEGER",
        "ALTER TABLE shelves RENAME TO racks",
        "ALTER TABLE shelves RENAME COLUMN place TO room",
        "CREATE UNIQUE INDEX one ON shelves (place)",
        "CREATE TRIGGER t AFTER INSERT ON shelves BEGIN SELECT 1; END",
        "INSERT INTO shelves VALUES (2, 'there')",
        "DROP TABLE shelves; CREATE TABLE shelves (number INTEGER PRIMARY KEY)",
        "DROP TABLE books",
        "ALTER TABLE books ADD COLUMN title TEXT",
    ],
)
def test_a_second_look_sees_what_a_first_one_would(tmp_path: Path, change: str) -> None:
    """Looking before a change and after it tells the same as looking after it only."""
    path = tmp_path / "one.db"
    url = f"sqlite:///{path}"
    often, once = Sqlite(), Sqlite()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(BEFORE)
        before = often.look(url, frozenset())
        connection.executescript(change)

    after = often.look(url, frozenset())

    assert after == once.look(url, frozenset())
    assert after != before
