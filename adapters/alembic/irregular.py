"""What users of alembic do off the line, and what befalls them there."""

from __future__ import annotations

from adapters.alembic import revisions
from adapters.alembic.era import DEPENDS_ON, LINES_THAT_MEET
from adapters.alembic.history import ENV, OWN_TABLE, message
from adapters.alembic.providing import ProvidingHistory
from adapters.alembic.revisions import Revision
from harness.contract import Authoring, Database, Unsupported, renamed
from harness.model.departures import Naming

_METADATA = "target_metadata=target_metadata"


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
        self._require(self._named(name), (self._id(on),))

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

    def author_on_line(
        self, authoring: Authoring, line: str, needs: tuple[str, ...]
    ) -> None:
        """Run `alembic revision`, at the line's end or to begin it with a label."""
        self._era.require("labelled branches", LINES_THAT_MEET)
        labels = {label for revision in self._all() for label in revision.labels}
        place: tuple[str, ...] = ("--head", f"{line}@head")
        if line not in labels:
            splice = ("--splice",) if labels else ()
            place = ("--head", self._fork(), *splice, "--branch-label", line)
        required = tuple(map(self._id, needs))
        argv = ("revision", "-m", message(authoring), *place)
        if self._era.has(DEPENDS_ON):
            options = (part for one in required for part in ("--depends-on", one))
            self._new_revision(authoring, *argv, *options)
        else:
            self._require(self._new_revision(authoring, *argv), required)

    def upgrade_line(self, database: Database, line: str) -> None:
        """Run `alembic upgrade LABEL@head`."""
        self._on(database, "upgrade", f"{line}@head")

    def own_books(self) -> None:
        """Name a version table in env.py."""
        text = self._read(ENV)
        if _METADATA not in text:
            message = f"the generated {ENV} does not have {_METADATA!r}"
            raise LookupError(message)
        named = f'{_METADATA}, version_table="{OWN_TABLE}"'
        self._write(ENV, text.replace(_METADATA, named))

    def identity(self, name: str) -> str:
        """Return the revision id."""
        return self._id(name)

    def _require(self, revision: Revision, ids: tuple[str, ...]) -> None:
        if ids:
            text = revisions.with_dependencies(self._read(revision.path), ids)
            self._write(revision.path, text)

    def _fork(self) -> str:
        """Return the id of the revision behind which the lines begin."""
        everything = self._all()
        begun = (r.parents for r in everything if r.labels)
        (end,) = next(begun, None) or (revisions.ends(everything)[0].id,)
        return end
