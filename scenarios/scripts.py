"""Scripts with something wrong in them or beside them, and wrong directions."""

from __future__ import annotations

from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Damage,
    Downgrade,
    Expect,
    Guard,
    Land,
    Leave,
    ListHeads,
    ListHistory,
    Litter,
    Spoil,
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


def _spoilt(
    name: str, damage: Damage, question: str, why: str, *sources: str
) -> Scenario:
    return fault(
        name,
        question,
        why,
        (
            *GROUND,
            Author(_SECOND),
            Author(_THIRD),
            Spoil("add_phone", damage),
            Watch(f"the newest script has {damage}"),
            *probe("create_users"),
        ),
        *sources,
    )


SYNTAX = _spoilt(
    "syntax_error_in_the_newest",
    Damage.SYNTAX,
    "The newest script is no Python: is that noticed before the ones below it have run?",
    "What is half applied at night is worse than what is not applied.",
    "L19",
)
IMPORT = _spoilt(
    "import_error_in_the_newest",
    Damage.IMPORT,
    "The newest script imports what is not there: is that noticed before the ones "
    "below it have run?",
    "A script imports the application, and the application moves on.",
    "L19",
)
NO_UPGRADE = _spoilt(
    "no_upgrade_function",
    Damage.NO_UPGRADE,
    "The newest script has no upgrade function: who says so, and when?",
    "A slip of the hand in the one name that matters.",
    "L20",
)
NO_DOWNGRADE = fault(
    "no_downgrade_function",
    "The newest script has no downgrade function: is going back refused cleanly?",
    "Many projects write none, and find out what happens when they need one.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Spoil("add_phone", Damage.NO_DOWNGRADE),
        Upgrade(),
        Expect(_ALL),
        Watch("the newest script has no way back"),
        Downgrade(to="create_users"),
        Expect(_ALL),
        Current(),
    ),
    "L20",
)


def _littered(
    name: str, litter: Litter, wrong: str, question: str, why: str
) -> Scenario:
    return fault(
        name,
        question,
        why,
        (
            *GROUND,
            Author(_SECOND),
            Leave("add_email", litter),
            Watch(wrong, tolerable=True),
            *probe("create_users", "add_email"),
        ),
        "L03",
        "L06",
    )


BACKUP = _littered(
    "a_backup_file_beside_the_script",
    Litter.BACKUP,
    "nothing is wrong: a file that is no script lies beside one",
    "Does a file that a merge tool left beside a script disturb anything?",
    "They are left there all the time.",
)
COPY = _littered(
    "a_copy_beside_the_script",
    Litter.COPY,
    "a copy of a script lies beside it under another name",
    "Does a copy of a script under another name disturb anything?",
    "Somebody starts a new migration by copying an old one.",
)
UP_TO_THE_PAST = fault(
    "upgrade_to_an_earlier_one",
    "What does an upgrade to where the database has long been do?",
    "A deployment script names a revision, and is not changed for a year.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Upgrade(),
        Watch("an upgrade leads to an earlier migration", tolerable=True),
        Upgrade(to="create_users"),
        Expect(_ALL),
        Current(),
    ),
    "L14",
)
DOWN_TO_THE_FUTURE = fault(
    "downgrade_to_a_later_one",
    "What does a downgrade to where the database has never been do?",
    "The wrong word is typed under stress.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD),
        Watch("a downgrade leads to a later migration"),
        Downgrade(to="add_phone"),
        Expect(("create_users",)),
        Current(),
    ),
    "L14",
)
TWO_BEGINNINGS = fault(
    "two_beginnings",
    "Two histories with a beginning of their own were merged into one tree: "
    "what happens?",
    "Two services become one.",
    (
        Branch("other"),
        Checkout("main"),
        Author(CREATE_USERS),
        Checkout("other"),
        Author(CREATE_TOWNS),
        Land("other", blindly=True),
        Watch("two migrations are the first one"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade(),
    ),
    "L05",
)
EMPTY = fault(
    "empty_history",
    "Does a history without any migration pass everything?",
    "Every project begins with one, and its tests run on it.",
    (
        Watch("nothing is wrong: there is just nothing there yet"),
        *probe(),
    ),
    "L21",
)
NOTHING_TO_DO = fault(
    "upgrade_twice",
    "Is a second upgrade of the same database quiet and without effect?",
    "Every deployment runs it.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Watch("nothing is wrong: all has been done already"),
        Upgrade(),
        Expect(("create_users", "add_email")),
        Current(),
    ),
    "L21",
)
SQL_FOR_ANOTHER = Scenario(
    name="sql_files_for_another_database",
    family=Family.LINEARITY,
    question="The next migration has SQL files for another database and nothing else: who "
    "says so, and when?",
    why="An application that is installed on several databases gets a migration written "
    "for one of them.",
    steps=(
        *GROUND,
        Author(_SECOND, sql_for=("sqlite",), sql_only=True),
        Watch("the newest migration is written for another database only"),
        *probe("create_users"),
    ),
    sources=("O12",),
    backends=("postgresql", "mysql"),
)
