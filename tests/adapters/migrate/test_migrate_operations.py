"""Every operation, written as a user would and run by the real tool on SQLite."""

from __future__ import annotations

import pytest

from harness.model.operations import Operation, apply_all
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described, execute, expected, rows
from tests.adapters.migrate.operations import BEFORE, CHANGES, EVERYTHING, GROUND

_ROWS = (
    "INSERT INTO teams VALUES (7, 'infra')",
    "INSERT INTO users VALUES (1, 'ada', 1, 7, '2013-11-05 10:00:00.000000')",
    "INSERT INTO users VALUES (2, NULL, 0, NULL, NULL)",
)


def _there_and_back(bench: Bench, change: Migration, sql_for: tuple[str, ...]) -> None:
    app = bench.database()
    bench.author(GROUND)
    bench.history.upgrade(app, None)
    bench.author(change, sql_for)

    bench.history.upgrade(app, None)

    assert expected(apply_all(change.upgrade, BEFORE)) == described(app)

    bench.history.downgrade(app, "ground")

    assert expected(BEFORE) == described(app)


@pytest.mark.parametrize("sql_for", [(), ("sqlite",)], ids=["python", "sql"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_reaches_the_schema_and_goes_back(
    bench: Bench, change: tuple[Operation, ...], sql_for: tuple[str, ...]
) -> None:
    """Each operation leads to the schema it means, and its reverse back."""
    _there_and_back(bench, Migration("change", change), sql_for)


@pytest.mark.parametrize("sql_for", [(), ("sqlite",)], ids=["python", "sql"])
def test_many_operations_fit_into_one_script(
    bench: Bench, sql_for: tuple[str, ...]
) -> None:
    """A script that changes the same tables again and again reads them anew."""
    _there_and_back(bench, EVERYTHING, sql_for)


_KEPT = [
    "rename_table",
    "add_column",
    "add_required_column",
    "drop_column",
    "rename_column",
    "alter_type",
    "add_unique",
    "add_foreign_key",
    "add_check",
    "run_statement",
]


@pytest.mark.parametrize("sql_for", [(), ("sqlite",)], ids=["python", "sql"])
@pytest.mark.parametrize("name", _KEPT)
def test_rows_survive(bench: Bench, name: str, sql_for: tuple[str, ...]) -> None:
    """Rows that an operation has nothing to do with are there afterwards."""
    app = bench.database()
    bench.author(GROUND)
    bench.history.upgrade(app, None)
    execute(app, *_ROWS)
    bench.author(Migration("change", CHANGES[name]), sql_for)
    bench.history.upgrade(app, None)
    table = "people" if name == "rename_table" else "users"

    after = rows(app, f"SELECT id, name, active, team_id FROM {table} ORDER BY id")

    assert [(1, "ada", 1, 7), (2, None, 0, None)] == after


@pytest.mark.parametrize("sql_for", [(), ("sqlite",)], ids=["python", "sql"])
def test_backfill_fills_only_what_is_null(
    bench: Bench, sql_for: tuple[str, ...]
) -> None:
    """A backfill leaves alone what has a value."""
    app = bench.database()
    bench.author(GROUND)
    bench.history.upgrade(app, None)
    execute(app, *_ROWS)
    bench.author(Migration("change", CHANGES["backfill"]), sql_for)
    bench.history.upgrade(app, None)

    assert [("ada",), ("o'hara",)] == rows(app, "SELECT name FROM users ORDER BY id")


def test_sql_files_stand_in_for_the_script_on_their_database(bench: Bench) -> None:
    """Where SQL files carry the number of a Python script, SQLite runs the SQL."""
    app = bench.database()
    bench.author(GROUND, sql_for=("sqlite",))
    bench.put("001_ground.py", "def upgrade(migrate_engine):\n    nobody_runs_this()\n")

    bench.history.upgrade(app, None)

    assert expected(BEFORE) == described(app)
