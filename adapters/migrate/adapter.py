"""The adapter: what sqlalchemy-migrate is run as, and where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from adapters.migrate.anatomy import marks
from adapters.migrate.irregular import IrregularHistory
from adapters.migrate.leaving import MigrateLeaving
from adapters.migrate.manifest import ManifestHistory
from adapters.migrate.playing import MigratePlaying
from adapters.migrate.reader import MigrateReader
from adapters.migrate.readings import READINGS
from adapters.toolchains import COMMON, ICEHOUSE
from harness.contract import (
    Adapter,
    History,
    Launching,
    Leaving,
    Mark,
    Playing,
    Reader,
    Reading,
    Session,
    Trial,
)
from harness.model.cell import Absence, Candidate
from harness.model.toolchain import Toolchain

_TOOL = "sqlalchemy-migrate"
STARTUP = Path(__file__).parent / "startup"
COMPATIBILITY = STARTUP / "compatibility.py"
VERSIONS_MANIFEST = STARTUP / "versions_manifest.py"

MIGRATE = Candidate(
    name="migrate",
    tool=_TOOL,
    summary="sqlalchemy-migrate as published: the version number is in the file name",
)
MIGRATE_MANIFEST = Candidate(
    name="migrate-manifest",
    tool=_TOOL,
    summary="sqlalchemy-migrate with the proposal of 2013: versions.json says which "
    "files belong to which version number, and file names need none",
    policy="the numbers of scripts",
)


class MigrateAdapter(Adapter):
    """sqlalchemy-migrate, with numbers in file names or in a manifest."""

    tool: ClassVar[str] = _TOOL
    distribution: ClassVar[str] = "sqlalchemy-migrate"
    candidates: ClassVar[tuple[Candidate, ...]] = (MIGRATE, MIGRATE_MANIFEST)
    toolchains: ClassVar[dict[str, Toolchain | Absence]] = {
        COMMON.name: COMMON,
        "newest": Absence(
            subject=_TOOL,
            reason="sqlalchemy-migrate 0.13.0, its last release, cannot load SQLAlchemy "
            "2 (No module named 'sqlalchemy.databases'), so that `common` is also the "
            "newest stack it runs on",
            remedy="compare with the toolchain `common`",
        ),
        ICEHOUSE.name: ICEHOUSE,
    }
    readings: ClassVar[tuple[Reading, ...]] = READINGS
    known_differences: ClassVar[Path | None] = Path(__file__).with_name("known.toml")
    playing: ClassVar[Playing | None] = MigratePlaying()
    reader: ClassVar[Reader | None] = MigrateReader()
    leaving: ClassVar[Leaving | None] = MigrateLeaving()
    trial: ClassVar[Trial | None] = Trial(
        candidate=MIGRATE.name,
        start=("migrate", "--help"),
        releases=("0.7.2", "0.8.2", "0.9.8", "0.10.0", "0.12.0"),
        # Before Python 3.11, its command line needs no help.
        python="3.10",
        sqlalchemy="1.4",
        setuptools="<81",
    )

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Say how the tool is started: with help on Python 3.11 and later."""
        offered = self.toolchains.get(
            toolchain
        )  # The matrix has toolchains of its own.
        old = isinstance(offered, Toolchain) and offered.interpreter == "2.7"
        startup = [] if old else [COMPATIBILITY]
        help_given = [] if old else [_GETARGSPEC]
        if candidate == MIGRATE_MANIFEST:
            startup.append(VERSIONS_MANIFEST)
            help_given.append(_PATCH)
        return Launching(
            imports=_IMPORTS,
            startup=tuple(map(str, startup)),
            help=tuple(help_given),
        )

    def marks(self, versions: Mapping[str, str]) -> tuple[Mark, ...]:
        """Say what the functions of an installed release are for."""
        return marks(versions)

    def open(self, session: Session) -> History:
        """Return the history of a new cell."""
        if session.candidate == MIGRATE_MANIFEST:
            return ManifestHistory(session)
        return IrregularHistory(session)


_GETARGSPEC = (
    "inspect.getargspec, removed in Python 3.11, is put back: without it every command "
    "of the command line ends in an AttributeError (an older Python is left as it is)"
)
_PATCH = (
    "the versions manifest, a proposal that was never released, is patched into "
    "sqlalchemy-migrate"
)
_IMPORTS = (
    "migrate.versioning.shell",
    "sqlite3",
    "psycopg2",
    "pymysql",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
