"""Finding programs: on the path, by what is installed says, in the usual places."""

from __future__ import annotations

import glob
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_A_WHILE = 10


def on_path(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return the directory in which a program of the path really lies."""
    found = shutil.which(name, path=environ.get("PATH"))
    return None if found is None else Path(found).resolve().parent


def newest_first(patterns: Iterable[str]) -> Iterator[Path]:
    """Yield the directories that match patterns; the highest numbers first in each."""
    for pattern in patterns:
        found = sorted(glob.glob(pattern), key=_numbers, reverse=True)  # noqa: PTH207
        yield from map(Path, found)


def said(*argv: str) -> str:
    """Return what a program says in one line; nothing if it cannot be run."""
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, timeout=_A_WHILE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _numbers(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path)]
