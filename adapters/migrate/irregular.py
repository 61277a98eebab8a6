"""What users of sqlalchemy-migrate do off the line, and what befalls them there."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from adapters.migrate.files import REPOSITORY
from adapters.migrate.providing import ProvidingHistory
from harness.contract import Authoring, Database, Unsupported, renamed
from harness.model.steps import Naming

_CONFIGURATION = REPOSITORY / "migrate.cfg"
_TIMESTAMPS = ("use_timestamp_numbering=False", "use_timestamp_numbering=True")


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
        path = self._path(_CONFIGURATION)
        text = path.read_text(encoding="utf-8")
        if text.count(_TIMESTAMPS[0]) != 1:
            message = f"the generated {path.name} does not have {_TIMESTAMPS[0]} once"
            raise LookupError(message)
        path.write_text(text.replace(*_TIMESTAMPS), encoding="utf-8")

    def upgrade_unprepared(self, database: Database) -> None:
        """Upgrade a database that nobody has put under control."""
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

    def _no_place_for(self, what: str, source: str) -> NoReturn:
        message = f"a line of version numbers has no place for {what}"
        raise Unsupported(message, f"sqlalchemy-migrate: {source}")


def in_manifest(file: Path, naming: Naming) -> Path:
    """Return what a script is called whose name holds no number, by a naming."""
    if naming in {Naming.BARE, Naming.SHORT}:
        reason = "with a manifest no number is in the name of a script"
        raise Unsupported(reason)
    return renamed(file, "", naming)
