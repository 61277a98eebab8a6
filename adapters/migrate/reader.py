"""Repositories of sqlalchemy-migrate that others wrote, read without running them."""

from __future__ import annotations

import ast
import configparser
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from adapters.directions import direction
from adapters.habits import HOOKS, IN_SYNC
from adapters.importing import on_import
from adapters.migrate.acts import acts
from adapters.migrate.files import number_of
from adapters.migrate.listing import (
    MANIFEST,
    Listed,
    has_manifest,
    moved_in_manifest,
    versions_in,
)
from adapters.reading import (
    UnreadableError,
    bound,
    is_folder,
    no_script,
    text_of,
    tree_of,
    unreadable,
)
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
from harness.model.statements import acts_of

_TOOL = "sqlalchemy-migrate"
_SETTINGS = "migrate.cfg"
_SQL_NAME = re.compile(r"(?P<stem>.+)_(?P<backend>[^_]+)_(?P<operation>[^_]+)\.sql.*")
_OPERATIONS = {"upgrade", "downgrade"}
_ANY = "default"
_NEEDED = ("repository_id", "version_table")
_BY_MANIFEST = "numbers in versions.json, which the published tool does not read"


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
        FaultKind.ONE_BACKEND: "on another backend an upgrade ends with an "
        "AssertionError, 'There is no script for N version'",
        FaultKind.RUNS_ON_IMPORT: "sqlalchemy-migrate imports a script when its turn "
        "comes, and for --preview_py",
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
            versions, wrong = versions_in(folder)
            troubles.extend(wrong)
            if not any(version.files for version in versions) and not wrong:
                troubles.append(no_script(folder))
            for version in versions:
                scripts += len(version.files)
                found, wrong = _version(version, place.directory)
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
        if edit.after.name == MANIFEST:
            return moved_in_manifest(edit)
        was = number_of(edit.before.name) if edit.before else None
        became = number_of(edit.after.name)
        if was is None or became is None or was == became:
            return None
        return Repositioning(
            edit.commit, edit.date, edit.subject, edit.after, str(was), str(became)
        )


def _place(folder: Path, settings: Path) -> Place:
    versions = folder / "versions"
    return Place(
        tool=f"{_TOOL}, {_BY_MANIFEST}" if has_manifest(versions) else _TOOL,
        directory=folder,
        versions=(versions,),
        settings=settings,
        troubles=tuple(_unsaid(settings, words) for words in _wrong_settings(settings)),
    )


def _wrong_settings(settings: Path) -> Iterator[str]:
    parser = configparser.ConfigParser()
    try:
        parser.read_string(text_of(settings).decode())
        for key in _NEEDED:
            if not parser.get("db_settings", key, fallback=""):
                yield f"does not say {key}"
    except UnreadableError as error:
        yield f"cannot be read: {error}"
    except (UnicodeDecodeError, configparser.Error) as error:
        yield f"is not a settings file: {str(error).splitlines()[0]}"


def _unsaid(settings: Path, words: str) -> Trouble:
    remedy = "write repository_id = NAME and version_table = TABLE under [db_settings]"
    return Trouble(FaultKind.SETTINGS, words, remedy, (settings,))


def _no_folder(folder: Path) -> Trouble:
    words = "the folder of scripts is not there"
    return Trouble(FaultKind.NO_SCRIPTS, words, "make it", (folder,))


def _version(
    version: Listed, directory: Path
) -> tuple[list[Revision], tuple[Trouble, ...]]:
    """Return the revisions of a number, one for each Python script: it should be one."""
    number, files = version.number, version.files
    python = [file for file in files if file.suffix == ".py"]
    sql, troubles = _sql_files([file for file in files if file.name.endswith(".sql")])
    chosen, lost = _chosen(sql)
    troubles.extend(lost)
    if not python and not sql:
        told = {file for trouble in troubles for file in trouble.files}
        troubles.extend(_no_script(number, [f for f in files if f not in told]))
        return [], tuple(troubles)
    revisions = []
    for script in python or (None,):
        revision, trouble = _revision(number, script, chosen, directory)
        revisions.append(revision)
        troubles.extend(trouble)
    if python and chosen:
        troubles.append(_shadowed(number, python, chosen))
    if not python:
        troubles.extend(_only_in_sql(number, chosen))
    return revisions, tuple(troubles)


def _only_in_sql(number: int, sql: list[SqlFile]) -> Iterator[Trouble]:
    """Tell of a version that is not there on every backend."""
    files = tuple(one.file for one in sql)
    up = sorted({one.backend for one in sql if one.operation == "upgrade"})
    if not up:
        words = f"version {number} has no upgrade"
        yield Trouble(FaultKind.UNREADABLE, words, "write one", files)
    elif _ANY not in up:
        yield Trouble(
            FaultKind.ONE_BACKEND,
            f"version {number} is there for {' and '.join(up)} only",
            "leave it if no other database is used; else write a Python script, or SQL "
            f"with {_ANY} in the backend's place",
            files,
        )


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
    if files:
        words = "makes" if len(files) == 1 else "make"
        yield Trouble(
            FaultKind.BAD_NAME,
            f"{words} version {number}, for which there is no script",
            "remove it, or move it out of the folder",
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
    message, unread = "", False
    if python is not None:
        message = _words(python.stem)
        try:
            tree = tree_of(python)
            up, down = (
                direction("upgrade", tree, acts),
                direction("downgrade", tree, acts),
            )
            troubles.extend(_of_functions(python, tree))
        except UnreadableError as error:
            unread = True
            troubles.append(unreadable(python, error, "mend the script"))
    for one in sql:
        message = message or _words(one.file.name.removesuffix(".sql"))
        try:
            said = acts_of(_sql(one.file))
        except UnreadableError as error:
            unread = True
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
            unread=unread,
        ),
        troubles,
    )


def _sql(file: Path) -> str:
    try:
        return text_of(file).decode()
    except UnicodeDecodeError as error:
        message = f"it is not UTF-8 ({error.reason})"
        raise UnreadableError(message) from error


def _of_functions(python: Path, tree: ast.Module) -> Iterator[Trouble]:
    given = {name for name, _ in bound(tree)}
    if not given & {"upgrade", "*"}:
        words, remedy = "has no function upgrade", "write def upgrade(migrate_engine)"
        yield Trouble(FaultKind.UNREADABLE, words, remedy, (python,))
    yield from on_import(python, tree)


def _with(side: Direction, more: tuple[Act, ...]) -> Direction:
    together = (*side.acts, *more)
    return msgspec.structs.replace(
        side, written=True, blank=not together, acts=together
    )


def _words(stem: str) -> str:
    return re.sub(r"^\d+_?", "", stem).replace("_", " ").strip()


def _linked(revisions: list[Revision]) -> tuple[Revision, ...]:
    """Return the revisions with the number before each as its parent, but the first."""
    numbers = sorted({int(revision.id) for revision in revisions})
    before = dict(zip(numbers[1:], numbers, strict=False))
    return tuple(
        msgspec.structs.replace(r, parents=(str(before[int(r.id)]),))
        if int(r.id) in before
        else r
        for r in revisions
    )
