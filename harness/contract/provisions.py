"""What the work depends on: options, files written by hand, proposals of the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NoReturn

from harness.contract.session import Session, Unsupported

if TYPE_CHECKING:
    from harness.contract.history import Authoring, Database


class Provisions:
    """Each is `Unsupported` until an adapter has it."""

    session: Session

    tool_configuration: ClassVar[tuple[str, ...]] = ()
    """Paths in the repository of the tool's own configuration."""

    def connect_always(self, database: Database, unreachable: Database) -> None:
        """Have the tool load its environment even where it does not need a database.

        Commands are given `unreachable` where a step has to do without the database.
        """
        self._lacking("an environment that is loaded for every command")

    def write_by_hand(self, authoring: Authoring) -> tuple[str, ...]:
        """Write a migration without running anything; return what was looked up."""
        self._lacking("a migration written by hand")

    def propose(self, name: str, database: Database) -> tuple[str, ...]:
        """Have the tool write a migration from models and a database.

        Return its operations, such as `drop table users`.
        """
        self._lacking("a migration proposed from models and a database")

    def _lacking(self, what: str) -> NoReturn:
        message = f"{self.session.candidate.name} has no way to express: {what}"
        raise Unsupported(message)
