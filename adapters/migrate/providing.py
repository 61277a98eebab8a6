"""What a user of sqlalchemy-migrate does without the tool."""

from __future__ import annotations

from adapters.migrate.files import REPOSITORY
from adapters.migrate.history import NumberedHistory
from adapters.migrate.rendering import python_script
from harness.contract import Authoring, Database, Unsupported


class ProvidingHistory(NumberedHistory):
    """The stock history, with what is done beside its commands."""

    tool_configuration = (str(REPOSITORY / "migrate.cfg"),)

    def connect_always(self, database: Database, unreachable: Database) -> None:
        """Cannot be said: there is no environment to load."""
        reason = (
            "sqlalchemy-migrate has no environment script: commands that are not given "
            "a URL never connect"
        )
        raise Unsupported(reason, "sqlalchemy-migrate: versioning/api.py")

    def write_by_hand(self, authoring: Authoring) -> tuple[str, ...]:
        """Write a script under the next number; the listing tells it."""
        number, name = self._newest() + 1, authoring.migration.name
        script = python_script(authoring.migration, authoring.before)
        self._write(f"{number:03d}_{name}.py", script)
        return ("the next number: in the listing of the directory",)

    def propose(self, name: str, database: Database) -> tuple[str, ...]:
        """Cannot be asked for: its generator compares two sets of models."""
        reason = (
            "sqlalchemy-migrate writes no migration from models and a database: "
            "make_update_script_for_model compares two sets of models"
        )
        raise Unsupported(reason, "sqlalchemy-migrate: versioning/api.py")
