"""Several processes upgrade one database at once."""

from __future__ import annotations

from harness.model.departures import UpgradeTogether
from harness.model.operations import (
    AddColumn,
    AwaitOthers,
    CreateTable,
    Insert,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, String, Table
from harness.model.steps import Author, Current, Expect, Migration, Upgrade, Watch
from scenarios.world import CREATE_USERS

_SETTINGS = Table("settings", (Column("name", String(50)), Column("value", String(50))))
_CREATE = Migration("create_settings", (CreateTable(_SETTINGS),))


def _at_once(
    name: str, question: str, why: str, upgrade: tuple[Operation, ...]
) -> Scenario:
    """Have both processes stand at the same place before either does its work."""
    return Scenario(
        name=name,
        family=Family.CONFLICTS,
        question=question,
        why=why,
        steps=(
            Author(CREATE_USERS),
            Author(_CREATE),
            Upgrade(),
            Expect(("create_users", "create_settings")),
            Author(Migration(name, (AwaitOthers(), *upgrade), ())),
            Watch("two processes upgrade one database at once"),
            UpgradeTogether(),
            Expect(("create_users", "create_settings", name)),
            Current(),
            Upgrade(),
        ),
        sources=("C17",),
    )


ROWS = _at_once(
    "two_upgraders_write_rows",
    "Two processes upgrade at once, and both have come to a migration that writes a row: "
    "is it written twice?",
    "Two instances of a service start together, and each upgrades on start.",
    (Insert("settings", {"name": "theme", "value": "dark"}),),
)
COLUMN = _at_once(
    "two_upgraders_add_a_column",
    "Two processes upgrade at once, and both have come to a migration that adds a column: "
    "what becomes of the second?",
    "Changes of the schema clash loudly, where rows do not.",
    (AddColumn("users", Column("email", String(50))),),
)
