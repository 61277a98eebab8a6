"""Changes of rows, in every manner in which people write them, run by the real tool."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.contract import NotCarriedOut
from harness.model.operations import Backfill, Manner
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.operations import GROUND

MANNERS = pytest.mark.parametrize("manner", list(Manner), ids=lambda m: m.name)
GIVEN = "it's 100% :new"


@pytest.fixture(params=["stock", "icehouse_stock"])
def app_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A database with tables and no rows, on the SQLAlchemy of 2013 and on 1.4."""
    bench = Bench(request.getfixturevalue(request.param), tmp_path)
    bench.author(GROUND)
    bench.history.upgrade(bench.database(), None)
    return bench


def filling(manner: Manner) -> Migration:
    """Return a migration that fills names in."""
    return Migration("fill", (Backfill("users", "name", GIVEN, manner=manner),), ())


def execute(bench: Bench, statement: str, *rows: tuple[object, ...]) -> list[object]:
    """Run a statement for each row, and return what the last one found."""
    with (
        closing(sqlite3.connect(bench.directory / "app.db")) as connection,
        connection,
    ):
        found: list[object] = []
        for row in rows or ((),):
            found = [first for first, *_ in connection.execute(statement, row)]
        return found


def add_users(bench: Bench, *given: str | None) -> None:
    """Put users into the database."""
    statement = "INSERT INTO users (id, name, active) VALUES (?, ?, 1)"
    execute(bench, statement, *enumerate(given, 1))


@MANNERS
def test_rows_without_a_value_get_one_and_others_keep_theirs(
    app_bench: Bench, manner: Manner
) -> None:
    """A value with quotes, a percent sign and a colon is a value like others."""
    add_users(app_bench, "ada", None, "grace", None)
    app_bench.author(filling(manner))

    app_bench.history.upgrade(app_bench.database(), None)

    found = execute(app_bench, "SELECT name FROM users ORDER BY id")
    assert ["ada", GIVEN, "grace", GIVEN] == found


@MANNERS
def test_a_table_without_rows_is_no_trouble(app_bench: Bench, manner: Manner) -> None:
    """As on a new installation, which runs every migration."""
    app_bench.author(filling(manner))

    app_bench.history.upgrade(app_bench.database(), None)

    assert ("fill",) == app_bench.history.current(app_bench.database())


def test_who_counts_stops_at_more_rows_than_were_planned_for(app_bench: Bench) -> None:
    """The number is looked at after the UPDATE, and the upgrade fails."""
    add_users(app_bench, *[None] * 1001)
    app_bench.author(filling(Manner.COUNTED))

    with pytest.raises(NotCarriedOut) as caught:
        app_bench.history.upgrade(app_bench.database(), None)

    assert "more rows than were planned for" in caught.value.command.outcome.words


def test_who_inspects_leaves_a_database_without_the_column_alone(
    app_bench: Bench,
) -> None:
    """That is what the looking is for."""
    execute(app_bench, "ALTER TABLE users RENAME COLUMN name TO title")
    app_bench.author(filling(Manner.INSPECTED))

    app_bench.history.upgrade(app_bench.database(), None)

    assert ("fill",) == app_bench.history.current(app_bench.database())
