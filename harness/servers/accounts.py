"""Whose rights a server runs with: servers refuse to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path

import msgspec

from harness.servers.kind import ServerError


class Account(msgspec.Struct, frozen=True):
    """Somebody who is not root, by numbers."""

    name: str
    user: int
    group: int

    @property
    def options(self) -> dict[str, object]:
        """The arguments of `subprocess` that take on the account."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def unprivileged(names: tuple[str, ...]) -> Account | None:
    """Return the first account that exists; None if we are not root anyway."""
    if os.geteuid() != 0:
        return None
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    message = (
        "the server does not run as root, and there is no account "
        f"{' or '.join(names)} to run it as: make one, or do not run this as root"
    )
    raise ServerError(message)


def hand_over(directory: Path, account: Account) -> None:
    """Give a directory to an account, and let it come there.

    The directory around it is ours; nobody may list it, but whoever knows a name in
    it may pass. `ServerError` if something further up is closed.
    """
    os.chown(directory, account.user, account.group)
    around = directory.parent
    around.chmod(around.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    if not is_open(around):
        message = (
            f"{account.name} cannot reach {around}, where the server would run: "
            "set TMPDIR to a directory that everybody can reach"
        )
        raise ServerError(message)


def is_open(directory: Path) -> bool:
    """Tell whether everybody can pass a directory and all that are above it."""
    above = (directory, *directory.parents)
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in above)
