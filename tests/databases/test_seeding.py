"""Rows and triggers that the harness itself puts into a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.databases import DatabaseRefused, Databases
from harness.databases.seeding import create_trigger, insert
from harness.databases.snapshot import take
from harness.model.rows import Row
from harness.model.schema import Trigger


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a database with one table."""
    databases = Databases("sqlite", tmp_path)
    databases.create("app")
    databases.run_script(
        "app",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, active BOOLEAN, seen DATETIME, "
        "name TEXT DEFAULT 'nobody')",
    )
    return databases.url("app")


def test_rows_arrive_as_they_are(url: str) -> None:
    """Truth becomes 1 or 0, a time stays the text that it is, a null stays a null."""
    seen = "2013-11-05 10:00:00"
    rows: tuple[Row, ...] = (
        {"id": 1, "active": True, "seen": seen, "name": "ada"},
        {"id": 2, "active": False, "seen": None, "name": None},
    )

    insert(url, "users", rows)

    assert (
        {"active": 1, "id": 1, "name": "ada", "seen": seen},
        {"active": 0, "id": 2, "name": None, "seen": None},
    ) == take(url).rows[0].sample


def test_columns_that_a_row_does_not_name_get_their_default(url: str) -> None:
    """Rows need not all name the same columns."""
    insert(url, "users", ({"id": 1, "name": "ada"}, {"id": 2}))

    assert ["ada", "nobody"] == [row["name"] for row in take(url).rows[0].sample]


def test_no_rows_are_no_work(url: str) -> None:
    """A table may be seeded with nothing."""
    insert(url, "users", ())

    assert 0 == take(url).rows[0].count


def test_rows_that_do_not_fit_are_refused_altogether(url: str) -> None:
    """The message is the database's own, and none of the rows is there."""
    with pytest.raises(DatabaseRefused, match=r"UNIQUE constraint failed: users\.id"):
        insert(url, "users", ({"id": 1}, {"id": 1}))

    assert 0 == take(url).rows[0].count


def test_a_table_that_is_not_there_is_refused(url: str) -> None:
    """A tool may have failed to make it: that is an observation, not a crash."""
    with pytest.raises(DatabaseRefused, match="no such table: gone"):
        insert(url, "gone", ({"id": 1},))


def test_a_trigger_is_put_on_a_table(url: str) -> None:
    """The statement of the backend is run as it stands."""
    sql = "CREATE TRIGGER keep AFTER UPDATE ON users BEGIN SELECT '%'; END"

    create_trigger(url, "sqlite", Trigger("keep", "users", {"sqlite": sql}))

    assert ("keep",) == take(url).tables[0].triggers


def test_a_trigger_on_nothing_is_refused(url: str) -> None:
    """The message is the database's own."""
    sql = "CREATE TRIGGER keep AFTER UPDATE ON gone BEGIN SELECT 1; END"

    with pytest.raises(DatabaseRefused, match=r"no such table: main\.gone"):
        create_trigger(url, "sqlite", Trigger("keep", "gone", {"sqlite": sql}))


def test_a_trigger_needs_a_statement_for_the_backend(url: str) -> None:
    """The message names trigger and backend."""
    with pytest.raises(LookupError, match="trigger keep has no statement for sqlite"):
        create_trigger(url, "sqlite", Trigger("keep", "users", {}))
