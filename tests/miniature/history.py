"""How the tiny tool is used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import ClassVar

from sqlalchemy.engine import make_url

from harness.contract import Authoring, Database, History, Invocation, Losing
from harness.contract.session import Unsupported
from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind
from harness.model.operations import (
    AddColumn,
    CreateTable,
    DropColumn,
    DropTable,
    Operation,
    RunStatement,
)
from harness.model.schema import Column, Integer, String

TOOL = Path("tool.py")
STEPS = Path("steps")
WORDS = {
    "two files of number": Fault.DUPLICATE_IDENTITY,
    "there is no file of number": Fault.MISSING_PARENT,
    "which is not there": Fault.UNKNOWN_REVISION,
    "unable to open database": Fault.DATABASE_UNREACHABLE,
    "no such table": Fault.DATABASE_ERROR,
    "duplicate column": Fault.DATABASE_ERROR,
}


class MiniatureHistory(History):
    """Numbered JSON files in `steps/`."""

    bookkeeping: ClassVar[tuple[str, ...]] = ("miniature",)

    def classify(self, command: Command) -> Outcome:
        """Read the one line that the tool says when it fails."""
        if command.exit_code == 0:
            return OK
        lines = command.stderr.strip().splitlines() or [""]
        known = (f for said, f in WORDS.items() if said in command.stderr)
        return Outcome(OutcomeKind.REFUSED, next(known, Fault.UNKNOWN), lines[-1])

    def initialise(self) -> None:
        """Put the tool into the repository."""
        shutil.copy(Path(__file__).with_name("tool.py"), self.session.repository)
        (self.session.repository / STEPS).mkdir()

    def author(self, authoring: Authoring) -> None:
        """Let the tool make the file, and fill it in."""
        command = self.session.python(TOOL, "new", authoring.migration.name)
        self._fill(Path(command.stdout.strip()), authoring)
        if authoring.identity_of is not None:
            number = self._path(authoring.identity_of).name.split("_")[0]
            path = self._path(authoring.migration.name)
            target = path.with_name(f"{number}_{authoring.migration.name}.json")
            (self.session.repository / path).rename(self.session.repository / target)

    def edit(self, authoring: Authoring) -> None:
        """Write the file anew."""
        self._fill(self._path(authoring.migration.name), authoring)

    def delete(self, name: str) -> None:
        """Delete the file."""
        self.session.remove(self._path(name))

    def script(self, name: str) -> Path:
        """Return the file."""
        return self._path(name)

    def upgrade(self, database: Database, to: str | None) -> None:
        """Go up."""
        target = () if to is None else (str(self._number(to)),)
        self.session.python(TOOL, "up", _file(database), *target)

    def downgrade(self, database: Database, to: str | None) -> None:
        """Go down."""
        target = "0" if to is None else str(self._number(to))
        self.session.python(TOOL, "down", _file(database), target)

    def current(self, database: Database) -> tuple[str, ...]:
        """Ask for the number and look up its name."""
        said = self.session.python(TOOL, "at", _file(database)).stdout.strip()
        names = {self._number(name): name for name in self._on_disk()}
        return () if said == "0" else (names.get(int(said), said),)

    def names(self) -> tuple[str, ...]:
        """List the files."""
        listed = self.session.python(TOOL, "list").stdout.split()
        return tuple(stem.split("_", 1)[1] for stem in listed)

    def heads(self) -> tuple[str, ...]:
        """The last one."""
        return self.names()[-1:]

    def stamp(self, database: Database, to: str) -> None:
        """Write the number down."""
        self.session.python(TOOL, "stamp", _file(database), str(self._number(to)))

    def reposition(self, losing: Losing) -> None:
        """Give the losing files the next free numbers, the last one first."""
        own = [authoring.migration.name for authoring in losing.migrations]
        taken = [self._number(name) for name in self._on_disk() if name not in own]
        first = max(taken, default=0) + 1
        for number, name in reversed(list(enumerate(own, start=first))):
            path = self._path(name)
            self.session.move(path, path.with_name(f"{number:03}_{name}.json"))

    def meddling(self, newest: tuple[str, ...]) -> str:
        """Write the one number there is."""
        (name,) = newest
        return f"UPDATE miniature SET number = {self._number(name)};"

    def identity(self, name: str) -> str:
        """Return the number."""
        return str(self._number(name))

    def grow(self, revisions: int) -> None:
        """Write many files."""
        for number in range(1, revisions + 1):
            name = f"grown_{number:05}"
            up = [f"CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY)"]
            body = {"up": up, "down": [f"DROP TABLE {name}"]}
            path = self.session.repository / STEPS / f"{number:03}_{name}.json"
            path.write_text(json.dumps(body))

    def start(self) -> None:
        """List the files: the tool can do no less."""
        self.session.python(TOOL, "list")

    def upgrading(self, database: Database) -> Invocation:
        """Go up."""
        return Invocation(str(TOOL), ("up", _file(database)))

    def _fill(self, path: Path, authoring: Authoring) -> None:
        migration = authoring.migration
        body = {
            "up": [_sql(operation) for operation in migration.upgrade],
            "down": [_sql(operation) for operation in migration.downgrade or ()],
        }
        (self.session.repository / path).write_text(json.dumps(body, indent=1))

    def _on_disk(self) -> list[str]:
        folder = self.session.repository / STEPS
        return [path.stem.split("_", 1)[1] for path in sorted(folder.glob("*.json"))]

    def _path(self, name: str) -> Path:
        folder = self.session.repository / STEPS
        (path,) = folder.glob(f"[0-9]*_{name}.json")
        return path.relative_to(self.session.repository)

    def _number(self, name: str) -> int:
        return int(self._path(name).name.split("_")[0])


def _file(database: Database) -> str:
    return str(make_url(database.url).database)


def _sql(operation: Operation) -> str:
    match operation:
        case CreateTable(table=table):
            if table.uniques or table.indexes or table.foreign_keys or table.checks:
                raise Unsupported("miniature has no constraints")
            if table.autoincrement:
                raise Unsupported("miniature has no AUTOINCREMENT")
            columns = ", ".join(map(_column, table.columns))
            return f"CREATE TABLE {_name(table.name)} ({columns})"
        case DropTable(name=name):
            return f"DROP TABLE {_name(name)}"
        case AddColumn(table=table_name, column=column):
            return f"ALTER TABLE {_name(table_name)} ADD COLUMN {_column(column)}"
        case DropColumn(table=table_name, column=name):
            return f"ALTER TABLE {_name(table_name)} DROP COLUMN {_name(name)}"
        case RunStatement(statement=statement):
            return statement
        case _:
            message = f"miniature cannot {type(operation).__name__}"
            raise Unsupported(message)


def _column(column: Column) -> str:
    types = {
        Integer: "INTEGER",
        String: f"VARCHAR({getattr(column.type, 'length', 0)})",
    }
    if getattr(column.type, "collation", None) is not None:
        raise Unsupported("miniature has no collations")
    if type(column.type) not in types:
        message = f"miniature has no {type(column.type).__name__}"
        raise Unsupported(message)
    words = [_name(column.name), types[type(column.type)]]
    default = None if column.default is None else column.default.replace("'", "''")
    words += ["DEFAULT", f"'{default}'"] if default is not None else []
    words += [] if column.nullable else ["NOT NULL"]
    words += ["PRIMARY KEY"] if column.primary_key else []
    return " ".join(words)


def _name(name: str) -> str:
    return f'"{name}"'
