"""The ground, columns and constraints: values that do not fit, and going back."""

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
    DropCheck,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropUnique,
    Operation,
    RenameColumn,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    BigInteger,
    Check,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Unique,
)
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    Migration,
    Seed,
    Step,
    Upgrade,
    Watch,
)
from scenarios.changes import there_and_back
from scenarios.world import GROUND, ID, NAME

_TEAMS = Table("teams", (ID, Column("title", String(50), nullable=False)))
_TEAM_ID = Column("team_id", Integer())
_KEY = ForeignKey("fk_users_team", ("team_id",), "teams", ("id",))
_CANNOT = "the rows that are there do not allow the change"
_BASE = ("create_users", "prepare")


def _change(
    name: str,
    question: str,
    why: str,
    prepared: tuple[Operation, ...],
    operations: tuple[Operation, ...],
    *sources: str,
) -> Scenario:
    ground: tuple[Step, ...] = GROUND
    base: tuple[str, ...] = ("create_users",)
    if prepared:
        base = _BASE
        ground = (
            *GROUND,
            Author(Migration("prepare", prepared)),
            Upgrade(),
            Expect(base),
        )
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=there_and_back(ground, base, Migration(name, operations)),
        sources=sources,
    )


def _refused(
    name: str, question: str, why: str, operation: Operation, *sources: str
) -> Scenario:
    """Return a story of a change that the rows in the table do not allow."""
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why=why,
        steps=(
            *GROUND,
            Author(Migration(name, (operation,))),
            Watch(_CANNOT),
            Upgrade(),
            Expect(("create_users",)),
            Current(),
        ),
        sources=sources,
    )


RENAME_INDEXED = _change(
    "rename_an_indexed_column",
    "Does the index follow when its column is renamed?",
    "An index on a column that is gone fails late, or is lost in a copy.",
    (CreateIndex("users", Index("ix_users_name", ("name",))),),
    (RenameColumn("users", "name", "full_name"),),
    "S08",
)
RENAME_CHECKED = _change(
    "rename_a_column_used_in_a_check",
    "Does a CHECK follow when the column it speaks of is renamed?",
    "The condition is text, and a copy of the table carries the old name.",
    (AddCheck("users", Check("ck_users_name", "name <> 'root'")),),
    (RenameColumn("users", "name", "full_name"),),
    "S07",
)
DROP_CHECKED = _change(
    "drop_a_column_used_in_a_check",
    "Can a column go that a named CHECK speaks of, if the author drops the CHECK first, in "
    "the same migration?",
    "SQLite refuses it otherwise. The plain call has a story of its own.",
    (AddCheck("users", Check("ck_users_name", "name <> 'root'")),),
    (
        DropCheck("users", Check("ck_users_name", "name <> 'root'")),
        DropColumn("users", "name"),
    ),
    "S07",
)
DROP_CONSTRAINTS = _change(
    "drop_a_unique_constraint_and_an_index",
    "Do a named unique constraint and an index go, and nothing else?",
    "What was added under a name must be droppable under it.",
    (
        AddUnique("users", Unique("uq_users_name", ("name",))),
        CreateIndex("users", Index("ix_users_created_at", ("created_at",))),
    ),
    (
        DropIndex("users", Index("ix_users_created_at", ("created_at",))),
        DropUnique("users", Unique("uq_users_name", ("name",))),
    ),
    "S14",
)
DROP_CHECK = _change(
    "drop_a_check_constraint",
    "Does a named CHECK go, if the author takes the way around wherever a call does not "
    "work?",
    "It can be added in more places than it can be dropped in. The plain call has a story "
    "of its own.",
    (AddCheck("users", Check("ck_users_name", "name <> 'root'")),),
    (DropCheck("users", Check("ck_users_name", "name <> 'root'")),),
    "S15",
)
DROP_KEY = _change(
    "drop_a_foreign_key",
    "Does a foreign key go while its column stays?",
    "Keys are dropped before tables are split over databases.",
    (
        CreateTable(_TEAMS),
        AddColumn("users", _TEAM_ID),
        AddForeignKey("users", _KEY),
    ),
    (DropForeignKey("users", _KEY),),
    "S14",
)
COMPOSITE_INDEX = _change(
    "add_a_unique_index_over_two_columns",
    "Does a unique index over two columns keep their order?",
    "The order decides which queries the index serves.",
    (),
    (CreateIndex("users", Index("ux_users", ("active", "id"), unique=True)),),
    "S01",
)
TO_TEXT = _change(
    "change_a_string_to_text",
    "Does a column of limited text become one of unlimited text with its values?",
    "Limits turn out to be too low.",
    (),
    (AlterColumn("users", NAME, type=Text()),),
    "S09",
)
TO_BIG = _change(
    "change_an_integer_to_a_big_one",
    "Does a counter become a 64-bit one, with its default?",
    "Counters run over.",
    (AddColumn("users", Column("visits", Integer(), nullable=False, default="0")),),
    (
        AlterColumn(
            "users",
            Column("visits", Integer(), nullable=False, default="0"),
            type=BigInteger(),
        ),
    ),
    "S09",
)
RELAX = _change(
    "let_a_required_column_be_empty",
    "Does NOT NULL go without the default going too?",
    "A field becomes optional.",
    (AddColumn("users", Column("town", String(50), nullable=False, default="-")),),
    (
        AlterColumn(
            "users",
            Column("town", String(50), nullable=False, default="-"),
            nullable=True,
        ),
    ),
    "S11",
)
MONEY = _change(
    "add_a_decimal_column",
    "Does a decimal column keep precision, scale and default?",
    "Money is not a float.",
    (),
    (
        AddColumn(
            "users", Column("credit", Numeric(10, 2), nullable=False, default="0.00")
        ),
    ),
    "S02",
)
SPLIT = _change(
    "move_a_column_by_copying",
    "Does the careful way to replace a column (add, copy, drop) keep every value?",
    "It is what people do where a rename is not trusted.",
    (),
    (
        AddColumn("users", Column("full_name", String(200))),
        Backfill("users", "full_name", copy_of="name"),
        DropColumn("users", "name"),
    ),
    "S22",
)
NOT_NULL_MISSING = _refused(
    "add_a_required_column_without_a_default",
    "What happens to rows that are there when a NOT NULL column has no default?",
    "One database refuses, another fills in something, and the tool decides nothing.",
    AddColumn("users", Column("town", String(50), nullable=False)),
    "S04",
)
NULLS_THERE = _refused(
    "require_a_column_that_has_nulls",
    "Is NOT NULL refused while a row has none, and is the table as it was?",
    "On a copy of the table the failure comes half-way.",
    AlterColumn("users", NAME, nullable=False),
    "S11",
)
DUPLICATES_THERE = Scenario(
    name="add_a_unique_constraint_over_duplicates",
    family=Family.CHANGES,
    question="Is a unique constraint refused while two rows are equal, "
    "and is the table as it was?",
    why="The data of a real deployment is never as clean as that of the tests.",
    steps=(
        *GROUND,
        Seed("users", ({"id": 9, "name": "ada"},)),
        Author(
            Migration(
                "names_are_unique",
                (AddUnique("users", Unique("uq_users_name", ("name",))),),
            )
        ),
        Watch(_CANNOT),
        Upgrade(),
        Expect(("create_users",)),
        Current(),
    ),
    sources=("S11",),
)
DOWN_WITH_ROWS = Scenario(
    name="go_back_after_rows_were_written",
    family=Family.CHANGES,
    question="Do rows that were written after an upgrade survive the downgrade?",
    why="A rollback at night happens after users have worked for an hour.",
    steps=(
        *GROUND,
        Author(
            Migration(
                "add_town",
                (
                    AddColumn(
                        "users", Column("town", String(50), nullable=False, default="-")
                    ),
                ),
            )
        ),
        Upgrade(),
        Seed("users", ({"id": 9, "name": "lin", "town": "Oslo"},)),
        Expect(("create_users", "add_town")),
        Downgrade(to="create_users"),
        Expect(("create_users",)),
        Upgrade(),
        Expect(("create_users", "add_town")),
    ),
    sources=("S22",),
)
