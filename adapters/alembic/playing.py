"""Repositories of others: which of those that are found can be played, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.alembic.finding import (
    folders_below,
    is_script,
    located,
    settings_in,
    settings_of,
)
from adapters.reading import UnreadableError, listed

_HOW_FAR_UP = 3


class AlembicPlaying:
    """A repository is a folder with env.py and scripts, or one with an alembic.ini.

    So is a folder of scripts alone, whose env.py comes from an application.
    """

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
        if not has_environment:
            return None if (path / "versions").is_dir() else _bare(path, folders)
        if not folders:
            return None
        told = {"directory": str(path), "versions": [str(one) for one in folders]}
        beside = settings or _settings_above(path)
        return {**told, "beside": str(beside)} if beside else told


def _bare(path: Path, folders: list[Path]) -> dict[str, Any] | None:
    """Return what is told of scripts that no env.py lies beside or above."""
    inside = any((above / "env.py").exists() for above in path.parents[:_HOW_FAR_UP])
    if inside or not any(map(is_script, path.glob("*.py"))):
        return None
    return {"directory": str(path), "versions": [str(f) for f in folders or [path]]}


def _settings_above(path: Path) -> Path | None:
    """Return the settings in a folder above that name a repository."""
    for folder in path.parents[:_HOW_FAR_UP]:
        file = settings_of(folder)
        for said in settings_in(file) if file else ():
            place = said.script_location and located(said.script_location, folder)
            if place and place.resolve() == path:
                return file
    return None


def _holds_scripts(folder: Path) -> bool:
    try:
        return any(file.suffix == ".py" for file in listed(folder))
    except UnreadableError:
        return False
