"""A history that numbers in file names make up: sqlalchemy-migrate as published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from adapters.migrate import sql
from adapters.migrate.declaring import models_source
from adapters.migrate.files import (
    REPOSITORY,
    VERSIONS,
    Version,
    by_number,
    name_of,
    number_of,
    scripts_in,
    with_number,
)
from adapters.migrate.rendering import python_script
from adapters.migrate.words import classify
from adapters.toolchains import checks_booleans, require_words
from harness.contract import (
    Authoring,
    Database,
    History,
    Invocation,
    Losing,
    NotCarriedOut,
    Session,
    Unsupported,
)
from harness.model.departures import EVERY_END, NOWHERE
from harness.model.evidence import Command, Outcome
from harness.model.operations import AddCheck, CreateTable, DropCheck
from harness.model.schema import Column, Integer, Schema, Table
from harness.model.steps import Migration

_PROJECT = "application"
CONFIGURATION = REPOSITORY / "migrate.cfg"
_MODELS = Path("models.py")
_STEP = re.compile(r"^\d+ -> \d+\.\.\. $", re.MULTILINE)
_ID = Column("id", Integer(), nullable=False, primary_key=True)


class NumberedHistory(History):
    """What users of sqlalchemy-migrate do, as its manual and Nova's practice have it."""

    bookkeeping: ClassVar[tuple[str, ...]] = ("migrate_version",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._controlled: set[tuple[str, str]] = set()
        self._repository_id = ""
        self._gone: dict[str, int] = {NOWHERE: 999}

    @property
    def checks_booleans(self) -> bool:
        """Whether SQLAlchemy puts a CHECK on every Boolean column."""
        return checks_booleans(self.session.versions)

    def classify(self, command: Command) -> Outcome:
        """Read a command's words, and the newest version of the tree if need be."""
        return classify(command, self._newest)

    def initialise(self) -> None:
        """Create the repository of scripts."""
        self._migrate("create", str(REPOSITORY), _PROJECT)

    def author(self, authoring: Authoring) -> None:
        """Write a script with `migrate script`, and SQL files with `script_sql`.

        `script_sql` takes a version number of its own; its files are given that of the
        Python script, beside which they belong.
        """
        migration = authoring.migration
        if authoring.identity is not None or authoring.label is not None:
            reason = "the tool gives every script the next number, and no other name"
            raise Unsupported(reason, "sqlalchemy-migrate: versioning/version.py")
        if authoring.sql_only:
            self._author_sql_only(authoring)
            return
        operations = (*migration.upgrade, *(migration.downgrade or ()))
        require_words(self.session.versions, operations)
        (script,) = self._new_files("script", _description(migration))
        number = self._number_of_file(script)
        self._write(script, python_script(migration, authoring.before))
        self._author_sql(authoring, number, self._sql_backends(authoring))
        if authoring.identity_of is not None:
            self._copy_number(
                self._version(migration.name), self._number(authoring.identity_of)
            )

    def script(self, name: str) -> Path:
        """Return the Python script; SQL files are not it."""
        files = self._version(name).files
        return VERSIONS / next(file for file in files if file.endswith(".py"))

    def upgrade(self, database: Database, to: str | None) -> None:
        """Upgrade, after putting a new database under control."""
        self._put_under_control(database)
        target = () if to is None else (str(self._target(to)),)
        self._migrate("upgrade", database.url, str(REPOSITORY), *target)

    def downgrade(self, database: Database, to: str | None) -> None:
        """Downgrade to a version; before the first one is version 0."""
        target = 0 if to is None else self._target(to)
        self._migrate("downgrade", database.url, str(REPOSITORY), str(target))

    def current(self, database: Database) -> tuple[str, ...]:
        """Return the names that the tree has for the number the database has."""
        answer = self._migrate("db_version", database.url, str(REPOSITORY))
        return self._names_of(_number_in(answer))

    def names(self) -> tuple[str, ...]:
        """Return the directory listing by number, if the tool can load the repository.

        The tool lists no history: it tells its last number, and the rest is read off
        the file names.
        """
        self._migrate("version", str(REPOSITORY))
        return tuple(name for version in self._versions() for name in version.names)

    def heads(self) -> tuple[str, ...]:
        """Return the names that the tree has for the number that the tool tells."""
        return self._names_of(_number_in(self._migrate("version", str(REPOSITORY))))

    def stamp(self, database: Database, to: str) -> None:
        """Put the database under control at a version, out of control first if need be.

        `version_control` looks at the version first, and then refuses a database that
        is already under control: only that refusal is answered by dropping the control.
        """
        where = (database.url, str(REPOSITORY))
        control = ("version_control", *where, str(self._target(to)))
        try:
            self._migrate(*control)
        except NotCarriedOut as refused:
            if "DatabaseAlreadyControlledError" not in refused.command.outcome.words:
                raise
            self._migrate("drop_version_control", *where)
            self._migrate(*control)
        self._controlled.add(self._books(database))

    def edit(self, authoring: Authoring) -> None:
        """Write the script anew, and its SQL files."""
        version = self._version(authoring.migration.name)
        for file in version.files:
            if file.endswith(".py"):
                self._write(file, python_script(authoring.migration, authoring.before))
            else:
                self._write(file, _sql_text(file, authoring))
        if not any(file.endswith(".sql") for file in version.files):
            self._author_sql(authoring, version.number, self._sql_backends(authoring))

    def delete(self, name: str) -> None:
        """Delete the script and its SQL files."""
        version = self._version(name)
        self._gone[name] = version.number
        for file in version.files:
            self.session.remove(VERSIONS / file)

    def reposition(self, losing: Losing) -> None:
        """Give the losing migrations the numbers after the landed ones.

        From the highest number down, so that no two scripts ever share one. A file of
        which git kept the landed side is written anew from the losing branch.
        """
        lost = {a.migration.name: self._own_files(a, losing) for a in losing.migrations}
        kept = {path.name for path in losing.conflicts}
        own = {file for files in lost.values() for file in files} - kept
        landed = [file for file in scripts_in(self._directory) if file not in own]
        last = max(version.number for version in by_number(landed))
        targets = list(enumerate(lost.values(), start=last + 1))
        for number, files in reversed(targets):
            for file in files:
                if file in kept:
                    text = self.session.show(losing.tip, VERSIONS / file)
                    self._write(with_number(file, number), text or "")
                else:
                    self._rename(file, number)

    def reparent(self, name: str, after: str) -> None:
        """Cannot be said: a number has one place, and names no other version."""
        reason = (
            f"a version number cannot say that {name} follows {after}: "
            "the order is that of the numbers, so there is no circle to be made"
        )
        raise Unsupported(reason, "sqlalchemy-migrate: versioning/repository.py")

    def insert_below(self, authoring: Authoring, below: str) -> None:
        """Move everything from that version on one up, and take the number freed."""
        freed = self._number(below)
        self._make_room(freed)
        self.author(authoring)
        self._copy_number(self._version(authoring.migration.name), freed)

    def generate_sql(
        self,
        database: Database,
        *,
        start: str | None = None,
        to: str | None = None,
        down: bool = False,
    ) -> str:
        """Return what `--preview_sql` prints; it starts where a database stands."""
        if start is None:
            self._put_under_control(database)
        else:
            self.stamp(database, start)
        target = () if to is None else (str(self._number(to)),)
        preview = self._migrate(
            "downgrade" if down else "upgrade",
            database.url,
            str(REPOSITORY),
            *(("0",) if down and not target else target),
            "--preview_sql",
        )
        return _statements(preview.stdout)

    def show_scripts(self, database: Database) -> str:
        """Return what `--preview_py` prints; the database has to be under control."""
        self._put_under_control(database)
        argv = ("upgrade", database.url, str(REPOSITORY), "--preview_py")
        return self._migrate(*argv).stdout

    def declare_models(self, schema: Schema) -> None:
        """Write the models as tables of a `metadata`."""
        self._path(_MODELS).write_text(models_source(schema.tables), encoding="utf-8")

    def compare_models(self, database: Database) -> None:
        """Run `compare_model_to_db`, which imports the models: here they must lie."""
        self.session.tool(
            "migrate",
            "compare_model_to_db",
            database.url,
            str(REPOSITORY),
            f"{_MODELS.stem}:metadata",
            environ={"PYTHONPATH": "."},
        )

    def grow(self, revisions: int) -> None:
        """Write scripts that each create a table with nothing but a key."""
        grown = sum(
            name.startswith("grown_") for v in self._versions() for name in v.names
        )
        self._append([_small(place) for place in range(grown + 1, revisions + 1)])

    def grow_with_merges(self, revisions: int) -> None:
        """Cannot be said: a line of version numbers neither parts nor meets."""
        reason = "version numbers make one line: it neither parts nor meets again"
        raise Unsupported(reason, "sqlalchemy-migrate: versioning/version.py")

    def start(self) -> None:
        """Run `migrate --help`: there is nothing cheaper."""
        self.session.tool("migrate", "--help")

    def prepare(self, database: Database) -> None:
        """Put the database under control."""
        self._put_under_control(database)

    def upgrading(self, database: Database) -> Invocation:
        """Return `migrate upgrade` with the URL and the repository."""
        return Invocation("migrate", ("upgrade", database.url, str(REPOSITORY)))

    @property
    def _directory(self) -> Path:
        return self._path(VERSIONS)

    def _path(self, path: Path) -> Path:
        return self.session.repository / path

    def _migrate(self, *argv: str) -> Command:
        return self.session.tool("migrate", *argv)

    def _write(self, file: str, text: str) -> None:
        (self._directory / file).write_text(text, encoding="utf-8")

    def _versions(self) -> tuple[Version, ...]:
        """Return the versions of the tree, by number."""
        return by_number(scripts_in(self._directory))

    def _newest(self) -> int:
        return max((version.number for version in self._versions()), default=0)

    def _version(self, name: str) -> Version:
        """Return a migration's number and its own files; `LookupError` if none."""
        for version in self._versions():
            files = tuple(file for file in version.files if name_of(file) == name)
            if files:
                return Version(version.number, files)
        message = f"the tree that is checked out has no script of {name}"
        raise LookupError(message)

    def _number(self, name: str) -> int:
        return self._version(name).number

    def _target(self, name: str) -> int:
        """Return a migration's number, or the one it had when it was last there."""
        if name == EVERY_END:
            reason = "a line of version numbers has one end"
            raise Unsupported(reason, "sqlalchemy-migrate: versioning/version.py")
        here = any(name in version.names for version in self._versions())
        gone = None if here else self._gone.get(name)
        return self._number(name) if gone is None else gone

    def _names_of(self, number: int) -> tuple[str, ...]:
        if number == 0:
            return ()
        named = (v.names for v in self._versions() if v.number == number)
        return next(named, (str(number),))

    def _number_of_file(self, file: str) -> int:
        return next(v.number for v in self._versions() if file in v.files)

    def _put_under_control(self, database: Database) -> None:
        """Put a database under control the first time that it is spoken of."""
        if self._books(database) not in self._controlled:
            self._migrate("version_control", database.url, str(REPOSITORY))
            self._controlled.add(self._books(database))

    def _books(self, database: Database) -> tuple[str, str]:
        """Return what makes a row of the bookkeeping: the database, the repository.

        Where the file that names the repository was taken away, it is still the same one.
        """
        path = self._path(CONFIGURATION)
        if path.exists():
            text = path.read_text(encoding="utf-8")
            (self._repository_id,) = re.findall(
                r"^repository_id=(.*)$", text, re.MULTILINE
            )
        return (database.name, self._repository_id)

    def _new_files(self, *argv: str) -> tuple[str, ...]:
        """Run a command that writes scripts, and return the files it made."""
        before = set(scripts_in(self._directory))
        self._migrate(*argv, str(REPOSITORY))
        return tuple(f for f in scripts_in(self._directory) if f not in before)

    def _sql_backends(self, authoring: Authoring) -> tuple[str, ...]:
        """Return the databases to write SQL files for: those asked for, or in need.

        On SQLite the tool cannot add a CHECK to an existing table, nor drop one.
        """
        migration = authoring.migration
        operations = (*migration.upgrade, *(migration.downgrade or ()))
        checks = any(isinstance(o, AddCheck | DropCheck) for o in operations)
        careful = checks and not migration.plain
        needed = ("sqlite",) if careful and self.session.backend == "sqlite" else ()
        return tuple(dict.fromkeys((*authoring.sql_for, *needed)))

    def _author_sql(
        self, authoring: Authoring, number: int, backends: Iterable[str]
    ) -> None:
        for backend in backends:
            description = _description(authoring.migration)
            files = self._new_files("script_sql", backend, description)
            for file in files:
                self._write(file, _sql_text(file, authoring))
            self._join(files, number)

    def _author_sql_only(self, authoring: Authoring) -> None:
        """Write SQL files that keep the number `script_sql` gave them."""
        (backend,) = authoring.sql_for
        description = _description(authoring.migration)
        for file in self._new_files("script_sql", backend, description):
            self._write(file, _sql_text(file, authoring))

    def _own_files(self, authoring: Authoring, losing: Losing) -> tuple[str, ...]:
        """Return a losing migration's files by the names they have on its branch."""
        name = authoring.migration.name
        found = tuple(
            file
            for file in scripts_in(self._directory)
            if name_of(file) == name
            and self.session.show(losing.tip, VERSIONS / file) is not None
        )
        if not found:
            message = f"the merged tree has no script of {name}"
            raise LookupError(message)
        return found

    def _append(self, migrations: Iterable[Migration]) -> None:
        """Write scripts after the last one, without the tool."""
        for number, migration in enumerate(migrations, start=self._newest() + 1):
            script = python_script(migration, Schema())
            self._write(f"{number:03d}_{migration.name}.py", script)

    def _join(self, files: Iterable[str], number: int) -> None:
        """Have newly written files belong to a version that has others."""
        for file in files:
            path = self._directory / file
            path.rename(self._directory / with_number(file, number))

    def _copy_number(self, version: Version, number: int) -> None:
        """Give a newly written migration a number that was not its own."""
        self._join(version.files, number)

    def _make_room(self, number: int) -> None:
        """Move a version, and all above it, one number up."""
        for version in reversed(self._versions()):
            if version.number >= number:
                for file in version.files:
                    self._rename(file, version.number + 1)

    def _rename(self, file: str, number: int) -> None:
        if number_of(file) != number:
            self.session.move(VERSIONS / file, VERSIONS / with_number(file, number))


def _description(migration: Migration) -> str:
    return migration.name.replace("_", " ")


def _sql_text(file: str, authoring: Authoring) -> str:
    """Return the text of one of a migration's SQL files, going by its name."""
    if not file.endswith(("_sqlite_upgrade.sql", "_sqlite_downgrade.sql")):
        written = ", ".join(sql.BACKENDS)
        reason = (
            f"{file}: SQL is written for {written} only, in files that end with "
            "_sqlite_upgrade.sql or _sqlite_downgrade.sql; write the step in Python"
        )
        raise Unsupported(reason)
    migration, before = authoring.migration, authoring.before
    if file.endswith("_upgrade.sql"):
        return sql.sql_script(migration.upgrade, before)
    for operation in migration.upgrade:
        before = operation.apply(before)
    return sql.sql_script(migration.downgrade or (), before)


def _small(place: int) -> Migration:
    table = Table(f"grown_{place:05d}", (_ID,))
    create = CreateTable(table)
    return Migration(table.name, (create,), create.reverse(Schema()))


def _number_in(command: Command) -> int:
    """Return the number that `version` and `db_version` print on their last line."""
    return int(command.stdout.strip().splitlines()[-1])


def _statements(preview: str) -> str:
    """Return the statements of a preview, a semicolon after each.

    The tool prints them one after another, between the lines that name the steps. An
    empty line stands after those that SQLAlchemy wrote, and nothing after the others.
    """
    blocks = _STEP.split(preview)
    texts = (part.strip() for block in blocks for part in re.split(r"\n\s*\n", block))
    return "".join(f"{text.removesuffix(';')};\n" for text in texts if text)
