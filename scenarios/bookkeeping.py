"""What the tool has noted about a database is not so, or is about something else."""

from __future__ import annotations

from harness.model.departures import NOWHERE, Meddle
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Delete,
    Downgrade,
    Expect,
    Migration,
    Stamp,
    Upgrade,
    Watch,
)
from scenarios.world import (
    CREATE_TOWNS,
    CREATE_USERS,
    GROUND,
    add_text_column,
    fault,
    probe,
)

_SECOND = add_text_column("email")
_THIRD = add_text_column("phone")
_ALL = ("create_users", "add_email", "add_phone")
_STREETS = Migration(
    "add_streets", (AddColumn("towns", Column("streets", String(50))),)
)

STAMPED_NOWHERE = fault(
    "stamped_with_what_is_not_there",
    "A database is stamped with an identity that no migration has: is that refused?",
    "Stamping is typed by hand, under stress.",
    (
        *GROUND,
        Author(_SECOND),
        Watch("a stamp of a new database names a migration that never was"),
        Stamp(NOWHERE, "new"),
        Upgrade("new"),
        Expect(("create_users", "add_email"), "new"),
        Watch("a stamp of a database in use names a migration that never was"),
        Stamp(NOWHERE),
        *probe("create_users", "add_email"),
    ),
    "L13",
)
STAMPED_MISSING = fault(
    "stamped_with_what_is_missing",
    "A database is stamped with a migration that is missing from the middle of the tree: "
    "is that refused, and what does an upgrade do then?",
    "The usual way around a gap is to pretend that it was crossed.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Delete("add_email"),
        Watch("the stamp names a migration that is missing from the tree"),
        Stamp("add_email"),
        Upgrade(),
        Expect(("create_users", "add_phone")),
        Current(),
    ),
    "L02",
    "L13",
)
BELOW_A_GAP = fault(
    "upgrade_below_the_gap",
    "A migration in the middle is missing: can a database still be taken to one below it?",
    "Something works that need not wait for the repair.",
    (
        Author(CREATE_USERS),
        Author(_SECOND),
        Author(_THIRD),
        Delete("add_email"),
        Watch(
            "the migration between the first and the third is missing", tolerable=True
        ),
        Upgrade(to="create_users"),
        Expect(("create_users",)),
    ),
    "L02",
)
AUTHOR_BEHIND_A_GAP = fault(
    "author_behind_a_gap",
    "A migration in the middle is missing: is the author of the next one told?",
    "A tree that is broken should not grow.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Delete("add_email"),
        Watch("the migration between the first and the third is missing"),
        Author(add_text_column("street")),
        Upgrade(),
    ),
    "L02",
)
STAMPED_BACK = fault(
    "stamped_as_less_than_it_is",
    "A database is recorded as less far than it is: does running it again go wrong in "
    "silence?",
    "A stamp is typed from memory.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Stamp("create_users"),
        Watch("the database holds a migration that is not recorded"),
        *probe("create_users", "add_email"),
    ),
    "L13",
)
EDITED_TO_NOWHERE = fault(
    "a_version_row_edited_to_nowhere",
    "An operator writes an identity into the tool's own table that no migration has: "
    "what does the tool say?",
    "The version table is a table, and people edit tables.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Meddle((NOWHERE,)),
        Watch("the recorded version is one that nothing has"),
        *probe("create_users", "add_email"),
    ),
    "L15",
)
EDITED_AWAY = fault(
    "a_version_row_deleted",
    "An operator empties the tool's own table: what does an upgrade do to a database that "
    "holds everything already?",
    "A restore leaves tables empty, and a test clears all of them.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Meddle(()),
        Watch("nothing is recorded of a database that holds everything"),
        *probe("create_users", "add_email"),
    ),
    "L15",
)
OVERLAPPING = fault(
    "overlapping_version_rows",
    "The tool's own table names a migration and also one that it builds on: who notices?",
    "Two restores, or two tools of the same kind, leave a row each.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Upgrade(),
        Meddle(("create_users", "add_phone")),
        Watch("the first and the third migration are both recorded as the newest"),
        Current(),
        Upgrade(),
        Expect(_ALL),
        Downgrade(to="create_users"),
        Current(),
    ),
    "L15",
)
UNCONTROLLED = fault(
    "a_database_the_tool_has_never_seen",
    "A database that the tool has never seen is asked for its place and upgraded: does "
    "the tool need to be told of it first?",
    "Every new deployment begins with one more step, or without it.",
    (
        Author(CREATE_USERS),
        Watch("the database is not under control", tolerable=True),
        Upgrade(unprepared=True),
        Expect(("create_users",)),
        Current("never_touched"),
    ),
    "L21",
)
COPIED = fault(
    "a_copied_repository",
    "A second service starts from a copy of the first one's repository, and both use one "
    "database: does the second one's first migration run?",
    "Copying is how new services are made, and identities are copied with the rest.",
    (
        Branch("second_service"),
        Checkout("main"),
        Author(CREATE_USERS),
        Author(_SECOND),
        Upgrade(),
        Checkout("second_service"),
        Author(CREATE_TOWNS),
        Author(_STREETS),
        Watch("two services share a database, and their histories share an identity"),
        *probe("create_users", "add_email", "create_towns", "add_streets"),
    ),
    "L22",
)
COPIED_AS_NEW = fault(
    "a_copied_repository_set_up_as_new",
    "A second service starts from a copy of the first one's repository and sets the shared "
    "database up as the manual says of a new one: is it told that the database is taken?",
    "Whoever follows the manual from its first page has the best chance to be told.",
    (
        Branch("second_service"),
        Checkout("main"),
        Author(CREATE_USERS),
        Author(_SECOND),
        Upgrade(),
        Checkout("second_service"),
        Author(CREATE_TOWNS),
        Author(_STREETS),
        Watch("two services share a database, and their histories share an identity"),
        Upgrade(as_new=True),
        Expect(("create_users", "add_email", "create_towns", "add_streets")),
    ),
    "L22",
)
COPIED_WHOLE = fault(
    "a_copied_repository_with_all_its_migrations",
    "A second service copies the first one's repository with all that is in it, and each "
    "adds a migration of its own to the shared database: do both run?",
    "At first everything works, because both histories still say the same.",
    (
        Author(CREATE_USERS),
        Author(_SECOND),
        Upgrade(),
        Branch("second_service"),
        Author(CREATE_TOWNS),
        Upgrade(),
        Expect(("create_users", "add_email", "create_towns")),
        Checkout("main"),
        Author(_THIRD),
        Watch("the other service has taken the next place in the shared bookkeeping"),
        *probe("create_users", "add_email", "create_towns", "add_phone"),
    ),
    "L22",
)
