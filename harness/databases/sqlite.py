"""SQLite: a database is a file in the cell's directory."""

from __future__ import annotations

import itertools
import os
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from harness.databases.backend import Backend, DatabaseRefused
from harness.databases.footprint import Footprint, of_sqlite
from harness.databases.sqlite_reflection import Remembered, describe
from harness.model.snapshot import Snapshot

_BESIDE = ("-journal", "-wal", "-shm")
_ENTRIES = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
_CONTENT = {True: 'SELECT * FROM "{}"', False: 'SELECT count(*) FROM "{}"'}
_WRITE_AHEAD = 2
"""What bytes 18 and 19 of the header are in that mode (SQLite file format, 1.3.3)."""


class Sqlite(Backend):
    """The library that is built into Python."""

    name = "sqlite"
    dialect = "sqlite"
    drivers = ("sqlite3", "_sqlite3", "pysqlite2")

    def __init__(self) -> None:
        """Make a backend; there is no server to start."""
        self._scratches = itertools.count()
        self._remembered = Remembered()

    def url(self, place: Path, name: str) -> str:
        """Return the URL of the file."""
        return f"sqlite:///{place.resolve() / name}.db"

    def unreachable_url(self, place: Path, name: str) -> str:
        """Return the URL of a file in a directory that does not exist."""
        return self.url(place / "unreachable", name)

    def create(self, place: Path, name: str) -> None:
        """Make an empty file, which SQLite takes for an empty database."""
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.db").touch()

    def copy(self, place: Path, name: str, copy: str) -> None:
        """Copy the file: between two commands it is the whole database."""
        shutil.copyfile(place / f"{name}.db", place / f"{copy}.db")

    def drop(self, place: Path, name: str) -> None:
        """Remove the file, and what SQLite may have left beside it."""
        for ending in ("", *_BESIDE):
            (place / f"{name}.db{ending}").unlink(missing_ok=True)

    def run_script(self, url: str, sql_text: str) -> None:
        """Run the text with `executescript`: it stops at the first error.

        Statements outside of a transaction stay done. A transaction that the text
        opened is rolled back, as it is when the client goes away.
        """
        target, is_uri = _target(url)
        with _words_of(sqlite3.Error), closing(_connect(target, uri=is_uri)) as client:
            client.executescript(sql_text)

    def look(self, url: str, bookkeeping: frozenset[str]) -> Snapshot:
        """Describe the database through a connection that can only read.

        A file that is not there holds nothing. What a killed process left half-way
        can only be read by rolling it back, so that is done to a copy.
        """
        target, is_uri = _target(url)
        if is_uri:
            return self._described(target, bookkeeping)
        path = Path(target)
        if not path.exists():
            return Snapshot()
        if not _at_rest(path):
            return self._described_copy(path, bookkeeping)
        return self._described(f"file:{quote(str(path))}?mode=ro", bookkeeping)

    def _described_copy(self, path: Path, bookkeeping: frozenset[str]) -> Snapshot:
        with tempfile.TemporaryDirectory() as directory:
            for ending in ("", *_BESIDE):
                source = Path(f"{path}{ending}")
                if source.exists():
                    shutil.copyfile(source, Path(directory) / source.name)
            copied = Path(directory) / path.name
            target = f"file:{quote(str(copied))}?mode=rw"
            return self._described(target, bookkeeping)

    def _described(self, target: str, bookkeeping: frozenset[str]) -> Snapshot:
        with (
            _words_of(sqlite3.Error),
            closing(_connect(target, uri=True)) as connection,
        ):
            return describe(connection, bookkeeping, self._remembered)

    def outline(self, url: str, bookkeeping: frozenset[str]) -> str:
        """Return all definitions, how many rows there are, and the bookkeeping."""
        target, is_uri = _target(url)
        file = target if is_uri else f"file:{quote(target)}?mode=ro"
        with _words_of(sqlite3.Error), closing(_connect(file, uri=True)) as connection:
            entries = connection.execute(_ENTRIES).fetchall()
            tables = [name for kind, name, _ in entries if kind == "table"]
            rows = {
                name: connection.execute(
                    _CONTENT[name in bookkeeping].format(name)
                ).fetchall()
                for name in tables
            }
        return repr((entries, rows))

    def footprint(self, url: str) -> Footprint:
        """Return the file's pages; what lies beside it is not read."""
        path = Path(_target(url)[0])
        if not _at_rest(path):
            message = f"the file is not at rest: a journal lies beside {path.name}"
            raise DatabaseRefused(message)
        return of_sqlite(path)

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """Give a database in memory, which several connections can open."""
        number = next(self._scratches)
        target = f"file:scratch-{os.getpid()}-{number}?mode=memory&cache=shared"
        with closing(_connect(target, uri=True)):
            yield f"sqlite:///{target}&uri=true"

    def provenance(self) -> dict[str, str]:
        """Return the version of the library that the harness itself uses."""
        return {
            "engine": f"SQLite {sqlite3.sqlite_version}",
            "driver": f"sqlite3 of Python {platform.python_version()}",
        }


def _target(url: str) -> tuple[str, bool]:
    """Return what SQLite is to open, and whether that is a URI."""
    parts = make_url(url)
    query = {key: value for key, value in parts.query.items() if key != "uri"}
    database = parts.database or ""
    if "uri" not in parts.query:
        return database, False
    return f"{database}?{'&'.join(f'{k}={v}' for k, v in query.items())}", True


def _connect(target: str, *, uri: bool) -> sqlite3.Connection:
    return sqlite3.connect(target, uri=uri, isolation_level=None)


@contextmanager
def _words_of(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        raise DatabaseRefused(str(error)) from error


def _at_rest(path: Path) -> bool:
    """Tell whether a file alone is the whole database, as after every commit."""
    if any(Path(f"{path}{ending}").exists() for ending in _BESIDE):
        return False
    with path.open("rb") as file:
        return _WRITE_AHEAD not in file.read(20)[18:]
