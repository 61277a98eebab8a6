"""What a release of alembic can do: told by its version, never by a toolchain's name."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from harness.contract import Unsupported

LINES_THAT_MEET = "0.7.0"
"""Several heads and bases: `heads`, `merge`, `--splice`, `--rev-id`, labels, batches.

Its changelog names heads, bases, `heads`, `merge` and batches, and speaks of "several new
options" of `revision`: --head, --splice, --rev-id and --branch-label are in the parser of
0.7.0 and not of 0.6.7. `depends_on` in a file is read from 0.7.0 on as well.
"""
DEPENDS_ON = "0.8.0"
"""`revision --depends-on`, by its changelog: before it, the file was edited."""
COMMENTS = "1.0.6"
"""`op.create_table_comment`, and `comment` of `op.alter_column`; not in 1.0.5."""
HOOKS = "1.12.0"
"""Post-write hooks of the type `exec`, by its changelog.

Hooks as such came with 1.2.0, for entry points of installed packages only: a script of the
repository could not be one.
"""
APPLICATION_ON_PATH = "1.5.5"
"""`prepend_sys_path`, by its changelog; before, PYTHONPATH had to name the application."""
CHECK = "1.9.0"
"""`alembic check`, by its changelog; 1.8.1 does not know the command."""


class Era(msgspec.Struct, frozen=True):
    """The release of alembic that a cell runs on."""

    release: tuple[int, ...]

    @classmethod
    def of(cls, versions: Mapping[str, str]) -> Era:
        """Return the era of what is installed."""
        return cls(_numbers(versions["alembic"]))

    def has(self, since: str) -> bool:
        """Tell whether the release is the one that brought something, or newer."""
        return self.release >= _numbers(since)

    def require(self, what: str, since: str) -> None:
        """Raise `Unsupported` if the release does not have something yet."""
        if not self.has(since):
            own = ".".join(map(str, self.release))
            reason = f"alembic {own} has no {what}, which came with {since}"
            raise Unsupported(reason, f"alembic's changelog, {since}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
