"""Whether a history's scripts are still what they were when it was loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.model.replay import PlannedStep

Files = dict[Path, tuple[int, int]]
"""Size and time of each file that lies where the scripts do."""


def files(steps: Iterable[PlannedStep]) -> Files:
    """Return what lies in the folders of the scripts, folders left out."""
    folders = {Path(step.script).parent for step in steps if step.script}
    return {
        file: (status.st_size, status.st_mtime_ns)
        for folder in sorted(folders)
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.is_file()
        for status in (file.stat(),)
    }


def changed(before: Files, after: Files) -> tuple[str, ...]:
    """Return a sentence on what was written or removed there; nothing if nothing was."""
    names = [f.name for f in (before | after) if before.get(f) != after.get(f)]
    if not names:
        return ()
    return (f"the history's own files changed as it was played: {', '.join(names)}",)
