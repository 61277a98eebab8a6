"""What a user of alembic does about options, without the tool, and with autogenerate."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from adapters.alembic import revisions
from adapters.alembic.history import AlembicHistory
from adapters.alembic.revisions import VERSIONS
from harness.contract import Authoring, Database

_INI = Path("alembic.ini")
_OPTION = "# revision_environment = false"
_BY_HAND = '''"""{message}

Revision ID: {id}
Revises: {parent}

"""
from alembic import op
import sqlalchemy as sa


revision = '{id}'
down_revision = {parent_literal}


def upgrade():
    pass


def downgrade():
    pass
'''
_OPERATION = re.compile(
    r"^    (?:with )?(?:op|batch_op)\.(?P<verb>[a-z_]+)\((?P<rest>[^\n]*)", re.MULTILINE
)
_NAME = re.compile(r"""['"]([^'"]+)['"]""")


class ProvidingHistory(AlembicHistory):
    """The stock history, with what is done beside its commands."""

    def connect_always(self, database: Database, unreachable: Database) -> None:
        """Set `revision_environment = true`."""
        text = self._read(_INI)
        if text.count(_OPTION) != 1:
            message = f"the generated {_INI} does not have {_OPTION!r} once"
            raise LookupError(message)
        self._write(_INI, text.replace(_OPTION, "revision_environment = true"))
        self._always = (database, unreachable)

    def write_by_hand(self, authoring: Authoring) -> tuple[str, ...]:
        """Write a file with an id of one's own; the parent has to be looked up."""
        standing = self._all()
        ends = revisions.ends(standing)
        if len(ends) > 1:
            message = f"there are {len(ends)} ends to choose the parent from"
            raise LookupError(message)
        parent = ends[0].id if ends else None
        name = authoring.migration.name
        own = hashlib.sha256(name.encode()).hexdigest()[:12]
        path = VERSIONS / f"{own}_{name}.py"
        self._write(
            path,
            _BY_HAND.format(
                message=name.replace("_", " "),
                id=own,
                parent=parent or "",
                parent_literal=repr(parent),
            ),
        )
        self._fill(path, authoring)
        return ("the id of the revision that no other one follows: in all files",)

    def propose(self, name: str, database: Database) -> tuple[str, ...]:
        """Run `alembic revision --autogenerate`, and read what it wrote."""
        before = {revision.path for revision in self._all()}
        message = name.replace("_", " ")
        self._on(database, "revision", "--autogenerate", "-m", message)
        (new,) = (r for r in self._all() if r.path not in before)
        text = self._read(new.path)
        upgrade = text[text.index("def upgrade(") : text.index("def downgrade(")]
        return tuple(
            _in_words(m["verb"], m["rest"]) for m in _OPERATION.finditer(upgrade)
        )


def _in_words(verb: str, rest: str) -> str:
    """Return an operation such as `drop table users`."""
    named = _NAME.search(rest)
    return " ".join((verb.replace("_", " "), named[1] if named else "")).strip()
