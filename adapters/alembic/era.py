"""What a release of alembic can do: told by its version, never by a toolchain's name."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from harness.contract import Unsupported

LINES_THAT_MEET = "0.7.0"
"""Several heads and bases: `heads`, `merge`, `--splice`, `--rev-id`, labels, batches."""
HOOKS = "1.2.0"
"""Post-write hooks of `alembic revision`."""
APPLICATION_ON_PATH = "1.5.5"
"""`prepend_sys_path`: before it, the application was put on PYTHONPATH by hand."""
CHECK = "1.9.0"
"""`alembic check`."""


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
