"""What a directory listing shows: the names of the migrations' files."""

from __future__ import annotations

from pathlib import PurePosixPath

from harness.model.departures import AuthorOnLine, BranchOff
from harness.model.evidence import Evidence, FileChange, Observation
from harness.model.steps import Author

_WRITES = Author | AuthorOnLine | BranchOff
_SUFFIXES = {".py", ".sql"}


def files(evidence: Evidence) -> tuple[str, ...]:
    """Return the files of migrations, one of each, in the order of their writing.

    A migration's file is the first script that its author's step added, in the directory
    of the first one. Of several branches all are told, as after a merge.
    """
    left: dict[str, str] = {}
    for observation in evidence.observations:
        _follow(left, observation.changes)
        written = _written(observation, next(iter(left), ""))
        if written:
            left[written] = written
    return tuple(PurePosixPath(path).name for path in left.values())


def _written(observation: Observation, like: str) -> str:
    """Return the script that a step of writing added."""
    if not isinstance(observation.step, _WRITES):
        return ""
    paths = (PurePosixPath(c.path) for c in observation.changes if c.status == "A")
    directory = PurePosixPath(like).parent
    scripts = (
        str(path)
        for path in paths
        if path.suffix in _SUFFIXES and (not like or path.parent == directory)
    )
    return next(scripts, "")


def _follow(left: dict[str, str], changes: tuple[FileChange, ...]) -> None:
    """Take note of files that are gone, or have another name."""
    for change in changes:
        if change.status == "D":
            for path in [key for key, now in left.items() if now == change.path]:
                del left[path]
        elif change.was is not None:
            for path in [key for key, now in left.items() if now == change.was]:
                left[path] = change.path
