"""Steps of the work with network, database or configuration taken away."""

from __future__ import annotations

from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Current,
    Expect,
    GenerateSql,
    ListHeads,
    ListHistory,
    Resource,
    RunSql,
    Step,
    Upgrade,
)
from scenarios.world import CREATE_USERS, GROUND, add_filled_column, add_text_column

_NETWORK = (Resource.NETWORK,)
_DATABASE = (Resource.DATABASE,)
_CONFIGURATION = (Resource.CONFIGURATION,)
_NOTHING_AT_ALL = (*_NETWORK, *_DATABASE, *_CONFIGURATION)
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
        *(Upgrade(without=without) for without in (_CONFIGURATION, _NETWORK)),
        Expect(("create_users", "add_email")),
        *(Current(without=without) for without in _TAKEN_AWAY),
    ),
    "O03",
    "O04",
)
