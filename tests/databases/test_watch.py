"""A look that is taken again and again tells what a look at everything would."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from harness.databases import Backend, DatabaseRefused, Databases
from harness.databases.snapshot import take, watch
from harness.databases.watch import Sent
from harness.model.snapshot import Snapshot

BEFORE = (
    "CREATE TABLE shelves (id INTEGER NOT NULL PRIMARY KEY, place VARCHAR(20))",
    "CREATE TABLE books (id INTEGER NOT NULL PRIMARY KEY, shelf INTEGER, "
    "title VARCHAR(20), CONSTRAINT on_shelf FOREIGN KEY (shelf) "
    "REFERENCES shelves (id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE pages (id INTEGER NOT NULL PRIMARY KEY, book INTEGER, "
    "CONSTRAINT of_book FOREIGN KEY (book) REFERENCES books (id) ON DELETE CASCADE)",
    "CREATE TABLE alone (word VARCHAR(20))",
    "CREATE INDEX titled ON books (title)",
    "CREATE TABLE version (num INTEGER)",
    "INSERT INTO version VALUES (1)",
    "INSERT INTO shelves VALUES (1, 'here'), (2, 'there')",
    "INSERT INTO books VALUES (1, 1, 'a'), (2, 2, 'b')",
    "INSERT INTO pages VALUES (1, 1), (2, 2)",
)
EVERYWHERE = (
    "ALTER TABLE shelves ADD COLUMN width INTEGER",
    "ALTER TABLE shelves RENAME TO racks",
    "ALTER TABLE racks RENAME TO shelves",
    "ALTER TABLE shelves RENAME COLUMN id TO number",
    "ALTER TABLE shelves RENAME COLUMN place TO room",
    "CREATE UNIQUE INDEX one ON shelves (place)",
    "CREATE INDEX titles ON books (title)",
    "INSERT INTO shelves VALUES (3, 'nowhere')",
    "DELETE FROM shelves WHERE id = 1",
    "DELETE FROM shelves WHERE id = 99",
    "UPDATE shelves SET id = 9 WHERE id = 2",
    "DELETE FROM books",
    "UPDATE books SET title = 'c'",
    "UPDATE version SET num = 2",
    "INSERT INTO version VALUES (7)",
    "INSERT INTO alone VALUES ('x')",
    "INSERT INTO alone SELECT title FROM books",
    "DROP TABLE alone",
    "CREATE TABLE alone AS SELECT title AS word FROM books",
    "ALTER TABLE shelves RENAME COLUMN id TO x; ALTER TABLE shelves RENAME COLUMN place "
    "TO id; ALTER TABLE shelves RENAME COLUMN x TO place",
    "DROP TABLE pages",
    "CREATE TABLE pages (id INTEGER NOT NULL PRIMARY KEY, text VARCHAR(9) DEFAULT 'a')",
    "CREATE VIEW seen AS SELECT id, title FROM books",
    "DROP VIEW seen",
    "UPDATE seen SET title = 'by a view'",
)
_KEEP = "CREATE TRIGGER keep AFTER INSERT ON books FOR EACH ROW "
PARTICULAR = {
    "sqlite": ("ALTER TABLE books ADD COLUMN note TEXT DEFAULT 'x'",),
    "postgresql": (
        "ALTER TABLE books ADD COLUMN note TEXT DEFAULT 'x'",
        "ALTER TABLE books ALTER COLUMN title SET NOT NULL",
        "ALTER TABLE books ALTER COLUMN title TYPE TEXT",
        "ALTER TABLE books ALTER COLUMN title SET DEFAULT 'y'",
        "ALTER TABLE books RENAME CONSTRAINT on_shelf TO stands",
        "ALTER TABLE books DROP CONSTRAINT on_shelf",
        "DROP INDEX titled",
        "ALTER INDEX titled RENAME TO by_title",
        "ALTER TABLE books ALTER COLUMN title DROP DEFAULT",
        "DELETE FROM books WHERE id = 1; INSERT INTO books VALUES (3, NULL, 'a')",
        "ALTER TABLE alone ADD COLUMN shelf shelves",
        "ALTER INDEX titles RENAME TO by_title",
        "COMMENT ON COLUMN books.title IS 'printed'",
        "COMMENT ON TABLE books IS 'printed'",
        "COMMENT ON TABLE books IS NULL",
        "CREATE SEQUENCE counting; ALTER TABLE alone ADD COLUMN n INTEGER "
        "DEFAULT nextval('counting')",
        "ALTER SEQUENCE counting RENAME TO counted",
        "ALTER SEQUENCE counting OWNED BY alone.n",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "ALTER TABLE alone ADD COLUMN mood mood DEFAULT 'sad'",
        "ALTER TYPE mood RENAME TO temper",
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'low'",
        "ALTER TYPE mood ADD VALUE 'so so'",
        "DROP TYPE mood CASCADE",
        "CREATE FUNCTION good(integer) RETURNS boolean IMMUTABLE LANGUAGE sql "
        "AS 'SELECT $1 > 0'; ALTER TABLE books ADD CHECK (good(id))",
        "ALTER FUNCTION good(integer) RENAME TO fine",
        "CREATE SCHEMA other; CREATE TABLE other.alone (word TEXT)",
        "ALTER SCHEMA other RENAME TO elsewhere",
        "ALTER TABLE alone SET SCHEMA other",
        "CREATE TABLE more () INHERITS (alone)",
        "INSERT INTO more VALUES ('more')",
        "CREATE TABLE parts (id INTEGER) PARTITION BY RANGE (id)",
        "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9)",
        "INSERT INTO parts VALUES (1)",
        "TRUNCATE books CASCADE",
        "VACUUM FULL alone",
        f"{_KEEP} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TRIGGER keep ON books RENAME TO kept",
    ),
    "mysql": (
        "ALTER TABLE books ADD COLUMN note VARCHAR(9) DEFAULT 'x'",
        "ALTER TABLE books MODIFY title VARCHAR(30) NOT NULL COMMENT 'printed'",
        "ALTER TABLE books COMMENT 'printed'",
        "ALTER TABLE books ADD CONSTRAINT good CHECK (id > 0)",
        "ALTER TABLE books DROP FOREIGN KEY on_shelf",
        "RENAME TABLE books TO volumes, volumes TO tomes",
        "ALTER TABLE alone CONVERT TO CHARACTER SET latin1",
        "DROP INDEX titles ON books",
        "DROP INDEX titled ON books",
        "CREATE SEQUENCE counting",
        "ALTER TABLE pages ADD COLUMN n INTEGER DEFAULT nextval(counting)",
        "INSERT INTO pages (id) VALUES (7)",
        "INSERT INTO shelves VALUES (2, 'x') ON DUPLICATE KEY UPDATE id = 8",
        f"{_KEEP} UPDATE alone SET word = 'acted'",
        "INSERT INTO books VALUES (9, NULL, 'z')",
        "CREATE FUNCTION two() RETURNS INTEGER DETERMINISTIC RETURN 2",
        "REPLACE INTO shelves VALUES (2, 'replaced')",
        "TRUNCATE alone",
        "SET FOREIGN_KEY_CHECKS = 0; DROP TABLE shelves",
    ),
}


def _tried(backend: Backend, databases: Databases, sql: str) -> Sent:
    """Run what may not fit what there is, where an error changes nothing; tell of it."""
    if ";" in sql:
        with suppress(DatabaseRefused):
            databases.run_script("app", sql)
        return Sent(sql)
    engine = backend.engine(databases.url("app"))
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection, suppress(DBAPIError):
        return Sent(sql, connection.exec_driver_sql(sql).rowcount)
    return Sent(sql)


def _all_there_is(url: str) -> Snapshot:
    """Return what a look at everything sees, without what the tool keeps for itself."""
    return msgspec.structs.replace(take(url, ("version",)), bookkeeping={})


def test_each_change_is_seen(backend: Backend, tmp_path: Path) -> None:
    """One after another, from a database as it was before, and back to it."""
    for number, change in enumerate((*EVERYWHERE, *PARTICULAR[backend.name])):
        databases = Databases(backend.name, tmp_path / str(number))
        url = databases.create("app")
        databases.run_script("app", ";".join(BEFORE))
        watching = watch(url, ("version",))
        watching.look()

        sent = _tried(backend, databases, change)

        assert watching.look((sent,)) == _all_there_is(url), change
        databases.drop_all()


def test_any_story_is_seen(
    backend: Backend, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After every step the same is seen as by one who reads everything."""
    changes = st.sampled_from((*EVERYWHERE, *PARTICULAR[backend.name]))

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.lists(changes, min_size=1, max_size=3), min_size=4, max_size=8))
    def law(story: list[list[str]]) -> None:
        databases = Databases(backend.name, tmp_path_factory.mktemp("story"))
        url = databases.create("app")
        try:
            databases.run_script("app", ";".join(BEFORE))
            watching = watch(url, ("version",))
            watching.look()
            for step in story:
                sent = tuple(_tried(backend, databases, change) for change in step)
                assert watching.look(sent) == _all_there_is(url)
            assert watching.look() == take(url, ("version",))
            assert watch(url, ("version",)).look() == take(url, ("version",))
        finally:
            databases.drop_all()

    law()


def test_who_is_connected_and_idle_is_not_waited_for(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application whose steps are watched may keep its sessions open."""
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waited"))
    databases = Databases(backend.name, tmp_path)
    url = databases.create("app")
    databases.run_script("app", ";".join(BEFORE))
    engine = create_engine(url, poolclass=NullPool)

    with engine.connect() as idle:
        idle.exec_driver_sql("SELECT * FROM alone").all()
        idle.rollback()
        watching = watch(url, ("version",))
        seen = watching.look()

    assert [table.name for table in seen.tables] == [
        "alone",
        "books",
        "pages",
        "shelves",
    ]
    engine.dispose()
