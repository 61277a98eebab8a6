"""What each command costs: with a long history, and on a large table.

Their order is that of importance: where time is short, the last are left out.
"""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    AddUnique,
    AlterColumn,
    CreateIndex,
    CreateTable,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Index, Integer, String, Table, Unique
from harness.model.steps import (
    Author,
    CompareModels,
    Current,
    Declare,
    Downgrade,
    Fill,
    GenerateSql,
    Grow,
    ListHeads,
    ListHistory,
    Measurable,
    Measure,
    Migration,
    Propose,
    Start,
    Step,
    Upgrade,
)
from scenarios.world import CREATE_USERS, ID

REVISIONS = 100
LONG = 1000
ROWS = 100_000
_NUMBER = Column("number", Integer())
_PEOPLE = Table("people", (ID, Column("name", String(50)), _NUMBER))
_CREATE_PEOPLE = Migration("create_people", (CreateTable(_PEOPLE),))
_HISTORY: tuple[Step, ...] = (Grow(REVISIONS),)
_EVERY_DAY = "Developers, tests and deployments do this many times a day."


def _timed(
    name: str,
    question: str,
    why: str,
    *before: Step,
    step: Measurable,
    backends: tuple[str, ...] = ("sqlite",),
) -> Scenario:
    return Scenario(
        name=name,
        family=Family.SPEED,
        backends=backends,
        question=question,
        why=why,
        steps=(*before, Measure(step)),
    )


def _on_a_large_table(name: str, what: str, *operations: Operation) -> Scenario:
    migration = Migration(name, operations)
    return _timed(
        f"{name}_of_a_large_table",
        f"What does it cost to {what} with {ROWS:,} rows?",
        "On a large table the database's work may outweigh the tool's, or the tool may "
        "have the database copy the table.",
        Author(_CREATE_PEOPLE),
        Upgrade(),
        Fill("people", ROWS),
        Author(migration),
        step=Upgrade(),
        backends=("sqlite", "postgresql"),
    )


START = _timed(
    "start",
    "What does it cost to start the command line and do nothing?",
    "Every command pays it.",
    step=Start(),
)
FROM_EMPTY = _timed(
    "upgrade_from_empty",
    f"What does it cost to upgrade an empty database by {REVISIONS} revisions?",
    "Every test run that makes a database with migrations pays it.",
    *_HISTORY,
    step=Upgrade(),
)
BY_ONE = _timed(
    "upgrade_by_one",
    f"What does one more revision cost at the end of {LONG:,}?",
    "It is what a deployment of an old project does.",
    Grow(LONG),
    Upgrade(),
    Author(CREATE_USERS),
    step=Upgrade(),
)
NOTHING_TO_DO = _timed(
    "upgrade_with_nothing_to_do",
    f"What does an upgrade cost that has nothing to do, with {REVISIONS} revisions?",
    "Services often upgrade whenever they start.",
    *_HISTORY,
    Upgrade(),
    step=Upgrade(),
)
BACK = _timed(
    "downgrade",
    f"What does it cost to go back by {REVISIONS} revisions?",
    "Tests of downgrades do it.",
    *_HISTORY,
    Upgrade(),
    step=Downgrade(),
)
WHERE = _timed(
    "current",
    f"What does it cost to ask where a database stands, with {REVISIONS} revisions?",
    _EVERY_DAY,
    *_HISTORY,
    Upgrade(),
    step=Current(),
)
LISTED = _timed(
    "history",
    f"What does it cost to ask for the history of {REVISIONS} revisions?",
    _EVERY_DAY,
    *_HISTORY,
    step=ListHistory(),
)
HEADS = _timed(
    "heads",
    f"What does it cost to ask for the newest of {REVISIONS} revisions?",
    "Gates ask for it on every patch.",
    *_HISTORY,
    step=ListHeads(),
)
WRITING = _timed(
    "author",
    f"What does it cost to write one more migration behind {REVISIONS} revisions?",
    _EVERY_DAY,
    *_HISTORY,
    step=Author(CREATE_USERS),
)
PROPOSING = _timed(
    "autogenerate",
    "What does it cost to have a migration written from the models?",
    _EVERY_DAY,
    Author(CREATE_USERS),
    Upgrade(),
    Declare(("create_users",), (AddColumn("users", Column("town", String(50))),)),
    step=Propose("add_town"),
)
COMPARING = _timed(
    "compare_models",
    "What does it cost to compare a database with models that agree?",
    "Gates do it on every patch.",
    Author(CREATE_USERS),
    Upgrade(),
    Declare(("create_users",)),
    step=CompareModels(),
)
SQL = _timed(
    "generate_sql",
    f"What does it cost to have an upgrade by {REVISIONS} revisions written as SQL?",
    "Operators who may not run the tool against a database are given SQL.",
    *_HISTORY,
    step=GenerateSql(),
)
LARGE_TABLE = (
    _on_a_large_table(
        "add_column",
        "add a column to a table",
        AddColumn("people", Column("town", String(50))),
    ),
    _on_a_large_table(
        "add_index",
        "add an index to a table",
        CreateIndex("people", Index("ix_people_number", ("number",))),
    ),
    _on_a_large_table(
        "add_constraint",
        "add a unique constraint to a table",
        AddUnique("people", Unique("uq_people_number", ("number",))),
    ),
    _on_a_large_table(
        "alter_column",
        "change the type of a column of a table, for which SQLite copies it whole,",
        AlterColumn("people", _NUMBER, type=String(20)),
    ),
)
