"""How an adapter has the histories of other people played under its tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol


class Playing(Protocol):
    """Finds repositories of a tool, without importing anything of them.

    The file `script` runs inside the environment of the history and has a class
    `Player`, as `harness/replaying/inside/playing.py` describes it.
    """

    @property
    def script(self) -> Path:
        """The file that plays a repository."""
        ...

    @property
    def bookkeeping(self) -> tuple[str, ...]:
        """The tables in which the tool keeps where a database is."""
        ...

    def recognise(self, path: Path, versions: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what the player is told of a repository, None where there is none.

        `versions` are folders of scripts that the user names, relative to the path.
        """
        ...
