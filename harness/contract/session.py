"""What the engine gives an adapter to work with, for one cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from harness.model.cell import Candidate
from harness.model.evidence import Command
from harness.model.steps import Resource


class Unsupported(Exception):  # noqa: N818
    """The candidate cannot express a step: why, and where that is written."""

    def __init__(self, reason: str, reference: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.reference = reference


class NotCarriedOut(Exception):  # noqa: N818
    """A command of the tool did not go through; its outcome says how."""

    def __init__(self, command: Command) -> None:
        super().__init__(command.outcome.words)
        self.command = command


class Session(Protocol):
    """One cell's repository, and the only way to run commands in it.

    Every command is recorded as evidence. A command whose outcome did not go
    through raises `NotCarriedOut`, which an adapter lets pass: that ends the step.
    """

    @property
    def candidate(self) -> Candidate:
        """The candidate whose cell this is."""

    @property
    def backend(self) -> str:
        """The backend of the cell's databases."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What the toolchain consists of: versions by package name in lower case."""

    @property
    def repository(self) -> Path:
        """The git work tree; commands run here. The engine commits, not the adapter."""

    @property
    def without(self) -> frozenset[Resource]:
        """What the current step has to do without."""

    def tool(
        self, script: str, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a console script of the toolchain, such as a person would type it."""

    def python(
        self, path: Path, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a Python file of the repository with the toolchain's interpreter."""

    def move(self, old: Path, new: Path) -> None:
        """Rename a file as `git mv` does."""

    def remove(self, path: Path) -> None:
        """Delete a file as `git rm` does."""

    def show(self, ref: str, path: Path) -> str | None:
        """Return a file's text at a commit or branch; None if it is not there."""
