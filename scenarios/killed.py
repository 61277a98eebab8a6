"""The ground, interrupted: the process is killed in the middle of a migration."""

from __future__ import annotations

from harness.model.operations import (
    AddColumn,
    AlterColumn,
    Backfill,
    DropColumn,
    KillProcess,
    Operation,
)
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, String
from harness.model.steps import Author, Current, Edit, Expect, Migration, Upgrade, Watch
from scenarios.world import GROUND, NAME

_EMAIL = AddColumn("users", Column("email", String(80)))
_PHONE = AddColumn("users", Column("phone", String(80)))
_KILL = KillProcess()


def _killed(
    name: str,
    question: str,
    upgrade: tuple[Operation, ...],
    downgrade: tuple[Operation, ...],
) -> Scenario:
    """Kill the first upgrade; look; then run the same migration again, unharmed."""
    unharmed = tuple(o for o in upgrade if not isinstance(o, KillProcess))
    return Scenario(
        name=name,
        family=Family.CHANGES,
        question=question,
        why="A machine goes down in the middle, and somebody has to know what to do.",
        steps=(
            *GROUND,
            Author(Migration(name, upgrade, downgrade)),
            Watch("the process is killed in the middle of the migration"),
            Upgrade(),
            Expect(("create_users",)),
            Current(),
            Edit(Migration(name, unharmed, downgrade)),
            Upgrade(),
            Expect(("create_users", name)),
            Current(),
        ),
        sources=("S21",),
    )


BEFORE_BOOKKEEPING = _killed(
    "killed_before_the_bookkeeping",
    "All is done but the note of it, and the process is killed: do schema and version "
    "agree afterwards, and does running it again work?",
    (_EMAIL, _KILL),
    (DropColumn("users", "email"),),
)
BETWEEN_STATEMENTS = _killed(
    "killed_between_two_statements",
    "The process is killed between two ALTER TABLE: what is there, and does running "
    "it again work?",
    (_EMAIL, _KILL, _PHONE),
    (DropColumn("users", "phone"), DropColumn("users", "email")),
)
AFTER_A_COPY = _killed(
    "killed_after_a_table_copy",
    "The process is killed right after a table was copied to change a type: "
    "what is there, and does running it again work?",
    (AlterColumn("users", NAME, type=String(200)), _KILL),
    (AlterColumn("users", Column("name", String(200)), type=String(50)),),
)
AFTER_A_BACKFILL = _killed(
    "killed_after_a_backfill",
    "The process is killed after rows were changed: are they as before or as after?",
    (Backfill("users", "name", value="unknown"), _KILL),
    (),
)
