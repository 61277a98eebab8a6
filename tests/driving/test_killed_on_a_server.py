"""A process is killed while a server works for it, in a fork and in a fresh process."""

from __future__ import annotations

from pathlib import Path

from harness.databases import Backend, Databases
from harness.databases.seeding import insert
from harness.databases.snapshot import take

from .conftest import Bench

SCRIPT = """
import sys
import sqlalchemy as sa
engine = sa.create_engine(sys.argv[1], poolclass=sa.NullPool)
with engine.connect() as connection:
    for statement in sys.argv[2:]:
        connection.execute(sa.text(statement))
    connection.commit()
print("done")
"""


def ready(server: Backend, place: Path) -> str:
    """Make a table with rows in a database, and return the database's URL."""
    databases = Databases(server.name, place)
    url = databases.create("app")
    databases.run_script(
        "app", "CREATE TABLE users (id INTEGER PRIMARY KEY, n INTEGER)"
    )
    insert(url, "users", ({"id": 1, "n": 5}, {"id": 2, "n": 6}))
    return url


def killed(bench: Bench, server: Backend, url: str, *statements: str) -> None:
    """Run statements, of which the last has to be waiting when the end comes."""
    hooks = {"kill_waiting": f"{server.drivers[0]},users"}
    assert (None, 9, "", "") == bench.run(SCRIPT, url, *statements, hooks=hooks)


def test_the_server_goes_on_with_a_change_of_a_table(
    bench: Bench, server: Backend, tmp_path: Path
) -> None:
    """It ends the statement; whether that counts without a commit is the server's."""
    url = ready(server, tmp_path / "cell")
    change = "MODIFY n BIGINT" if server.name == "mysql" else "ALTER n TYPE BIGINT"

    killed(bench, server, url, f"ALTER TABLE users {change}")

    found = take(url)
    types = {"mysql": "bigint", "postgresql": "integer"}
    assert types[server.name] == found.tables[0].columns[1].type.partition("(")[0]
    assert 2 == found.rows[0].count


def test_rows_that_are_copied_without_a_commit_are_gone(
    bench: Bench, server: Backend, tmp_path: Path
) -> None:
    """The table that was made for them is only there where that commits by itself."""
    url = ready(server, tmp_path / "cell")
    create = "CREATE TABLE archive (id INTEGER, n INTEGER)"
    copy = "INSERT INTO archive SELECT id, n FROM users FOR UPDATE"

    killed(bench, server, url, create, copy)

    found = {rows.table: rows.count for rows in take(url).rows}
    left = {"archive": 0} if server.name == "mysql" else {}
    assert {"users": 2, **left} == found


def test_what_waits_for_nothing_is_not_killed(
    bench: Bench, server: Backend, tmp_path: Path
) -> None:
    """A statement on another table ends as ever."""
    url = ready(server, tmp_path / "cell")
    hooks = {"kill_waiting": f"{server.drivers[0]},users"}

    seen = bench.run(SCRIPT, url, "CREATE TABLE other (id INTEGER)", hooks=hooks)

    assert (0, "done\n") == (seen.exit_code, seen.stdout)
