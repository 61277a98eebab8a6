"""Changes of rows, in every manner in which people write them, run by the real tool."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from adapters.alembic.adapter import ALEMBIC
from harness.contract import Database, NotCarriedOut
from harness.model.operations import Backfill, Manner
from harness.model.steps import Migration
from tests.adapters.alembic.bench import Bench
from tests.adapters.migrate.operations import GROUND

MANNERS = pytest.mark.parametrize("manner", list(Manner), ids=lambda m: m.name)
GIVEN = "it's 100% :new"


@pytest.fixture(params=["common", "newest", "icehouse"])
def app_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    """A database with tables and no rows, on one SQLAlchemy after another."""
    bench = Bench(request.getfixturevalue(request.param), tmp_path, ALEMBIC)
    bench.author(GROUND)
    bench.history.upgrade(bench.database(), None)
    return bench


def filling(manner: Manner) -> Migration:
    """Return a migration that fills names in."""
    return Migration("fill", (Backfill("users", "name", GIVEN, manner=manner),), ())


def execute(database: Database, statement: str, *rows: dict[str, object]) -> None:
    """Change a database by hand."""
    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.execute(text(statement), rows or None)
    engine.dispose()


def names(database: Database) -> list[str | None]:
    """Return the names in the database, by id."""
    engine = create_engine(database.url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM users ORDER BY id"))
        answer = [row[0] for row in found]
    engine.dispose()
    return answer


def add_users(database: Database, *given: str | None) -> None:
    """Put users into the database."""
    rows: list[dict[str, object]] = [
        {"id": number, "name": name} for number, name in enumerate(given, 1)
    ]
    execute(
        database,
        "INSERT INTO users (id, name, active) VALUES (:id, :name, 1)",
        *rows,
    )


@MANNERS
def test_rows_without_a_value_get_one_and_others_keep_theirs(
    app_bench: Bench, manner: Manner
) -> None:
    """A value with quotes, a percent sign and a colon is a value like others."""
    app = app_bench.database()
    add_users(app, "ada", None, "grace", None)
    app_bench.author(filling(manner))

    app_bench.history.upgrade(app, None)

    assert ["ada", GIVEN, "grace", GIVEN] == names(app)


@MANNERS
def test_a_table_without_rows_is_no_trouble(app_bench: Bench, manner: Manner) -> None:
    """As on a new installation, which runs every migration."""
    app_bench.author(filling(manner))

    app_bench.history.upgrade(app_bench.database(), None)

    assert ("fill",) == app_bench.history.current(app_bench.database())


def test_who_counts_stops_at_more_rows_than_were_planned_for(app_bench: Bench) -> None:
    """The number is looked at after the UPDATE, and the upgrade fails."""
    app = app_bench.database()
    add_users(app, *[None] * 1001)
    app_bench.author(filling(Manner.COUNTED))

    with pytest.raises(NotCarriedOut) as caught:
        app_bench.history.upgrade(app, None)

    assert "more rows than were planned for" in caught.value.command.outcome.words


def test_who_inspects_leaves_a_database_without_the_column_alone(
    app_bench: Bench,
) -> None:
    """That is what the looking is for."""
    app = app_bench.database()
    execute(app, "ALTER TABLE users RENAME COLUMN name TO title")
    app_bench.author(filling(Manner.INSPECTED))

    app_bench.history.upgrade(app, None)

    assert ("fill",) == app_bench.history.current(app)
