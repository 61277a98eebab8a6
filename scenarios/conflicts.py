"""Patches compete for the next place in the history.

Each story tries the merge on a `gate` branch first, as a merge queue does, so that
`main` stays as it was when the trouble is looked at. Then the losing branch is mended
by a recipe and lands.
"""

from __future__ import annotations

from harness.model.operations import AddColumn, CreateIndex
from harness.model.scenario import ALL_BACKENDS, Family, Scenario
from harness.model.schema import Column, Index, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Expect,
    Guard,
    Land,
    ListHeads,
    ListHistory,
    Migration,
    Recipe,
    Redo,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, add_text_column

_EMAIL = add_text_column("email")
_PHONE = add_text_column("phone")
_RACE = "two migrations were written for the same place in the history"


def _patch(
    migration: Migration, sql_for: tuple[str, ...] = (), *, sql_only: bool = False
) -> tuple[Step, ...]:
    author = Author(migration, sql_for=sql_for, sql_only=sql_only)
    return (Branch(migration.name), author)


def _gate(
    branch: str, expected: tuple[str, ...], fault: str = _RACE
) -> tuple[Step, ...]:
    """Merge a branch on trial, and look who notices what."""
    database = f"gate_{branch}"
    return (
        Branch(f"gate_{branch}"),
        Watch(fault),
        Land(branch, into=f"gate_{branch}"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade(database),
        Expect(expected, database),
    )


def _mend_and_land(branch: str, recipe: Recipe = Recipe.REPOSITION) -> tuple[Step, ...]:
    return (Redo(branch, recipe), Guard(), Land(branch))


def _converge(after: tuple[str, ...], *databases: str) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = (Checkout("main"),)
    for database in databases:
        steps += (Upgrade(database), Expect(after, database), Current(database))
    return steps


def _race(
    winner: Migration,
    loser: Migration,
    recipe: Recipe = Recipe.REPOSITION,
    sql_for: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    after = ("create_users", winner.name, loser.name)
    return (
        *GROUND,
        *_patch(winner),
        *_patch(loser, sql_for),
        Land(winner.name),
        Upgrade(),
        Expect(after[:2]),
        *_gate(loser.name, after),
        *_mend_and_land(loser.name, recipe),
        *_converge(after, "app", "fresh"),
    )


def _conflict(
    name: str, question: str, why: str, steps: tuple[Step, ...], *sources: str
) -> Scenario:
    in_sql = any(isinstance(step, Author) and step.sql_for for step in steps)
    return Scenario(
        name=name,
        family=Family.CONFLICTS,
        question=question,
        why=why,
        steps=steps,
        sources=sources,
        backends=("sqlite",) if in_sql else ALL_BACKENDS,
    )


TWO_PATCHES = _conflict(
    "two_patches_race",
    "Two patches are written for the same place: who notices, when, "
    "and what must the second author do?",
    "It happens whenever two people change the schema in the same week.",
    _race(_EMAIL, _PHONE),
    "C01",
    "C07",
)
TWO_PATCHES_SWAPPED = _conflict(
    "two_patches_race_in_the_other_order",
    "Is it the same when the other patch lands first?",
    "The outcome must not depend on who was quicker.",
    _race(_PHONE, _EMAIL),
    "C01",
)
JOINED = _conflict(
    "two_patches_joined_by_a_merge_revision",
    "Can both patches stay as they are, joined by a further revision?",
    "Nobody has to touch a reviewed patch, but the history is no longer a line.",
    _race(_EMAIL, _PHONE, Recipe.RECONCILE),
    "C04",
    "C07",
)
SQL_LOSER = _conflict(
    "the_loser_has_sql_files",
    "What must the second author do when the patch also has SQL files for SQLite?",
    "This was the example of 2013: a Python script with SQLite upgrade and "
    "downgrade files beside it.",
    _race(_EMAIL, _PHONE, sql_for=("sqlite",)),
    "C07",
)
SQL_LOSER_SWAPPED = _conflict(
    "the_loser_has_sql_files_in_the_other_order",
    "And when the patch with the SQL files lands first?",
    "A file that shadows another is dangerous in one order only.",
    (
        *GROUND,
        *_patch(_PHONE, ("sqlite",)),
        *_patch(_EMAIL),
        Land("add_phone"),
        Upgrade(),
        Expect(("create_users", "add_phone")),
        *_gate("add_email", ("create_users", "add_phone", "add_email")),
        *_mend_and_land("add_email"),
        *_converge(("create_users", "add_phone", "add_email"), "app", "fresh"),
    ),
    "C05",
)


def _sql_race(*, both: bool) -> tuple[Step, ...]:
    after = ("create_users", "add_email", "add_phone")
    winner = ("sqlite",) if both else ()
    return (
        *GROUND,
        *_patch(_EMAIL, winner, sql_only=both),
        *_patch(_PHONE, ("sqlite",), sql_only=True),
        Land("add_email"),
        *_gate("add_phone", after),
        *_mend_and_land("add_phone"),
        *_converge(after, "app", "fresh"),
    )


PYTHON_AGAINST_SQL = _conflict(
    "a_python_script_races_with_sql_files",
    "One patch is a Python script, the other consists of SQL files only: do both run?",
    "A file that shadows another makes a migration vanish without a word.",
    _sql_race(both=False),
    "C05",
)
SQL_AGAINST_SQL = _conflict(
    "sql_files_race_with_sql_files",
    "Both patches consist of SQL files only: do both run?",
    "So does one that overwrites another in a listing.",
    _sql_race(both=True),
    "C06",
)


SAME_NAME = _conflict(
    "two_patches_of_the_same_name",
    "Is it noticed earlier when both patches even chose the same name?",
    "Two people fixing the same bug often pick the same words.",
    (
        *GROUND,
        Branch("first"),
        Author(
            Migration(
                "update_users", (AddColumn("users", Column("email", String(50))),)
            )
        ),
        Branch("second"),
        Author(
            Migration(
                "update_users",
                (CreateIndex("users", Index("ix_users_name", ("name",))),),
            )
        ),
        Land("first"),
        Branch("gate"),
        Watch(_RACE),
        Land("second", into="gate"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade("gate"),
    ),
    "C02",
)
APPLIED_LOSER = _conflict(
    "the_loser_was_applied_before_it_was_redone",
    "A developer's database already holds the losing version when it is redone: "
    "does it converge?",
    "Every author runs the own migration before anyone reviews it.",
    (
        *GROUND,
        *_patch(_EMAIL),
        *_patch(_PHONE),
        Upgrade("developer"),
        Expect(("create_users", "add_phone"), "developer"),
        Land("add_email"),
        *_mend_and_land("add_phone"),
        Checkout("main"),
        Watch("the database holds the losing migration under its old place"),
        Upgrade("developer"),
        Expect(("create_users", "add_email", "add_phone"), "developer"),
        Current("developer"),
    ),
    "C09",
)
STACKED = _conflict(
    "a_stack_of_three_patches_loses",
    "Three patches stand on each other and the first loses its place: "
    "how much must change?",
    "A feature is rarely one migration.",
    (
        *GROUND,
        *_patch(_EMAIL),
        Branch("stack"),
        Author(add_text_column("street")),
        Author(add_text_column("town")),
        Author(add_text_column("country")),
        Land("add_email"),
        Branch("gate"),
        Watch(_RACE),
        Land("stack", into="gate"),
        Guard(),
        ListHeads(),
        Upgrade("gate"),
        Expect(
            ("create_users", "add_email", "add_street", "add_town", "add_country"),
            "gate",
        ),
        *_mend_and_land("stack"),
        *_converge(
            ("create_users", "add_email", "add_street", "add_town", "add_country"),
            "app",
            "fresh",
        ),
    ),
    "C08",
)
