"""What a kind of database must be able to do for the harness."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar, Self

from harness.model.snapshot import Snapshot


class DatabaseRefused(Exception):  # noqa: N818
    """A database did not do what it was asked to; the message is its own."""


class Backend(ABC):
    """One kind of database. It lives as long as a run and serves all its cells.

    `place` is a directory that belongs to one cell. An embedded backend keeps its
    files there; a server derives names from it, so that cells never share a database.
    A backend is used by several threads at once.
    """

    name: ClassVar[str]
    """How scenarios and cells call it, such as `sqlite`."""

    dialect: ClassVar[str]
    """How SQLAlchemy URLs begin, up to a `+` or a colon."""

    def __enter__(self) -> Self:
        """Start the server, if there is one."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server, if there is one."""
        return

    @abstractmethod
    def url(self, place: Path, name: str) -> str:
        """Return a database's URL as a person would write it for a tool."""

    @abstractmethod
    def unreachable_url(self, place: Path, name: str) -> str:
        """Return a URL of the same kind at which there is no database to reach."""

    @abstractmethod
    def create(self, place: Path, name: str) -> None:
        """Make an empty database."""

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

    @abstractmethod
    def scratch(self) -> AbstractContextManager[str]:
        """Give the URL of an empty database that is gone afterwards."""

    @abstractmethod
    def provenance(self) -> dict[str, str]:
        """Return the versions of the engine and of whatever talks to it."""
