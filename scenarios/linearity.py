"""Histories that are not a clean line: who rejects them, and who lets them through."""

from __future__ import annotations

from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import (
    AgeGuard,
    Author,
    Branch,
    Checkout,
    Delete,
    Edit,
    Expect,
    InsertBelow,
    Land,
    Migration,
    Reparent,
    Stamp,
    Upgrade,
    Watch,
)
from scenarios.world import CREATE_USERS, GROUND, add_text_column, fault, probe

_SECOND = add_text_column("email")
_THIRD = add_text_column("phone")
_LATE = add_text_column("street")


DUPLICATE_IDENTITY = fault(
    "duplicate_identity",
    "Two migrations carry the same number or revision id: does one vanish?",
    "A copied file is enough, and one of the two may never run.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD, identity_of="add_email"),
        Watch("two migrations have the same identity"),
        *probe("create_users", "add_email", "add_phone"),
    ),
    "L03",
)
MISSING_PARENT = fault(
    "missing_in_the_middle",
    "A migration in the middle of the history is not in the tree: when is it noticed?",
    "A cherry-pick to a stable branch brings the second of two migrations only.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Delete("add_email"),
        Watch("the migration between the first and the third is missing"),
        *probe("create_users", "add_phone"),
    ),
    "L02",
    "C10",
)
DELETED_AFTER_APPLYING = fault(
    "deleted_after_applying",
    "A migration that the database has applied is deleted from the tree: who notices?",
    "Somebody tidies up, or reverts a commit that had already been deployed.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Upgrade(),
        Delete("add_email"),
        Watch("a migration in effect is gone from the tree"),
        *probe("create_users", "add_email", "add_phone"),
        Upgrade("fresh"),
        Expect(("create_users", "add_email", "add_phone"), "fresh"),
    ),
    "L12",
)
TWO_HEADS = fault(
    "two_lines_landed",
    "Two lines are in the tree, a conflict, if there was one, having been resolved "
    "without reading: what happens?",
    "Conflicts in generated files are resolved in a hurry.",
    (
        *GROUND,
        Branch("left"),
        Author(_SECOND),
        Branch("right"),
        Author(_THIRD),
        Land("left"),
        Land("right", blindly=True),
        Watch("two migrations follow the same one"),
        *probe("create_users", "add_email", "add_phone"),
    ),
    "C01",
    "L01",
)
CYCLE = fault(
    "cycle",
    "Two migrations each name the other as the one before: is it a clear error?",
    "A slip of the hand while mending a conflict.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Reparent("add_email", after="add_phone"),
        Watch("the history runs in a circle"),
        *probe("create_users", "add_email", "add_phone"),
    ),
    "L04",
)
LATE_ARRIVAL = fault(
    "late_arrival_below_an_applied_one",
    "A migration is put below one that the database has applied: does it ever run?",
    "A long-lived branch is merged, or a fix is put where it belongs.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        InsertBelow(_LATE, below="add_email"),
        Watch("a migration is in the tree below where the database stands"),
        *probe("create_users", "add_street", "add_email"),
    ),
    "L07",
)
LATE_FILL = fault(
    "reserved_place_filled_late",
    "A reserved empty migration is filled in after databases have passed it: "
    "does its body ever run?",
    "Nova reserved numbers for backports in every release.",
    (
        *GROUND,
        Author(Migration("placeholder")),
        Author(_THIRD),
        Upgrade(),
        Edit(Migration("placeholder", _LATE.upgrade)),
        Watch("a migration that the database has passed has a new body"),
        *probe("create_users", "placeholder", "add_phone"),
    ),
    "L07",
    "C11",
)
DATABASE_AHEAD = fault(
    "database_ahead_of_the_code",
    "The code is rolled back, the database is not: what does the older code say?",
    "Every failed deployment ends here.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Checkout("main~1"),
        Watch("the database holds a migration that the tree does not know"),
        *probe("create_users", "add_email"),
    ),
    "L11",
)
EDITED = fault(
    "edited_after_applying",
    "An applied migration is edited: does anybody notice that the database differs?",
    "The database that was upgraded yesterday and the fresh one differ from now on.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Edit(
            Migration("add_email", (AddColumn("users", Column("email", String(200))),))
        ),
        Watch("the tree says something else than what was run"),
        *probe("create_users", "add_email"),
    ),
    "L08",
)
STALE_GUARD = fault(
    "stale_guard",
    "The guard's file is older than the newest migration: does the gate stop it?",
    "A guard is only as good as the check that reads it.",
    (
        *GROUND,
        Author(_SECOND),
        AgeGuard(to="HEAD~1"),
        Watch("the guard's file does not speak of the newest migration"),
        *probe("create_users", "add_email"),
    ),
    "C18",
)
STAMPED = fault(
    "stamped_but_never_run",
    "A migration is recorded as applied without having run: does anybody notice?",
    "Stamping is the usual way out of trouble, and a slip is invisible.",
    (
        *GROUND,
        Author(_SECOND),
        Stamp("add_email"),
        Watch("the database is recorded as further than it is"),
        *probe("create_users", "add_email"),
    ),
    "L13",
)
CLEAN = fault(
    "clean_line",
    "Does a clean line pass everything without a word?",
    "A check that also complains about good histories is worth nothing.",
    (
        Author(CREATE_USERS),
        Author(_SECOND),
        Author(_THIRD),
        Watch("nothing is wrong: whoever complains here is mistaken"),
        *probe("create_users", "add_email", "add_phone"),
    ),
)
