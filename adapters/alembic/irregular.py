"""What users of alembic do off the line, and what befalls them there."""

from __future__ import annotations

from adapters.alembic import revisions
from adapters.alembic.era import LINES_THAT_MEET
from adapters.alembic.history import message
from adapters.alembic.providing import ProvidingHistory
from harness.contract import Authoring, Database, Unsupported, renamed
from harness.model.steps import Naming


class IrregularHistory(ProvidingHistory):
    """alembic as published, with every departure from the line that it knows."""

    def branch_off(self, authoring: Authoring, after: str, *, insisting: bool) -> None:
        """Run `alembic revision --head`, with `--splice` if it is meant."""
        self._era.require("--head and --splice", LINES_THAT_MEET)
        options = ("--head", self._named(after).id, "-m", message(authoring))
        splice = ("--splice",) if insisting else ()
        self._new_revision(authoring, "revision", *options, *splice)

    def rename(self, name: str, naming: Naming) -> None:
        """Rename the file; the revision in it stays."""
        revision = self._named(name)
        self.session.move(revision.path, renamed(revision.path, revision.id, naming))

    def reidentify(self, name: str) -> None:
        """Write another revision id into the file, as if it had been written anew."""
        revision = self._named(name)
        text = revisions.with_id(self._read(revision.path), f"{revision.id[::-1]}0")
        self._write(revision.path, text)

    def depend(self, name: str, on: str) -> None:
        """Write `depends_on` into the file."""
        self._era.require("depends_on", LINES_THAT_MEET)
        revision = self._named(name)
        text = revisions.with_dependency(self._read(revision.path), self._id(on))
        self._write(revision.path, text)

    def number_by_time(self) -> None:
        """Cannot be said: revision ids are random, and their order means nothing."""
        reason = "revision ids are random, and nothing is read into their order"
        raise Unsupported(reason, "alembic.readthedocs.io: Create a Migration Script")

    def meddling(self, newest: tuple[str, ...]) -> str:
        """Return the rows of alembic_version: one for every newest revision."""
        rows = (
            f"INSERT INTO alembic_version (version_num) VALUES ('{self._id(name)}');\n"  # noqa: S608
            for name in newest
        )
        return "DELETE FROM alembic_version;\n" + "".join(rows)  # noqa: S608

    def upgrade_by_prefix(self, database: Database, to: str, characters: int) -> None:
        """Run `alembic upgrade` with the first characters of the id."""
        self._on(database, "upgrade", self._id(to)[:characters])
