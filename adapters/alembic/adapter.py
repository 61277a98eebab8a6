"""The adapter: what alembic is run as, and where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from adapters.alembic.anatomy import marks
from adapters.alembic.carrying.writer import AlembicTaking
from adapters.alembic.irregular import IrregularHistory
from adapters.alembic.linear import LinearHistory
from adapters.alembic.playing import AlembicPlaying
from adapters.alembic.reader import AlembicReader
from adapters.alembic.readings import READINGS
from adapters.toolchains import COMMON, ICEHOUSE
from harness.contract import (
    Adapter,
    History,
    Launching,
    Mark,
    Playing,
    Reader,
    Reading,
    Session,
    Taking,
    Trial,
)
from harness.model.cell import Absence, Candidate
from harness.model.toolchain import Toolchain

_TOOL = "alembic"
ALEMBIC = Candidate(
    name="alembic",
    tool=_TOOL,
    summary="alembic as published: every revision names the one before it",
)
ALEMBIC_LINEAR = Candidate(
    name="alembic-linear",
    tool=_TOOL,
    summary="alembic under a linear policy, as OpenStack Neutron ran it: a HEAD file "
    "names the newest revision, and a check compares it with the history",
    policy="the order of revisions",
)
NEWEST = Toolchain(
    name="newest",
    lock=str(Path(__file__).with_name("newest.txt")),
    summary="what a team would install today: the newest release and SQLAlchemy",
)


class AlembicAdapter(Adapter):
    """alembic, with or without the rule that its history is a line."""

    tool: ClassVar[str] = _TOOL
    distribution: ClassVar[str] = "alembic"
    candidates: ClassVar[tuple[Candidate, ...]] = (ALEMBIC, ALEMBIC_LINEAR)
    toolchains: ClassVar[dict[str, Toolchain | Absence]] = {
        COMMON.name: COMMON,
        NEWEST.name: NEWEST,
        ICEHOUSE.name: ICEHOUSE,
    }
    readings: ClassVar[tuple[Reading, ...]] = READINGS
    known_differences: ClassVar[Path | None] = Path(__file__).with_name("known.toml")
    playing: ClassVar[Playing | None] = AlembicPlaying()
    reader: ClassVar[Reader | None] = AlembicReader()
    taking: ClassVar[Taking | None] = AlembicTaking()
    trial: ClassVar[Trial | None] = Trial(
        candidate=ALEMBIC.name,
        start=("alembic", "--help"),
        releases=("0.6.0", "0.8.10", "1.0.11", "1.7.7", "1.13.3"),
        python="3.11",
        sqlalchemy="2.0",
        setuptools="<81",
    )

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Say how the tool is started: it needs no help."""
        return Launching(imports=_IMPORTS)

    def marks(self, versions: Mapping[str, str]) -> tuple[Mark, ...]:
        """Say what the functions of an installed release are for."""
        return marks(versions)

    def open(self, session: Session) -> History:
        """Return the history of a new cell."""
        linear = session.candidate == ALEMBIC_LINEAR
        return LinearHistory(session) if linear else IrregularHistory(session)


_IMPORTS = (
    "alembic.config",
    "alembic.command",
    "alembic.autogenerate",
    "logging.config",
    "mako.template",
    "sqlite3",
    "psycopg2",
    "pymysql",
    "sqlalchemy.dialects.sqlite.pysqlite",
)
ADAPTER = AlembicAdapter()
