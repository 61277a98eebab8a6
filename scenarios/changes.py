"""The ground: the same schema change reaches the same schema and keeps the rows.

Every story goes up, down, and up again, and looks at the database each time.
"""

from __future__ import annotations

from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddUnique,
    AlterColumn,
    Backfill,
    CreateIndex,
    CreateTable,
    DropColumn,
    Operation,
    RenameColumn,
    RenameTable,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Trigger,
    Unique,
)
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    Furnish,
    Migration,
    Seed,
    Step,
    Upgrade,
)
from scenarios.world import CREATE_USERS, GROUND, ID, NAME, PEOPLE

_TEAMS = Table("teams", (ID, Column("title", String(50), nullable=False)))


def there_and_back(
    ground: tuple[Step, ...], base: tuple[str, ...], change: Migration
) -> tuple[Step, ...]:
    """Return a ground and a change that goes up, down, and up again."""
    return (
        *ground,
        Author(change),
        Upgrade(),
        Expect((*base, change.name)),
        Downgrade(to=base[-1]),
        Expect(base),
        Upgrade(),
        Expect((*base, change.name)),
        Current(),
    )


def _change(
    name: str, question: str, why: str, *operations: Operation, source: str = "S01"
) -> Scenario:
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=there_and_back(GROUND, ("create_users",), Migration(name, operations)),
        sources=(source,),
    )


CREATE_TABLE = _change(
    "create_a_table",
    "Do all candidates create the same table, and drop it again?",
    "It is the most frequent migration of all.",
    CreateTable(_TEAMS),
)
ADD_COLUMN = _change(
    "add_a_column_with_a_default",
    "Does a new column with a server default reach the rows that are there?",
    "Old rows must satisfy the new code from the first moment.",
    AddColumn("users", Column("visits", Integer(), nullable=False, default="0")),
    source="S02",
)
RENAME_COLUMN = _change(
    "rename_a_column",
    "Does a renamed column keep its values, there and back?",
    "A rename that is carried out as drop and add loses the data.",
    RenameColumn("users", "name", "full_name"),
    source="S08",
)
ALTER_TYPE = _change(
    "widen_a_type",
    "Does a wider type leave everything else about the table as it was?",
    "On SQLite the table is copied, and a copy can forget things.",
    AlterColumn("users", NAME, type=String(200)),
    source="S09",
)
REQUIRE_COLUMN = _change(
    "fill_and_require_a_column",
    "Can a column be filled, widened and then be made NOT NULL in one migration?",
    "This is how an optional value becomes a required one.",
    Backfill("users", "name", value="unknown"),
    AlterColumn("users", NAME, type=String(200), nullable=False),
    source="S11",
)
UNIQUE_AND_INDEX = _change(
    "add_a_unique_constraint_and_an_index",
    "Do a named unique constraint and an index arrive under their names?",
    "A constraint without its name cannot be dropped later.",
    AddUnique("users", Unique("uq_users_name", ("name",))),
    CreateIndex("users", Index("ix_users_created_at", ("created_at",))),
    source="S14",
)
DROP_COLUMN = _change(
    "drop_a_column",
    "Does dropping a column touch that column only, and what does going back restore?",
    "A downgrade restores the column but not its values; nothing else may be lost.",
    DropColumn("users", "name"),
    source="S05",
)
RENAME_TABLE = _change(
    "rename_a_table",
    "Does a renamed table keep its rows?",
    "The cheapest change in the database is easily made an expensive one by a tool.",
    RenameTable("users", "people"),
)
BACKFILL = _change(
    "backfill_rows",
    "Does a migration that adds a column and copies values into it fill every row?",
    "Data migrations are where a wrong tool loses data instead of structure.",
    AddColumn("users", Column("nickname", String(50))),
    Backfill("users", "nickname", copy_of="name"),
    Backfill("users", "nickname", value="nobody"),
    source="S22",
)
DROP_INDEXED_COLUMN = Scenario(
    name="drop_an_indexed_column",
    family=Family.CHANGES,
    question="Does a column go, together with the index that stands on it, if the author "
    "drops the index first wherever that is needed?",
    why="SQLite refuses to drop an indexed column. The plain call has a story of its own.",
    steps=there_and_back(
        (
            *GROUND,
            Author(
                Migration(
                    "index_names",
                    (CreateIndex("users", Index("ix_users_name", ("name",))),),
                )
            ),
            Upgrade(),
            Expect(("create_users", "index_names")),
        ),
        ("create_users", "index_names"),
        Migration("drop_names", (DropColumn("users", "name"),)),
    ),
    sources=("S06",),
)
FOREIGN_KEY = Scenario(
    name="add_a_foreign_key",
    family=Family.CHANGES,
    question="Does a foreign key between existing tables arrive, and go again?",
    why="SQLite cannot add one to an existing table, so a tool must rebuild it.",
    steps=there_and_back(
        (
            Author(CREATE_USERS),
            Author(
                Migration(
                    "create_teams",
                    (
                        CreateTable(_TEAMS),
                        AddColumn("users", Column("team_id", Integer())),
                    ),
                )
            ),
            Upgrade(),
            Expect(("create_users", "create_teams")),
            Seed("teams", ({"id": 7, "title": "infra"},)),
            Seed("users", tuple({**person, "team_id": 7} for person in PEOPLE)),
        ),
        ("create_users", "create_teams"),
        Migration(
            "users_belong_to_teams",
            (
                AddForeignKey(
                    "users",
                    ForeignKey("fk_users_team", ("team_id",), "teams", ("id",)),
                ),
            ),
        ),
    ),
)
CHECK = Scenario(
    name="add_a_check_constraint",
    family=Family.CHANGES,
    question="Does a named CHECK constraint arrive, and go again, if the author takes the "
    "way around wherever a call does not work?",
    why="Both tools treat CHECK as a stepchild, differently on each database. The plain "
    "call has a story of its own.",
    steps=there_and_back(
        GROUND,
        ("create_users",),
        Migration(
            "names_are_not_empty",
            (AddCheck("users", Check("ck_users_name", "name <> ''")),),
        ),
    ),
    sources=("S15",),
)

_FURNISHED = Table(
    "accounts",
    (
        ID,
        Column("login", String(50, collation="NOCASE"), nullable=False),
        Column("balance", Integer(), nullable=False, default="0"),
        Column("note", String(50)),
    ),
    uniques=(Unique("uq_accounts_login", ("login",)),),
    indexes=(Index("ix_accounts_balance", ("balance",)),),
    checks=(Check("ck_accounts_balance", "balance >= 0"),),
    autoincrement=True,
)
_AUDIT = Trigger(
    "accounts_keep_note",
    "accounts",
    {
        "sqlite": "CREATE TRIGGER accounts_keep_note AFTER UPDATE ON accounts "
        "BEGIN UPDATE accounts SET note = old.note WHERE id = old.id; END",
    },
)


def _furnished(name: str, question: str, *operations: Operation) -> Scenario:
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="What a table copy forgets is forgotten in silence, with exit code 0.",
        steps=there_and_back(
            (
                Author(Migration("create_accounts", (CreateTable(_FURNISHED),))),
                Upgrade(),
                Expect(("create_accounts",)),
                Seed("accounts", ({"id": 5, "login": "Ada", "balance": 3},)),
                Furnish(_AUDIT),
            ),
            ("create_accounts",),
            Migration(name, operations),
        ),
        sources=("S18",),
        backends=("sqlite",),
    )


FURNISHED_TYPE = _furnished(
    "widen_a_type_of_a_furnished_table",
    "What becomes of a trigger, a collation, AUTOINCREMENT, a CHECK, a unique "
    "constraint and an index when another column's type is widened?",
    AlterColumn("accounts", Column("note", String(50)), type=Text()),
)
FURNISHED_COLUMN = _furnished(
    "add_a_column_to_a_furnished_table",
    "And what becomes of them when a column is added?",
    AddColumn("accounts", Column("email", String(80))),
)
