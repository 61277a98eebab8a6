"""Which pages of a database were written anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from harness.databases import BACKENDS, Backend, DatabaseRefused
from harness.databases.footprint import Footprint, Part, rewritten
from harness.model.anatomy import Rewritten
from tests.running import Servers


def run(path: Path, *statements: str) -> None:
    """Run statements in a file, each committed."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a database with a table of two pages beside the first."""
    path = tmp_path / "app.db"
    run(path, "PRAGMA page_size = 1024", "CREATE TABLE t (id INTEGER, words TEXT)")
    return path


def footprint(path: Path) -> Footprint:
    """Return the pages of a file."""
    return BACKENDS["sqlite"].footprint(f"sqlite:///{path}")


def test_a_page_with_other_content_was_written_anew(file: Path) -> None:
    """A row goes into the table's page; the first page counts the changes."""
    before = footprint(file)
    run(file, "INSERT INTO t VALUES (1, 'one')")

    assert rewritten(before, footprint(file)) == Rewritten(1024, 2, 0, 0)


def test_a_page_that_was_not_there_is_added(file: Path) -> None:
    """A new table has a page of its own."""
    before = footprint(file)
    run(file, "CREATE TABLE more (id INTEGER)")

    found = rewritten(before, footprint(file))
    assert (found.pages, found.added) == (1, 1)


def test_nothing_is_written_where_nothing_changed(file: Path) -> None:
    """To read writes no page."""
    before = footprint(file)
    run(file, "SELECT * FROM t")

    assert rewritten(before, footprint(file)) == Rewritten(1024, 0, 0, 0)


def test_an_empty_database_has_no_pages(tmp_path: Path) -> None:
    """SQLite takes an empty file for a database."""
    empty = tmp_path / "app.db"
    empty.touch()
    before = footprint(empty)
    run(empty, "CREATE TABLE t (id INTEGER)")

    found = rewritten(before, footprint(empty))
    assert (found.page_bytes, found.pages, found.added) == (4096, 0, 2)


def test_a_file_with_a_journal_beside_it_is_not_known(file: Path) -> None:
    """What the pages are is only known once somebody has read the journal."""
    file.with_name("app.db-journal").write_bytes(b"x")

    with pytest.raises(DatabaseRefused, match=r"a journal lies beside app\.db"):
        footprint(file)


def test_a_backend_that_tells_nothing_says_so() -> None:
    """A number that is not known is not made up."""
    with pytest.raises(DatabaseRefused, match="mysql does not tell which pages"):
        BACKENDS["mysql"].footprint("mysql://nobody@nowhere/app")


@pytest.fixture
def postgresql(servers: Servers) -> Iterator[tuple[Backend, str]]:
    """Return the backend, and the URL of a database with 1000 rows and an index."""
    backend = servers.backend("postgresql")
    with backend.scratch() as url:
        backend.run_script(
            url,
            "CREATE TABLE t (id integer PRIMARY KEY, number integer);"
            "INSERT INTO t SELECT n, n FROM generate_series(1, 1000) AS n;"
            "CREATE TABLE other (id integer);",
        )
        yield backend, url


@pytest.mark.parametrize(
    ("statement", "rows", "pages", "added"),
    [
        ("ALTER TABLE t ADD COLUMN town text", 0, False, False),
        ("ALTER TABLE t ALTER COLUMN number TYPE text", 1000, True, False),
        ("CREATE INDEX t_number ON t (number)", 0, False, True),
        ("UPDATE t SET number = 2", 0, False, True),
    ],
)
def test_a_table_in_another_file_was_written_anew(
    postgresql: tuple[Backend, str], statement: str, rows: int, pages: bool, added: bool
) -> None:
    """A new type copies the table, a column does not; a changed row is another version.

    So says the manual of PostgreSQL, of ALTER TABLE and of routine vacuuming.
    """
    backend, url = postgresql
    before = backend.footprint(url)
    backend.run_script(url, statement)
    found = rewritten(before, backend.footprint(url))

    assert found.rows == rows
    assert (found.pages > 0, found.added > 0) == (pages, added)


def test_the_pages_of_a_table_are_those_of_its_file(
    postgresql: tuple[Backend, str],
) -> None:
    """Its indexes are written anew with it, and count as well."""
    backend, url = postgresql
    before = backend.footprint(url)
    backend.run_script(url, "ALTER TABLE t ALTER COLUMN number TYPE bigint")
    after = backend.footprint(url)

    sizes = {name: part.pages for name, part in after.parts.items() if name != "other"}
    assert set(sizes) == {"t", "t_pkey"}
    assert rewritten(before, after).pages == sum(sizes.values())


def test_only_what_is_different_counts() -> None:
    """Sizes and rows are those of what was written."""
    before = Footprint(10, {"a": Part("1", 5, 50), "b": Part("2", 7, 70)})
    after = Footprint(
        10, {"a": Part("1", 5, 50), "b": Part("3", 8, 71), "c": Part("4", 1)}
    )

    assert rewritten(before, after) == Rewritten(10, 8, 1, 71)
