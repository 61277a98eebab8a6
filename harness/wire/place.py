"""Where a server listens, read from and written into URLs of SQLAlchemy."""

from __future__ import annotations

from pathlib import Path

import msgspec
from sqlalchemy import URL, make_url

_PORTS = {"postgresql": 5432, "mysql": 3306}
_SOCKET = {"postgresql": "host", "mysql": "unix_socket"}
"""The parameter that names a Unix socket: to libpq its directory, to PyMySQL the file."""


class WireError(Exception):
    """A line cannot be laid; the message names the address and says why."""


class Place(msgspec.Struct, frozen=True):
    """Where somebody listens: the path of a Unix socket, or a host and a port.

    `dialect` is SQLAlchemy's name for what is spoken there, if it is known.
    """

    path: str = ""
    host: str = ""
    port: int = 0
    dialect: str = ""

    def __str__(self) -> str:
        """Return the place in a reader's words."""
        return self.path or f"{self.host}:{self.port}"


def place_of(url: str) -> Place:
    """Return where the server of a URL listens; `WireError` if it names none."""
    parts = make_url(url)
    dialect = _dialect(parts)
    named = parts.query.get(_SOCKET[dialect], "")
    socket = named if isinstance(named, str) else named[0]
    if socket and dialect == "postgresql" and socket.startswith("/"):
        port = parts.port or _PORTS[dialect]
        return Place(path=f"{socket}/.s.PGSQL.{port}", dialect=dialect)
    if socket and dialect == "mysql":
        return Place(path=socket, dialect=dialect)
    host = parts.host or socket or "localhost"
    return Place(host=host, port=parts.port or _PORTS[dialect], dialect=dialect)


def rerouted(url: str, place: Place) -> str:
    """Return a URL that reaches the same database by way of another place."""
    parts = make_url(url)
    dialect = _dialect(parts)
    parts = parts.difference_update_query([_SOCKET[dialect]])
    if not place.path:
        parts = parts.set(host=place.host, port=place.port)
    elif dialect == "postgresql":
        directory, name = Path(place.path).parent, Path(place.path).suffix
        parts = parts.set(host=None, port=int(name[1:])).update_query_dict(
            {"host": str(directory)}
        )
    else:
        parts = parts.set(host=None).update_query_dict({"unix_socket": place.path})
    # A path is written as a person would: drivers and tools read it either way.
    return parts.render_as_string(hide_password=False).replace("%2F", "/")


def _dialect(parts: URL) -> str:
    dialect = parts.get_backend_name()
    if dialect not in _PORTS:
        message = f"a line leads to a server, and {dialect} has none"
        raise WireError(message)
    return dialect
