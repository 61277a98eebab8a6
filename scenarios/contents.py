"""Patches that compete with each other in what they do, not only for their place.

Both were written on the same ground and each is right alone. They land one after the
other, the second one mended as the tool wants it; then all databases are upgraded.
"""

from __future__ import annotations

from harness.model.operations import (
    AlterColumn,
    CreateIndex,
    DropColumn,
    DropTable,
    RenameColumn,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Index, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Downgrade,
    Edit,
    Expect,
    Guard,
    Land,
    ListHeads,
    Migration,
    Recipe,
    Redo,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, NAME, add_text_column

_CONTENTS = "two migrations that are right alone cannot both be done as they stand"
_RENAME = Migration("rename_name", (RenameColumn("users", "name", "full_name"),))
_INDEX = Migration(
    "index_name", (CreateIndex("users", Index("ix_users_name", ("name",))),)
)
_SHORT = Migration("short_name", (AlterColumn("users", NAME, type=String(99)),))
_LONG = Migration("long_name", (AlterColumn("users", NAME, type=String(200)),))
_EMAIL = add_text_column("email")
_EMAIL_TOO = Migration("add_email_too", _EMAIL.upgrade)
_DROP = Migration("drop_users", (DropTable("users"),))
_DROP_NAME = Migration("drop_name", (DropColumn("users", "name"),))


def _collision(
    name: str,
    question: str,
    why: str,
    first: Migration,
    second: Migration,
    *sources: str,
) -> Scenario:
    """Return a story in which the second patch cannot work after the first one."""
    steps: tuple[Step, ...] = (
        *GROUND,
        Branch(first.name),
        Author(first),
        Branch(second.name),
        Author(second),
        Land(first.name),
        Upgrade(),
        Expect(("create_users", first.name)),
        Redo(second.name),
        Guard(),
        Land(second.name),
        Checkout("main"),
        Watch(_CONTENTS),
        ListHeads(),
        Upgrade(),
        Expect(("create_users", first.name)),
        Current(),
    )
    return Scenario(
        name=name,
        family=Family.LINEARITY,
        question=question,
        why=why,
        steps=steps,
        sources=sources,
    )


RENAME_AND_INDEX = _collision(
    "rename_against_index",
    "One patch renames a column, the other indexes it: who notices, and is the "
    "database unharmed?",
    "Git sees two new files and no conflict.",
    _RENAME,
    _INDEX,
    "C12",
)
SAME_COLUMN = _collision(
    "the_same_column_twice",
    "Two patches add the same column: who notices?",
    "Two people need the same field.",
    _EMAIL,
    _EMAIL_TOO,
    "C14",
)
TABLE_GONE = _collision(
    "a_column_for_a_table_that_goes",
    "One patch drops the table to which the other adds a column: who notices?",
    "Cleaning up and building go on at the same time.",
    _DROP,
    _EMAIL,
    "C15",
)
COLUMN_GONE = _collision(
    "an_index_on_a_column_that_goes",
    "One patch drops the column that the other indexes: who notices?",
    "Cleaning up and building go on at the same time.",
    _DROP_NAME,
    _INDEX,
    "C12",
)
SAME_TYPE = Scenario(
    name="two_types_for_one_column",
    family=Family.CONFLICTS,
    question="Two patches give one column different types: do all databases end with "
    "the same one, wherever they started from?",
    why="The last one wins, and which one is last must not depend on the database.",
    steps=(
        *GROUND,
        Branch("short_name"),
        Author(_SHORT),
        Branch("long_name"),
        Author(_LONG),
        Upgrade("developer"),
        Land("short_name"),
        Upgrade(),
        Branch("gate"),
        Watch("two migrations were written for the same place in the history"),
        Land("long_name", into="gate"),
        Guard(),
        ListHeads(),
        Upgrade("gate"),
        Redo("long_name"),
        Edit(
            Migration(
                "long_name",
                (AlterColumn("users", Column("name", String(99)), type=String(200)),),
            )
        ),
        Guard(),
        Land("long_name"),
        Checkout("main"),
        Upgrade(),
        Expect(("create_users", "short_name", "long_name")),
        Upgrade("fresh"),
        Expect(("create_users", "short_name", "long_name"), "fresh"),
    ),
    sources=("C13",),
)


def _landed_together(*migrations: Migration) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = GROUND
    for migration in migrations:
        steps += (Branch(migration.name), Author(migration))
    steps += (Land(migrations[0].name), Branch("gate"))
    steps += (
        Watch("three migrations were written for the same place in the history"),
        *(Land(migration.name, into="gate") for migration in migrations),
        Guard(),
        ListHeads(),
        Upgrade("gate"),
    )
    return steps


THREE_AT_ONCE = Scenario(
    name="three_patches_meet_at_once",
    family=Family.CONFLICTS,
    question="Three patches meet in one merge: are all of them named?",
    why="A message that names two of three costs another round of repair.",
    steps=_landed_together(_EMAIL, add_text_column("phone"), add_text_column("street")),
    sources=("C03",),
)
BOTH_MERGE = Scenario(
    name="two_people_join_the_same_lines",
    family=Family.LINEARITY,
    question="Two people each join the same two lines by a merge revision: "
    "does that end?",
    why="Everybody who sees the error mends it.",
    steps=(
        *GROUND,
        Branch("add_email"),
        Author(_EMAIL),
        Branch("add_phone"),
        Author(add_text_column("phone")),
        Land("add_email"),
        Branch("again", at="add_phone"),
        Redo("add_phone", Recipe.RECONCILE),
        Redo("again", Recipe.RECONCILE),
        Land("add_phone"),
        Branch("gate"),
        Watch("the same two lines have been joined twice"),
        Land("again", into="gate"),
        Guard(),
        ListHeads(),
        Upgrade("gate"),
    ),
    sources=("C04",),
)
DOWN_PAST_A_MERGE = Scenario(
    name="go_back_past_a_merge_revision",
    family=Family.LINEARITY,
    question="Can a database go back past the place where two lines were joined?",
    why="A merge revision is easily made; somebody has to undo the release later.",
    steps=(
        *GROUND,
        Branch("add_email"),
        Author(_EMAIL),
        Branch("add_phone"),
        Author(add_text_column("phone")),
        Land("add_email"),
        Redo("add_phone", Recipe.RECONCILE),
        Land("add_phone"),
        Checkout("main"),
        Upgrade(),
        Watch("nothing is wrong: two lines were joined properly"),
        Downgrade(to="create_users"),
        Expect(("create_users",)),
        Upgrade(),
        Expect(("create_users", "add_email", "add_phone")),
    ),
    sources=("L16",),
)
