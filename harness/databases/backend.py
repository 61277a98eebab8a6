"""What a kind of database must be able to do for the harness."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar, Self

import msgspec
from sqlalchemy import Engine, NullPool, create_engine

from harness.databases.footprint import Footprint
from harness.databases.watch import Heard, Watch
from harness.model.cell import Absence
from harness.model.snapshot import Snapshot


def _unheard(_: str) -> None:
    """Say nothing."""


class DatabaseRefused(Exception):  # noqa: N818
    """A database did not do what it was asked to; the message is its own."""


class Backend(ABC):
    """One kind of database. It lives as long as a run and serves all its cells.

    `place` is a directory that belongs to one cell. An embedded backend keeps its
    files there; a server derives names from it, so that cells never share a database.
    A backend is used by several threads at once, while it is `running`.
    """

    name: ClassVar[str]
    """How scenarios and cells call it, such as `sqlite`."""

    dialect: ClassVar[str]
    """How SQLAlchemy URLs begin, up to a `+` or a colon."""

    drivers: ClassVar[tuple[str, ...]] = ()
    """The Python modules of which a toolchain needs one, to talk to the database."""

    @property
    def absence(self) -> Absence | None:
        """Why there is no such database here, if so."""
        return None

    @property
    def origin(self) -> str:
        """Where the engine comes from, in a few words."""
        return "built into Python"

    @contextmanager
    def running(
        self, directory: Path, note: Callable[[str], None] = _unheard
    ) -> Iterator[Self]:
        """Run the server, if there is one, in a directory of a run's own.

        `note` is told what a user should know. `ServerError` if it cannot be run.
        """
        yield self

    def lost(self) -> str | None:
        """Return why databases can no longer be reached; None while they can be."""
        return None

    def last_words(self) -> str:
        """Return the end of the server's own log, if it is ours to read."""
        return ""

    def neutral(self, place: Path) -> dict[str, str]:
        """Return what differs from run to run in texts, and what to write instead."""
        return {}

    def environ(self) -> dict[str, str]:
        """Return variables for every command that is to reach the databases."""
        return {}

    def engine(self, url: str) -> Engine:
        """Return an engine of SQLAlchemy without a pool, for a database of ours."""
        return create_engine(url, poolclass=NullPool)

    @abstractmethod
    def url(self, place: Path, name: str) -> str:
        """Return a database's URL as a person would write it for a tool."""

    @abstractmethod
    def unreachable_url(self, place: Path, name: str) -> str:
        """Return a URL of the same kind at which there is no database to reach."""

    @abstractmethod
    def create(self, place: Path, name: str) -> None:
        """Make an empty database."""

    def copy(self, place: Path, name: str, copy: str) -> None:
        """Make a database like another one; `DatabaseRefused` if it cannot be done.

        Nobody may be connected to either.
        """
        message = f"{self.name} cannot copy a database"
        raise DatabaseRefused(message)

    def restore(self, place: Path, kept: str, name: str) -> None:
        """Make a database like one that was kept; several may be put back at once."""
        self.drop(place, name)
        self.copy(place, kept, name)

    @abstractmethod
    def drop(self, place: Path, name: str) -> None:
        """Remove a database, if it is there."""

    @abstractmethod
    def run_script(self, url: str, sql_text: str) -> None:
        """Run SQL text as the database's own client does; `DatabaseRefused` if not.

        What was done before the statement that failed stays as the client leaves it.
        """

    @abstractmethod
    def look(self, url: str, bookkeeping: frozenset[str]) -> Snapshot:
        """Return what a database holds, without changing it or keeping a lock."""

    def watch(self, url: str, bookkeeping: frozenset[str]) -> Watch:
        """Return a look that can be taken again; what it costs depends on the backend."""

        def look(heard: Heard) -> Snapshot:
            seen = self.look(url, bookkeeping)
            spared = {} if heard is not None else seen.bookkeeping
            return msgspec.structs.replace(seen, bookkeeping=spared)

        return Watch(look)

    def outline(self, url: str, bookkeeping: frozenset[str]) -> str:
        """Return what changes if a database does; where it can, without all rows."""
        return msgspec.json.encode(self.look(url, bookkeeping)).decode()

    def footprint(self, url: str) -> Footprint:
        """Return a database's pages; `DatabaseRefused` where they cannot be known."""
        message = f"{self.name} does not tell which pages a statement wrote anew"
        raise DatabaseRefused(message)

    @abstractmethod
    def scratch(self) -> AbstractContextManager[str]:
        """Give the URL of an empty database that is gone afterwards."""

    @abstractmethod
    def provenance(self) -> dict[str, str]:
        """Return the versions of the engine and of whatever talks to it."""

    def settings(self) -> tuple[str, ...]:
        """Return the settings of a server that runs for this run only."""
        return ()


def refusal(error: BaseException) -> DatabaseRefused:
    """Return what a driver's error says: the database's own words, and its number.

    PostgreSQL repeats the statement with a mark in it, which is left out.
    """
    said = ": ".join(str(arg).strip() for arg in error.args)
    return DatabaseRefused(said.partition("\nLINE ")[0])
