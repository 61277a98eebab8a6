"""Races: k patches, written on one base, compete for the next place in the history.

They land one after another through real git merges. Each but the first is tried as its
author left it, on a branch of its own and with the gate's database, which stands where
main stood; then it is redone and lands. In the end all k have to be in effect, in a
database that was there before the first landed, and in a fresh one.
"""

from __future__ import annotations

from harness.model.moves import Compete
from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Expect,
    Guard,
    Land,
    ListHeads,
    Migration,
    Redo,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, add_text_column

_RACE = "two migrations were written for the same place in the history"


def _tried(branch: str, expected: tuple[str, ...]) -> tuple[Step, ...]:
    """Merge a branch as it is, and look who objects: the guard, a load, an upgrade."""
    gate = f"gate_{branch}"
    return (
        Branch(gate),
        Watch(_RACE),
        Land(branch, into=gate),
        Guard(),
        ListHeads(),
        Upgrade("gate"),
        Expect(expected, "gate"),
    )


def _race(patches: tuple[Migration, ...], sql_for: tuple[str, ...] = ()) -> list[Step]:
    names = ("create_users", *(patch.name for patch in patches))
    steps: list[Step] = [*GROUND]
    for patch in patches:
        steps += [Branch(patch.name), Author(patch, sql_for=sql_for)]
    steps += [Compete(names[1:]), Land(names[1]), Upgrade(), Expect(names[:2])]
    for place, branch in enumerate(names[2:], start=3):
        steps += [*_tried(branch, names[:place]), Redo(branch), Guard(), Land(branch)]
    steps.append(Checkout("main"))
    for database in ("app", "fresh"):
        steps += [Upgrade(database), Expect(names, database), Current(database)]
    return steps


def _authors(number: int, words: str, *sources: str) -> Scenario:
    patches = tuple(add_text_column(f"field_{n}") for n in range(1, number + 1))
    return Scenario(
        name=f"{words}_patches_race_one_by_one",
        family=Family.CONFLICTS,
        question=f"{words.capitalize()} patches are written for the same place and land "
        "one by one: how many must be changed, who notices, and how much of each?",
        why="In August 2013 ten patches in review for Nova wanted number 207, and each "
        "of the nine losers meant another day of review.",
        steps=tuple(_race(patches)),
        sources=("openstack-dev 2013-08-12", *sources),
    )


RACES = (
    _authors(2, "two"),
    _authors(3, "three"),
    _authors(5, "five"),
    _authors(10, "ten"),
    _authors(20, "twenty"),
)
WITH_SQL = Scenario(
    name="three_patches_with_sql_files_race_one_by_one",
    family=Family.CONFLICTS,
    question="Three patches, each a Python script with SQL files for SQLite beside it, "
    "land one by one: how much of each must be changed?",
    why="The more files a migration has, the more of them say which place it wanted.",
    steps=tuple(
        _race(tuple(add_text_column(f"field_{n}") for n in (1, 2, 3)), ("sqlite",))
    ),
    sources=("openstack-dev 2013-08-12",),
)
