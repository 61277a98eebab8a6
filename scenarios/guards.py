"""Guard files: whether they make git object where something is wrong, and only there.

A guard file is a file that every migration changes, so that git cannot merge two of them.
A fault of which neither git nor the guard's check says a word is missed; a complaint where
nothing is wrong is false, and costs an author a round for nothing.
"""

from __future__ import annotations

from harness.model.moves import CherryPick, Revert, UnionGuard
from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Expect,
    Guard,
    Land,
    ListHeads,
    Recipe,
    Redo,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, add_text_column

_EMAIL = add_text_column("email")
_PHONE = add_text_column("phone")
_BOTH = ("create_users", "add_email", "add_phone")
_RACE = "two migrations were written for the same place in the history"
_ASKED: tuple[Step, ...] = (Guard(), ListHeads(), Upgrade("gate"))
_RACING: tuple[Step, ...] = (
    Branch("add_email"),
    Author(_EMAIL),
    Branch("add_phone"),
    Author(_PHONE),
)
_IN_TURN: tuple[Step, ...] = (
    Branch("add_email"),
    Author(_EMAIL),
    Land("add_email"),
    Branch("add_phone"),
    Author(_PHONE),
    Land("add_phone"),
)


def _guarded(
    name: str, question: str, why: str, steps: tuple[Step, ...], source: str
) -> Scenario:
    return Scenario(
        name=name,
        family=Family.CONFLICTS,
        question=question,
        why=why,
        steps=(*GROUND, *steps),
        sources=(source,),
    )


COPY = _guarded(
    "a_copy_of_a_landed_patch_comes_back",
    "A stable branch carries a copy of a patch that has landed, and is merged back: "
    "does anything complain although nothing is new?",
    "Fixes are copied to stable branches all the time, and those are merged back.",
    (
        Branch("stable"),
        *_IN_TURN,
        Checkout("stable"),
        CherryPick("add_email"),
        Branch("gate"),
        Watch("nothing is wrong: what comes back has landed already"),
        Land("stable", into="gate"),
        *_ASKED,
        Expect(_BOTH, "gate"),
    ),
    "Neutron's HEAD file, 2014",
)
WITHDRAWN = _guarded(
    "a_migration_is_withdrawn_before_it_lands",
    "An author takes the migration back and lands the rest of the branch after another "
    "patch: does anything complain?",
    "A branch that no longer has a migration competes for nothing.",
    (
        *_RACING,
        Revert("add_phone"),
        Land("add_email"),
        Branch("gate"),
        Watch("nothing is wrong: the branch has no migration any more"),
        Land("add_phone", into="gate"),
        *_ASKED,
        Expect(_BOTH[:2], "gate"),
    ),
    "Neutron's HEAD file, 2014",
)
PICK = _guarded(
    "a_pick_leaves_out_what_it_stands_on",
    "A patch is picked onto a stable branch without the one before it: who says so?",
    "Whoever picks a fix looks at the fix, and not at what it stands on.",
    (
        Branch("gate"),
        *_IN_TURN,
        Checkout("gate"),
        Watch("the migration before the one that was picked is not there"),
        CherryPick("add_phone"),
        *_ASKED,
    ),
    "C10 with git's own words",
)
TAKEN_BACK = _guarded(
    "a_landed_patch_is_taken_back_below_a_newer_one",
    "A patch that has landed is reverted, and a newer one stands on it: who says so?",
    "A revert is made in a hurry.",
    (
        *_IN_TURN,
        Branch("gate"),
        Watch("a migration is gone on which a newer one stands"),
        Revert("add_email"),
        *_ASKED,
    ),
    "Neutron's HEAD file, 2014",
)
UNION = _guarded(
    "the_guard_file_is_merged_by_union",
    "Git is told to keep both sides of the guard file: what is left of the guard?",
    "merge=union is the usual advice against tiresome conflicts, as in a changelog.",
    (
        UnionGuard(),
        *_RACING,
        Land("add_email"),
        Branch("gate"),
        Watch(_RACE),
        Land("add_phone", into="gate"),
        *_ASKED,
        Expect(_BOTH, "gate"),
    ),
    "gitattributes(5)",
)
UNREAD = _guarded(
    "the_conflict_was_resolved_without_reading",
    "Somebody resolves git's conflict by taking the incoming files, and mends nothing "
    "else: who says so?",
    "A conflict in a one-line file looks like a formality.",
    (
        *_RACING,
        Land("add_email"),
        Branch("gate"),
        Land("add_phone", into="gate", blindly=True),
        Watch(_RACE),
        *_ASKED,
        Expect(_BOTH, "gate"),
    ),
    "Neutron's HEAD file, 2014",
)


def _at_once(authors: int) -> tuple[tuple[str, ...], list[Step]]:
    patches = [add_text_column(f"field_{n}") for n in range(1, authors + 1)]
    steps: list[Step] = []
    for patch in patches:
        steps += [Branch(patch.name), Author(patch)]
    names = tuple(patch.name for patch in patches)
    return names, [*steps, Land(names[0])]


def _converged(names: tuple[str, ...]) -> list[Step]:
    steps: list[Step] = [Checkout("main")]
    for database in ("app", "fresh"):
        steps += [Upgrade(database), Expect(("create_users", *names), database)]
    return steps


def _rounds() -> tuple[Step, ...]:
    """Merge all that is left unread and ask; mend one; again, until nothing is left."""
    names, steps = _at_once(5)
    for number, name in enumerate(names[1:], start=1):
        steps.append(Branch(f"round_{number}"))
        steps += [Land(n, f"round_{number}", blindly=True) for n in names[number:]]
        steps += [Watch(_RACE), *_ASKED, Redo(name), Guard(), Land(name)]
    return (*steps, *_converged(names))


def _joined() -> tuple[Step, ...]:
    names, steps = _at_once(5)
    steps.append(Branch("all"))
    steps += [Land(name, "all", blindly=True) for name in names[1:]]
    steps += [
        Watch(_RACE),
        *_ASKED,
        Redo("all", Recipe.RECONCILE),
        Guard(),
        Land("all"),
    ]
    return (*steps, *_converged(names))


ROUNDS = _guarded(
    "five_patches_meet_and_are_mended_one_by_one",
    "Five patches are merged unread, and the one that should be next is mended, until "
    "nothing complains: how many rounds are that, and who is named in each?",
    "A message that names two of five costs another round of repair.",
    _rounds(),
    "C03 with five",
)
JOINED = _guarded(
    "five_patches_meet_and_are_joined_at_once",
    "Five patches are merged unread: can one revision join them all?",
    "One command would save four rounds.",
    _joined(),
    "C03 with five",
)
