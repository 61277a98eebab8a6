"""How an adapter takes over a history from another tool, and how it gives one away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import msgspec

from harness.model.carrying import Piece
from harness.model.replay import Direction


class Settled(msgspec.Struct, frozen=True):
    """How the repository that was written is played.

    `told` is what the player of the tool is told, `environ` are variables, in which
    `{url}` stands for the database.
    """

    told: dict[str, Any]
    environ: dict[str, str]


class Taking(Protocol):
    """Writes a repository of its tool from the pieces of another tool's history."""

    @property
    def toolchain(self) -> str:
        """The toolchain of the adapter in which the new repository is played."""
        ...

    @property
    def requirement(self) -> str:
        """What has to be installed beside what the old history needs, to wrap it."""
        ...

    def revision(self, number: int, step: str, name: str) -> str:
        """Return the id of the revision for a step, the `number`-th of the history."""
        ...

    def begin(self, folder: Path) -> Settled:
        """Write whatever is no revision, with a README, and say how it is played."""
        ...

    def write(self, folder: Path, piece: Piece) -> Path:
        """Write a revision, over an earlier one of the same id.

        `CannotWrite` if it cannot be said in the way that the piece asks for.
        """
        ...


class Leaving(Protocol):
    """Says how scripts of its tool are run without the tool's own bookkeeping."""

    def call(self, step: str, direction: Direction) -> str:
        """Return Python that runs the script of a step.

        It finds an `engine` and the path of the repository, `original`.
        """
        ...
