"""From what a user names to the repositories that lie there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.contract import Reader
from harness.model.history import Place

_PASSED_OVER = {"__pycache__", "node_modules", "site-packages"}
_TELLING = {".py", ".ini", ".cfg", ".toml", ".mako"}


class NothingFoundError(ValueError):
    """There is no repository at a path; the message says what was looked for."""


def look(
    named: str, readers: Iterable[Reader], environment: Path | None = None
) -> tuple[tuple[Reader, Place], ...]:
    """Return the repositories at a path, or in a package that `package:folder` names.

    A package is looked for as a folder: in an environment's site-packages, or below
    the folder itself if it has none; without an environment, below where we are.
    """
    path = _path(named, environment)
    files = [path] if path.is_file() else list(_files(path))
    found = tuple((r, place) for r in readers for place in r.find(files))
    if not found:
        message = (
            f"{named}: holds no repository of migrations that is known here. Looked for "
            f"settings, for folders of scripts and for their surroundings in "
            f"{len(files)} files; name the folder that holds the scripts"
        )
        raise NothingFoundError(message)
    return found


def _path(named: str, environment: Path | None) -> Path:
    path = Path(named)
    if os.path.lexists(path):
        if not path.exists():
            message = f"{named}: a link that leads nowhere, or round in circles"
            raise NothingFoundError(message)
        return path.absolute()
    package, colon, folder = named.partition(":")
    inner = Path(*package.split("."), folder)
    tops = _tops(environment) if environment else (Path.cwd(),)
    for top in tops:
        if (top / inner).is_dir():
            return (top / inner).absolute()
    searched = ", ".join(map(str, tops))
    what = "folder of a package" if colon else "path, and no package"
    message = f"{named}: no such {what} in {searched}; name it, or --environment FOLDER"
    raise NothingFoundError(message)


def _tops(environment: Path) -> tuple[Path, ...]:
    """Return the folders of packages in an environment; itself if it has no such."""
    inner = sorted(environment.glob("lib*/python*/site-packages"))
    return tuple(inner) or (environment,)


def _files(path: Path) -> Iterator[Path]:
    """Return the files below a folder that can tell something; links are not followed."""
    for root, folders, names in os.walk(path):
        here = Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if name not in _PASSED_OVER
            and not name.startswith(".")
            and not os.path.exists(here / name / "pyvenv.cfg")  # noqa: PTH110
        )
        for name in sorted(names):
            file = here / name
            # Path.is_file() raises where we may not look.
            if file.suffix in _TELLING and os.path.isfile(file):  # noqa: PTH113
                yield file
