"""Looking at a database: everything is seen, and nothing is touched."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from harness.databases import DatabaseRefused
from harness.databases.snapshot import take
from harness.model.snapshot import (
    ColumnState,
    ConstraintState,
    RowsState,
    Snapshot,
    TableState,
)

_ACCOUNTS = """
    CREATE TABLE teams (id INTEGER PRIMARY KEY, title VARCHAR(50) NOT NULL);
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        login VARCHAR(50) COLLATE NOCASE NOT NULL,
        balance INTEGER DEFAULT '0' NOT NULL,
        team_id INTEGER,
        CONSTRAINT uq_login UNIQUE (login),
        CONSTRAINT ck_balance CHECK (balance >= 0),
        CONSTRAINT fk_team FOREIGN KEY(team_id) REFERENCES teams ON DELETE CASCADE
    );
    CREATE UNIQUE INDEX ix_balance ON accounts (balance, login);
    CREATE TRIGGER keep AFTER UPDATE ON accounts BEGIN SELECT 1; END;
    INSERT INTO accounts VALUES (10, 'grace', 1, NULL), (9, 'ada', 0, NULL);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is, or will be."""
    return tmp_path / "app.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database as a tool would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def look(path: Path, *bookkeeping: str) -> Snapshot:
    """Return a snapshot of the file."""
    return take(f"sqlite:///{path}", bookkeeping)


def test_a_table_is_seen_with_all_that_hangs_on_it(
    path: Path, db: sqlite3.Connection
) -> None:
    """Also what SQLAlchemy's inspector does not tell."""
    db.executescript(_ACCOUNTS)

    assert look(path).tables[0] == TableState(
        "accounts",
        (
            ColumnState("id", "INTEGER", nullable=False),
            ColumnState("login", "VARCHAR(50)", nullable=False, collation="NOCASE"),
            ColumnState("balance", "INTEGER", nullable=False, default="0"),
            ColumnState("team_id", "INTEGER", nullable=True),
        ),
        primary_key=("id",),
        uniques=(ConstraintState("uq_login", "(login)"),),
        indexes=(ConstraintState("ix_balance", "unique (balance, login)"),),
        foreign_keys=(
            ConstraintState("fk_team", "(team_id) -> teams (id) on delete cascade"),
        ),
        checks=(ConstraintState("ck_balance", "balance >= 0"),),
        triggers=("keep",),
        autoincrement=True,
    )


def test_rows_are_seen_in_the_order_of_the_primary_key(
    path: Path, db: sqlite3.Connection
) -> None:
    """Count, checksum and the first rows; columns in the order of their names."""
    db.executescript(_ACCOUNTS)

    (rows, _) = look(path).rows

    assert ("accounts", 2) == (rows.table, rows.count)
    assert (
        {"balance": 0, "id": 9, "login": "ada", "team_id": None},
        {"balance": 1, "id": 10, "login": "grace", "team_id": None},
    ) == rows.sample


def test_the_order_of_rows_and_columns_does_not_change_the_checksum(
    path: Path, db: sqlite3.Connection
) -> None:
    """A table that was copied holds the same rows."""
    db.executescript(
        "CREATE TABLE one (a TEXT, b TEXT); CREATE TABLE two (b TEXT, a TEXT);"
        "INSERT INTO one VALUES ('x', 'y'), ('p', NULL), ('X', 'y');"
        "INSERT INTO two (a, b) VALUES ('X', 'y'), ('p', NULL), ('x', 'y');"
    )

    (one, two) = look(path).rows

    assert one.checksum == two.checksum


@pytest.mark.parametrize(
    "rows",
    [
        "(1)",
        "('1'), ('2')",
        "('1'), ('1'), (NULL)",
        "(x'31')",
        "(1.0)",
        "(NULL)",
        "('')",
    ],
)
def test_another_value_is_another_checksum(
    path: Path, db: sqlite3.Connection, rows: str
) -> None:
    """Numbers, text, bytes and nulls that look alike are told apart."""
    db.executescript("CREATE TABLE one (a); CREATE TABLE two (a);")
    db.execute("INSERT INTO one VALUES ('1')")
    db.execute(f"INSERT INTO two VALUES {rows}")

    (one, two) = look(path).rows

    assert one.checksum != two.checksum


def test_the_sample_is_small(path: Path, db: sqlite3.Connection) -> None:
    """Evidence must not grow with the data."""
    db.execute("CREATE TABLE t (a INTEGER)")
    db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1000)])

    (rows,) = look(path).rows

    assert (1000, 5) == (rows.count, len(rows.sample))


def test_bytes_and_broken_text_can_be_written_down(
    path: Path, db: sqlite3.Connection
) -> None:
    """Evidence is JSON, whatever a tool put into a column."""
    db.executescript(
        "CREATE TABLE t (a); INSERT INTO t VALUES (x'00ff'), (CAST(x'ff' AS TEXT))"
    )

    (rows,) = look(path).rows

    assert [r"\xff", "x'00ff'"] == sorted(str(row["a"]) for row in rows.sample)


def test_bookkeeping_is_kept_apart(path: Path, db: sqlite3.Connection) -> None:
    """The tool's own tables appear with their rows, and nowhere else."""
    db.executescript(
        "CREATE TABLE users (id INTEGER PRIMARY KEY);"
        "CREATE TABLE version (name TEXT, version INTEGER);"
        "INSERT INTO version VALUES ('b', 2), ('a', 1);"
    )

    snapshot = look(path, "version", "never_made")

    assert ["users"] == [table.name for table in snapshot.tables]
    assert ["users"] == [rows.table for rows in snapshot.rows]
    assert {
        "version": ({"name": "a", "version": 1}, {"name": "b", "version": 2})
    } == snapshot.bookkeeping


def test_sqlites_own_tables_are_not_seen(path: Path, db: sqlite3.Connection) -> None:
    """They come and go with AUTOINCREMENT and ANALYZE."""
    db.executescript(_ACCOUNTS + "ANALYZE;")

    assert ["accounts", "teams"] == [table.name for table in look(path).tables]


def test_a_view_is_a_table_without_rows(path: Path, db: sqlite3.Connection) -> None:
    """A view that no longer works is still seen."""
    db.executescript(
        "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);"
        "CREATE VIEW broken AS SELECT gone FROM t; CREATE VIEW v AS SELECT a FROM t;"
    )

    snapshot = look(path)

    assert (
        TableState("broken", ()),
        TableState("t", (ColumnState("a", "INTEGER", nullable=True),)),
        TableState("v", (ColumnState("a", "INTEGER", nullable=True),)),
    ) == snapshot.tables
    assert ["t"] == [rows.table for rows in snapshot.rows]


def test_strange_names_are_seen(path: Path, db: sqlite3.Connection) -> None:
    """Spaces, quotes and keywords are part of a name."""
    db.executescript(
        'CREATE TABLE "a ""b"" select" ("or der" TEXT, UNIQUE ("or der"));'
    )

    (table,) = look(path).tables

    assert 'a "b" select' == table.name
    assert (ConstraintState(None, "(or der)"),) == table.uniques


def test_generated_columns_are_seen(path: Path, db: sqlite3.Connection) -> None:
    """A column that is computed is a column."""
    db.execute("CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1))")
    db.execute("INSERT INTO t (a) VALUES (1)")

    snapshot = look(path)

    assert ["a", "b"] == [column.name for column in snapshot.tables[0].columns]
    assert ({"a": 1, "b": 2},) == snapshot.rows[0].sample


def test_two_foreign_keys_on_one_column_keep_their_names(
    path: Path, db: sqlite3.Connection
) -> None:
    """Names and contents are put together in the order of the statement."""
    db.execute(
        "CREATE TABLE t (a INTEGER, CONSTRAINT one FOREIGN KEY (a) REFERENCES x (p), "
        "CONSTRAINT two FOREIGN KEY (a) REFERENCES y (q) ON UPDATE CASCADE)"
    )

    (table,) = look(path).tables

    assert (
        ConstraintState("one", "(a) -> x (p)"),
        ConstraintState("two", "(a) -> y (q) on update cascade"),
    ) == table.foreign_keys


def test_an_altered_table_is_seen_as_one_that_was_made_so(tmp_path: Path) -> None:
    """SQLite rewrites statements when it alters a table; that makes no difference."""
    scripts = {
        "altered": (
            "CREATE TABLE old (id INTEGER PRIMARY KEY, a TEXT, CONSTRAINT c "
            "CHECK (a <> 'a'), UNIQUE (a)); CREATE INDEX i ON old (a);"
            "ALTER TABLE old RENAME TO new; ALTER TABLE new RENAME a TO b;"
            "ALTER TABLE new ADD COLUMN d TEXT DEFAULT 'x' NOT NULL;"
        ),
        "made": (
            "CREATE TABLE new (id INTEGER NOT NULL, b TEXT, d TEXT NOT NULL "
            "DEFAULT ('x'), PRIMARY KEY (id), CONSTRAINT c CHECK (b <> 'a'),UNIQUE(b));"
            "CREATE INDEX i ON new (b);"
        ),
    }
    for name, script in scripts.items():
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(script)

    assert look(tmp_path / "made") == look(tmp_path / "altered")


def test_a_database_that_is_not_there_stays_away(path: Path) -> None:
    """Looking does not make the file that it does not find."""
    assert Snapshot() == look(path)
    assert not path.exists()


def test_an_empty_file_is_an_empty_database(path: Path) -> None:
    """And it stays empty."""
    path.touch()

    assert Snapshot() == look(path)
    assert b"" == path.read_bytes()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """The message is SQLite's own."""
    path.write_bytes(b"not a database" * 100)

    with pytest.raises(DatabaseRefused, match="file is not a database"):
        look(path)


def test_looking_changes_nothing(path: Path, db: sqlite3.Connection) -> None:
    """Neither the file nor its directory can tell that somebody looked."""
    db.executescript(_ACCOUNTS)
    before = _traces(path)

    look(path)

    assert before == _traces(path)


def test_looking_keeps_no_lock(path: Path, db: sqlite3.Connection) -> None:
    """A tool can take an exclusive lock right afterwards."""
    db.executescript(_ACCOUNTS)

    look(path)

    db.execute("BEGIN EXCLUSIVE")
    db.execute("DROP TABLE accounts")
    db.execute("COMMIT")
    assert "accounts" not in [table.name for table in look(path).tables]


def test_what_a_killed_process_left_is_seen_rolled_back(path: Path) -> None:
    """The next process would see the rolled-back state; the file stays for it."""
    script = f"""
import os, signal, sqlite3
db = sqlite3.connect({str(path)!r}, isolation_level=None)
db.execute("CREATE TABLE t (a TEXT)")
db.execute("INSERT INTO t VALUES ('kept')")
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN")
db.executemany("INSERT INTO t VALUES (?)", [("x" * 2000,)] * 500)
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert -signal.SIGKILL == ended.returncode
    before = _traces(path)
    assert 2 == len(before), "the process left no journal behind"

    (rows,) = look(path).rows

    assert (1, ({"a": "kept"},)) == (rows.count, rows.sample)
    assert before == _traces(path)


def test_a_write_ahead_log_is_seen(path: Path, db: sqlite3.Connection) -> None:
    """What is committed but only in the log counts; nothing is checkpointed."""
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);")
    before = _traces(path)

    (rows,) = look(path).rows

    assert ({"a": 1},) == rows.sample
    assert before == _traces(path)


def test_a_write_ahead_database_at_rest_is_seen(path: Path) -> None:
    """Opening one would make files beside it, so a copy is opened."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript("CREATE TABLE t (a INTEGER)")
    before = _traces(path)

    assert (RowsState("t", 0, look(path).rows[0].checksum),) == look(path).rows
    assert before == _traces(path)


def _traces(path: Path) -> dict[str, tuple[bytes, int]]:
    """Return contents and times of every file in the database's directory."""
    return {
        entry.name: (Path(entry).read_bytes(), entry.stat().st_mtime_ns)
        for entry in os.scandir(path.parent)
    }
