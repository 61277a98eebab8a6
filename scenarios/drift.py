"""The ground, compared with the models: which differences the tool finds."""

from __future__ import annotations

from harness.model.operations import (
    AddCheck,
    AddColumn,
    AddUnique,
    AlterColumn,
    CreateIndex,
    CreateTable,
    DropColumn,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    Boolean,
    Check,
    Column,
    Index,
    Integer,
    String,
    Table,
    Unique,
)
from harness.model.steps import CompareModels, Declare, Step, Watch
from scenarios.world import GROUND, ID, NAME


def _differs(fault: str, *besides: Operation) -> tuple[Step, ...]:
    return (Declare(("create_users",), besides), Watch(fault), CompareModels())


_TEAMS = Table("teams", (ID, Column("title", String(50))))
_INACTIVE = Column("active", Boolean(), nullable=False, default="0")
MODELS_DIFFER = Scenario(
    name="compare_models_that_differ",
    family=Family.CHANGES,
    question="Which differences between the models and a database does the tool find by "
    "itself, set up as it comes?",
    why="A gate that compares the two is trusted with finding a forgotten migration.",
    steps=(
        *GROUND,
        *_differs("nothing is wrong: the models are as the database"),
        *_differs(
            "a column that the database lacks",
            AddColumn("users", Column("x", Integer())),
        ),
        *_differs("a table that the database lacks", CreateTable(_TEAMS)),
        *_differs("another length", AlterColumn("users", NAME, type=String(200))),
        *_differs("a kind of value", AlterColumn("users", NAME, type=Integer())),
        *_differs("a required column", AlterColumn("users", NAME, nullable=False)),
        *_differs(
            "an index that the database lacks",
            CreateIndex("users", Index("ix_users_name", ("name",))),
        ),
        *_differs(
            "a unique constraint that the database lacks",
            AddUnique("users", Unique("uq_users_name", ("name",))),
        ),
        *_differs(
            "a named CHECK that the database lacks",
            AddCheck("users", Check("ck_users_name", "name <> ''")),
        ),
        *_differs(
            "a CHECK without a name that the database lacks",
            AddCheck("users", Check("", "name <> 'root'")),
        ),
        *_differs(
            "another default",
            DropColumn("users", "active"),
            AddColumn("users", _INACTIVE),
        ),
        Declare(()),
        Watch("a table that the models do not have"),
        CompareModels(),
    ),
    sources=("S13",),
)
