"""Repositories of others: which of those that are found can be played, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.alembic.finding import folders_below, settings_of
from adapters.reading import UnreadableError, listed


class AlembicPlaying:
    """A repository is a folder with env.py and scripts, or one with an alembic.ini."""

    script = Path(__file__).parent / "inside" / "player.py"
    bookkeeping = ("alembic_version",)

    def recognise(self, path: Path, versions: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what the player is told: settings, or the folders of scripts.

        Without settings, every folder with scripts below `versions` is taken.
        """
        settings = settings_of(path)
        has_environment = (path / "env.py").is_file()
        if settings is not None and not has_environment:
            return {"settings": str(settings)}
        below = filter(_holds_scripts, folders_below(path / "versions"))
        folders = [path / name for name in versions] or list(below)
        if not folders or not has_environment:
            return None
        return {"directory": str(path), "versions": [str(one) for one in folders]}


def _holds_scripts(folder: Path) -> bool:
    try:
        return any(file.suffix == ".py" for file in listed(folder))
    except UnreadableError:
        return False
