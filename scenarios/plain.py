"""Changes written with the plain call, and without what a careful author does around it.

Each has a story elsewhere in which the author knows the database and the tool, and takes
the way around. Here the author types what the documentation names first.
"""

from __future__ import annotations

from harness.model.operations import (
    AddCheck,
    AddUnique,
    AlterColumn,
    CreateIndex,
    DropCheck,
    DropColumn,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Check, Index, String, Unique
from harness.model.steps import Author, Current, Expect, Migration, Upgrade
from scenarios.world import GROUND, NAME

_WHY = (
    "Not everybody knows the way around; a call that cannot work should be refused, and "
    "leave the database as it was."
)
_CHECK = Check("ck_users_name", "name <> 'root'")
_BASE = ("create_users", "prepare")


def _plain(
    name: str,
    question: str,
    prepared: tuple[Operation, ...],
    operation: Operation,
    *sources: str,
) -> Scenario:
    """Return a story of one call in a migration that does nothing else."""
    return Scenario(
        name=f"{name}_by_the_plain_call",
        family=Family.CHANGES,
        question=question,
        why=_WHY,
        steps=(
            *GROUND,
            Author(Migration("prepare", prepared, ())),
            Upgrade(),
            Expect(_BASE),
            Author(Migration(name, (operation,), (), plain=True)),
            Upgrade(),
            Expect((*_BASE, name)),
            Current(),
        ),
        sources=sources,
    )


INDEXED = _plain(
    "drop_an_indexed_column",
    "A column is dropped without a word on the index that stands on it: does it go, and "
    "the index with it?",
    (CreateIndex("users", Index("ix_users_name", ("name",))),),
    DropColumn("users", "name"),
    "S06",
)
CHECKED = _plain(
    "drop_a_column_used_in_a_check",
    "A column is dropped without a word on the CHECK that speaks of it: is that refused "
    "cleanly?",
    (AddCheck("users", _CHECK),),
    DropColumn("users", "name"),
    "S07",
)
ADD_CHECK = _plain(
    "add_a_check_constraint",
    "Does the call that adds a CHECK work by itself?",
    (),
    AddCheck("users", _CHECK),
    "S15",
)
DROP_CHECK = _plain(
    "drop_a_check_constraint",
    "Does the call that drops a CHECK work by itself?",
    (AddCheck("users", _CHECK),),
    DropCheck("users", _CHECK),
    "S15",
)
WIDEN = _plain(
    "widen_a_type",
    "Does the call that changes a column's type work by itself?",
    (),
    AlterColumn("users", NAME, type=String(200)),
    "S09",
)
UNIQUE = _plain(
    "add_a_unique_constraint",
    "Does the call that adds a unique constraint work by itself?",
    (),
    AddUnique("users", Unique("uq_users_name", ("name",))),
    "S14",
)
