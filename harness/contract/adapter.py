"""What a tool's directory offers: its candidates, its toolchains, and its history."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from harness.contract.anatomy import Mark
from harness.contract.carrying import Leaving, Taking
from harness.contract.history import History
from harness.contract.playing import Playing
from harness.contract.reading import Reader
from harness.contract.session import Session
from harness.contract.trial import Trial
from harness.model.cell import Absence, Candidate
from harness.model.toolchain import Toolchain


class Launching(msgspec.Struct, frozen=True):
    """How the tool is started inside a toolchain.

    `imports` are modules that a warm process loads once. `startup` are Python
    files run before anything is imported, in every mode: help that the tool needs to
    start, or the code of a policy. `help` says in sentences what that does.
    """

    imports: tuple[str, ...] = ()
    startup: tuple[str, ...] = ()
    help: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """A decision of the adapter's author that a reader of the report should know."""

    subject: str
    decision: str


class Adapter(ABC):
    """One tool. A directory under `adapters/` exports one as `ADAPTER`."""

    tool: ClassVar[str]
    """The tool's name in reports."""

    distribution: ClassVar[str]
    """The package whose version is the tool's."""

    candidates: ClassVar[tuple[Candidate, ...]]
    toolchains: ClassVar[dict[str, Toolchain | Absence]]
    """By name: where the tool runs, or why it does not."""

    readings: ClassVar[tuple[Reading, ...]] = ()

    known_differences: ClassVar[Path | None] = None
    """A file of differences that are known, for explorations and for runs."""

    trial: ClassVar[Trial | None] = None
    """What the compatibility matrix tries; None leaves the tool out of it."""

    playing: ClassVar[Playing | None] = None
    """How real histories are played; None where the tool's cannot be."""
    reader: ClassVar[Reader | None] = None
    """What reads repositories of real projects; None where nothing does."""

    taking: ClassVar[Taking | None] = None
    """What writes a history that comes from another tool; None where nothing does."""
    leaving: ClassVar[Leaving | None] = None
    """How scripts are run from outside of the tool; None where they cannot be."""

    @abstractmethod
    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Say how the tool is started for a candidate.

        A toolchain of the matrix or of a sweep is none of those that the adapter names.
        """

    def marks(self, versions: Mapping[str, str]) -> tuple[Mark, ...]:
        """Say what the functions of an installed tool are for, by packages' versions.

        Without any, a command's time stays in one piece, apart from imports.
        """
        return ()

    @abstractmethod
    def open(self, session: Session) -> History:
        """Return the history of a new cell."""
