"""The small application that the stories are about, and the changes made to it."""

from __future__ import annotations

from harness.model.operations import AddColumn, Backfill, CreateTable
from harness.model.rows import Row
from harness.model.scenario import Family, Scenario
from harness.model.schema import (
    Boolean,
    Column,
    DateTime,
    Integer,
    String,
    Table,
)
from harness.model.steps import (
    Author,
    Current,
    Expect,
    Guard,
    ListHeads,
    ListHistory,
    Migration,
    Seed,
    Step,
    Upgrade,
)

ID = Column("id", Integer(), nullable=False, primary_key=True)
NAME = Column("name", String(50))
USERS = Table(
    "users",
    (
        ID,
        NAME,
        Column("active", Boolean(), nullable=False, default="1"),
        Column("created_at", DateTime()),
    ),
)
CREATE_USERS = Migration("create_users", (CreateTable(USERS),))
TOWNS = Table("towns", (ID, Column("title", String(50))))
CREATE_TOWNS = Migration("create_towns", (CreateTable(TOWNS),))
PEOPLE: tuple[Row, ...] = (
    {"id": 1, "name": "ada", "active": True},
    {"id": 2, "name": "grace", "active": False},
    {"id": 3, "name": None, "active": True},
)
GROUND: tuple[Step, ...] = (
    Author(CREATE_USERS),
    Upgrade(),
    Expect(("create_users",)),
    Seed("users", PEOPLE),
)


def add_text_column(name: str, length: int = 50) -> Migration:
    """Return a migration that adds a column of text to the users."""
    column = Column(name, String(length))
    return Migration(f"add_{name}", (AddColumn("users", column),))


def add_filled_column(name: str, value: str) -> Migration:
    """Return a migration that adds a column of text and fills it in."""
    column = Column(name, String(50))
    return Migration(
        f"add_{name}",
        (AddColumn("users", column), Backfill("users", name, value=value)),
    )


def fault(
    name: str, question: str, why: str, steps: tuple[Step, ...], *sources: str
) -> Scenario:
    """Return a story of a history that is not a clean line."""
    return Scenario(
        name=name,
        family=Family.LINEARITY,
        question=question,
        why=why,
        steps=steps,
        sources=sources,
    )


def probe(*after: str, database: str = "app") -> tuple[Step, ...]:
    """Do what a gate, a developer and an operator do, and look at the database."""
    return (
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade(database),
        Expect(after, database),
        Current(database),
    )
