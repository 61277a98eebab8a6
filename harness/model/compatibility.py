"""The compatibility matrix: a release of a tool in its surroundings, and what came of it.

`FORMAT` is the version of this shape; a change that old readers would misread raises it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from harness.model.evidence import Command, Evidence

FORMAT = 1
NEWEST = "newest"
NONE = "none"


class Phase(StrEnum):
    """What is tried with a release, in this order; a failure ends the trial."""

    RESOLVE = "resolve"
    INSTALL = "install"
    START = "start"
    INITIALISE = "initialise"
    AUTHOR = "author"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"


class Result(StrEnum):
    """What a trial came to."""

    WORKS = "works"
    FAILS = "fails"
    NOT_AVAILABLE = "not available"
    """The interpreter is not on this machine."""
    NOT_ESTABLISHED = "not established"
    """The network or the harness failed, which says nothing about the release."""


class MatrixCell(msgspec.Struct, frozen=True, order=True):
    """A release of a tool, and what it is installed with, as it is asked for.

    `python` is a version such as `3.11`. `sqlalchemy` and `setuptools` are `newest`
    (nothing is asked for but the package), a line such as `1.4`, or a condition such
    as `<81`; `setuptools` may be `none` as well: then it is not asked for at all.
    """

    tool: str
    release: str
    python: str
    sqlalchemy: str
    setuptools: str

    @property
    def id(self) -> str:
        """The cell's name in listings."""
        return (
            f"{self.tool}=={self.release}:python-{self.python}"
            f":sqlalchemy-{self.sqlalchemy}:setuptools-{self.setuptools}"
        )


class Outcome(msgspec.Struct, frozen=True):
    """What a trial came to, the phase that failed, and the line that says why."""

    result: Result
    phase: Phase | None = None
    words: str = ""


class MatrixEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the matrix: one record of `matrix.jsonl`.

    `requirements` are what was resolved, `resolved` the versions that were installed,
    `declared` the requirements that the release itself declares. `output` is the first
    part of what the resolver or the installer said when it failed. `helped` is the
    outcome with the `help` that the harness gives the tool elsewhere; None where it was
    not tried, because the release works without or there is no such help.
    """

    format: int = FORMAT
    cell: MatrixCell
    outcome: Outcome
    help: tuple[str, ...] = ()
    helped: Outcome | None = None
    requirements: tuple[str, ...] = ()
    python_version: str = ""
    resolved: dict[str, str] = {}
    declared: tuple[str, ...] = ()
    lock_sha256: str = ""
    output: str = ""
    commands: tuple[Command, ...] = ()
    seconds: float = 0.0


class Release(msgspec.Struct, frozen=True):
    """A release as the package index tells it; `uploaded` is a date, or empty."""

    version: str
    uploaded: str = ""
    requires_python: str = ""


class MatrixTool(msgspec.Struct, frozen=True):
    """A tool of the matrix: its centre, and all its releases, oldest first.

    `unknown` says why the index told no releases, if it did not.
    """

    tool: str
    distribution: str
    centre: MatrixCell
    releases: tuple[Release, ...] = ()
    unknown: str = ""


class MatrixRun(msgspec.Struct, frozen=True, kw_only=True):
    """What was planned, and where; `matrix.json`. Times are UTC, ISO 8601.

    `until` is the upload date that no package may be newer than, if there is one.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    ended: str | None = None
    until: str = ""
    tools: tuple[MatrixTool, ...]
    cells: tuple[MatrixCell, ...]
    pythons: tuple[str, ...] = ()


class SweepEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One release of a sweep: one record of `sweep.jsonl`.

    `until` is the upload date that no package is newer than. `passed_over` says of each
    interpreter that was tried first why it was not taken. There is no `evidence` where
    the release was not made to run; `outcome` says why.
    """

    format: int = FORMAT
    release: Release
    until: str = ""
    python_version: str = ""
    resolved: dict[str, str] = {}
    passed_over: dict[str, Outcome] = {}
    outcome: Outcome
    evidence: Evidence | None = None


class SweepRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep is of, and where; `sweep.json`. Times are UTC, ISO 8601.

    `releases` are all that lie in the range, oldest first; `every` says that each of
    them is to be run, and not only those that a bisection needs.
    """

    format: int = FORMAT
    version: str
    command: tuple[str, ...]
    started: str
    tool: str
    candidate: str
    scenario: str
    digest: str
    every: bool
    releases: tuple[Release, ...]
