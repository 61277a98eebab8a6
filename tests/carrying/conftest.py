"""A small history of sqlalchemy-migrate, and the command line that carries it over."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.carrying import ground
from harness.cli import main
from harness.model.carrying import CarryOver
from tests.replaying.conftest import python
from tests.running import Servers

__all__ = ["python"]

SETTINGS = "[db_settings]\nrepository_id=mine\nversion_table=migrate_version\nrequired_dbs=[]\n"
BOOKS = """\
from sqlalchemy import *


def upgrade(engine):
    meta = MetaData(bind=engine)
    authors = Table(
        "authors",
        meta,
        Column("id", Integer, primary_key=True),
        Column("name", String(40), nullable=False),
        UniqueConstraint("name", name="uniq_name"),
    )
    authors.create()
    Table(
        "books",
        meta,
        Column("id", Integer, primary_key=True),
        Column("title", String(20)),
        Column("lent", Boolean),
        Column("at", DateTime),
        Column("price", Numeric(10, 2), server_default="1"),
        Column("author", Integer, ForeignKey("authors.id")),
    ).create()


def downgrade(engine):
    engine.execute("DROP TABLE books")
    engine.execute("DROP TABLE authors")
"""
ROWS = """\
import datetime

from sqlalchemy import *


def upgrade(engine):
    authors = Table("authors", MetaData(bind=engine), autoload=True)
    engine.execute(
        authors.insert(), [{"id": 1, "name": "A: 50% 'x'"}, {"id": 2, "name": "B"}]
    )
    books = Table("books", MetaData(bind=engine), autoload=True)
    row = {"id": 1, "title": "t", "lent": True, "author": 1}
    engine.execute(books.insert().values(at=datetime.datetime(2020, 1, 2), **row))


def downgrade(engine):
    engine.execute("DELETE FROM books")
    engine.execute("DELETE FROM authors")
"""
ALTER = """\
from sqlalchemy import *
import migrate.changeset


def upgrade(engine):
    books = Table("books", MetaData(bind=engine), autoload=True)
    Column("shelf", String(9), server_default="x").create(books)
    books.c.title.alter(name="heading", type=String(50))
    books = Table("books", MetaData(bind=engine), autoload=True)
    Index("ix_heading", books.c.heading, books.c.lent).create()


def downgrade(engine):
    books = Table("books", MetaData(bind=engine), autoload=True)
    Index("ix_heading", books.c.heading, books.c.lent).drop()
    books = Table("books", MetaData(bind=engine), autoload=True)
    books.c.shelf.drop()
    books.c.heading.alter(name="title", type=String(20))
"""
SHELVES = """\
CREATE TABLE shelves (id INTEGER NOT NULL PRIMARY KEY, place VARCHAR(9) NOT NULL);
INSERT INTO shelves VALUES (1, 'a:b');
"""
COUNT = """\
def upgrade(engine):
    for number, heading in engine.execute("SELECT id, heading FROM books").fetchall():
        engine.execute(f"UPDATE books SET shelf = '{len(heading)}' WHERE id = {number}")
"""
TODAY = """\
import datetime

from sqlalchemy import *


def upgrade(engine):
    t = Table("t", MetaData(bind=engine), autoload=True)
    engine.execute(t.insert().values(id=1, at=datetime.datetime.now()))


def downgrade(engine):
    engine.execute("DELETE FROM t")
"""
FAILS = """\
def upgrade(engine):
    engine.execute("DROP TABLE nil")
"""
NO_RETURN = """\
def upgrade(engine):
    engine.execute("CREATE TABLE kept (id INTEGER)")


def downgrade(engine):
    engine.execute("DROP TABLE nil")
"""
WHOLE = {
    "007_books.py": BOOKS,
    "008_rows.py": ROWS,
    "009_alter.py": ALTER,
    "010_default_default_upgrade.sql": SHELVES,
    "010_default_default_downgrade.sql": "DROP TABLE shelves;\n",
    "011_count.py": COUNT,
}
"""Tables, bound rows, altered columns, a script of SQL, and a step that reads rows."""


def write(folder: Path, scripts: dict[str, str]) -> Path:
    """Write a repository of sqlalchemy-migrate."""
    (folder / "versions").mkdir(parents=True)
    (folder / "migrate.cfg").write_text(SETTINGS)
    for name, text in scripts.items():
        (folder / "versions" / name).write_text(text)
    return folder


class Carried(NamedTuple):
    """What the command came to, and the folder it wrote."""

    result: Result
    folder: Path

    @property
    def record(self) -> CarryOver:
        """The record that was written."""
        path = self.folder / "carry-over.json"
        assert path.exists(), self.result.output
        return msgspec.json.decode(path.read_bytes(), type=CarryOver)

    def revision(self, name: str) -> str:
        """Return the source of a revision."""
        versions = self.folder / "repository" / "migrations" / "versions"
        return (versions / f"{name}.py").read_text()


Carry = Callable[..., Carried]


def by_hand(
    carried: Carried, python: str, url: str, *words: str
) -> subprocess.CompletedProcess[str]:
    """Run the new tool's own command in the repository that was written."""
    return subprocess.run(
        [str(Path(python).with_name("alembic")), *words],
        cwd=carried.folder / "repository",
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module", autouse=True)
def _servers_run_already(servers: Servers) -> Iterator[None]:
    """Have both histories played on the servers of this worker."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ground, "serving", servers.serving)
        yield


@pytest.fixture(scope="module")
def carry(tmp_path_factory: pytest.TempPathFactory, python: str) -> Carry:
    """Return what carries a history over by the command line."""

    def carried(scripts: dict[str, str], *options: str) -> Carried:
        place = tmp_path_factory.mktemp("carried")
        arguments = [str(write(place / "old", scripts)), "--to", "alembic"]
        # As a person names it who stands there.
        into = ["--output", os.path.relpath(place / "new"), "--python", python]
        result = CliRunner().invoke(main, ["carry-over", *arguments, *into, *options])
        return Carried(result, place / "new")

    return carried


@pytest.fixture(scope="module")
def statements(carry: Carry) -> Carried:
    """Return a whole history that was carried over as statements, up and down."""
    return carry(WHOLE, "--how", "statements", "--downgrades")
