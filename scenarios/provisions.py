"""Work with the environment loaded, the configuration gone, or no tool at all."""

from __future__ import annotations

from harness.model.operations import AddColumn, AlterColumn, CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, Integer, String, Table, Trigger
from harness.model.steps import (
    Author,
    ConnectAlways,
    Current,
    Declare,
    Downgrade,
    Expect,
    Furnish,
    GenerateSql,
    ListHeads,
    ListHistory,
    Migration,
    Propose,
    Resource,
    Upgrade,
    Watch,
    WriteByHand,
)
from scenarios.changes import there_and_back
from scenarios.world import GROUND, ID, NAME, add_text_column

_DATABASE = (Resource.DATABASE,)
_NO_FILE = (Resource.TOOL_CONFIGURATION,)
_ALWAYS = ConnectAlways()
ENVIRONMENT = Scenario(
    name="author_with_an_environment_that_connects",
    family=Family.OFFLINE,
    question="The tool is told to load its environment for every command: what still "
    "works without a database?",
    why="Projects turn this on for their templates, and find out in the train.",
    steps=(
        *GROUND,
        _ALWAYS,
        Author(add_text_column("email")),
        Author(add_text_column("phone"), without=_DATABASE),
        ListHistory(_DATABASE),
        ListHeads(_DATABASE),
    ),
    sources=("O02",),
)
NO_CONFIGURATION = Scenario(
    name="work_without_the_configuration_file",
    family=Family.OFFLINE,
    question="The tool's own configuration file is missing: what still works?",
    why="A container is built from the migrations and nothing else.",
    steps=(
        *GROUND,
        Author(add_text_column("email")),
        ListHistory(_NO_FILE),
        ListHeads(_NO_FILE),
        Upgrade(without=_NO_FILE),
        GenerateSql(_NO_FILE),
        Current(without=_NO_FILE),
        Author(add_text_column("phone"), without=_NO_FILE),
    ),
    sources=("O06",),
)
BY_HAND = Scenario(
    name="write_a_migration_by_hand",
    family=Family.OFFLINE,
    question="The tool is not installed and a migration is written by hand: what must be "
    "looked up, and does the tool take the file afterwards?",
    why="If a file is all that it takes, anybody can contribute one.",
    steps=(
        *GROUND,
        WriteByHand(add_text_column("email")),
        WriteByHand(add_text_column("phone")),
        ListHistory(),
        ListHeads(),
        Upgrade(),
        Expect(("create_users", "add_email", "add_phone")),
        Current(),
        Downgrade(to="create_users"),
        Expect(("create_users",)),
    ),
    sources=("O07",),
)
_TEAMS = CreateTable(Table("teams", (ID, Column("size", Integer()))))
OTHER_MODELS = Scenario(
    name="propose_a_migration_beside_other_tables",
    family=Family.CHANGES,
    question="The database has a table of a part of the application whose models are not "
    "loaded: does the tool propose to drop it?",
    why="A proposal is looked over in haste, and a table is gone.",
    steps=(
        *GROUND,
        Author(Migration("create_teams", (_TEAMS,))),
        Upgrade(),
        Declare(("create_users",), (AddColumn("users", Column("email", String(80))),)),
        Watch("a table of which the models do not speak"),
        Propose("from_models"),
    ),
    sources=("O17",),
)
PROPOSE_OFFLINE = Scenario(
    name="propose_a_migration",
    family=Family.OFFLINE,
    question="What does having a migration written from the models need?",
    why="It is how many people write all of their migrations.",
    steps=(
        *GROUND,
        Declare(("create_users",), (AddColumn("users", Column("email", String(80))),)),
        Propose("none_there", without=_DATABASE),
        Propose("no_models", without=(Resource.CONFIGURATION,)),
        Propose("no_driver", without=(Resource.DRIVER,)),
        Propose("with_all"),
    ),
    sources=("O17",),
)


PYTHON_DEFAULT = Scenario(
    name="add_a_column_with_a_default_in_python",
    family=Family.CHANGES,
    question="A column is added with a default that Python fills in: do the rows that are "
    "there get it?",
    why="Such a default works for new rows, and old ones are easily forgotten.",
    steps=there_and_back(
        GROUND,
        ("create_users",),
        Migration(
            "add_kind",
            (AddColumn("users", Column("kind", String(20)), python_default="person"),),
        ),
    ),
    sources=("S03",),
)
_VISITS = Column("visits", Integer(), default="0")
UNSTATED = Scenario(
    name="alter_without_saying_what_was_there",
    family=Family.CHANGES,
    question="A column is made NOT NULL, and the migration does not say what its type "
    "was: does the tool find out?",
    why="Some databases want the whole column again, and an author forgets.",
    steps=there_and_back(
        (
            *GROUND,
            Author(Migration("add_visits", (AddColumn("users", _VISITS),))),
            Upgrade(),
            Expect(("create_users", "add_visits")),
        ),
        ("create_users", "add_visits"),
        Migration(
            "require_visits",
            (AlterColumn("users", _VISITS, nullable=False, stated=False),),
        ),
    ),
    sources=("S12",),
)
VIEW = Scenario(
    name="widen_a_type_below_a_view",
    family=Family.CHANGES,
    question="Does a view still stand, and work, when the table below it is altered?",
    why="Reports read views that the application does not know of.",
    steps=there_and_back(
        (
            *GROUND,
            Furnish(
                Trigger(
                    "people",
                    "users",
                    {"sqlite": "CREATE VIEW people AS SELECT id, name FROM users"},
                )
            ),
        ),
        ("create_users",),
        Migration("widen", (AlterColumn("users", NAME, type=String(200)),)),
    ),
    sources=("S20",),
    backends=("sqlite",),
)
