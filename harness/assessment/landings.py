"""What git knows of scripts that were given another place in the history."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.contract import Reader
from harness.model.history import Edit, Place, Repositioning
from harness.workspaces.git import Git, GitError

_SAFE = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "log.showSignature=false"),
)
"""Nothing that a repository's own settings name is run, and nothing is fetched."""

_NO_COMMIT = "git has no commit of these scripts"

_LOG = (
    *("log", "--no-color", "--no-ext-diff", "--no-textconv", "--patch", "--unified=0"),
    *("--find-renames=50%", "--diff-filter=MR", "--src-prefix=a/", "--dst-prefix=b/"),
    "--format=%x01%h%x02%cs%x02%s",
)


class Landings(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in git: `words` say why nothing, or that not all is there."""

    repositioned: tuple[Repositioning, ...] = ()
    commits: int = 0
    words: str = ""


def landings(reader: Reader, place: Place) -> Landings:
    """Return the scripts that a commit gave another place, oldest first."""
    folders = [f for f in place.versions if os.path.isdir(f)]  # noqa: PTH112
    if not folders:
        return Landings(words="there is no folder of scripts to ask git about")
    git = Git(folders[0])
    try:
        top = Path(git.run(*_SAFE, "rev-parse", "--show-toplevel").strip())
        paths = [str(folder) for folder in folders]
        count = git.run(*_SAFE, "log", "--format=%h", "--", *paths).split()
        if not count:
            return Landings(words=_NO_COMMIT)
        log = git.run(*_SAFE, *_LOG, "--", *paths)
        shallow = git.run(*_SAFE, "rev-parse", "--is-shallow-repository").strip()
    except (GitError, OSError) as error:
        return Landings(words=_why_not(error))
    edits = _edits(log, top)
    found = [moved for edit in edits if (moved := reader.repositioned(edit))]
    words = "git's history is cut off (a shallow clone)" if shallow == "true" else ""
    return Landings(
        repositioned=tuple(reversed(found)), commits=len(set(count)), words=words
    )


def _why_not(error: GitError | OSError) -> str:
    said = str(error).splitlines()[-1].rpartition("fatal: ")[2]
    if "not a git repository" in said:
        return "the scripts are not in a git repository"
    if "does not have any commits" in said:
        return _NO_COMMIT
    return f"git does not tell: {said}"


def _edits(log: str, top: Path) -> Iterator[Edit]:
    for record in log.split("\x01")[1:]:
        head, _, patch = record.partition("\n")
        commit, date, subject = head.split("\x02", 2)
        for part in re.split(r"^diff --git ", patch, flags=re.MULTILINE)[1:]:
            edit = _edit(commit, date, subject, part, top)
            if edit is not None:
                yield edit


def _edit(commit: str, date: str, subject: str, part: str, top: Path) -> Edit | None:
    named = _renamed(part) or _changed(part)
    if named is None:
        return None
    lines = part.splitlines()
    body = [line for line in lines if line[:3] not in {"---", "+++"}]
    return Edit(
        commit=commit,
        date=date,
        subject=subject,
        before=top / named[0],
        after=top / named[1],
        removed=tuple(line[1:] for line in body if line.startswith("-")),
        added=tuple(line[1:] for line in body if line.startswith("+")),
    )


def _renamed(part: str) -> tuple[str, str] | None:
    found = re.search(r"^rename from (.+)\nrename to (.+)$", part, re.MULTILINE)
    return (found[1], found[2]) if found else None


def _changed(part: str) -> tuple[str, str] | None:
    found = re.search(r"^--- a/(.+)\n\+\+\+ b/(.+)$", part, re.MULTILINE)
    return (found[1], found[2]) if found else None
