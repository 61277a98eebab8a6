"""The small application that the stories are about, and the changes made to it."""

from __future__ import annotations

from harness.model.operations import AddColumn, Backfill, CreateTable
from harness.model.rows import Row
from harness.model.schema import (
    Boolean,
    Column,
    DateTime,
    Integer,
    String,
    Table,
)
from harness.model.steps import Author, Expect, Migration, Seed, Step, Upgrade

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
