"""The ground, whole tables and names: creating, dropping and renaming them.

As in `changes`, every story goes up, down and up again.
"""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    CreateIndex,
    CreateTable,
    DropTable,
    Operation,
    RenameTable,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    Check,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Unique,
)
from harness.model.steps import Author, Expect, Migration, Seed, Step, Upgrade
from scenarios.changes import there_and_back
from scenarios.world import GROUND, ID

_TEAMS = Table("teams", (ID, Column("title", String(50), nullable=False)))
_MEMBERS = Table(
    "members",
    (
        ID,
        Column("team_id", Integer(), nullable=False),
        Column("since", DateTime()),
        Column("share", Numeric(8, 2), nullable=False, default="0.00"),
        Column("remark", Text()),
    ),
    uniques=(Unique("uq_members_team_since", ("team_id", "since")),),
    indexes=(Index("ix_members_share", ("share",)),),
    foreign_keys=(
        ForeignKey("fk_members_team", ("team_id",), "teams", ("id",), "CASCADE"),
    ),
    checks=(Check("ck_members_share", "share >= 0"),),
)
_ORDERS = Table(
    "order",
    (ID, Column("group", String(20)), Column("user", Integer(), default="0")),
    indexes=(Index("ix_order_group", ("group",)),),
)
_LONG = "a_name_that_is_exactly_as_long_as_a_name_may_be_on_every_database"[:60]


def _ground(
    *operations: Operation, seeds: tuple[Step, ...] = ()
) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    base = ("create_users", "prepare")
    steps = (
        *GROUND,
        Author(Migration("prepare", operations)),
        Upgrade(),
        Expect(base),
        *seeds,
    )
    return steps, base


def _change(
    name: str,
    question: str,
    why: str,
    ground: tuple[tuple[Step, ...], tuple[str, ...]],
    *operations: Operation,
) -> Scenario:
    steps, base = ground
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=there_and_back(steps, base, Migration(name, operations)),
        sources=("S01",),
    )


_BARE = (GROUND, ("create_users",))
_TITLES: tuple[Step, ...] = (
    Seed("teams", ({"id": 7, "title": "infra"}, {"id": 8, "title": "naïve ‘db’ %"})),
)
DROP_TABLE = _change(
    "drop_a_table",
    "Is a dropped table gone with all that hung on it, and does going back restore it?",
    "Old tables are dropped a release after the code stopped using them.",
    _ground(CreateTable(_TEAMS), seeds=_TITLES),
    DropTable("teams"),
)
DROP_CHILD = _change(
    "drop_a_table_with_a_foreign_key",
    "Does a table that refers to another one go without touching that one?",
    "A foreign key must not take its target with it.",
    _ground(CreateTable(_TEAMS), CreateTable(_MEMBERS), seeds=_TITLES),
    DropTable("members"),
)
RICH_TABLE = _change(
    "create_a_table_with_everything",
    "Do defaults, a unique constraint, an index, a foreign key with CASCADE and a CHECK "
    "all arrive with the table?",
    "What is forgotten at creation is found years later.",
    _ground(CreateTable(_TEAMS), seeds=_TITLES),
    CreateTable(_MEMBERS),
)
RESERVED_WORDS = _change(
    "names_that_are_reserved_words",
    "Are a table called order and columns called group and user quoted everywhere?",
    "The words are the natural ones for a shop, and SQL has taken them.",
    _BARE,
    CreateTable(_ORDERS),
    AddColumn("order", Column("table", String(10))),
)
LONG_NAMES = _change(
    "names_as_long_as_allowed",
    "Do a table and an index with names of sixty characters keep them?",
    "Generated names are long, and databases cut them off or refuse them.",
    _BARE,
    CreateTable(Table(_LONG, (ID, Column("n", Integer())))),
    CreateIndex(_LONG, Index(f"ix_{_LONG[:57]}", ("n",))),
)
RENAME_TARGET = _change(
    "rename_a_table_others_refer_to",
    "Do foreign keys follow when the table that they refer to is renamed?",
    "A key that still names the old table fails at the next insert, not now.",
    _ground(CreateTable(_TEAMS), CreateTable(_MEMBERS), seeds=_TITLES),
    RenameTable("teams", "groups_of_people"),
)
SEVERAL = _change(
    "several_changes_in_one_migration",
    "Do five changes to three tables in one migration all arrive, in order?",
    "A feature is one migration to its author.",
    _ground(CreateTable(_TEAMS), seeds=_TITLES),
    AddColumn("teams", Column("motto", String(80), default="none")),
    CreateTable(_MEMBERS),
    AddColumn("users", Column("team_id", Integer())),
    CreateIndex("users", Index("ix_users_team_id", ("team_id",))),
    RenameTable("members", "memberships"),
)
