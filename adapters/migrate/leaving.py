"""How scripts of sqlalchemy-migrate are run from a repository of another tool."""

from __future__ import annotations

from harness.model.replay import Direction

_CALL = """\
from migrate.versioning.repository import Repository

version = Repository(original).versions.version({number})
version.script(engine.name, "{operation}").run(engine, {step})
"""


class MigrateLeaving:
    """A script is found and run by the tool itself, as `runchange` does it."""

    def call(self, step: str, direction: Direction) -> str:
        """Return Python that runs the script of a version, past the version table."""
        up = direction is Direction.UP
        return _CALL.format(
            number=int(step),
            operation="upgrade" if up else "downgrade",
            step=1 if up else -1,
        )
