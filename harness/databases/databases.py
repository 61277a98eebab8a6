"""The databases of one cell, and the backends that there are."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import make_url

from harness.databases.backend import Backend, DatabaseRefused
from harness.databases.footprint import Footprint
from harness.databases.mysql import MySQL
from harness.databases.postgresql import PostgreSQL
from harness.databases.server import Server
from harness.databases.sqlite import Sqlite
from harness.servers import ServerError

BACKENDS: dict[str, Backend] = {
    backend.name: backend for backend in (Sqlite(), PostgreSQL(), MySQL())
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}")
"""Short enough for a name on a server with all that stands in front of it."""


def backend_named(name: str) -> Backend:
    """Return the backend of that name; `LookupError` if there is none."""
    if name not in BACKENDS:
        message = f"there is no backend {name!r}; there is: {', '.join(BACKENDS)}"
        raise LookupError(message)
    return BACKENDS[name]


def backend_of(url: str) -> Backend:
    """Return the backend that a URL belongs to; `LookupError` if there is none."""
    dialect = make_url(url).get_backend_name()
    for backend in BACKENDS.values():
        if backend.dialect == dialect:
            return backend
    message = f"no backend speaks {dialect!r}; there is: {', '.join(BACKENDS)}"
    raise LookupError(message)


def use_servers(urls: tuple[str, ...]) -> None:
    """Use these servers of the user's from now on; `ServerError` for unknown kinds."""
    servers = [b for b in BACKENDS.values() if isinstance(b, Server)]
    for url in urls:
        if not any(server.kind.speaks(url) for server in servers):
            scheme = url.partition("://")[0]
            known = ", ".join(d for s in servers for d in s.kind.dialects)
            message = f"--server {scheme}://…: a URL begins with one of {known}"
            raise ServerError(message)
    for server in servers:
        server.use(urls)


_KEPT = "_kept"


class Databases:
    """The databases of one cell: made one by one, and all dropped afterwards."""

    def __init__(self, backend: str, directory: Path) -> None:
        """Take the backend's name, and a directory that is the cell's alone."""
        self.backend = backend
        self._backend = backend_named(backend)
        self._directory = directory
        self._names: list[str] = []

    def create(self, name: str) -> str:
        """Make an empty database and return its URL; `ValueError` for a bad name."""
        if not _NAME.fullmatch(name):
            message = f"{name!r} cannot name a database; use a-z, 0-9 and _"
            raise ValueError(message)
        if name in self._names:
            message = f"there is already a database {name!r}; use url()"
            raise ValueError(message)
        self._backend.create(self._directory, name)
        self._names.append(name)
        return self.url(name)

    def keep(self, name: str) -> None:
        """Keep a database as it is now, for `restore`; `DatabaseRefused` if it cannot."""
        self.copy(name, f"{name}{_KEPT}")

    def restore(self, name: str) -> None:
        """Make a database again what it was when it was kept."""
        self._backend.restore(self._directory, f"{name}{_KEPT}", name)

    def copy(self, name: str, copy: str) -> str:
        """Make a database like another one, and return its URL.

        `DatabaseRefused` if it cannot be done; then there is none of that name.
        """
        self._names.append(copy)
        try:
            self._backend.copy(self._directory, name, copy)
        except DatabaseRefused:
            self.drop(copy)
            raise
        return self.url(copy)

    def drop(self, name: str) -> None:
        """Remove a database; it can be created anew."""
        self._backend.drop(self._directory, name)
        self._names.remove(name)

    def url(self, name: str) -> str:
        """Return a database's URL; `LookupError` if it has not been created."""
        if name not in self._names:
            message = f"there is no database {name!r}; create() it first"
            raise LookupError(message)
        return self._backend.url(self._directory, name)

    def footprint(self, name: str) -> Footprint:
        """Return a database's pages; `DatabaseRefused` where they cannot be known."""
        return self._backend.footprint(self.url(name))

    def urls(self) -> dict[str, str]:
        """Return the URLs of all databases by name."""
        return {name: self.url(name) for name in self._names}

    def unreachable_url(self, name: str) -> str:
        """Return a URL of the same kind at which there is no database to reach."""
        return self._backend.unreachable_url(self._directory, name)

    def neutral(self) -> dict[str, str]:
        """Return what differs from run to run in texts, and what to write instead."""
        return self._backend.neutral(self._directory)

    def environ(self) -> dict[str, str]:
        """Return variables for every command that is to reach the databases."""
        return self._backend.environ()

    def lost(self) -> str | None:
        """Return why the databases can no longer be reached; None while they can be."""
        return self._backend.lost()

    def last_words(self) -> str:
        """Return the end of the server's own log, if it is ours to read."""
        return self._backend.last_words()

    def drop_all(self) -> None:
        """Remove the databases of the cell; they can be created anew."""
        while self._names:
            self._backend.drop(self._directory, self._names.pop())

    def run_script(self, name: str, sql_text: str) -> None:
        """Run SQL text with the database's own client; `DatabaseRefused` if it fails."""
        self._backend.run_script(self.url(name), sql_text)
