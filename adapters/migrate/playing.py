"""Repositories of others: how they are found and played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_VERSION_TABLE = "migrate_version"


class MigratePlaying:
    """A repository is a folder with a migrate.cfg."""

    script = Path(__file__).parent / "inside" / "player.py"
    bookkeeping = (_VERSION_TABLE,)

    def recognise(self, path: Path, versions: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what the player is told; the folder of scripts is always `versions`."""
        if (path / "migrate.cfg").is_file() and (path / "versions").is_dir():
            return {"directory": str(path)}
        return None
