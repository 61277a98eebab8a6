"""Deliberately wrong adapters: each turns a good one bad in one way.

A saboteur is mixed into the history of any adapter and knows nothing of the tool.
Its docstring is what `smoke` says of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from harness.contract import Adapter, Authoring, Database, History, Launching, Session
from harness.model.cell import Candidate
from harness.model.evidence import OK, Command, Outcome
from harness.model.operations import AddColumn, RunStatement, reverse_all
from harness.model.steps import Migration

# Runs in toolchains down to Python 2.7.
_TAMPERED = """\
import os, runpy, signal, sys, time
found = [os.path.join(place, sys.argv[1]) for place in os.environ["PATH"].split(":")]
sys.argv[:2] = list(filter(os.path.exists, found))[:1]
{before}
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except {swallowed} as error:
    pass
"""


class TamperedSession:
    """A session whose tool commands go through a script that misbehaves.

    That goes for so many commands, counted from the first; for all if it is None.
    """

    def __init__(
        self, session: Session, before: str, swallowed: str, times: int | None
    ) -> None:
        self._session = session
        self._left = times
        self._script = session.repository / ".git" / "tampered.py"
        self._text = _TAMPERED.format(before=before, swallowed=swallowed)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._session, name)

    def tool(
        self, script: str, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a console script by way of the tampered script."""
        if self._spared():
            return self._session.tool(script, *argv, environ=environ)
        self._script.write_text(self._text)
        return self._session.python(self._script, script, *argv, environ=environ)

    def python(
        self, path: Path, *argv: str, environ: Mapping[str, str] | None = None
    ) -> Command:
        """Run a file of the repository by way of the tampered script."""
        return self.tool(str(self._session.repository / path), *argv, environ=environ)

    def _spared(self) -> bool:
        if self._left is not None:
            self._left -= 1
        return self._left is not None and self._left < 0


class Saboteur(History):
    """The base of all saboteurs."""

    before: ClassVar[str] = ""
    swallowed: ClassVar[str] = "()"
    times: ClassVar[int | None] = None

    def __init__(self, session: Session) -> None:
        if self.before or self.swallowed != "()":
            tampered: Any = TamperedSession(
                session, self.before, self.swallowed, self.times
            )
            session = tampered
        super().__init__(session)


class DropsColumn(Saboteur):
    """Leaves out the last added column of every migration."""

    def author(self, authoring: Authoring) -> None:
        """Write the migration without its last added column."""
        migration = authoring.migration
        added = [o for o in migration.upgrade if isinstance(o, AddColumn)]
        kept = tuple(o for o in migration.upgrade if o not in added[-1:])
        undo = reverse_all(kept, authoring.before)
        super().author(_rewritten(authoring, Migration(migration.name, kept, undo)))  # type: ignore[safe-super]


class LosesRows(Saboteur):
    """Deletes a row in every migration that adds a column."""

    def author(self, authoring: Authoring) -> None:
        """Write the migration with one statement too many."""
        migration = authoring.migration
        tables = [o.table for o in migration.upgrade if isinstance(o, AddColumn)]
        harm = tuple(
            RunStatement(f"DELETE FROM {table} WHERE id = 2")  # noqa: S608
            for table in tables[:1]
        )
        upgrade = (*migration.upgrade, *harm)
        changed = Migration(migration.name, upgrade, migration.downgrade)
        super().author(_rewritten(authoring, changed))  # type: ignore[safe-super]


class LiesAboutHead(Saboteur):
    """Says that the first migration is the head, whatever the tool says."""

    def heads(self) -> tuple[str, ...]:
        """Ask the tool, and say something else."""
        super().heads()  # type: ignore[safe-super]
        return ("create_books",)


class LiesAboutDatabase(Saboteur):
    """Says that every database stands at the newest migration."""

    def current(self, database: Database) -> tuple[str, ...]:
        """Ask the tool, and say something else."""
        super().current(database)  # type: ignore[safe-super]
        return ("add_pages",)


class SwallowsErrors(Saboteur):
    """Reads every answer of the tool as a success."""

    def classify(self, command: Command) -> Outcome:
        """Find nothing wrong with anything."""
        return OK


class ExitsZero(Saboteur):
    """Runs the tool so that it exits with 0 even when it fails."""

    swallowed = "BaseException"


class Sleeps(Saboteur):
    """Makes the first command wait for a second and a half."""

    before = "time.sleep(1.5)"
    times = 1


class Hangs(Saboteur):
    """Makes the first command hang."""

    before = "time.sleep(3600)"
    times = 1


class Dies(Saboteur):
    """Makes every command kill itself."""

    before = "os.kill(os.getpid(), signal.SIGKILL)"


class Crashes(Saboteur):
    """Raises an exception of its own when it should upgrade."""

    def upgrade(self, database: Database, to: str | None) -> None:
        """Fail for no reason."""
        message = f"upgrading {database.name} to {to} is beyond this adapter"
        raise ZeroDivisionError(message)


class DoesNothing(Saboteur):
    """Reports an upgrade without running anything."""

    def upgrade(self, database: Database, to: str | None) -> None:
        """Do nothing, and say nothing."""


class IgnoresTarget(Saboteur):
    """Upgrades to the end of the history whatever it was asked for."""

    def upgrade(self, database: Database, to: str | None) -> None:
        """Upgrade all the way."""
        super().upgrade(database, None)  # type: ignore[safe-super]


SABOTEURS: tuple[type[Saboteur], ...] = (
    DropsColumn,
    LosesRows,
    LiesAboutHead,
    LiesAboutDatabase,
    SwallowsErrors,
    ExitsZero,
    Sleeps,
    Hangs,
    Dies,
    Crashes,
    DoesNothing,
    IgnoresTarget,
)


class SabotagedAdapter(Adapter):
    """A good adapter with a saboteur mixed into its history."""

    def __init__(self, good: Adapter, saboteur: type[Saboteur]) -> None:
        self._good = good
        self._saboteur = saboteur
        self.tool = good.tool  # type: ignore[misc]
        self.distribution = good.distribution  # type: ignore[misc]
        self.candidates = good.candidates  # type: ignore[misc]
        self.toolchains = good.toolchains  # type: ignore[misc]

    def launching(self, candidate: Candidate, toolchain: str) -> Launching:
        """Start the tool as the good adapter does."""
        return self._good.launching(candidate, toolchain)

    def open(self, session: Session) -> History:
        """Return the good adapter's history, gone bad."""
        good = type(self._good.open(session))
        mixed = type(self._saboteur.__name__, (self._saboteur, good), {})
        history: History = mixed(session)
        return history


def _rewritten(authoring: Authoring, migration: Migration) -> Authoring:
    return msgspec.structs.replace(authoring, migration=migration)
