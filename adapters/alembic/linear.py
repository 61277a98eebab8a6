"""alembic under a linear policy: a HEAD file, and a check that reads it."""

from __future__ import annotations

from pathlib import Path

from adapters.alembic.era import HOOKS
from adapters.alembic.history import MIGRATIONS
from adapters.alembic.irregular import IrregularHistory
from adapters.alembic.revisions import VERSIONS, Revision
from harness.contract import Authoring, Losing, Unsupported

HEAD = VERSIONS / "HEAD"
SCRIPT = MIGRATIONS / "head_file.py"
INI = Path("alembic.ini")
_HOOK = f"""\
[post_write_hooks]
hooks = head_file
head_file.type = exec
head_file.executable = python
head_file.options = -I -S {SCRIPT} write REVISION_SCRIPT_FILENAME
"""


class LinearHistory(IrregularHistory):
    """The stock history, with HEAD kept by a hook of `alembic revision`."""

    def initialise(self) -> None:
        """Set up the history, the hook, and the script that writes and checks HEAD."""
        super().initialise()
        if self._era.has(HOOKS):
            self._hook()
        script = Path(__file__).parent / "policy" / "head_file.py"
        self._write(SCRIPT, script.read_text())

    def _new_revision(self, authoring: Authoring, *argv: str) -> Revision:
        """Write a revision, and HEAD by hand where the tool has no hooks for it.

        Neutron's own command did both in one, for alembic had no hooks then.
        """
        revision = super()._new_revision(authoring, *argv)
        if not self._era.has(HOOKS):
            self.session.python(SCRIPT, "write", str(revision.path))
        return revision

    def reposition(self, losing: Losing) -> None:
        """Edit the parent of the first losing revision, and write HEAD again."""
        super().reposition(losing)
        self._write_head()

    def insert_below(self, authoring: Authoring, below: str) -> None:
        """Put a revision below another one, which stays the head."""
        super().insert_below(authoring, below)
        self._write_head()

    def write_by_hand(self, authoring: Authoring) -> tuple[str, ...]:
        """Take the parent from HEAD, and write HEAD: the listing tells neither."""
        super().write_by_hand(authoring)
        own = self._named(authoring.migration.name)
        self._write(HEAD, f"{own.id}\n")
        return ("the id of the newest revision: in HEAD",)

    def author_on_line(
        self, authoring: Authoring, line: str, needs: tuple[str, ...]
    ) -> None:
        """Cannot be told: the policy is that there is one line."""
        reason = "the policy is one line; Neutron gave its HEAD file up to have two"
        raise Unsupported(
            reason, "openstack/neutron: HEADS in versions/, since Liberty"
        )

    def guard(self) -> None:
        """Run the check, as a gate would."""
        self.session.python(SCRIPT, "check")

    def guard_files(self) -> tuple[Path, ...]:
        """Return the HEAD file."""
        return (HEAD,)

    def _write_head(self) -> None:
        self.session.python(SCRIPT, "write")

    def _hook(self) -> None:
        text = self._read(INI)
        if text.count("[post_write_hooks]\n") != 1:
            message = f"the generated {INI} does not have [post_write_hooks] once"
            raise LookupError(message)
        self._write(INI, text.replace("[post_write_hooks]\n", _HOOK))
