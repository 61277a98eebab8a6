"""Steps of the work with network, database or configuration taken away."""

from __future__ import annotations

from harness.model.operations import AddColumn, AlterColumn, Backfill
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, String
from harness.model.steps import (
    Author,
    CompareModels,
    Current,
    Declare,
    Downgrade,
    Expect,
    GenerateSql,
    ListHeads,
    ListHistory,
    Migration,
    Resource,
    RunSql,
    ShowScripts,
    Stamp,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import (
    CREATE_USERS,
    GROUND,
    NAME,
    add_filled_column,
    add_text_column,
)

_NETWORK = (Resource.NETWORK,)
_DATABASE = (Resource.DATABASE,)
_CONFIGURATION = (Resource.CONFIGURATION,)
_NOTHING_AT_ALL = (*_NETWORK, *_DATABASE, *_CONFIGURATION)
_ALL_ADDED = tuple(
    f"add_{name}" for name in ("email", "phone", "street", "town", "country")
)
_TAKEN_AWAY = ((), _NETWORK, _DATABASE, _CONFIGURATION, _NOTHING_AT_ALL)


def _offline(
    name: str, question: str, why: str, steps: tuple[Step, ...], *sources: str
) -> Scenario:
    return Scenario(
        name=name,
        family=Family.OFFLINE,
        question=question,
        why=why,
        steps=steps,
        sources=sources,
    )


def _authors() -> tuple[Step, ...]:
    names = ("email", "phone", "street", "town", "country")
    return tuple(
        Author(add_text_column(name), without=without)
        for name, without in zip(names, _TAKEN_AWAY, strict=True)
    )


AUTHOR = _offline(
    "author_a_migration",
    "What does writing a new migration need?",
    "Migrations are written in trains and on aeroplanes, before anything is set up.",
    (*GROUND, *_authors()),
    "O01",
    "O07",
)
READ_HISTORY = _offline(
    "read_the_history",
    "What does reading the history need?",
    "A reviewer has the repository and nothing else.",
    (
        *GROUND,
        Author(add_text_column("email")),
        *(ListHistory(without) for without in _TAKEN_AWAY),
        *(ListHeads(without) for without in _TAKEN_AWAY),
    ),
    "O03",
)
GENERATE_TABLE = _offline(
    "generate_sql_of_a_new_table",
    "Can the creation of a table, the simplest upgrade there is, be written as SQL "
    "with parts of the world missing?",
    "It is the first thing that anybody tries.",
    (
        Author(CREATE_USERS),
        GenerateSql(),
        RunSql("from_sql"),
        Expect(("create_users",), "from_sql"),
        *(GenerateSql(without) for without in _TAKEN_AWAY[1:]),
    ),
    "O08",
    "O10",
)
GENERATE_SQL = _offline(
    "generate_sql",
    "Can the upgrade be written as SQL with parts of the world missing, "
    "and does that SQL do the same as the tool itself?",
    "Database administrators want to read what they are to run.",
    (
        Author(CREATE_USERS),
        Author(add_filled_column("email", "none")),
        Upgrade("online"),
        Expect(("create_users", "add_email"), "online"),
        GenerateSql(),
        RunSql("from_sql"),
        Expect(("create_users", "add_email"), "from_sql"),
        *(GenerateSql(without) for without in _TAKEN_AWAY[1:]),
    ),
    "O08",
)
OPERATE = _offline(
    "operate",
    "What do upgrading a database and asking where it stands need?",
    "Operators work in closed networks.",
    (
        *GROUND,
        Author(add_text_column("email")),
        *(
            Upgrade(without=without)
            for without in (_DATABASE, _CONFIGURATION, _NETWORK)
        ),
        Expect(("create_users", "add_email")),
        *(Current(without=without) for without in _TAKEN_AWAY),
    ),
    "O03",
    "O04",
)
GENERATE_COPY = _offline(
    "generate_sql_of_a_changed_type",
    "Can a change that needs a copy of the table on some databases be written as SQL?",
    "What has to look at the database first cannot be written without it.",
    (
        Author(CREATE_USERS),
        Author(
            Migration("widen", (AlterColumn("users", NAME, type=String(200)),)),
        ),
        GenerateSql(),
        *(GenerateSql(without) for without in _TAKEN_AWAY[1:]),
    ),
    "O16",
)
GENERATE_BACKFILL = _offline(
    "generate_sql_of_a_backfill",
    "Can a migration that copies values between columns be written as SQL, "
    "and does that SQL do the same as the tool itself?",
    "Data migrations are the ones that an administrator wants to read first.",
    (
        Author(CREATE_USERS),
        Author(
            Migration(
                "nickname",
                (
                    AddColumn("users", Column("nickname", String(50))),
                    Backfill("users", "nickname", copy_of="name"),
                    Backfill("users", "nickname", value="no'body: 100%"),
                ),
            )
        ),
        GenerateSql(),
        RunSql("from_sql"),
        Expect(("create_users", "nickname"), "from_sql"),
        *(GenerateSql(without) for without in _TAKEN_AWAY[1:]),
    ),
    "O08",
    "O13",
)
GO_BACK = _offline(
    "go_back_and_stamp",
    "What do a downgrade and a stamp need?",
    "They are done when other things are broken already.",
    (
        *GROUND,
        Author(add_text_column("email")),
        *(
            Stamp("create_users", "stamped", without)
            for without in (_NETWORK, _CONFIGURATION, _DATABASE)
        ),
        Upgrade(),
        Downgrade(to="create_users", without=_NETWORK),
        Upgrade(),
        Downgrade(to="create_users", without=_CONFIGURATION),
        Downgrade(to="create_users", without=_DATABASE),
    ),
    "O03",
)
COMPARE = _offline(
    "compare_with_the_models",
    "What does comparing a database with the application's models need?",
    "It is the check that finds a forgotten migration, and it runs in a gate.",
    (
        *GROUND,
        Declare(("create_users",)),
        *(CompareModels(without=without) for without in _TAKEN_AWAY),
    ),
    "O17",
)
SHOW_PYTHON = _offline(
    "show_the_python_of_an_upgrade",
    "Does the tool show the Python that an upgrade would run, and what does it need for "
    "that?",
    "An operator wants to read what is about to run, in the order in which it will.",
    (
        *GROUND,
        Author(add_text_column("email")),
        *(ShowScripts(without=without) for without in _TAKEN_AWAY),
    ),
    "O11",
)
_IN_SQL = add_text_column("email")
SHOW_SQL_AS_PYTHON = Scenario(
    name="show_the_python_of_sql_files",
    family=Family.OFFLINE,
    question="And what does it show where the next migration is SQL files?",
    why="A part that is left out of what is shown is run unread.",
    steps=(
        *GROUND,
        Author(_IN_SQL, sql_for=("sqlite",), sql_only=True),
        Watch("the next migration has no Python"),
        ShowScripts(),
        Current(),
    ),
    sources=("O11",),
    backends=("sqlite",),
)
AUTHOR_IN_SQL = Scenario(
    name="author_a_migration_in_sql",
    family=Family.OFFLINE,
    question="Can a migration be written as SQL files instead of Python, what does that "
    "need, and does it go up, down and up?",
    why="Some teams have administrators who write SQL, and no Python.",
    steps=(
        *GROUND,
        *(
            Author(migration, sql_for=("sqlite",), sql_only=True, without=without)
            for migration, without in zip(
                (
                    _IN_SQL,
                    *map(add_text_column, ("phone", "street", "town", "country")),
                ),
                _TAKEN_AWAY,
                strict=True,
            )
        ),
        Upgrade(),
        Expect(("create_users", *_ALL_ADDED)),
        Downgrade(to="create_users"),
        Expect(("create_users",)),
        Upgrade(),
        Expect(("create_users", *_ALL_ADDED)),
    ),
    sources=("O12",),
    backends=("sqlite",),
)
