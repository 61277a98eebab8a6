"""Repositories of alembic that others wrote, read without running anything of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from adapters.alembic import finding
from adapters.alembic.scripts import read
from adapters.habits import HOOKS, IN_SYNC
from adapters.reading import (
    UnreadableError,
    constants,
    is_folder,
    listed,
    no_script,
    tree_of,
)
from harness.contract import Identity, Reader, TestingHabit
from harness.model.faults import FaultKind
from harness.model.history import (
    Edit,
    History,
    ObstacleKind,
    Place,
    Repositioning,
    Revision,
    Trouble,
)

_TAKEN = re.compile(r"(?!\.#|__init__).*\.py")
"""The names that alembic takes for scripts (alembic/script/base.py)."""

_BINDS = b"literal_binds"
_LINK = re.compile(r"\s*down_revision\b[^=]*=\s*(?P<value>.+)")
_OWN = re.compile(r"\s*revision\b[^=]*=\s*(?P<value>.+)")


class AlembicReader(Reader):
    """Finds by alembic.ini, pyproject.toml and env.py; reads assignments and calls."""

    identity: ClassVar[Identity] = Identity(
        drawn="[0-9a-f]{12}|[0-9a-f]{10,11}",
        limit=32,
        reserved="@-+:",
        words=("base", "head", "heads", "current"),
    )
    habits: ClassVar[tuple[TestingHabit, ...]] = (
        HOOKS,
        IN_SYNC,
        TestingHabit(
            name="pytest-alembic, the test of one revision",
            source="https://pytest-alembic.readthedocs.io/en/latest/api.html",
            one=r"""migrate_(?:up|down)_(?:before|to)\(\s*["'](?P<id>\w+)["']""",
        ),
        TestingHabit(
            name="pytest-alembic, the tests of the whole history",
            source="https://pytest-alembic.readthedocs.io/en/latest/quickstart.html",
            all=r"pytest_alembic\.tests import|--test-alembic|pytest_alembic_include",
        ),
    )
    reactions: ClassVar[Mapping[FaultKind, str]] = {
        FaultKind.DUPLICATE_ID: "alembic warns that the revision is present more than "
        "once, takes one file and drops the other",
        FaultKind.MISSING_PARENT: "alembic warns, then every command that walks the "
        "history ends with a KeyError or 'not present'",
        FaultKind.CYCLE: "alembic ends with CycleDetected",
        FaultKind.SEVERAL_HEADS: "`upgrade head` refuses with 'Multiple head revisions "
        "are present'; `heads` prints them and exits with 0",
        FaultKind.SILENT_LOSER: "alembic passes over the file and says nothing",
        FaultKind.UNREADABLE: "alembic imports every script before any command, and ends "
        "with the error of the import",
        FaultKind.COMPILED: "alembic takes them for scripts like the others",
        FaultKind.NO_ID: "alembic ends with 'Could not determine revision id from "
        "filename'",
        FaultKind.NO_PARENT: "every command of alembic ends with an AttributeError",
        FaultKind.RUNS_ON_IMPORT: "alembic imports every script before any command, and "
        "this runs each time",
        FaultKind.BAD_ID: "alembic refuses characters that its commands read as "
        "something else; a longer id does not fit into alembic_version",
    }

    def find(self, files: Iterable[Path]) -> tuple[Place, ...]:
        """Return the repositories that lie among files."""
        return finding.find(files)

    def at(self, directory: Path, versions: tuple[Path, ...]) -> Place:
        """Return the place that somebody names."""
        return Place(tool=finding.TOOL, directory=directory, versions=versions)

    def read(self, place: Place) -> History:
        """Return the history of a place."""
        troubles = [*place.troubles, *_missing_folders(place)]
        revisions: list[Revision] = []
        scripts = 0
        for file in _scripts(place):
            scripts += 1
            revision, wrong = read(file, place.directory)
            troubles.extend(wrong)
            if revision is not None:
                revisions.append(revision)
        troubles.extend(_passed_over(place))
        if not scripts:
            troubles.extend(map(no_script, filter(is_folder, place.versions)))
        if finding.holds(place.directory / "env.py", _BINDS):
            revisions = [_with_literals(revision) for revision in revisions]
        return History(
            place=place,
            revisions=tuple(revisions),
            scripts=scripts,
            troubles=tuple(troubles),
        )

    def repositioned(self, edit: Edit) -> Repositioning | None:
        """Tell a commit that changed `down_revision` in a script that was there."""
        if edit.before is None:
            return None
        for pattern, what in ((_LINK, "follows"), (_OWN, "is")):
            was, became = _value(pattern, edit.removed), _value(pattern, edit.added)
            if was and became and was != became:
                return Repositioning(
                    edit.commit,
                    edit.date,
                    edit.subject,
                    edit.after,
                    f"{what} {was}",
                    f"{what} {became}",
                )
        return None


def _with_literals(revision: Revision) -> Revision:
    """Leave out what is no obstacle where values are written into the SQL."""
    up, down = (
        msgspec.structs.replace(
            side,
            obstacles=tuple(
                o for o in side.obstacles if o.kind is not ObstacleKind.LITERALS
            ),
        )
        for side in (revision.upgrade, revision.downgrade)
    )
    return msgspec.structs.replace(revision, upgrade=up, downgrade=down)


def _value(pattern: re.Pattern[str], lines: Iterable[str]) -> str:
    found = (pattern.match(line) for line in lines)
    return next((m["value"].strip().replace("'", '"') for m in found if m), "")


def _missing_folders(place: Place) -> Iterator[Trouble]:
    for folder in place.versions:
        if not is_folder(folder):
            words = "the folder of scripts is not there"
            remedy = "make it, or name the right one with --versions"
            yield Trouble(FaultKind.NO_SCRIPTS, words, remedy, (folder,))
            continue
        try:
            listed(folder)
        except UnreadableError as error:
            words = f"the folder of scripts cannot be listed: {error}"
            yield Trouble(FaultKind.NO_SCRIPTS, words, "allow reading it", (folder,))


def _folders(place: Place) -> tuple[Path, ...]:
    if not place.nested:
        return tuple(folder for folder in place.versions if is_folder(folder))
    return tuple(f for top in place.versions for f in finding.folders_below(top))


def _scripts(place: Place) -> Iterator[Path]:
    """Yield the scripts; one to which two folders lead is taken once, as alembic does."""
    seen: set[str] = set()
    for folder in _folders(place):
        for file in _listed(folder):
            real = os.path.realpath(file)
            if _TAKEN.fullmatch(file.name) and real not in seen and not is_folder(file):
                seen.add(real)
                yield file


def _listed(folder: Path) -> tuple[Path, ...]:
    """Return what lies in a folder; nothing if that is told as trouble of its own."""
    try:
        return listed(folder)
    except UnreadableError:
        return ()


def _passed_over(place: Place) -> Iterator[Trouble]:
    """Tell of scripts that alembic does not take, by their names or their folders."""
    read = set(_folders(place))
    for top in place.versions:
        for folder in finding.folders_below(top):
            for file in _listed(folder):
                taken = folder in read and _TAKEN.fullmatch(file.name)
                if not taken and ".py" in file.name and _looks_like_one(file):
                    yield _loser(file, by_folder=folder not in read)


def _looks_like_one(file: Path) -> bool:
    try:
        assigned = constants(tree_of(file).body)
    except UnreadableError:
        return False
    return "revision" in assigned and "down_revision" in assigned


def _loser(file: Path, *, by_folder: bool) -> Trouble:
    if by_folder:
        words = "holds a revision, but alembic does not look into its folder"
        remedy = (
            "set recursive_version_locations, name it in version_locations, or move it"
        )
    else:
        words = "holds a revision, but alembic takes no file of this name for a script"
        remedy = (
            "rename it to end with .py and not to begin with __init__, or remove it"
        )
    return Trouble(FaultKind.SILENT_LOSER, words, remedy, (file,))
