"""What a user of alembic does at each step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from adapters.alembic import growing, revisions, words
from adapters.alembic.era import (
    APPLICATION_ON_PATH,
    CHECK,
    COMMENTS,
    LINES_THAT_MEET,
    Era,
)
from adapters.alembic.models import EMPTY, models_source
from adapters.alembic.rendering import body
from adapters.alembic.revisions import VERSIONS, Revision
from adapters.toolchains import checks_booleans, require_words
from harness.contract import (
    Authoring,
    Database,
    History,
    Invocation,
    Losing,
    Session,
    Unsupported,
    condition_source,
)
from harness.model.departures import EVERY_END, NOWHERE
from harness.model.evidence import Command, Outcome
from harness.model.operations import CommentOnColumn, CommentOnTable, apply_all
from harness.model.schema import Schema
from harness.model.steps import Migration, Resource

MIGRATIONS = Path("migrations")
ENV = MIGRATIONS / "env.py"
MODELS = Path("models.py")
OWN_TABLE = "own_alembic_version"
"""The version table of a history that keeps its books apart."""
_URL = (
    "config = context.config\n",
    "config = context.config\n"
    'url = os.environ["DATABASE_URL"].replace("%", "%%")\n'
    'config.set_main_option("sqlalchemy.url", url)\n',
)
_IMPORTS = (
    "from alembic import context\n",
    "from alembic import context\n\nimport models\n",
)
_METADATA = ("target_metadata = None\n", "target_metadata = models.metadata\n")
_FIRST = (
    "from __future__ import with_statement\n",
    "from __future__ import with_statement\nimport os\n",
)
_OLD_CURRENT = re.compile(
    r"^Current revision for \S+: \S+ -> (?P<id>[^\s,(]+)", re.MULTILINE
)
_OLD_HISTORY = re.compile(r"^Rev: (?P<id>\S+)", re.MULTILINE)
_OLD_HEADS = re.compile(r"^Rev: (?P<id>\S+) \(head\)", re.MULTILINE)
_LISTED = re.compile(r"^(?P<id>[^\s(]+) *\(", re.MULTILINE)
_HISTORY = re.compile(r"^.*? -> (?P<id>[^\s,(]+)", re.MULTILINE)


class AlembicHistory(History):
    """alembic as published, on a line and where lines meet."""

    bookkeeping: ClassVar[tuple[str, ...]] = ("alembic_version", OWN_TABLE)
    application_configuration: ClassVar[tuple[str, ...]] = (str(MODELS),)
    tool_configuration: ClassVar[tuple[str, ...]] = ("alembic.ini",)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._era = Era.of(session.versions)
        self._asks_for_heads = False
        self._gone: dict[str, str] = {
            NOWHERE: "0123456789ab",
            EVERY_END: "heads",
        }
        self._always: tuple[Database, Database] | None = None

    @property
    def checks_booleans(self) -> bool:
        """Whether SQLAlchemy puts a CHECK on every Boolean column."""
        return checks_booleans(self.session.versions)

    def classify(self, command: Command) -> Outcome:
        """Read what a command says."""
        return words.classify(command, asks_for_heads=self._asks_for_heads)

    def initialise(self) -> None:
        """Run `alembic init` and connect it with the application."""
        self.session.tool("alembic", "init", str(MIGRATIONS))
        self._write(MODELS, EMPTY)
        text = self._read(ENV)
        for old, new in (_FIRST, _IMPORTS, _URL, _METADATA):
            if old not in text and (old, new) == _FIRST:
                text = f"import os\n{text}"
                continue
            if text.count(old) != 1:
                message = f"the generated {ENV} does not have {old!r} once"
                raise LookupError(message)
            text = text.replace(old, new)
        self._write(ENV, text)

    def author(self, authoring: Authoring) -> None:
        """Run `alembic revision -m`, and fill in the bodies."""
        if authoring.sql_only:
            reason = "alembic runs Python files only: SQL goes into op.execute()"
            raise Unsupported(reason, "alembic: script/base.py")
        options: tuple[str, ...] = ()
        if authoring.identity is not None or authoring.label is not None:
            self._era.require("--rev-id and --branch-label", LINES_THAT_MEET)
        if authoring.identity is not None:
            options += ("--rev-id", authoring.identity)
        if authoring.label is not None:
            options += ("--branch-label", authoring.label)
        argv = ("revision", "-m", message(authoring), *options)
        revision = self._new_revision(authoring, *argv)
        if authoring.identity_of is not None:
            self._plant_identity(revision, authoring.identity_of)

    def edit(self, authoring: Authoring) -> None:
        """Write the bodies anew."""
        self._fill(self._named(authoring.migration.name).path, authoring)

    def delete(self, name: str) -> None:
        """Delete the file."""
        revision = self._named(name)
        self._gone[name] = revision.id
        self.session.remove(revision.path)

    def script(self, name: str) -> Path:
        """Return the revision file."""
        return self._named(name).path

    def upgrade(self, database: Database, to: str | None) -> None:
        """Run `alembic upgrade`."""
        target = "head" if to is None else self._id(to)
        self._on(database, "upgrade", target)

    def downgrade(self, database: Database, to: str | None) -> None:
        """Run `alembic downgrade`."""
        target = "base" if to is None else self._id(to)
        self._on(database, "downgrade", target)

    def current(self, database: Database) -> tuple[str, ...]:
        """Run `alembic current`."""
        said = self._on(database, "current").stdout
        if self._era.has(LINES_THAT_MEET):
            ids = [line.split()[0] for line in said.splitlines() if line.strip()]
        else:
            ids = _OLD_CURRENT.findall(said)
        return self._names(ids)

    def names(self) -> tuple[str, ...]:
        """Run `alembic history`, which lists the newest first."""
        said = self._run("history").stdout
        listed = _HISTORY if self._era.has(LINES_THAT_MEET) else _OLD_HISTORY
        return self._names(reversed(listed.findall(said)))

    def heads(self) -> tuple[str, ...]:
        """Run `alembic heads`, or read them off `history` where there is no `heads`."""
        if self._era.has(LINES_THAT_MEET):
            said = self._run("heads").stdout
            return self._names(_LISTED.findall(said))
        self._asks_for_heads = True
        said = self._run("history").stdout
        self._asks_for_heads = False
        return self._names(_OLD_HEADS.findall(said))

    def stamp(self, database: Database, to: str) -> None:
        """Run `alembic stamp`."""
        self._on(database, "stamp", self._id(to))

    def reposition(self, losing: Losing) -> None:
        """Edit the parent of the first losing revision: the landed head."""
        own = {authoring.migration.name for authoring in losing.migrations}
        everything = self._all()
        first = self._first(own, everything)
        landed = revisions.ends(r for r in everything if r.name not in own)
        if len(landed) != 1:
            message = f"what has landed has {len(landed)} heads, not one"
            raise LookupError(message)
        self._reparent(first, landed[0].id)

    def reconcile(self, losing: Losing) -> None:
        """Run `alembic merge heads`."""
        self._era.require("alembic merge", LINES_THAT_MEET)
        lost = " and ".join(a.migration.name for a in losing.migrations)
        self._run("merge", "heads", "-m", f"merge {lost}")

    def reparent(self, name: str, after: str) -> None:
        """Edit a revision's parent."""
        self._reparent(self._named(name), self._named(after).id)

    def insert_below(self, authoring: Authoring, below: str) -> None:
        """Branch off the parent of a revision, and put the revision behind that.

        Before there was `--splice`, both parents had to be edited.
        """
        above = self._named(below)
        if not self._era.has(LINES_THAT_MEET):
            inserted = self._new_revision(
                authoring, "revision", "-m", message(authoring)
            )
            self._reparent(inserted, above.parents[0] if above.parents else None)
            self._reparent(above, inserted.id)
            return
        (parent,) = above.parents or ("base",)
        options = ("--head", parent, "--splice", "-m", message(authoring))
        inserted = self._new_revision(authoring, "revision", *options)
        self._reparent(above, inserted.id)

    def generate_sql(
        self,
        database: Database,
        *,
        start: str | None = None,
        to: str | None = None,
        down: bool = False,
    ) -> str:
        """Run `alembic upgrade --sql`, or `downgrade`, for a range if it is one."""
        end = ("base" if down else "head") if to is None else self._named(to).id
        target = end if start is None else f"{self._named(start).id}:{end}"
        verb = "downgrade" if down else "upgrade"
        return self._on(database, verb, target, "--sql").stdout

    def show_scripts(self, database: Database) -> str:
        """Cannot be asked for: the tool shows ids, messages and SQL."""
        reason = (
            "alembic shows a revision's id, message and file name (`show`, `history`) and "
            "the SQL of an upgrade (`--sql`), not the Python that it would run"
        )
        raise Unsupported(reason, "alembic: command.py")

    def declare_models(self, schema: Schema) -> None:
        """Write models.py."""
        self._write(MODELS, models_source(schema))

    def compare_models(self, database: Database) -> None:
        """Run `alembic check`."""
        self._era.require("alembic check", CHECK)
        self._on(database, "check")

    def grow(self, revisions: int) -> None:
        """Write the files of a long line."""
        for name, text in growing.line(revisions):
            self._write(VERSIONS / name, text)

    def grow_with_merges(self, revisions: int) -> None:
        """Write the files of lines that part and meet again."""
        self._era.require("several parents of a revision", LINES_THAT_MEET)
        for name, text in growing.diamonds(revisions):
            self._write(VERSIONS / name, text)

    def start(self) -> None:
        """Run `alembic --help`."""
        self.session.tool("alembic", "--help")

    def upgrading(self, database: Database) -> Invocation:
        """Return `alembic upgrade head`."""
        return Invocation("alembic", ("upgrade", "head"), self._environ(database))

    def _run(self, *argv: str) -> Command:
        """Run a command that is given no database, unless it loads the environment."""
        if self._always is None:
            return self.session.tool("alembic", *argv)
        reachable, unreachable = self._always
        missing = Resource.DATABASE in self.session.without
        return self._on(unreachable if missing else reachable, *argv)

    def _on(self, database: Database, *argv: str) -> Command:
        return self.session.tool("alembic", *argv, environ=self._environ(database))

    def _environ(self, database: Database) -> dict[str, str]:
        configured = Resource.CONFIGURATION not in self.session.without
        environ = {} if self._era.has(APPLICATION_ON_PATH) else {"PYTHONPATH": "."}
        return environ | ({"DATABASE_URL": database.url} if configured else {})

    def _new_revision(self, authoring: Authoring, *argv: str) -> Revision:
        """Run a command that writes a revision file, and fill the file in."""
        # git keeps no empty directory, and old releases make none.
        (self.session.repository / VERSIONS).mkdir(exist_ok=True)
        before = {revision.path for revision in self._all()}
        self._run(*argv)
        (new,) = (r for r in self._all() if r.path not in before)
        self._fill(new.path, authoring)
        return new

    def _fill(self, path: Path, authoring: Authoring) -> None:
        migration, before = authoring.migration, authoring.before
        self._require_words(migration)
        after = apply_all(migration.upgrade, before)
        # Before there were batches, SQLite got the same statements as the others.
        batches = self.session.backend == "sqlite" and self._era.has(LINES_THAT_MEET)
        written = partial(body, batches=batches, plain=migration.plain)
        upgrade = written(migration.upgrade, before)
        downgrade = written(migration.downgrade or (), after)
        if migration.only_for:
            lines = condition_source(migration.only_for)
            condition = "".join(f"    {line}\n" for line in lines)
            upgrade, downgrade = f"{condition}{upgrade}", f"{condition}{downgrade}"
        self._write(path, revisions.with_bodies(self._read(path), upgrade, downgrade))

    def _require_words(self, migration: Migration) -> None:
        """Raise `Unsupported` for what the releases of the cell cannot say yet."""
        operations = (*migration.upgrade, *(migration.downgrade or ()))
        if any(isinstance(o, CommentOnTable | CommentOnColumn) for o in operations):
            self._era.require("comments", COMMENTS)
        require_words(self.session.versions, operations)

    def _plant_identity(self, revision: Revision, name: str) -> None:
        """Make a file as if it were an edited copy of another one."""
        other = self._named(name)
        text = revisions.with_id(self._read(revision.path), other.id)
        parent = other.parents[0] if other.parents else None
        self._write(revision.path, revisions.with_parent(text, parent))

    def _reparent(self, revision: Revision, parent: str | None) -> None:
        text = revisions.with_parent(self._read(revision.path), parent)
        self._write(revision.path, text)

    def _first(self, own: set[str], everything: tuple[Revision, ...]) -> Revision:
        """Return the one of its own revisions that follows none of the others."""
        ids = {revision.id for revision in everything if revision.name in own}
        firsts = (
            revision
            for revision in everything
            if revision.name in own and not ids.intersection(revision.parents)
        )
        return next(firsts)

    def _all(self) -> tuple[Revision, ...]:
        return revisions.read_all(self.session.repository)

    def _named(self, name: str) -> Revision:
        return revisions.named(name, self.session.repository)

    def _id(self, name: str) -> str:
        """Return a migration's id, or the one it had when it was last there."""
        if name == EVERY_END:
            self._era.require("target `heads`", LINES_THAT_MEET)
        here = (r.id for r in self._all() if r.name == name)
        found = next(here, None) or self._gone.get(name)
        return found or self._named(name).id

    def _names(self, ids: Iterable[str]) -> tuple[str, ...]:
        known = {revision.id: revision.name for revision in self._all()}
        return tuple(known.get(one, one) for one in ids)

    def _read(self, path: Path) -> str:
        return (self.session.repository / path).read_text()

    def _write(self, path: Path, text: str) -> None:
        (self.session.repository / path).write_text(text)


def message(authoring: Authoring) -> str:
    """Return a migration's name as the message of its revision."""
    return authoring.migration.name.replace("_", " ")
