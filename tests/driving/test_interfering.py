"""What a story asks to be done to a tool's process, in a fork and in a fresh process."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from harness.driving.startup.interfering import install

from .conftest import Bench

COPY = """
import sqlite3
connection = sqlite3.connect("copied.db", isolation_level=None)
for statement in (
    "CREATE TABLE new (x)",
    "INSERT INTO new SELECT x FROM old",
    "DROP TABLE old",
    "ALTER TABLE new RENAME TO old",
):
    connection.execute(statement)
print("done")
"""
KEYS = """
import sqlite3
print(sqlite3.connect(":memory:").execute("PRAGMA foreign_keys").fetchone()[0])
"""
IMPORT = "import sqlite3.dbapi2"


def database(bench: Bench) -> sqlite3.Connection:
    """Open the database that the script copies a table in."""
    return sqlite3.connect(bench.directory / "copied.db", isolation_level=None)


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("fill", {"old": 2, "new": 0}),
        ("drop", {"old": 2, "new": 2}),
        ("dropped", {"new": 2}),
    ],
)
def test_a_copy_is_killed_at_its_moment(
    bench: Bench, moment: str, left: dict[str, int]
) -> None:
    """What is left says exactly how far the copy of a table got."""
    with closing(database(bench)) as connection:
        connection.executescript(
            "CREATE TABLE old (x); INSERT INTO old VALUES (1), (2)"
        )

    seen = bench.run(COPY, hooks={"kill_at": moment})

    with closing(database(bench)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
        found = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in names
        }
    assert (None, 9, "") == seen[:3]
    assert left == found


def test_another_connection_may_go_on(bench: Bench) -> None:
    """A table is dropped over one connection, and the next statement is another's."""
    script = """
import sqlite3
for statement in ("CREATE TABLE a (x)", "DROP TABLE a", "UPDATE b SET x = 2"):
    sqlite3.connect("copied.db", isolation_level=None).execute(statement)
"""
    with closing(database(bench)) as connection:
        connection.executescript("CREATE TABLE b (x); INSERT INTO b VALUES (1)")

    seen = bench.run(script, hooks={"kill_at": "dropped"})

    with closing(database(bench)) as connection:
        assert [("b",)] == connection.execute(
            "SELECT name FROM sqlite_master"
        ).fetchall()
        assert [(1,)] == connection.execute("SELECT x FROM b").fetchall()
    assert seen.signal == 9


def test_foreign_keys_are_enforced_if_asked(bench: Bench) -> None:
    """Every connection has the pragma on, and only where a story asks for it."""
    assert "1\n" == bench.run(KEYS, hooks={"enforce": "keys"}).stdout
    assert "0\n" == bench.run(KEYS).stdout


def test_a_missing_module_is_missed_in_the_usual_words(bench: Bench) -> None:
    """A driver that is taken away cannot be told from one that is not installed."""
    seen = bench.run(IMPORT, hooks={"missing": "sqlite3,_sqlite3"})

    assert 1 == seen.exit_code
    assert seen.stderr.endswith("ModuleNotFoundError: No module named 'sqlite3'\n")
    assert 0 == bench.run(IMPORT).exit_code


def test_what_is_to_work_longer_does_so_at_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After whatever it did, half a second more goes by on a processor."""
    clock, ending = [5.0], []

    def process_time() -> float:
        clock[0] += 0.125
        return clock[0]

    monkeypatch.setattr("atexit.register", ending.append)
    install({"work": "0.5"})
    monkeypatch.setattr("time.process_time", process_time)

    (work,) = ending
    work()

    assert 5.125 + 0.5 == clock[0]
