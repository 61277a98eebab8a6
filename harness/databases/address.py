"""How the databases of a server are spelled in URLs."""

from __future__ import annotations

from pathlib import Path

import msgspec
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from harness.servers import ServerError

_SHORTEST_SECRET = 4


class Address(msgspec.Struct, frozen=True):
    """A server's URL, cut where the name of a database goes.

    `own` is the database that the URL of a user names, `secrets` are texts that
    must not get into evidence.
    """

    before: str
    after: str = ""
    own: str | None = None
    secrets: dict[str, str] = {}

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"{self.before}{database}{self.after}"

    def saying(self, parameter: str, value: str) -> Address:
        """Return the address with a parameter, unless it says something of that."""
        if f"{parameter}=" in self.after:
            return self
        sign = "&" if self.after else "?"
        after = f"{self.after}{sign}{parameter}={value}"
        return msgspec.structs.replace(self, after=after)


def on_socket(dialect: str, user: str, parameter: str, socket: Path) -> Address:
    """Return the address of a server that listens on a Unix socket."""
    return Address(f"{dialect}://{user}@/", f"?{parameter}={socket}")


def of_the_user(url: str, dialect: str) -> Address:
    """Return the address of a server that a user named; the driver is ours."""
    try:
        parts = make_url(url).set(drivername=dialect)
    except ArgumentError as error:
        message = f"a URL of a server cannot be read, it is not shown here: {error}"
        raise ServerError(message) from error
    bare = _written(parts.set(database=""))
    before, _, query = bare.partition("?")
    before = before.rstrip("/") + "/"
    authority = before.partition("://")[2].rstrip("/")
    secrets = {authority: "{server}"} if authority else {}
    if parts.password and len(parts.password) >= _SHORTEST_SECRET:
        secrets[parts.password] = "{password}"
    after = f"?{query.replace('%2F', '/')}" if query else ""
    return Address(before, after, parts.database or None, secrets)


def _written(parts: URL) -> str:
    return parts.render_as_string(hide_password=False)
