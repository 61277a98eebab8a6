"""A run: what was planned, on which machine, and what came of it (`run.json`)."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.cell import Absence, Candidate, Cell
from harness.model.known import KnownDifference
from harness.model.toolchain import Distribution

FORMAT = 1


class RunStatus(StrEnum):
    """How far a run came."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    COMPLETE = "complete"


class ToolchainRecord(msgspec.Struct, frozen=True):
    """A toolchain as it was used, down to every package.

    `principal` gives the versions of the tools themselves, and of SQLAlchemy.
    """

    name: str
    tools: tuple[str, ...]
    principal: dict[str, str]
    python: str
    lock_sha256: str
    distributions: tuple[Distribution, ...]


class DatabaseRecord(msgspec.Struct, frozen=True):
    """A kind of database as it was used.

    `origin` says where it came from, `settings` are those of a server that the harness
    ran itself, for data that it threw away afterwards.
    """

    engine: str
    driver: str
    origin: str
    settings: tuple[str, ...] = ()


class Machine(msgspec.Struct, frozen=True):
    """What the run ran on; `storage` is where workspaces and databases of ours lie."""

    system: str
    processor: str
    cores: int
    memory_mib: int
    python: str
    git: str
    databases: dict[str, DatabaseRecord]
    storage: str


class ScenarioRecord(msgspec.Struct, frozen=True):
    """A scenario as it was when it ran."""

    id: str
    digest: str
    family: str
    question: str
    why: str
    sources: tuple[str, ...] = ()


class DecisionRecord(msgspec.Struct, frozen=True):
    """A decision of an adapter's author that could favour a tool, or harm it."""

    tool: str
    subject: str
    decision: str


class StartupRecord(msgspec.Struct, frozen=True):
    """A file that a candidate's tool is started with: help, or the code of a policy.

    `lines` counts its lines of code, without comments, docstrings and empty lines.
    """

    candidate: str
    file: str
    lines: int
    sha256: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Plan, provenance and summary of a run; times are UTC, ISO 8601.

    `known` are the differences that its stories are known to show; None if nobody
    asked for them.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    ended: str | None = None
    status: RunStatus
    seed: int
    mode: str
    jobs: int
    seconds: float = 0.0
    cells: tuple[Cell, ...]
    absences: tuple[Absence, ...]
    scenarios: tuple[ScenarioRecord, ...]
    candidates: tuple[Candidate, ...]
    decisions: tuple[DecisionRecord, ...]
    startups: tuple[StartupRecord, ...] = ()
    toolchains: tuple[ToolchainRecord, ...]
    machine: Machine
    known: tuple[KnownDifference, ...] | None = None
    summary: dict[str, int] = {}


class StoredRun(Run, frozen=True, kw_only=True):
    """A run as it is on disk, with what shows that nothing was changed since.

    `evidence` has the SHA-256 of every line of `evidence.jsonl`, without its line's end,
    in order; it is null while the run goes on. `seal` is the SHA-256 of everything else
    in this file, as JSON with sorted keys and without spaces.
    """

    evidence: tuple[str, ...] | None = None
    seal: str = ""
