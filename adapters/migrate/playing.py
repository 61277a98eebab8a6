"""Repositories of others: which of those that are found can be played, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.migrate.reader import MigrateReader
from adapters.reading import is_folder

_VERSION_TABLE = "migrate_version"


class MigratePlaying:
    """A repository is one that the reader finds in a folder itself, with its scripts."""

    script = Path(__file__).parent / "inside" / "player.py"
    bookkeeping = (_VERSION_TABLE,)

    def recognise(self, path: Path, versions: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what the player is told; the folder of scripts is always `versions`."""
        files = path.glob("*.cfg") if is_folder(path) else ()
        for place in MigrateReader().find(files):
            if all(map(is_folder, place.versions)):
                return {"directory": str(place.directory)}
        return None
