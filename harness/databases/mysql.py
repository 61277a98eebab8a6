"""MariaDB and MySQL: a database is one of a server's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import pymysql
from pymysql.constants import CLIENT
from sqlalchemy import make_url

from harness.databases.address import Address, on_socket
from harness.databases.mysql_copying import copy_tables, refuse_more
from harness.databases.mysql_memory import MySQLMemory
from harness.databases.mysql_reflection import COLLATION, describe
from harness.databases.server import PREFIX, Server
from harness.databases.statements import mysql_statements
from harness.databases.watch import Memory
from harness.model.snapshot import Snapshot
from harness.servers import MYSQL, Kind

_OTHERS = (
    "SELECT count(*) FROM information_schema.PROCESSLIST "
    "WHERE DB = DATABASE() AND ID <> CONNECTION_ID()"
)
_PATIENCE = 30
_CONNECTED_WITHIN = 10
_USER = "root"


class MySQL(Server):
    """A MariaDB server, or one of MySQL."""

    name = "mysql"
    dialect = "mysql"
    drivers = ("pymysql",)
    kind: ClassVar[Kind] = MYSQL
    driver: ClassVar[str] = "mysql+pymysql"
    errors: ClassVar[type[Exception]] = pymysql.Error

    def environ(self) -> dict[str, str]:
        """Spare commands the certificates, which PyMySQL reads for a socket, too.

        That costs as much as all else in a small command. On a server of the user's
        they may be needed.
        """
        if self._private is None:
            return {}
        return {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}

    def unreachable_url(self, place: Path, name: str) -> str:
        """Return the URL of a socket that is not there: it fails at once."""
        socket = place / "unreachable" / MYSQL.socket
        address = on_socket(self.driver, _USER, "unix_socket", socket)
        return self._spelled(address).url(name)

    def copy(self, place: Path, name: str, copy: str) -> None:
        """Make the tables anew and put the rows into them."""
        for one in (name, copy):
            self._unwatch(self.url(place, one))
        database, into = self._database(place, name), self._database(place, copy)
        with (
            self._words(),
            closing(self.connect(self._home())) as connection,
            closing(connection.cursor()) as cursor,
        ):
            refuse_more(cursor, database)
            self._make(into)
            copy_tables(cursor, database, into)

    def _socket_address(self, directory: Path) -> Address:
        return on_socket(self.driver, _USER, "unix_socket", directory / MYSQL.socket)

    def _spelled(self, address: Address) -> Address:
        """Name a character set that SQLAlchemy 0.8 on Python 2.7 knows, too.

        Without it, the driver takes utf8mb4, for which Python 2.7 has no codec. The
        databases have utf8mb4 all the same.
        """
        return address.saying("charset", "utf8")

    def _connected(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Return a connection; on a socket it does without reading all certificates."""
        limits = {
            "connect_timeout": _CONNECTED_WITHIN,
            "read_timeout": _PATIENCE,
            "write_timeout": _PATIENCE,
            "ssl_disabled": "unix_socket" in options,
        }
        return pymysql.connect(*arguments, **limits | options | {"charset": "utf8mb4"})

    def _connected_to_look(self, url: str) -> Any:  # noqa: ANN401
        """Return a connection that sees one moment, and that is asked much at once."""
        parts = make_url(url)
        arguments, options = parts.get_dialect()().create_connect_args(parts)
        looking = {
            "client_flag": CLIENT.MULTI_STATEMENTS,
            "init_command": "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        }
        return self._connected(*arguments, **{**options, **looking})

    def _autocommit(self, connection: Any) -> None:  # noqa: ANN401
        connection.autocommit(True)

    def _is_open(self, connection: Any) -> bool:  # noqa: ANN401
        return bool(connection.open)

    def _statements(self, script: str) -> Iterator[str]:
        return mysql_statements(script)

    def _describe(self, cursor: Any, bookkeeping: frozenset[str]) -> Snapshot:  # noqa: ANN401
        return describe(cursor, bookkeeping)

    def _begin_looking(self, cursor: Any) -> None:  # noqa: ANN401
        cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def _memory(self, bookkeeping: frozenset[str]) -> Memory:
        return MySQLMemory(bookkeeping)

    def _others(self, cursor: Any) -> int:  # noqa: ANN401
        cursor.execute(_OTHERS)
        (number,) = cursor.fetchone()
        return int(number)

    def _working(self, cursor: Any) -> int:  # noqa: ANN401
        cursor.execute(f"{_OTHERS} AND COMMAND <> 'Sleep'")
        (number,) = cursor.fetchone()
        return int(number)

    def _make(self, database: str) -> None:
        with self.administering() as cursor:
            cursor.execute(
                f"CREATE DATABASE `{database}` "
                f"CHARACTER SET utf8mb4 COLLATE {COLLATION}"
            )

    def _remove(self, database: str) -> None:
        with self.administering() as cursor:
            cursor.execute(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = %s",
                (database,),
            )
            for (session,) in cursor.fetchall():
                _end(cursor, session)
            cursor.execute(f"DROP DATABASE IF EXISTS `{database}`")

    def _empty(self, url: str) -> None:
        self._unwatch(url)
        database = url.removeprefix(self._there.before).partition("?")[0]
        self._remove(database)
        self._make(database)

    def _checked_in(self) -> Any:  # noqa: ANN401
        """Hold a lock under the run's name, which every session can see."""
        connection = self.connect(self._home())
        self._autocommit(connection)
        with closing(connection.cursor()) as cursor:
            cursor.execute("SET SESSION wait_timeout = 86400")
            cursor.execute("SELECT GET_LOCK(%s, 0)", (self._name,))
        return connection

    def _names(self, cursor: Any) -> list[str]:  # noqa: ANN401
        cursor.execute(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA "
            "WHERE SCHEMA_NAME LIKE %s",
            (f"{PREFIX}_%".replace("_", r"\_"),),
        )
        return [name for (name,) in cursor.fetchall()]

    def _is_alive(self, cursor: Any, run: str) -> bool:  # noqa: ANN401
        cursor.execute(
            "SELECT IS_USED_LOCK(%s) IS NOT NULL OR EXISTS (SELECT 1 FROM "
            "information_schema.PROCESSLIST WHERE LEFT(DB, %s) = %s)",
            (run, len(run), run),
        )
        (alive,) = cursor.fetchone()
        return bool(alive)

    def _asked(self, cursor: Any) -> tuple[str, float]:  # noqa: ANN401
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Uptime'")
        _, uptime = cursor.fetchone()
        cursor.execute("SELECT VERSION()")
        (version,) = cursor.fetchone()
        flavour = "MariaDB" if "MariaDB" in version else "MySQL"
        return f"{flavour} {version.partition('-')[0]}", float(uptime)

    def _driver_version(self) -> str:
        return f"PyMySQL {pymysql.__version__}"

    def _home(self) -> str:
        return self._there.url("")


def _end(cursor: Any, session: int) -> None:  # noqa: ANN401
    """End a session; it may have ended by itself meanwhile."""
    try:
        cursor.execute(f"KILL {int(session)}")
    except pymysql.err.OperationalError as error:
        if error.args[0] != pymysql.constants.ER.NO_SUCH_THREAD:
            raise
