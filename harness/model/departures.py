"""Steps that depart from the clean line of one history, on purpose or by mishap."""

from __future__ import annotations

from enum import StrEnum

from harness.model.step import Migration, StepBase


class PlaceOfTest(StrEnum):
    """Where the test of a migration stands, which names the migration's identity."""

    APART = "a file of its own"
    SHARED = "at the end of the file that holds all of them"


class Naming(StrEnum):
    """What the file of a migration's script is called instead of what it should be.

    A name usually has an identity (number, revision id) and a description in it.
    """

    ANOTHER = "another description, the identity kept"
    BARE = "the description alone"
    LETTERS = "letters before the identity"
    SHORT = "two characters where the identity was"
    UPPER = "capital letters, the ending too"
    SPACES = "spaces for underscores"


NOWHERE = "nowhere"
"""A migration's name in a step that stands for an identity which nothing has."""
EVERY_END = "every end"
"""The target of an upgrade that is to reach the newest migration of every line."""


class BranchOff(StepBase, frozen=True, tag="branch_off"):
    """Write a migration that follows one which others follow already, and commit.

    `insisting`, the author confirms that this is meant.
    """

    migration: Migration
    after: str
    insisting: bool = False


class Rename(StepBase, frozen=True, tag="rename"):
    """Call the file of a migration's script something else, and commit."""

    migration: str
    naming: Naming


class Reidentify(StepBase, frozen=True, tag="reidentify"):
    """Give a migration another identity, one that nothing has, and commit."""

    migration: str


class Depend(StepBase, frozen=True, tag="depend"):
    """Have a migration require another one that it does not follow, and commit."""

    migration: str
    on: str


class NumberByTime(StepBase, frozen=True, tag="number_by_time"):
    """Have the numbers of new migrations be timestamps, and commit."""


class Meddle(StepBase, frozen=True, tag="meddle"):
    """Write into the tool's bookkeeping by hand: these are the newest applied."""

    newest: tuple[str, ...]
    database: str = "app"


class UpgradeByPrefix(StepBase, frozen=True, tag="upgrade_by_prefix"):
    """Upgrade a database to a migration named by the beginning of its identity."""

    to: str
    characters: int
    database: str = "app"


class Backport(StepBase, frozen=True, tag="backport"):
    """Cherry-pick the commit that added a migration onto a branch.

    Where git finds a conflict, the incoming side is taken unread. `fitted`, the branch's
    own side is kept instead, and the migration is put behind the branch's last one.
    """

    migration: str
    onto: str
    fitted: bool = False


class UpgradeTogether(StepBase, frozen=True, tag="upgrade_together"):
    """Have several processes upgrade a database as far as the history goes, at once."""

    database: str = "app"
    processes: int = 2


class AuthorOnLine(StepBase, frozen=True, tag="author_on_line"):
    """Write a migration on one of several lines that are meant, and commit.

    Lines begin behind what is there when the first of them is spoken of. `needs` names
    migrations of other lines that have to be applied before.
    """

    migration: Migration
    line: str
    needs: tuple[str, ...] = ()


class UpgradeLine(StepBase, frozen=True, tag="upgrade_line"):
    """Upgrade a database as far as one line goes."""

    line: str
    database: str = "app"


class OwnBooks(StepBase, frozen=True, tag="own_books"):
    """Give the history bookkeeping apart from that of other histories, and commit."""


class SwitchOn(StepBase, frozen=True, tag="switch_on"):
    """Switch a plugin on in the deployment that a database belongs to."""

    plugin: str
    database: str


Departure = (
    BranchOff
    | Rename
    | Reidentify
    | Depend
    | NumberByTime
    | Meddle
    | UpgradeByPrefix
    | Backport
    | UpgradeTogether
    | AuthorOnLine
    | UpgradeLine
    | OwnBooks
    | SwitchOn
)
