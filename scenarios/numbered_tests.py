"""The losing patch has a test, and the migration's identity is in the test."""

from __future__ import annotations

from harness.model.departures import PlaceOfTest
from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Expect,
    Guard,
    Land,
    ListHeads,
    Redo,
    Upgrade,
    Watch,
)
from scenarios.world import GROUND, add_text_column

_EMAIL = add_text_column("email")
_PHONE = add_text_column("phone")
_ALL = ("create_users", "add_email", "add_phone")


def _tested(name: str, testing: PlaceOfTest, question: str, why: str) -> Scenario:
    return Scenario(
        name=name,
        family=Family.CONFLICTS,
        question=question,
        why=why,
        steps=(
            *GROUND,
            Branch("winner"),
            Author(_EMAIL, testing=testing),
            Branch("loser"),
            Author(_PHONE, testing=testing),
            Land("winner"),
            Branch("gate"),
            Watch("two migrations were written for the same place in the history"),
            Land("loser", into="gate"),
            Guard(),
            ListHeads(),
            Redo("loser"),
            Guard(),
            Land("loser"),
            Checkout("main"),
            Upgrade("fresh"),
            Expect(_ALL, "fresh"),
        ),
        sources=("Nova's test_migrations, _check_207",),
    )


APART = _tested(
    "the_loser_has_a_test_of_its_own",
    PlaceOfTest.APART,
    "The losing patch has a test in a file of its own that names the migration's number "
    "or revision id: how much more must be changed?",
    "Whoever renumbers a migration has its test to renumber as well.",
)
SHARED = _tested(
    "the_losers_test_is_in_a_shared_file",
    PlaceOfTest.SHARED,
    "Both patches add their test at the end of the same file: does git see the race then, "
    "and how much more must be changed?",
    "Nova kept the checks of all its migrations in one file, named after their numbers.",
)
