"""What only crooked stories ask of a history; a tool may have no way to express it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from harness.contract.session import Session, Unsupported
from harness.model.departures import Naming

if TYPE_CHECKING:
    from harness.contract.history import Authoring, Database


class Irregular:
    """Departures from the clean line: each is `Unsupported` until an adapter has it.

    A migration's name may be that of one which is gone from the tree: then its former
    identity is meant. `NOWHERE` stands for an identity that nothing has.
    """

    session: Session

    def branch_off(self, authoring: Authoring, after: str, *, insisting: bool) -> None:
        """Write a migration that follows one which others follow already."""
        self._unsupported("a migration that branches off")

    def rename(self, name: str, naming: Naming) -> None:
        """Call the file of a migration's script something else."""
        self._unsupported("another name for a script")

    def reidentify(self, name: str) -> None:
        """Give a migration an identity that nothing has."""
        self._unsupported("another identity for a migration")

    def depend(self, name: str, on: str) -> None:
        """Have a migration require another one that it does not follow."""
        self._unsupported("a dependency apart from the order")

    def number_by_time(self) -> None:
        """Have the numbers of new migrations be timestamps."""
        self._unsupported("numbers that are timestamps")

    def meddling(self, newest: tuple[str, ...]) -> str:
        """Return the SQL by which an operator makes these the newest applied."""
        self._unsupported("writing into the bookkeeping by hand")

    def upgrade_by_prefix(self, database: Database, to: str, characters: int) -> None:
        """Upgrade to a migration named by the first characters of its identity."""
        self._unsupported("a target named by a part of its identity")

    def author_on_line(
        self, authoring: Authoring, line: str, needs: tuple[str, ...]
    ) -> None:
        """Write a migration on one of several lines, `needs` being on others."""
        self._unsupported("several lines beside each other")

    def upgrade_line(self, database: Database, line: str) -> None:
        """Upgrade as far as one line goes."""
        self._unsupported("an upgrade of one line")

    def own_books(self) -> None:
        """Keep the books of this history apart from those of others."""
        self._unsupported("bookkeeping of one's own")

    def identity(self, name: str) -> str:
        """Return a migration's identity as people write it into a test's name."""
        self._unsupported("identities that people use")

    def _unsupported(self, what: str, reference: str = "") -> NoReturn:
        message = f"{self.session.candidate.name} has no way to express: {what}"
        raise Unsupported(message, reference)


def renamed(file: Path, identity: str, naming: Naming) -> Path:
    """Return what a script's file is called by a naming.

    Its name holds `identity` and a description, or only a description.
    """
    rest = file.stem.removeprefix(identity).lstrip("_")
    stems = {
        Naming.ANOTHER: f"{file.stem}_address",
        Naming.BARE: rest,
        Naming.LETTERS: f"rev{file.stem}",
        Naming.SHORT: f"{identity[-2:]}_{rest}",
        Naming.UPPER: file.stem.upper(),
        Naming.SPACES: file.stem.replace("_", " "),
    }
    ending = file.suffix.upper() if naming is Naming.UPPER else file.suffix
    return file.with_name(f"{stems[naming]}{ending}")
