"""PostgreSQL: a database is one of a server's."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import psycopg2
import psycopg2.extensions as ext

from harness.databases.address import Address, on_socket
from harness.databases.footprint import Footprint, of_postgresql
from harness.databases.postgresql_memory import PostgreSQLMemory
from harness.databases.postgresql_reflection import describe, outlined
from harness.databases.server import PREFIX, Server
from harness.databases.statements import standard_statements
from harness.databases.watch import Memory
from harness.model.snapshot import Snapshot
from harness.servers import POSTGRESQL, Kind
from harness.servers.postgresql import USER

_LOOKING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_get_activity(NULL) WHERE datid = "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_PATIENCE = 30.0
_MARK = "made by migration-compare, which removes it again"
_FORCED_DROP = 130000
_CHOSEN_STRATEGY = 150000


def _wait(connection: Any) -> None:  # noqa: ANN401
    """Wait for the server, but not for ever, and so that Ctrl-C is heard.

    psycopg2 itself closes a connection for which this raises.
    """
    deadline = time.monotonic() + _PATIENCE
    events = {ext.POLL_READ: select.POLLIN, ext.POLL_WRITE: select.POLLOUT}
    while (state := connection.poll()) != ext.POLL_OK:
        waiting = select.poll()
        waiting.register(connection.fileno(), events[state])
        left = deadline - time.monotonic()
        if left <= 0 or not waiting.poll(left * 1000):
            message = f"no answer from the server within {_PATIENCE:g} s"
            raise psycopg2.OperationalError(message)


ext.set_wait_callback(_wait)


class PostgreSQL(Server):
    """A PostgreSQL server."""

    name = "postgresql"
    dialect = "postgresql"
    drivers = ("psycopg2",)
    kind: ClassVar[Kind] = POSTGRESQL
    driver: ClassVar[str] = "postgresql+psycopg2"
    errors: ClassVar[type[Exception]] = psycopg2.Error

    def unreachable_url(self, place: Path, name: str) -> str:
        """Return the URL of a socket that is not there: it fails at once."""
        directory = place / "unreachable"
        return on_socket(self.driver, USER, "host", directory).url(name)

    def _socket_address(self, directory: Path) -> Address:
        return on_socket(self.driver, USER, "host", directory)

    def _connected(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        return psycopg2.connect(*arguments, **options)

    def _autocommit(self, connection: Any) -> None:  # noqa: ANN401
        connection.autocommit = True

    def _is_open(self, connection: Any) -> bool:  # noqa: ANN401
        return not connection.closed

    def _statements(self, script: str) -> Iterator[str]:
        return standard_statements(script)

    def outline(self, url: str, bookkeeping: frozenset[str]) -> str:
        """Return all definitions, how many rows there are, and the bookkeeping."""
        with (
            self._words(),
            self._watching(url) as connection,
            closing(connection.cursor()) as cursor,
        ):
            self._settle(cursor, self._others)
            cursor.execute(_LOOKING)
            found = outlined(cursor, bookkeeping)
            cursor.execute("ROLLBACK")
        return found

    def footprint(self, url: str) -> Footprint:
        """Return the files of all tables and indexes, and how large they are."""
        with (
            self._words(),
            self._watching(url) as connection,
            closing(connection.cursor()) as cursor,
        ):
            self._settle(cursor, self._others)
            cursor.execute(_LOOKING)
            found = of_postgresql(cursor)
            cursor.execute("ROLLBACK")
        return found

    def _describe(self, cursor: Any, bookkeeping: frozenset[str]) -> Snapshot:  # noqa: ANN401
        return describe(cursor, bookkeeping)

    def _begin_looking(self, cursor: Any) -> None:  # noqa: ANN401
        cursor.execute(_LOOKING)

    def _memory(self, bookkeeping: frozenset[str]) -> Memory:
        return PostgreSQLMemory(bookkeeping)

    def _others(self, cursor: Any) -> int:  # noqa: ANN401
        cursor.execute(_OTHERS)
        (number,) = cursor.fetchone()
        return int(number)

    def _working(self, cursor: Any) -> int:  # noqa: ANN401
        cursor.execute(f"{_OTHERS} AND state = 'active'")
        (number,) = cursor.fetchone()
        return int(number)

    def _make(self, database: str) -> None:
        """Make it as every server would, whatever the server's own locale."""
        with self.administering() as cursor:
            strategy = self._strategy(cursor)
            cursor.execute(
                f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' "
                f"LC_COLLATE 'C' LC_CTYPE 'C'{strategy}"
            )
            cursor.execute(f"COMMENT ON DATABASE {database} IS '{_MARK}'")

    def copy(self, place: Path, name: str, copy: str) -> None:
        """Have the server copy all files of the database."""
        for one in (name, copy):
            self._unwatch(self.url(place, one))
        database, into = self._database(place, name), self._database(place, copy)
        with self.administering() as cursor:
            cursor.execute(f"CREATE DATABASE {into} TEMPLATE {database}")
            cursor.execute(f"COMMENT ON DATABASE {into} IS '{_MARK}'")

    def restore(self, place: Path, kept: str, name: str) -> None:
        """Have the server do it in a session of its own, beside others.

        Most of it is waiting for the server's checkpoint and for its other sessions,
        and several sessions wait for the same one.
        """
        for one in (name, kept):
            self._unwatch(self.url(place, one))
        database, source = self._database(place, name), self._database(place, kept)
        with (
            self._words(),
            closing(self.connect(self._home())) as connection,
            closing(connection.cursor()) as cursor,
        ):
            self._autocommit(connection)
            self._drop(cursor, database)
            strategy = self._strategy(cursor)
            cursor.execute(f"CREATE DATABASE {database} TEMPLATE {source}{strategy}")
            cursor.execute(f"COMMENT ON DATABASE {database} IS '{_MARK}'")

    def _strategy(self, cursor: Any) -> str:  # noqa: ANN401
        """Return how our own server is to copy: by files, not by its log."""
        chosen = self._private and _number(cursor) >= _CHOSEN_STRATEGY
        return " STRATEGY file_copy" if chosen else ""

    def _remove(self, database: str) -> None:
        with self.administering() as cursor:
            self._drop(cursor, database)

    def _drop(self, cursor: Any, database: str) -> None:  # noqa: ANN401
        forced = _number(cursor) >= _FORCED_DROP
        if not forced:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s",
                (database,),
            )
        end = " WITH (FORCE)" if forced else ""
        cursor.execute(f"DROP DATABASE IF EXISTS {database}{end}")

    def _empty(self, url: str) -> None:
        self.run_script(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def _checked_in(self) -> Any:  # noqa: ANN401
        """Hold a session under the run's name, which every session can see."""
        connection = self.connect(self._home())
        self._autocommit(connection)
        with closing(connection.cursor()) as cursor:
            cursor.execute(
                "SELECT set_config('application_name', %s, false)", (self._name,)
            )
        return connection

    def _names(self, cursor: Any) -> list[str]:  # noqa: ANN401
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) "
            "AND shobj_description(oid, 'pg_database') = %s",
            (f"{PREFIX}_", _MARK),
        )
        return [name for (name,) in cursor.fetchall()]

    def _is_alive(self, cursor: Any, run: str) -> bool:  # noqa: ANN401
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE application_name = %s OR starts_with(datname, %s)",
            (run, f"{run}_"),
        )
        (number,) = cursor.fetchone()
        return bool(number)

    def _asked(self, cursor: Any) -> tuple[str, float]:  # noqa: ANN401
        cursor.execute(
            "SELECT current_setting('server_version'), extract(epoch from "
            "clock_timestamp() - pg_postmaster_start_time())::float"
        )
        version, uptime = cursor.fetchone()
        return f"PostgreSQL {version}", uptime

    def _driver_version(self) -> str:
        return f"psycopg2 {version('psycopg2-binary')}"

    def _home(self) -> str:
        return self._there.url(self._there.own or "postgres")


def _number(cursor: Any) -> int:  # noqa: ANN401
    return int(cursor.connection.server_version)
