"""MariaDB and MySQL: how they are found and run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from harness.servers.kind import Kind, Program
from harness.servers.programs import newest_first, on_path, said

_SERVERS = ("mariadbd", "mysqld")
_INSTALLERS = ("mariadb-install-db", "mysql_install_db")
_PLACES = (
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/libexec",
    "/usr/local/mysql*/bin",
    "/usr/local/opt/mariadb*/bin",
    "/usr/local/opt/mysql*/bin",
    "/opt/homebrew/opt/mariadb*/bin",
    "/opt/homebrew/opt/mysql*/bin",
)
_BESIDE = (".", "../bin", "../scripts", "../../bin")


class MySQLKind(Kind):
    """A MariaDB server, or one of MySQL."""

    name: ClassVar[str] = "mysql"
    variable: ClassVar[str] = "MIGRATION_COMPARE_MYSQL"
    dialects: ClassVar[tuple[str, ...]] = ("mysql", "mariadb")
    accounts: ClassVar[tuple[str, ...]] = ("mysql", "nobody")
    remedy: ClassVar[str] = (
        "install MariaDB or MySQL, or name a server with "
        "--server mysql://user:password@host"
    )
    settings: ClassVar[tuple[str, ...]] = (
        "skip-networking",
        "skip-name-resolve",
        "skip-log-bin",
        "performance-schema=OFF",
        "innodb-flush-log-at-trx-commit=0",
        "innodb-doublewrite=0",
        "innodb-buffer-pool-size=32M",
        "character-set-server=utf8mb4",
        "default-time-zone=+00:00",
        "loose-mysqlx=OFF",
        "loose-innodb-log-file-size=8M",
    )
    socket: ClassVar[str] = "mysqld.sock"
    stop_signal: ClassVar[signal.Signals] = signal.SIGKILL
    missing = "no MariaDB or MySQL server was found on this machine, and none was named"

    def program(self, environ: Mapping[str, str] = os.environ) -> Program | None:
        """Look on the path and in the usual places."""
        for directory, source in self._places(environ):
            if any((directory / name).is_file() for name in _SERVERS):
                program = Program(str(directory), source)
                if not self._is_mariadb(program) or _installer(program, environ):
                    return program
        return None

    def version(self, program: Program) -> str:
        """Return what the server says with `--version`."""
        return said(_server(program), "--no-defaults", "--version")

    def preparing(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Make the server's own tables; root needs no password on the socket."""
        data = f"--datadir={directory / 'data'}"
        if not self._is_mariadb(program):
            return (_server(program), "--no-defaults", "--initialize-insecure", data)
        return (
            _installer(program, os.environ) or _INSTALLERS[0],
            "--no-defaults",
            data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
            "--innodb-log-file-size=8M",
        )

    def serving(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Run the server in the foreground."""
        return (
            _server(program),
            "--no-defaults",
            f"--datadir={directory / 'data'}",
            f"--socket={directory / self.socket}",
            f"--pid-file={directory / 'mysqld.pid'}",
            f"--tmpdir={directory}",
            *(f"--{setting}" for setting in self.settings),
        )

    def _is_mariadb(self, program: Program) -> bool:
        return "MariaDB" in self.version(program)

    def _places(self, environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
        for name in _SERVERS:
            found = on_path(name, environ)
            if found is not None:
                yield found, f"found on the path, in {found}"
        for place in newest_first(_PLACES):
            yield place, f"found in {place}"


def _server(program: Program) -> str:
    paths = [Path(program.binaries, name) for name in _SERVERS]
    return str(next(path for path in paths if path.is_file()))


def _installer(program: Program, environ: Mapping[str, str]) -> str | None:
    """Return MariaDB's installer: beside the server, or near it, or on the path."""
    for name in _INSTALLERS:
        for beside in _BESIDE:
            path = Path(program.binaries, beside, name)
            if path.is_file():
                return str(path.resolve())
        found = on_path(name, environ)
        if found is not None:
            return str(found / name)
    return None


MYSQL = MySQLKind()
