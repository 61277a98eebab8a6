"""What users of sqlalchemy-migrate do off the line, and what befalls them there."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from adapters.migrate.files import REPOSITORY, scripts_in
from adapters.migrate.history import CONFIGURATION
from adapters.migrate.providing import ProvidingHistory
from adapters.migrate.rendering import python_script
from harness.contract import Authoring, Database, Unsupported, renamed
from harness.model.departures import Naming

_TIMESTAMPS = ("use_timestamp_numbering=False", "use_timestamp_numbering=True")
_OWN_ID = ("repository_id=application", "repository_id=own")


class IrregularHistory(ProvidingHistory):
    """sqlalchemy-migrate as published, with every departure that numbers allow."""

    def branch_off(self, authoring: Authoring, after: str, *, insisting: bool) -> None:
        """Cannot be said: after every number comes one other."""
        self._no_place_for(f"a second script after {after}", "versioning/version.py")

    def rename(self, name: str, naming: Naming) -> None:
        """Rename the script."""
        version = self._version(name)
        script = self.script(name)
        new = renamed(script, f"{version.number:03d}", naming)
        self._gone[name] = version.number
        self.session.move(script, new)

    def reidentify(self, name: str) -> None:
        """Give the script the number after the newest."""
        version = self._version(name)
        self._copy_number(version, self._newest() + 1)

    def depend(self, name: str, on: str) -> None:
        """Cannot be said: a script names no other one."""
        self._no_place_for(f"{name} requiring {on}", "versioning/script/py.py")

    def number_by_time(self) -> None:
        """Set `use_timestamp_numbering` in migrate.cfg."""
        self._configure(*_TIMESTAMPS)

    def own_books(self) -> None:
        """Give the repository an id of its own in migrate.cfg."""
        self._configure(*_OWN_ID)

    def author_on_line(
        self, authoring: Authoring, line: str, needs: tuple[str, ...]
    ) -> None:
        """Write a script in a repository that is the line, made when it begins."""
        if needs:
            self._no_place_for(
                "what a script of another repository needs", "versioning/repository.py"
            )
        if not self._path(Path(line)).exists():
            self._begin_line(line)
        versions = self._path(Path(line) / "versions")
        before = set(scripts_in(versions))
        description = authoring.migration.name.replace("_", " ")
        self._migrate("script", description, line)
        (script,) = set(scripts_in(versions)) - before
        text = python_script(authoring.migration, authoring.before)
        (versions / script).write_text(text, encoding="utf-8")

    def upgrade_line(self, database: Database, line: str) -> None:
        """Upgrade by the repository that is the line, under whose control it is put."""
        if (database.name, line) not in self._controlled:
            self._migrate("version_control", database.url, line)
            self._controlled.add((database.name, line))
        self._migrate("upgrade", database.url, line)

    def identity(self, name: str) -> str:
        """Return the number with its leading zeros, as file names have it."""
        return f"{self._number(name):03d}"

    def upgrade_unprepared(self, database: Database) -> None:
        """Upgrade a database that nobody has put under control."""
        self._migrate("upgrade", database.url, str(REPOSITORY))

    def upgrade_as_new(self, database: Database) -> None:
        """Put the database under control, whoever did so before, and upgrade."""
        self._migrate("version_control", database.url, str(REPOSITORY))
        self._migrate("upgrade", database.url, str(REPOSITORY))

    def meddling(self, newest: tuple[str, ...]) -> str:
        """Return what makes the one row of migrate_version say so, or not be there."""
        if len(newest) > 1:
            self._no_place_for(
                "two rows for one repository, whose id is the key",
                "versioning/schema.py",
            )
        if not newest:
            return "DELETE FROM migrate_version;\n"
        return f"UPDATE migrate_version SET version = {self._target(newest[0])};\n"  # noqa: S608

    def upgrade_by_prefix(self, database: Database, to: str, characters: int) -> None:
        """Cannot be said: a number is a number, not the beginning of one."""
        self._no_place_for("a part of a version number", "versioning/version.py")

    def _begin_line(self, line: str) -> None:
        self._migrate("create", line, line)

    def _configure(self, old: str, new: str) -> None:
        path = self._path(CONFIGURATION)
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            message = f"the generated {path.name} does not have {old} once"
            raise LookupError(message)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _no_place_for(self, what: str, source: str) -> NoReturn:
        message = f"a line of version numbers has no place for {what}"
        raise Unsupported(message, f"sqlalchemy-migrate: {source}")


def in_manifest(file: Path, naming: Naming) -> Path:
    """Return what a script is called whose name holds no number, by a naming."""
    if naming in {Naming.BARE, Naming.SHORT}:
        reason = "with a manifest no number is in the name of a script"
        raise Unsupported(reason)
    return renamed(file, "", naming)
