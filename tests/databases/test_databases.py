"""The databases of a cell: made, reached, run in, and dropped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from harness.databases import DatabaseRefused, Databases, backend_named, backend_of
from harness.databases.snapshot import take


@pytest.fixture
def databases(tmp_path: Path) -> Databases:
    """Return the databases of a cell, none of them made yet."""
    return Databases("sqlite", tmp_path / "cell")


def test_a_new_database_is_empty(databases: Databases) -> None:
    """A database that was just made can be reached and holds nothing."""
    engine = sa.create_engine(databases.create("app"), poolclass=sa.NullPool)

    assert [] == sa.inspect(engine).get_table_names()


def test_the_url_is_as_people_write_it(databases: Databases, tmp_path: Path) -> None:
    """Tools are given an absolute path and no parameters."""
    url = databases.create("app")

    assert url == databases.url("app")
    assert f"sqlite:///{tmp_path / 'cell' / 'app.db'}" == url


def test_databases_do_not_share_anything(databases: Databases) -> None:
    """What is done in one database is not seen in another."""
    databases.create("app")
    databases.create("other")

    databases.run_script("app", "CREATE TABLE users (id INTEGER)")

    assert take(databases.url("app")) != take(databases.url("other"))


def test_nothing_is_reached_at_an_unreachable_url(databases: Databases) -> None:
    """A tool that tries gets the database's own error and leaves nothing behind."""
    databases.create("app")
    engine = sa.create_engine(databases.unreachable_url("app"), poolclass=sa.NullPool)

    with pytest.raises(sa.exc.OperationalError, match="unable to open database file"):
        engine.connect()


def test_dropped_databases_leave_no_files(databases: Databases, tmp_path: Path) -> None:
    """A crashed tool's journal goes with its database, and names are free again."""
    databases.create("app")
    (tmp_path / "cell" / "app.db-journal").touch()

    databases.drop_all()

    assert [] == list((tmp_path / "cell").iterdir())
    with pytest.raises(LookupError, match="there is no database 'app'; create"):
        databases.url("app")
    databases.create("app")


def test_a_database_is_made_once(databases: Databases) -> None:
    """Making it again would empty it under somebody's hands."""
    databases.create("app")

    with pytest.raises(ValueError, match="there is already a database 'app'"):
        databases.create("app")


@pytest.mark.parametrize("name", ["", "../app", "App", "a b", "a" * 40])
def test_a_name_must_do_for_every_backend(databases: Databases, name: str) -> None:
    """A name becomes part of a path, or of a statement."""
    with pytest.raises(ValueError, match="cannot name a database; use a-z, 0-9 and _"):
        databases.create(name)


def test_an_unknown_backend_is_named(tmp_path: Path) -> None:
    """The message says what there is instead."""
    with pytest.raises(LookupError, match="no backend 'oracle'; there is: sqlite"):
        Databases("oracle", tmp_path)
    with pytest.raises(LookupError, match="no backend speaks 'oracle'"):
        backend_of("oracle://somewhere/db")


def test_a_script_that_fails_says_why(databases: Databases) -> None:
    """The message is the database's own; what was done before stays done."""
    databases.create("app")
    script = "CREATE TABLE users (id INTEGER); INSERT INTO gone VALUES (1); CREATE"

    with pytest.raises(DatabaseRefused, match=r"^no such table: gone$"):
        databases.run_script("app", script)

    assert ["users"] == [table.name for table in take(databases.url("app")).tables]


def test_an_open_transaction_is_lost_when_a_script_fails(databases: Databases) -> None:
    """The client goes away without a commit."""
    databases.create("app")

    with pytest.raises(DatabaseRefused):
        databases.run_script("app", "BEGIN; CREATE TABLE users (id INTEGER); NO")

    assert () == take(databases.url("app")).tables


def test_a_script_may_hold_triggers_and_comments(databases: Databases) -> None:
    """Statements end where SQLite says they do, not at every semicolon."""
    databases.create("app")

    databases.run_script(
        "app",
        "-- a; comment\nBEGIN TRANSACTION;\nCREATE TABLE t (a INTEGER);\n"
        "CREATE TRIGGER keep AFTER UPDATE ON t BEGIN SELECT 1; SELECT 2; END;\nCOMMIT;",
    )

    (table,) = take(databases.url("app")).tables
    assert ("keep",) == table.triggers


def test_the_engine_is_on_record() -> None:
    """Provenance names the version that the harness itself reads databases with."""
    provenance = backend_named("sqlite").provenance()

    assert f"SQLite {sqlite3.sqlite_version}" == provenance["engine"]


def test_a_backend_lives_for_a_run(tmp_path: Path) -> None:
    """A backend is entered at the start of a run and left at its end."""
    with (
        backend_named("sqlite").running(tmp_path) as backend,
        backend.scratch() as url,
    ):
        backend.run_script(url, "CREATE TABLE users (id INTEGER)")
        assert ["users"] == [table.name for table in take(url).tables]


def test_scratch_databases_are_separate_and_passing() -> None:
    """Two at once share nothing, and nothing is left in memory afterwards."""
    backend = backend_named("sqlite")
    with backend.scratch() as one, backend.scratch() as other:
        backend.run_script(one, "CREATE TABLE users (id INTEGER)")
        assert () == take(other).tables
        target = sa.make_url(one).database

    with closing(sqlite3.connect(f"{target}?mode=memory&cache=shared", uri=True)) as db:
        assert [] == db.execute("SELECT name FROM sqlite_master").fetchall()
