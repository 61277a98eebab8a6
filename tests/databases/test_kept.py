"""A database that is kept can be put back, as often as it takes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.databases import Backend, DatabaseRefused, Databases
from harness.databases.filling import fill
from harness.databases.snapshot import outline, take
from harness.model.schema import Boolean, Column, Enum, Integer, String, Table
from tests.running import Servers

TABLE = Table(
    "people",
    (
        Column("id", Integer(), nullable=False),
        Column("name", String(8)),
        Column("active", Boolean()),
        Column("kind", Enum("kind", ("a", "b"))),
    ),
)
_CREATE = (
    "CREATE TABLE people (id INTEGER, name VARCHAR(8), active BOOLEAN, kind VARCHAR(1))"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, servers: Servers, tmp_path: Path
) -> Databases:
    """Return the databases of a cell, on a backend that can copy one."""
    return Databases(servers.backend(request.param).name, tmp_path / "cell")


def test_a_kept_database_is_put_back_again_and_again(databases: Databases) -> None:
    """Whatever was done since is gone, rows and tables."""
    url = databases.create("app")
    databases.run_script("app", _CREATE)
    fill(url, TABLE, 5)
    databases.keep("app")
    before = take(url)

    for done in ("DROP TABLE people", "CREATE TABLE more (id INTEGER)"):
        databases.run_script("app", done)
        assert before != take(url)
        databases.restore("app")
        assert before == take(url)


def test_several_are_put_back_at_once(databases: Databases) -> None:
    """Each is what it was, whoever else is put back meanwhile."""
    names = ("one", "two", "three")
    for name in names:
        databases.create(name)
        databases.run_script(name, f"CREATE TABLE of_{name} (id INTEGER)")
        databases.keep(name)
    before = [take(databases.url(name)) for name in names]
    for name in names:
        databases.run_script(name, f"DROP TABLE of_{name}")

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(databases.restore, names))

    assert before == [take(databases.url(name)) for name in names]


def test_an_outline_tells_one_state_from_another(databases: Databases) -> None:
    """It changes with definitions, with the number of rows and with the bookkeeping."""
    url = databases.create("app")
    databases.run_script("app", f"{_CREATE}; CREATE TABLE books (number INTEGER)")
    changes = (
        "ALTER TABLE people ADD COLUMN town VARCHAR(8)",
        "INSERT INTO people (id) VALUES (1)",
        "INSERT INTO books VALUES (1)",
        "UPDATE books SET number = 2",
    )
    seen = [outline(url, ("books",))]

    for change in changes:
        assert outline(url, ("books",)) == seen[-1]
        databases.run_script("app", change)
        seen.append(outline(url, ("books",)))

    assert len(seen) == len(set(seen))


def test_made_up_rows_are_the_same_everywhere(databases: Databases) -> None:
    """A row follows from its number, and fits its columns."""
    url = databases.create("app")
    databases.run_script("app", _CREATE)

    fill(url, TABLE, 12)

    (rows,) = take(url).rows
    assert 12 == rows.count
    first = next(row for row in rows.sample if row["id"] == 1)
    assert ("text 1", "b") == (first["name"], first["kind"])


def test_a_database_of_mysql_is_copied_table_by_table(
    servers: Servers, tmp_path: Path
) -> None:
    """Keys, generated columns and character sets are kept; a view is refused."""
    databases = Databases(servers.backend("mysql").name, tmp_path / "cell")
    url = databases.create("app")
    databases.run_script(
        "app",
        "CREATE TABLE b (id INTEGER PRIMARY KEY AUTO_INCREMENT) CHARSET latin1;"
        "CREATE TABLE a (b INTEGER, twice INTEGER AS (2 * b) STORED, "
        "CONSTRAINT leads FOREIGN KEY (b) REFERENCES b (id));"
        "INSERT INTO b VALUES (7); INSERT INTO a (b) VALUES (7), (NULL);",
    )

    held = take(databases.copy("app", "copied"))
    assert held == take(url)
    assert [table.collation for table in held.tables] == [None, "latin1_swedish_ci"]

    databases.run_script("app", "CREATE VIEW v AS SELECT id FROM b")
    with pytest.raises(DatabaseRefused, match="there is the view v"):
        databases.copy("app", "again")
    assert take(databases.create("again")).tables == ()


def test_a_copy_that_breaks_off_is_gone(servers: Servers, tmp_path: Path) -> None:
    """What was made of it by then is removed, and the name can be used."""
    databases = Databases(servers.backend("mysql").name, tmp_path / "cell")
    databases.create("app")
    # A row that its own table would not take again.
    databases.run_script(
        "app",
        "CREATE TABLE a (id INTEGER, CONSTRAINT small CHECK (id < 9));"
        "SET check_constraint_checks = 0; INSERT INTO a VALUES (10);",
    )

    with pytest.raises(DatabaseRefused, match="small"):
        databases.copy("app", "copied")
    assert databases.urls().keys() == {"app"}
    assert take(databases.create("copied")).tables == ()


def test_a_backend_that_cannot_copy_says_so(tmp_path: Path) -> None:
    """The refusal names the backend; no server is needed for it."""

    class Another(Backend):
        name = "another"

    refusing = Another.copy

    with pytest.raises(DatabaseRefused, match="another cannot copy"):
        refusing(Another, tmp_path, "app", "kept")
