"""A migration is taken back to a stable branch, whose databases come to main later."""

from __future__ import annotations

from harness.model.departures import Backport
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Edit,
    Expect,
    Guard,
    Land,
    ListHeads,
    ListHistory,
    Migration,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import CREATE_USERS, GROUND, add_text_column, fault, probe

_EMAIL = add_text_column("email")
_PHONE = add_text_column("phone")
_ALL = ("create_users", "add_email", "add_phone")
_WITH_SPARES = ("create_users", "spare_1", "spare_2", "add_email", "add_phone")
_TWO_ON_MAIN: tuple[Step, ...] = (
    *GROUND,
    Branch("stable"),
    Checkout("main"),
    Author(_EMAIL),
    Author(_PHONE),
)
_FITTED: tuple[Step, ...] = (
    *_TWO_ON_MAIN,
    Backport("add_phone", "stable", fitted=True),
    Guard(),
    Upgrade(),
    Expect(("create_users", "add_phone")),
)
_PHONE_ANYHOW = (AddColumn("users", Column("phone", String(50)), unless_there=True),)

PICKED = fault(
    "a_backport_as_it_is",
    "A migration is cherry-picked to a stable branch that lacks the one before it: who "
    "notices, and when?",
    "Fixes are picked by those who release, not by those who wrote them.",
    (
        *_TWO_ON_MAIN,
        Watch("the backport follows a migration that the stable branch does not have"),
        Backport("add_phone", "stable"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade(),
        Current(),
    ),
    "C10",
)
STABLE_TO_MAIN = fault(
    "a_backport_then_the_upgrade_to_main",
    "The backport was fitted into the stable branch, and a database comes from there to "
    "main: does it get the migration that it skipped?",
    "This is every user's upgrade to the next release.",
    (
        *_FITTED,
        Checkout("main"),
        Watch("the database holds the later of two migrations and not the earlier"),
        *probe(*_ALL),
    ),
    "C10",
)
MERGED_BACK = fault(
    "a_stable_branch_merged_back",
    "A stable branch with a backport is merged back into main: what does git say, and "
    "what do the tools?",
    "Some teams merge upwards, so that no fix is ever lost.",
    (
        *_FITTED,
        Branch("gate"),
        Watch("one migration comes in again, put elsewhere"),
        Land("stable", into="gate"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade("gate"),
        Expect(_ALL, "gate"),
    ),
    "C10",
)


def _reserved(*, anyhow: bool) -> tuple[Step, ...]:
    """Reserve two places, go on, take one of them for a backport, and come to main.

    The column is also added at the end of main, for databases that have passed the
    reserved place: `anyhow`, wherever it is there already, nothing is done.
    """
    spare_1, spare_2 = Migration("spare_1"), Migration("spare_2")
    late = Migration("add_phone", _PHONE_ANYHOW, ()) if anyhow else _PHONE
    filled = Migration("spare_1", _PHONE_ANYHOW if anyhow else _PHONE.upgrade, ())
    return (
        Author(CREATE_USERS),
        Branch("stable"),
        Checkout("main"),
        Author(spare_1),
        Author(spare_2),
        Author(_EMAIL),
        Author(late),
        Upgrade("follows_main"),
        Expect(
            _WITH_SPARES,
            "follows_main",
        ),
        Backport("spare_1", "stable"),
        Edit(filled),
        Upgrade(),
        Expect(("create_users", "spare_1")),
        Checkout("main"),
    )


RESERVED = fault(
    "reserved_places_for_backports",
    "Two places were reserved, a backport takes one of them on the stable branch, and its "
    "body looks first whether it is needed: does a database come safely to main?",
    "Nova reserved ten numbers in every release, and asked that bodies be idempotent.",
    (
        *_reserved(anyhow=True),
        Watch("nothing is wrong: the backport took a place that was reserved for it"),
        *probe(*_WITH_SPARES),
        Upgrade("follows_main"),
        Expect(
            _WITH_SPARES,
            "follows_main",
        ),
    ),
    "C11",
    "nova-specs juno/backportable-db-migrations",
)
RESERVED_CARELESS = fault(
    "reserved_places_without_looking_first",
    "The same, and neither body looks first whether it is needed: is the second one "
    "refused, or worse?",
    "That bodies be idempotent is a rule that nothing checks.",
    (
        *_reserved(anyhow=False),
        Watch("the backport's column is added a second time on main"),
        *probe("create_users", "spare_1", "spare_2", "add_email"),
    ),
    "C11",
)
