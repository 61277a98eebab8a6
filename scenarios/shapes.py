"""One migration on two sets of data that are equal in size and differ in shape.

Both tables have as many rows and as many bytes: one of two columns is filled, the other is
null throughout. The migration fills the towns that are missing, which is all or none.
"""

from __future__ import annotations

from harness.model.operations import AddColumn, Backfill, CreateTable
from harness.model.scenario import Family, Scenario
from harness.model.schema import Column, String, Table
from harness.model.steps import Author, Fill, Measure, Migration, Upgrade
from scenarios.world import ID

ROWS = 100_000
_PEOPLE = Table("people", (ID, Column("name", String(50))))
_WHY = (
    "A window for maintenance is planned from something: from the migration's text, or "
    "from a run on data like one's own."
)


def _added(column: str) -> Author:
    change = AddColumn("people", Column(column, String(50)))
    return Author(Migration(f"add_{column}", (change,)))


def _shape(name: str, which: str, filled: str, empty: str) -> Scenario:
    return Scenario(
        name=name,
        family=Family.SPEED,
        question=f"What does it cost to fill a column of {ROWS:,} rows where it is null, "
        f"and {which} row lacks it?",
        why=_WHY,
        steps=(
            Author(Migration("create_people", (CreateTable(_PEOPLE),))),
            _added(filled),
            Upgrade(),
            Fill("people", ROWS),
            _added(empty),
            Upgrade(),
            Author(Migration("fill_towns", (Backfill("people", "town", "nowhere"),))),
            Measure(Upgrade()),
        ),
        backends=("sqlite", "postgresql"),
    )


EVERY_ROW = _shape("backfill_that_changes_every_row", "every", "notes", "town")
NO_ROW = _shape("backfill_that_changes_no_row", "no", "town", "notes")
