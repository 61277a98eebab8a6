"""Repositories of others: how they are found and played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_SETTINGS = "alembic.ini"


class AlembicPlaying:
    """A repository is a folder with env.py and scripts, or one with an alembic.ini."""

    script = Path(__file__).parent / "inside" / "player.py"
    bookkeeping = ("alembic_version",)

    def recognise(self, path: Path, versions: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what the player is told: settings, or the folders of scripts.

        Without settings, every folder with scripts below `versions` is taken.
        """
        settings = path if path.name.endswith(".ini") else path / _SETTINGS
        if settings.is_file() and not (path / "env.py").is_file():
            return {"settings": str(settings)}
        folders = [path / name for name in versions] or _below(path / "versions")
        if not folders or not (path / "env.py").is_file():
            return None
        return {"directory": str(path), "versions": [str(one) for one in folders]}


def _below(directory: Path) -> list[Path]:
    """Return the folders that hold scripts, a folder before those below it."""
    return sorted({script.parent for script in directory.rglob("*.py")})
