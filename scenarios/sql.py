"""Upgrades written as SQL: what can be, what gets into it, and what it is worth."""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    Backfill,
    CreateIndex,
    CreateTable,
    DropColumn,
    Manner,
    Operation,
    Print,
    RenameColumn,
    RenameTable,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Index, Integer, String, Table
from harness.model.steps import (
    Author,
    Current,
    Expect,
    GenerateSql,
    Migration,
    Resource,
    RunSql,
    Seed,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import CREATE_USERS, ID, PEOPLE, add_text_column

_MISSING = ((Resource.DATABASE,), (Resource.DRIVER,))
_NOTHING_ELSE = "Database administrators want to read what they are to run."


def _written(
    name: str, question: str, why: str, *operations: Operation, sources: tuple[str, ...]
) -> Scenario:
    """Hold the SQL of a migration against what the oracle says it should do."""
    after = ("create_users", name)
    steps: tuple[Step, ...] = (
        Author(CREATE_USERS),
        Author(Migration(name, operations)),
        Upgrade("from_sql", to="create_users"),
        Seed("users", PEOPLE, "from_sql"),
        GenerateSql(start="create_users"),
        RunSql("from_sql"),
        Expect(after, "from_sql"),
        Current("from_sql"),
        *(GenerateSql(missing, start="create_users") for missing in _MISSING),
    )
    return Scenario(
        name=name,
        family=Family.OFFLINE,
        question=question,
        why=why,
        steps=steps,
        sources=sources,
    )


def _previewed(what: str, *operations: Operation) -> Scenario:
    return _written(
        f"generate_sql_of_{what}",
        f"Can the SQL of {what.replace('_', ' ')} be written, and does it do the same as "
        "the tool itself?",
        _NOTHING_ELSE,
        *operations,
        sources=("O09", "O10"),
    )


ADDED_COLUMN = _previewed(
    "an_added_column", AddColumn("users", Column("email", String(80)))
)
NEW_INDEX = _previewed(
    "a_new_index", CreateIndex("users", Index("ix_users_name", ("name",)))
)
RENAMED_TABLE = _previewed("a_renamed_table", RenameTable("users", "people"))
RENAMED_COLUMN = _previewed(
    "a_renamed_column", RenameColumn("users", "name", "full_name")
)
DROPPED_COLUMN = _previewed("a_dropped_column", DropColumn("users", "name"))

_WAYS = {
    Manner.ROW_BY_ROW: ("reads_rows", "reads rows and updates each", "O13"),
    Manner.COUNTED: ("counts_rows", "looks at how many rows it changed", "O13"),
    Manner.INSPECTED: ("looks_at_the_schema", "looks whether a column is there", "O13"),
    Manner.SESSION: ("uses_a_session", "uses a session of the mapper", "O13"),
    Manner.BOUND: ("binds_parameters", "binds a value as a parameter", "O14"),
}
DATA_DEPENDENT = tuple(
    _written(
        f"generate_sql_of_a_migration_that_{name}",
        f"A migration {does}: can it be written as SQL, and what does that SQL do?",
        "What depends on the database cannot be written without it, and must not be "
        "left out in silence.",
        AddColumn("users", Column("nickname", String(50))),
        Backfill("users", "nickname", value="nobody", manner=manner),
        sources=(source,),
    )
    for manner, (name, does, source) in _WAYS.items()
)
PRINTS = _written(
    "generate_sql_of_a_migration_that_prints",
    "A migration prints a line: does that end up in the SQL?",
    "The SQL is what the tool prints, and a person pipes it into a database.",
    Print("adding an address"),
    AddColumn("users", Column("email", String(80))),
    sources=("O15",),
)
FAILS_IN_THE_SQL = Scenario(
    name="generate_sql_with_an_error_in_it",
    family=Family.OFFLINE,
    question="Writing the SQL fails at the last migration: what is in the file by then?",
    why="A file that ends half-way, or in an error message, looks like one that is whole.",
    steps=(
        Author(CREATE_USERS),
        Author(add_text_column("email")),
        Author(
            Migration(
                "fill_in",
                (Backfill("users", "email", value="none", manner=Manner.ROW_BY_ROW),),
            )
        ),
        GenerateSql((Resource.DATABASE,)),
    ),
    sources=("O15",),
)
_TEAMS = CreateTable(Table("teams", (ID, Column("size", Integer()))))
RUN_TWICE = Scenario(
    name="run_the_sql_twice",
    family=Family.OFFLINE,
    question="The SQL is run a second time by mistake: is that refused, and is the "
    "database unharmed?",
    why="Files are run by people, who do not remember whether they did.",
    steps=(
        Author(Migration("create_teams", (_TEAMS,))),
        GenerateSql(),
        RunSql("from_sql"),
        Expect(("create_teams",), "from_sql"),
        Watch("the same SQL is run a second time"),
        RunSql("from_sql"),
        Expect(("create_teams",), "from_sql"),
    ),
    sources=("O08",),
)
WITHOUT_THE_DRIVER = Scenario(
    name="work_without_the_driver",
    family=Family.OFFLINE,
    question="What can be done where the driver of the database is not installed?",
    why="A reviewer's machine or a gate has the tool, and no client libraries.",
    steps=(
        Author(CREATE_USERS),
        Author(add_text_column("email"), without=(Resource.DRIVER,)),
        GenerateSql((Resource.DRIVER,)),
        Upgrade(without=(Resource.DRIVER,)),
        Upgrade(),
        Expect(("create_users", "add_email")),
        Current(without=(Resource.DRIVER,)),
    ),
    sources=("O05",),
)
_BOTH = ("create_users", "add_email")
A_PART = Scenario(
    name="generate_sql_of_a_part_there_and_back",
    family=Family.OFFLINE,
    question="Can the SQL of a part of the history be written, up and down, and does the "
    "tool then know where the database stands?",
    why="A release brings some migrations to a database that has others, and may have to "
    "be taken back.",
    steps=(
        Author(CREATE_USERS),
        Author(add_text_column("email")),
        Author(add_text_column("phone")),
        Upgrade(to="create_users"),
        GenerateSql(start="create_users", to="add_email"),
        RunSql("app"),
        Expect(_BOTH),
        Current(),
        GenerateSql(start="add_email", to="create_users", down=True),
        RunSql("app"),
        Expect(("create_users",)),
        Current(),
        *(GenerateSql(m, start="create_users", to="add_email") for m in _MISSING),
    ),
    sources=("O09",),
)
