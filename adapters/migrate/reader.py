"""Repositories of sqlalchemy-migrate that others wrote, read without running them."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from adapters.directions import direction
from adapters.habits import HOOKS, IN_SYNC
from adapters.migrate.acts import acts
from adapters.migrate.files import number_of
from adapters.reading import (
    UnreadableError,
    functions,
    is_folder,
    listed,
    text_of,
    tree_of,
    unreadable,
)
from adapters.statements import acts_of
from harness.contract import Identity, Reader, TestingHabit
from harness.model.faults import FaultKind
from harness.model.history import (
    Act,
    Direction,
    Edit,
    History,
    Place,
    Repositioning,
    Revision,
    Trouble,
)

_TOOL = "sqlalchemy-migrate"
_SETTINGS = "migrate.cfg"
_SQL_NAME = re.compile(r"(?P<stem>.+)_(?P<backend>[^_]+)_(?P<operation>[^_]+)\.sql.*")
_OPERATIONS = {"upgrade", "downgrade"}


class SqlFile(msgspec.Struct, frozen=True):
    """A script in SQL: for which backend and which direction its name says it is."""

    file: Path
    backend: str
    operation: str


class MigrateReader(Reader):
    """Finds by migrate.cfg; the order is in the names of the files."""

    identity: ClassVar[Identity] = Identity(numbered=True)
    habits: ClassVar[tuple[TestingHabit, ...]] = (HOOKS, IN_SYNC)
    reactions: ClassVar[Mapping[FaultKind, str]] = {
        FaultKind.DUPLICATE_ID: "sqlalchemy-migrate refuses every command with "
        "'You can only have one Python script per version'",
        FaultKind.GAP: "upgrading across the gap ends with 'Database schema file with "
        "version N doesn't exist' before anything is run",
        FaultKind.SILENT_LOSER: "sqlalchemy-migrate passes over the file and says nothing",
        FaultKind.UNREADABLE: "sqlalchemy-migrate imports a script when its turn comes: "
        "an upgrade stops there, with the steps before it applied",
        FaultKind.BAD_NAME: "sqlalchemy-migrate refuses every command, or ends with an "
        "AssertionError when the version's turn comes",
        FaultKind.NOT_OFFLINE: "sqlalchemy-migrate has no offline mode: --preview_sql "
        "needs a database under version control",
        FaultKind.LATE_START: "a new database has to be put under version control just "
        "below, which the application does by itself: `upgrade` from 0 does not work",
    }

    def find(self, files: Iterable[Path]) -> tuple[Place, ...]:
        """Return the repositories that lie among files: the folders with a migrate.cfg."""
        folders = sorted({file.parent for file in files if file.name == _SETTINGS})
        return tuple(_place(folder, folder / _SETTINGS) for folder in folders)

    def at(self, directory: Path, versions: tuple[Path, ...]) -> Place:
        """Return the place that somebody names."""
        return Place(tool=_TOOL, directory=directory, versions=versions)

    def read(self, place: Place) -> History:
        """Return the history of a place."""
        troubles = list(place.troubles)
        revisions: list[Revision] = []
        scripts = 0
        for folder in place.versions:
            if not is_folder(folder):
                troubles.append(_no_folder(folder))
                continue
            numbered = _numbered(folder, troubles)
            for number, files in sorted(numbered.items()):
                scripts += len(files)
                found, wrong = _version(number, files, place.directory)
                revisions.extend(found)
                troubles.extend(wrong)
        return History(
            place=place,
            revisions=_linked(revisions),
            scripts=scripts,
            troubles=tuple(troubles),
        )

    def repositioned(self, edit: Edit) -> Repositioning | None:
        """Tell a commit that gave a script another number."""
        was = number_of(edit.before.name) if edit.before else None
        became = number_of(edit.after.name)
        if was is None or became is None or was == became:
            return None
        return Repositioning(
            edit.commit, edit.date, edit.subject, edit.after, str(was), str(became)
        )


def _place(folder: Path, settings: Path) -> Place:
    troubles: tuple[Trouble, ...] = ()
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text_of(settings).decode())
        if not parser.get("db_settings", "repository_id", fallback=""):
            troubles = (_unsaid(settings, "does not say repository_id"),)
    except UnreadableError as error:
        troubles = (_unsaid(settings, f"cannot be read: {error}"),)
    except (UnicodeDecodeError, configparser.Error) as error:
        words = f"is not a settings file: {str(error).splitlines()[0]}"
        troubles = (_unsaid(settings, words),)
    return Place(
        tool=_TOOL,
        directory=folder,
        versions=(folder / "versions",),
        settings=settings,
        troubles=troubles,
    )


def _unsaid(settings: Path, words: str) -> Trouble:
    remedy = "write repository_id = NAME under [db_settings]"
    return Trouble(FaultKind.SETTINGS, words, remedy, (settings,))


def _no_folder(folder: Path) -> Trouble:
    words = "the folder of scripts is not there"
    return Trouble(FaultKind.NO_SCRIPTS, words, "make it", (folder,))


def _numbered(folder: Path, troubles: list[Trouble]) -> dict[int, list[Path]]:
    """Return the files of each version; tell of scripts whose names have no number."""
    found: dict[int, list[Path]] = {}
    try:
        files = listed(folder)
    except UnreadableError as error:
        words = f"the folder of scripts cannot be listed: {error}"
        troubles.append(
            Trouble(FaultKind.NO_SCRIPTS, words, "allow reading it", (folder,))
        )
        return {}
    for file in files:
        number = number_of(file.name)
        if number is not None:
            found.setdefault(number, []).append(file)
        elif _looks_like_one(file):
            troubles.append(
                Trouble(
                    FaultKind.SILENT_LOSER,
                    "is a script, but its name does not begin with a number of three "
                    "digits or more",
                    "give it the next number, or move it out of the folder",
                    (file,),
                )
            )
    return found


def _looks_like_one(file: Path) -> bool:
    if file.suffix == ".sql":
        return True
    if file.suffix != ".py" or file.name == "__init__.py":
        return False
    try:
        return "upgrade" in functions(tree_of(file))
    except UnreadableError:
        return False


def _version(
    number: int, files: list[Path], directory: Path
) -> tuple[list[Revision], list[Trouble]]:
    """Return the revisions of a number, one for each Python script: it should be one."""
    python = [file for file in files if file.suffix == ".py"]
    sql, troubles = _sql_files([file for file in files if file.name.endswith(".sql")])
    chosen, lost = _chosen(sql)
    troubles.extend(lost)
    if not python and not sql:
        troubles.extend(_no_script(number, files))
        return [], troubles
    revisions = []
    for script in python or (None,):
        revision, trouble = _revision(number, script, chosen, directory)
        revisions.append(revision)
        troubles.extend(trouble)
    if python and chosen:
        troubles.append(_shadowed(number, python, chosen))
    return revisions, troubles


def _sql_files(files: Iterable[Path]) -> tuple[list[SqlFile], list[Trouble]]:
    good, troubles = [], []
    for file in files:
        found = _SQL_NAME.fullmatch(file.name)
        if found is None or found["operation"] not in _OPERATIONS:
            troubles.append(
                Trouble(
                    FaultKind.BAD_NAME,
                    "is SQL, and its name does not say for what",
                    "name it NUMBER_description_BACKEND_upgrade.sql or _downgrade.sql",
                    (file,),
                )
            )
        else:
            good.append(SqlFile(file, found["backend"], found["operation"]))
    return good, troubles


def _chosen(files: Iterable[SqlFile]) -> tuple[list[SqlFile], list[Trouble]]:
    """Return one file for each backend and operation, and the others as losers."""
    chosen: dict[tuple[str, str], SqlFile] = {}
    troubles = []
    for one in files:
        other = chosen.setdefault((one.backend, one.operation), one)
        if other is not one:
            troubles.append(
                Trouble(
                    FaultKind.SILENT_LOSER,
                    f"both are the {one.operation} of this version for {one.backend}: "
                    "the one that the file system lists last is taken, the other never",
                    "give one of them a number of its own",
                    (other.file, one.file),
                )
            )
    return list(chosen.values()), troubles


def _no_script(number: int, files: list[Path]) -> Iterator[Trouble]:
    yield Trouble(
        FaultKind.BAD_NAME,
        f"make version {number}, and none is a script",
        "remove them, or move them out of the folder",
        tuple(files),
    )


def _shadowed(number: int, python: list[Path], sql: list[SqlFile]) -> Trouble:
    backends = " and ".join(sorted({one.backend for one in sql}))
    only = {one.operation for one in sql} == {"upgrade"}
    more = "; a downgrade there runs the Python one" if only else ""
    return Trouble(
        FaultKind.SHADOWED,
        f"version {number} is also there in SQL, which is taken on {backends}: the "
        f"Python script does not run there{more}",
        "leave it if that is meant, as it was in nova; else remove one of them",
        (*python, *(one.file for one in sql)),
    )


def _revision(
    number: int, python: Path | None, sql: list[SqlFile], directory: Path
) -> tuple[Revision, list[Trouble]]:
    troubles: list[Trouble] = []
    up = down = Direction()
    message = ""
    if python is not None:
        message = _words(python.stem)
        try:
            tree = tree_of(python)
            up, down = (
                direction("upgrade", tree, acts),
                direction("downgrade", tree, acts),
            )
            if not up.written:
                troubles.append(_no_upgrade(python))
        except UnreadableError as error:
            troubles.append(unreadable(python, error, "mend the script"))
    for one in sql:
        message = message or _words(one.file.name.removesuffix(".sql"))
        try:
            said = acts_of(text_of(one.file).decode(errors="replace"))
        except UnreadableError as error:
            troubles.append(unreadable(one.file, error, "mend the script"))
            continue
        if one.operation == "upgrade":
            up = _with(up, said)
        else:
            down = _with(down, said)
    files = [*([python] if python else []), *(one.file for one in sql)]
    return (
        Revision(
            id=str(number),
            files=tuple(Path(os.path.relpath(file, directory)) for file in files),
            message=message,
            upgrade=up,
            downgrade=down,
        ),
        troubles,
    )


def _no_upgrade(python: Path) -> Trouble:
    return Trouble(
        FaultKind.UNREADABLE,
        "has no function upgrade",
        "write def upgrade(migrate_engine)",
        (python,),
    )


def _with(side: Direction, more: tuple[Act, ...]) -> Direction:
    together = (*side.acts, *more)
    return msgspec.structs.replace(
        side, written=True, blank=not together, acts=together
    )


def _words(stem: str) -> str:
    return re.sub(r"^\d+_?", "", stem).replace("_", " ").strip()


def _linked(revisions: list[Revision]) -> tuple[Revision, ...]:
    """Return the revisions with the number before each as its parent, but the first."""
    first = min((int(revision.id) for revision in revisions), default=0)
    return tuple(
        msgspec.structs.replace(revision, parents=(str(int(revision.id) - 1),))
        if int(revision.id) > first
        else revision
        for revision in revisions
    )
