"""Patches that compete in what they do, joined by a merge revision.

Nothing says which of the two is first: a database that holds one of them gets the other
one second. A database that holds neither is left out, because the order in which it gets
them depends on chance, such as the revision ids.
"""

from __future__ import annotations

from harness.model.operations import (
    AlterColumn,
    CreateIndex,
    DropTable,
    RenameColumn,
)
from harness.model.scenario import Scenario
from harness.model.schema import Index, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Expect,
    Land,
    Migration,
    Recipe,
    Redo,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, NAME, add_text_column, fault

_RENAME = Migration("rename_name", (RenameColumn("users", "name", "full_name"),))
_INDEX = Migration(
    "index_name", (CreateIndex("users", Index("ix_users_name", ("name",))),)
)
_SHORT = Migration("short_name", (AlterColumn("users", NAME, type=String(99)),))
_LONG = Migration("long_name", (AlterColumn("users", NAME, type=String(200)),))
_EMAIL = add_text_column("email")
_EMAIL_TOO = Migration("add_email_too", _EMAIL.upgrade)
_DROP = Migration("drop_users", (DropTable("users"),))


def _joined(
    name: str,
    question: str,
    why: str,
    patches: tuple[Migration, Migration],
    app: tuple[str, ...],
    developer: tuple[str, ...],
    *sources: str,
) -> Scenario:
    """Return a story of two databases that come to the join from different places.

    `app` holds the patch that landed first, `developer` the other. Both are expected as
    after the migrations that are given for them.
    """
    first, second = patches
    return fault(
        name,
        question,
        why,
        (
            *GROUND,
            Branch(first.name),
            Author(first),
            Branch(second.name),
            Author(second),
            Upgrade("developer"),
            Land(first.name),
            Upgrade(),
            Redo(second.name, Recipe.RECONCILE),
            Land(second.name),
            Checkout("main"),
            Watch(f"{_JOINED}: app holds {first.name}", tolerable=True),
            Upgrade(),
            Expect(("create_users", *app)),
            Watch(f"{_JOINED}: developer holds {second.name}", tolerable=True),
            Upgrade("developer"),
            Expect(("create_users", *developer), "developer"),
        ),
        *sources,
    )


_JOINED = "two migrations that depend on their order were joined without one"

TYPES = _joined(
    "two_types_for_one_column_joined",
    "Two patches give one column different types and are joined by a merge revision: do "
    "both databases end with the same type, though they started from different places?",
    "Joining is the quickest way past the complaint, and both patches are right alone.",
    (_SHORT, _LONG),
    (_LONG.name,),
    (_LONG.name,),
    "C13",
)
RENAME_AND_INDEX = _joined(
    "rename_against_index_joined",
    "One patch renames the column that the other indexes, and they are joined by a merge "
    "revision: which databases can be upgraded?",
    "In one order it works, in the other it cannot.",
    (_RENAME, _INDEX),
    (_INDEX.name, _RENAME.name),
    (_INDEX.name, _RENAME.name),
    "C12",
)
SAME_COLUMN = _joined(
    "the_same_column_twice_joined",
    "Two patches add the same column and are joined by a merge revision: can any database "
    "be upgraded?",
    "A merge revision looks as if it had mended something.",
    (_EMAIL, _EMAIL_TOO),
    (_EMAIL.name,),
    (_EMAIL_TOO.name,),
    "C14",
)
TABLE_GONE = _joined(
    "a_column_for_a_table_that_goes_joined",
    "One patch adds a column to the table that the other drops, and they are joined by a "
    "merge revision: which databases can be upgraded?",
    "In one order it works, in the other it cannot.",
    (_EMAIL, _DROP),
    (_EMAIL.name, _DROP.name),
    (_DROP.name,),
    "C15",
)
