"""A tool's history of migrations in one repository, and all that is done with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import msgspec

from harness.contract.irregular import Irregular
from harness.contract.provisions import Provisions
from harness.contract.session import Session
from harness.model.evidence import Command, Outcome
from harness.model.schema import Schema
from harness.model.steps import Damage, Litter, Migration


class Database(msgspec.Struct, frozen=True):
    """A database of the story; `url` is a SQLAlchemy URL that the toolchain can open."""

    name: str
    url: str
    backend: str


class Authoring(msgspec.Struct, frozen=True):
    """A migration to be written; `downgrade` of the migration is always filled in.

    `before` is the schema that the author believes in when writing it. `identity` and
    `label` are chosen by the author; where a tool gives them out, that is unsupported.
    """

    migration: Migration
    before: Schema
    sql_for: tuple[str, ...] = ()
    identity_of: str | None = None
    sql_only: bool = False
    identity: str | None = None
    label: str | None = None


class Losing(msgspec.Struct, frozen=True):
    """A branch that has to be redone because others landed first.

    The work tree holds the merge: where git found a conflict, the landed side.
    `tip` is the branch as its author left it, for `Session.show`. `migrations` are
    the names that the branch adds, oldest first, with what is needed to write them.
    """

    migrations: tuple[Authoring, ...]
    tip: str
    conflicts: tuple[Path, ...] = ()


class Invocation(msgspec.Struct, frozen=True):
    """A command line with further environment variables.

    `script` is a console script of the toolchain, or a Python file of the repository.
    """

    script: str
    argv: tuple[str, ...]
    environ: dict[str, str] = {}


class History(Irregular, Provisions, ABC):
    """How a candidate's users do each step; created anew for each cell.

    Migrations are spoken of by their scenario names. What a tool cannot express
    stays as it is here: it raises `Unsupported` with the reason.
    """

    bookkeeping: ClassVar[tuple[str, ...]] = ()
    """Tables that belong to the tool: kept out of schema comparisons."""

    application_configuration: ClassVar[tuple[str, ...]] = ()
    """Paths in the repository that only a configured application has."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def checks_booleans(self) -> bool:
        """Whether the toolchain by itself puts a CHECK on every Boolean column.

        Old releases of SQLAlchemy did. Such a CHECK then counts as no difference.
        """
        return False

    @abstractmethod
    def classify(self, command: Command) -> Outcome:
        """Read what a command's exit code and words mean. Must not guess."""

    @abstractmethod
    def initialise(self) -> None:
        """Set up an empty history with the tool's own command."""

    @abstractmethod
    def author(self, authoring: Authoring) -> None:
        """Write a migration with the tool's own command and fill in native code."""

    @abstractmethod
    def upgrade(self, database: Database, to: str | None) -> None:
        """Upgrade to a migration, or to the end of the history."""

    def upgrade_unprepared(self, database: Database) -> None:
        """Upgrade, without what the tool wants done to a new database before."""
        self.upgrade(database, None)

    def upgrade_as_new(self, database: Database) -> None:
        """Upgrade, after what the tool wants done to a new database, done or not."""
        self.upgrade(database, None)

    @abstractmethod
    def downgrade(self, database: Database, to: str | None) -> None:
        """Downgrade to a migration, or to before the first one."""

    @abstractmethod
    def current(self, database: Database) -> tuple[str, ...]:
        """Return the newest applied migrations as the tool tells them.

        An identity that no migration in the tree has is returned as it is.
        """

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Return the history as the tool lists it, oldest first."""

    @abstractmethod
    def heads(self) -> tuple[str, ...]:
        """Return the newest migrations of the tree as the tool tells them."""

    @abstractmethod
    def stamp(self, database: Database, to: str) -> None:
        """Record a migration as applied without running anything."""

    @abstractmethod
    def edit(self, authoring: Authoring) -> None:
        """Replace the body of the migration of that name."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a migration's files, and nothing else."""

    def script(self, name: str) -> Path:
        """Return the Python file of a migration, relative to the repository."""
        self._unsupported("a script of one's own for each migration")

    def spoil(self, name: str, damage: Damage) -> None:
        """Damage a migration's script; the tools call the same functions."""
        path = self.session.repository / self.script(name)
        text = path.read_text(encoding="utf-8")
        path.write_text(_damaged(text, damage), encoding="utf-8")

    def leave(self, name: str, litter: Litter) -> None:
        """Leave a copy of a migration's script beside it."""
        script = self.session.repository / self.script(name)
        copies = {
            Litter.BACKUP: f"{script.name}.orig",
            Litter.COPY: f"copy of {script.name}",
            Litter.PREFIX: f"{script.stem.partition('_')[0]}.bak",
        }
        copy = script.with_name(copies[litter])
        copy.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")

    def reposition(self, losing: Losing) -> None:
        """Put the losing migrations behind what has landed."""
        self._unsupported("putting a migration behind another one")

    def reconcile(self, losing: Losing) -> None:
        """Join the losing line and the landed one by a further revision."""
        self._unsupported("joining two lines of history")

    def reparent(self, name: str, after: str) -> None:
        """Make a migration follow another one."""
        self._unsupported("naming the migration that another one follows")

    def insert_below(self, authoring: Authoring, below: str) -> None:
        """Put a new migration right below an existing one."""
        self._unsupported("putting a migration below an existing one")

    def guard(self) -> None:
        """Run the policy's own check of the tree."""
        self._unsupported("a check of the tree: the candidate has no policy")

    def guard_files(self) -> tuple[Path, ...]:
        """Return the files, relative to the repository, that the policy adds."""
        return ()

    def generate_sql(
        self,
        database: Database,
        *,
        start: str | None = None,
        to: str | None = None,
        down: bool = False,
    ) -> str:
        """Return an upgrade as SQL, as the tool writes it; `down`, a downgrade.

        It is from `start`, or from an empty database, to `to` or as far as it goes. The
        database is empty, for a tool that has to look at one.
        """
        self._unsupported("writing an upgrade as SQL")

    def show_scripts(self, database: Database) -> str:
        """Return the Python that an upgrade would run, as the tool shows it."""
        self._unsupported("showing the Python that an upgrade would run")

    def declare_models(self, schema: Schema) -> None:
        """Write the application's models so that they describe the schema."""
        self._unsupported("models")

    def compare_models(self, database: Database) -> None:
        """Compare a database with the application's models."""
        self._unsupported("comparing a database with models")

    def grow(self, revisions: int) -> None:
        """Write so many small revisions, each creating nothing but a small table."""
        self._unsupported("a grown history")

    def grow_with_merges(self, revisions: int) -> None:
        """Write so many small revisions: of every four two part, and the last joins."""
        self._unsupported("a history whose lines part and meet again")

    def start(self) -> None:
        """Run the cheapest command that there is: it does nothing but start."""
        self._unsupported("a command that does nothing")

    def prepare(self, database: Database) -> None:
        """Do what the tool wants done once to a new database, if anything."""
        return

    def upgrading(self, database: Database) -> Invocation:
        """Return the command line of an upgrade as far as the history goes."""
        self._unsupported("an upgrade as one command line")


def _damaged(text: str, damage: Damage) -> str:
    match damage:
        case Damage.SYNTAX:
            return f"{text}\nthis is no Python\n"
        case Damage.IMPORT:
            return f"{text}\nimport no_such_module\n"
        case Damage.NO_UPGRADE:
            return text.replace("def upgrade(", "def upgrade_later(")
        case Damage.NO_DOWNGRADE:
            return text.replace("def downgrade(", "def downgrade_later(")
